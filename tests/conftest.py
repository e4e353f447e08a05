"""Fixtures for everything: where the real articles are, a clean environment, and the command on a real library."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock

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


@pytest.fixture(scope="session")
def shell() -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs the installed command in a process of its own: `shell("ask", question, env={...})`, or through another command."""
    plain = {n: v for n, v in os.environ.items() if not n.startswith(("YIGAI_", "LC_", "LANG", "PYTHON"))}

    def run(
        *arguments: object,
        env: dict[str, str] | None = None,
        through: list[str] | None = None,
        **options: object,
    ):
        return subprocess.run(
            [*(through or ()), Path(sys.executable).with_name("yigai"), *map(str, arguments)],
            **{"capture_output": True, "encoding": "utf-8", "stdin": subprocess.DEVNULL, "timeout": 120}
            | options,
            env={**plain, "LANG": "en_US.UTF-8", **(env or {})},
        )

    return run


@pytest.fixture(scope="session")
def sample_library(tmp_path_factory, sample_folder, shell) -> Path:
    """A library of the sample articles, ingested once for all workers of a run. Not to be written to."""
    home = tmp_path_factory.getbasetemp()
    home = home.parent if "PYTEST_XDIST_WORKER" in os.environ else home
    with FileLock(home / "sample-library.lock"):
        if not (home / "sample-library.done").exists():
            ingested = shell("ingest", sample_folder, "--library", home / "sample-library")
            assert ingested.returncode == 0, ingested.stderr
            (home / "sample-library.done").touch()
    return home / "sample-library"


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name bytes by their number: an archive holds the time at which it was made, and no two workers agree on that."""
    return f"{argname}-{len(val)}B" if isinstance(val, bytes) else None
