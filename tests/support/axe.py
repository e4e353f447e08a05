"""What axe-core finds wrong with a page for people who cannot see, or point."""

from __future__ import annotations

from typing import Any


def serious(page: Any) -> list[str]:
    """What axe-core calls serious or critical, in a form that can be read."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['html'][:200]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]
