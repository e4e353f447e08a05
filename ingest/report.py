"""What an ingest tells: a line for each file, and progress on the way."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rag.errors import IngestError

Outcome = Literal[
    "added", "replaced", "unchanged", "same_as", "moved", "refused", "missing", "removed", "opened", "skipped"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """What became of one file.

    Attributes:
        passages: Of the article it stands for.
        cut: How many pieces of page chrome were left out.
        other: The file it is identical to (`same_as`), or was before (`moved`).
        error: Why it was refused; it has both languages.
        kept_old: It was refused, and its earlier version stays in the library.
        members: How many articles were found in a container (`opened`, or `refused` from somewhere on).
    """

    path: Path
    outcome: Outcome
    article_id: str | None = None
    title: str | None = None
    passages: int = 0
    codec: str | None = None
    cut: int = 0
    notes: tuple[str, ...] = ()
    other: Path | None = None
    error: IngestError | None = None
    kept_old: bool = False
    members: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What became of every file, in the order in which they were found; paths left out and files gone come last."""

    files: tuple[FileReport, ...]

    def count(self, outcome: Outcome) -> int:
        """Count the files with an outcome."""
        return sum(file.outcome == outcome for file in self.files)

    @property
    def refused(self) -> int:
        """How many files were refused."""
        return self.count("refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestEvent:
    """Progress: `path` is at hand (None: the end), `files_done` of `files` are read, `passages` are embedded."""

    path: Path | None
    files_done: int
    files: int
    passages: int
