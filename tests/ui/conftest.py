from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from copies import copy_library

from ui.cli import main


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str


@pytest.fixture
def cli(monkeypatch, capsys) -> Callable[..., Ran]:
    """Runs the command line in this process, which is quicker: `cli("ask", question, language="zh")`."""

    def run(*arguments: object, language: str = "en") -> Ran:
        monkeypatch.setattr("sys.argv", ["yigai", *map(str, arguments)])
        monkeypatch.setenv("YIGAI_LANGUAGE", language)
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        return Ran(int(ended.value.code or 0), captured.out, captured.err)

    return run


@pytest.fixture
def own_library(sample_library, tmp_path) -> Path:
    """A copy of the sample library that a test may change."""
    return copy_library(sample_library, tmp_path / "own-library")
