"""Files that people hand in: kept beside the library, read into it whole or not at all, with a line for each."""

from __future__ import annotations

import hashlib
import os
import queue
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.load import SUPPORTED_SUFFIXES
from ingest.report import FileReport, IngestEvent, IngestReport
from ingest.run import IngestOptions, ingest_paths
from rag.types import Language
from ui.ingesting import file_row

if TYPE_CHECKING:
    from rag.encoder import Encoder
    from rag.library import Library

FOLDER = "uploads"
"""Inside the library's folder: what was handed in, as it was, so that the library can be made again from it."""
LONGEST_NAME = 80
MOST_FILES = 50
MOST_PLAIN_ROWS = 200
"""Files that went well which the page names; a table can hold thousands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """Takes files into a library.

    Attributes:
        options: How files are read, and how large one may be.
        most_files: How many at a time.
    """

    library: Library
    encoder: Encoder
    options: IngestOptions
    most_files: int = MOST_FILES

    @property
    def max_mb(self) -> float:
        """Largest file, in MB."""
        return self.options.max_bytes / 1_000_000

    def take_in(self, files: Sequence[Path]) -> Iterator[IngestEvent | IngestReport]:
        """Keep the files and read them into the library; yields how far that is, and what became of each last.

        Raises:
            YigaiError: The library cannot be written to.
        """
        told: queue.SimpleQueue[IngestEvent | IngestReport | Exception] = queue.SimpleQueue()

        def work() -> None:
            try:
                told.put(self._read(files, told))
            except Exception as error:  # noqa: BLE001  # raised again where it is waited for
                told.put(error)

        threading.Thread(target=work, name="intake", daemon=True).start()
        while True:
            event = told.get()
            if isinstance(event, Exception):
                raise event
            yield event
            if isinstance(event, IngestReport):
                return

    def _read(
        self, files: Sequence[Path], told: queue.SimpleQueue[IngestEvent | IngestReport | Exception]
    ) -> IngestReport:
        kept: list[Path] = []
        try:
            for file in files[: self.most_files]:
                kept.append(self._place_of(file))
                _copy(file, kept[-1])
            return ingest_paths(
                kept, library=self.library, encoder=self.encoder, options=self.options, on_event=told.put
            )
        finally:  # what did not get in leaves nothing behind
            needed = self._needed()
            for path in {path for path in kept if path not in needed}:
                discard(path, self.library.directory)

    def _needed(self) -> set[Path]:
        """What was handed in and an article came from: the file itself, or what lies in it."""
        folder = folder_of(self.library.directory)
        return {handed_in(Path(origin.file.path), folder) for origin in self.library.origins()}

    def _place_of(self, file: Path) -> Path:
        """Where a file is kept: its content alone decides the folder, under the name it was given."""
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()[:16]
        return folder_of(self.library.directory) / digest / kept_name(file.name)

    def remove(self, article_id: str) -> str:
        """Remove an article, and what was handed in for it alone; return its title.

        Raises:
            ArticleNotFoundError: There is none.
        """
        article = self.library.article(article_id)
        origins = [s.origins for s in self.library.articles() if s.article_id == article_id]
        self.library.remove_article(article_id)
        folder = folder_of(self.library.directory)
        left = {handed_in(Path(path), folder) for paths in origins for path in paths} - self._needed()
        for path in left:
            discard(path, self.library.directory)
        return article.title or ""


def kept_name(name: str) -> str:
    """Return a file name that is safe on any disk: no folders, nothing hidden or unprintable, not too long."""
    bare = name.replace("\\", "/").rsplit("/", 1)[-1]
    plain = "".join(ch if ch.isprintable() and ch not in '<>:"|?*' else "_" for ch in bare).strip(" .")
    stem, dot, suffix = plain.rpartition(".")
    if not dot:
        stem, suffix = plain, ""
    stem = stem.encode("utf-8")[:LONGEST_NAME].decode("utf-8", "ignore") or "article"
    return f"{stem}{dot}{suffix[:10]}"


def folder_of(library: Path) -> Path:
    """Return the folder of what was handed in to a library, written as the ingest writes paths."""
    return Path(os.path.abspath(library)) / FOLDER  # noqa: PTH100  # not resolved: a link keeps its own name


def handed_in(path: Path, folder: Path) -> Path:
    """Return the file that was handed in which a path names or leads into; the path itself where there is none."""
    if not path.is_relative_to(folder) or ".." in path.parts:
        return path
    return folder.joinpath(*path.relative_to(folder).parts[:2])


def discard(path: Path, library: Path) -> None:
    """Delete a file that was handed in; files that lie elsewhere are their owner's."""
    if path.parent.parent != folder_of(library) or ".." in path.parts:
        return
    for left in (path, _partial(path)):
        left.unlink(missing_ok=True)
    with suppress(OSError):  # another file of the same content is in it, or it is gone
        path.parent.rmdir()


def _copy(file: Path, target: Path) -> None:
    """Copy a file so that it is there whole or not at all."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        shutil.copyfile(file, _partial(target))
        _partial(target).replace(target)


def _partial(target: Path) -> Path:
    return target.with_name(f".{target.name}.part")


def accepted_types() -> list[str]:
    """The kinds of files that are read, by suffix."""
    return sorted(SUPPORTED_SUFFIXES)


def outcomes_of(
    report: IngestReport | None, library: Path, language: Language
) -> tuple[list[dict[str, object]], int]:
    """What became of files, by their names alone: where they lie is nobody's business.

    Returns:
        Rows, what went wrong among them whole; and how many others, which went well, are not shown.
    """
    files = report.files if report else ()
    plain = {id(file) for file in [f for f in files if f.error is None][MOST_PLAIN_ROWS:]}
    shown = [file for file in files if id(file) not in plain]
    return [_outcome(file, folder_of(library), language) for file in shown], len(plain)


def _outcome(file: FileReport, folder: Path, language: Language) -> dict[str, object]:
    named = replace(
        file, path=_name(file.path, folder), other=_name(file.other, folder) if file.other else None
    )
    outcome, name, remark = file_row(named, language)
    return {"outcome": outcome, "name": name, "remark": remark, "is_bad": file.error is not None}


def _name(path: Path, folder: Path) -> Path:
    """The name of a file; of what lies in one that was handed in, that one's name and its own within."""
    holder = handed_in(path, folder)
    return path.relative_to(holder.parent) if path.is_relative_to(folder) else Path(path.name)
