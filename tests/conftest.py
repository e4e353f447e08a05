"""Fixtures for everything: where the real articles are, and a clean environment."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own settings must not reach the tests."""
    for name in [n for n in os.environ if n.startswith("YIGAI_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def sample_folder() -> Path:
    return ROOT / "ingest" / "sample"


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """Real articles and public test sets, beside the checkout where there are any."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the real articles (../shared) are not on this machine")
    return folder
