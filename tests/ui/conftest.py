from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from copies import copy_library

from rag.history import Feedback
from rag.library import Library
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


@pytest.fixture
def ask(cli, own_library) -> Callable[..., Ran]:
    """Asks the library of the test, which keeps the answers."""
    return lambda *arguments, **options: cli("ask", *arguments, "--library", own_library, **options)


@pytest.fixture
def history(cli, own_library) -> Callable[..., Ran]:
    """Runs `yigai history` on the library of the test."""
    return lambda *arguments, **options: cli("history", *arguments, "--library", own_library, **options)


@pytest.fixture
def listed(history) -> Callable[..., list[dict[str, Any]]]:
    """Reads the answers that the library of the test keeps, the latest first."""
    return lambda *arguments: json.loads(history("list", "--json", *arguments).out)["answers"]


@pytest.fixture
def rate(own_library) -> Callable[[str, Feedback], None]:
    """Gives a kept answer of the library of the test a thumb."""

    def rate_one(answer_id: str, feedback: Feedback) -> None:
        with Library.open(own_library) as opened:
            opened.history.rate(answer_id, feedback)

    return rate_one


@pytest.fixture
def reprint() -> Callable[..., None]:
    """Makes one article another outlet's printing of a first: `reprint(library, first, other, source="乙网")`."""

    def put(
        library: Library, first: str, other: str, *, source: str = "乙网", relation: str = "repost"
    ) -> None:
        rows = [(first, None, first), (first, relation, other)]
        with library._catalogue.transaction() as connection:
            connection.executemany(
                "UPDATE articles SET grouped = 1, group_id = ?, relation = ? WHERE article_id = ?", rows
            )
            connection.execute("UPDATE articles SET source = ? WHERE article_id = ?", (source, other))

    return put
