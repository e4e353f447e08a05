"""Files that people hand in: kept beside the library, read into it whole or not at all, with a line for each."""

from __future__ import annotations

import hashlib
import queue
import shutil
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.load import SUPPORTED_SUFFIXES
from ingest.report import IngestEvent, IngestReport
from ingest.run import IngestOptions, ingest_paths

if TYPE_CHECKING:
    from rag.encoder import Encoder
    from rag.library import Library

FOLDER = "uploads"
"""Inside the library's folder: what was handed in, as it was, so that the library can be made again from it."""
LONGEST_NAME = 80
MOST_FILES = 50


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
        known = {origin.file.path for origin in self.library.origins()}
        kept = [self._keep(file) for file in files[: self.most_files]]
        refused = {path for path in kept if str(path) not in known}
        try:
            report = ingest_paths(
                kept, library=self.library, encoder=self.encoder, options=self.options, on_event=told.put
            )
            refused -= {file.path for file in report.files if file.error is None}
        finally:  # what did not get in leaves nothing behind
            for path in refused:
                discard(path, self.library.directory)
        return report

    def _keep(self, file: Path) -> Path:
        """Copy a file to a place that only its content decides, under the name it was given."""
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()[:16]
        folder = self.library.directory.absolute() / FOLDER / digest
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / kept_name(file.name)
        if not target.exists():
            partial = target.with_name(f".{target.name}.part")
            shutil.copyfile(file, partial)
            partial.replace(target)
        return target

    def remove(self, article_id: str) -> str:
        """Remove an article, and what was handed in for it; return its title.

        Raises:
            ArticleNotFoundError: There is none.
        """
        article = self.library.article(article_id)
        origins = [s.origins for s in self.library.articles() if s.article_id == article_id]
        self.library.remove_article(article_id)
        for path in (path for paths in origins for path in paths):
            discard(Path(path), self.library.directory)
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


def discard(path: Path, library: Path) -> None:
    """Delete a file that was handed in; files that lie elsewhere are their owner's."""
    if path.parent.parent == library.absolute() / FOLDER:
        path.unlink(missing_ok=True)
        if not any(path.parent.iterdir()):
            path.parent.rmdir()


def accepted_types() -> list[str]:
    """The kinds of files that are read, by suffix."""
    return sorted(SUPPORTED_SUFFIXES)
