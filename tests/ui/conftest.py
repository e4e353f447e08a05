from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

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
    """A copy of the sample library that a test may change, without the answers that were kept in it."""
    ignored = shutil.ignore_patterns("library.db*", ".lock")
    copy = Path(shutil.copytree(sample_library, tmp_path / "own-library", ignore=ignored))
    with (
        closing(sqlite3.connect(sample_library / "library.db")) as source,
        closing(sqlite3.connect(copy / "library.db")) as target,
    ):
        source.backup(target)  # as SQLite copies: another worker may be keeping an answer
        target.execute("DROP TABLE IF EXISTS answers")
        target.commit()
    return copy
