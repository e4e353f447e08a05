"""Finds titles and quoted names in text: 《…》 and “…” of every style."""

from __future__ import annotations

import re

from rag.kinds.types import Span

_QUOTED = re.compile(
    r"《([^《》\n]{1,60})》|〈([^〈〉\n]{1,60})〉|“([^“”\n]{1,40})”|「([^「」\n]{1,40})」|『([^『』\n]{1,40})』|\"([^\"\n]{1,40})\"|‘([^‘’\n]{1,40})’"
)
_CALLED = re.compile(
    r"(?:名为|题为|命名为|取名为?|改名为?|更名为?|称为|称作|又称|俗称|别名|全称|简称|原名|本名|又名|别称|俗名|艺名|英文名|译为|称之为|号|字)[:是叫为]?"
    r"([\u4e00-\u9fffa-z0-9·]{1,16})"
)


def find_titles(text: str) -> list[Span]:
    """Find titles by their quotes; what stands behind 又称 and 名为 may be a name as well."""
    quoted = [
        Span(m.start(), m.end(), next(filter(None, m.groups()), m[0]).strip()) for m in _QUOTED.finditer(text)
    ]
    called = [Span(m.start(1), m.end(1), m[1], False) for m in _CALLED.finditer(text)]
    return sorted(
        quoted + [c for c in called if not any(c.start < q.end and q.start < c.end for q in quoted)]
    )
