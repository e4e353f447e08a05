"""Puts files into a library: what is new or changed is read, split, embedded and written; the rest is left alone."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.known import KnownFiles, has_content, is_gone
from ingest.load import FoundFiles, find_files, read_bytes
from ingest.read import ReadArticle, read_content
from ingest.report import FileReport, IngestEvent, IngestReport, Outcome
from ingest.split import SPLITTER_VERSION, split_article
from rag.errors import IngestError, PathMissingError, UnreadableFileError
from rag.library import IndexedPassage, Library, NewArticle, OriginFile, StoredOrigin
from rag.terms import index_terms
from rag.types import Article, Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.encoder import Encoder

BATCH_PASSAGES = 256
"""Passages embedded at a time, and about as many written: bounds memory, and what a stop loses."""
READER_VERSION = 1
"""Goes up whenever decoding, cleaning, describing or structure make another article of the same bytes."""

__all__ = [
    "FileReport",
    "IngestEvent",
    "IngestOptions",
    "IngestReport",
    "Outcome",
    "ingest_paths",
    "pipeline_version",
]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestOptions:
    """How files are read: the budget of a passage in tiktoken tokens, and the largest file in bytes."""

    passage_tokens: int = 192
    max_bytes: int = 20_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    """An article read and split, on its way into the library."""

    article: Article
    passages: tuple[Passage, ...]
    origin: OriginFile


def ingest_paths(
    paths: Sequence[Path],
    *,
    library: Library,
    encoder: Encoder,
    options: IngestOptions | None = None,
    prune: bool = False,
    on_event: Callable[[IngestEvent], None] | None = None,
) -> IngestReport:
    """Bring the library in step with files and folders. Safe to repeat, and to stop at any moment.

    Args:
        paths: Files and folders of articles.
        library: Opened for this encoder.
        encoder: Makes the vectors.
        options: How files are read.
        prune: Remove the articles of files that are gone from the folders named.
        on_event: Told of progress.

    Raises:
        LibraryError: The library cannot be written to; what was written until then stays.
    """
    run = _Run(library, encoder, options=options or IngestOptions(), on_event=on_event)
    with library.writing():
        # Not resolved: a link keeps its own name.
        return run.ingest([Path(os.path.abspath(path)) for path in paths], prune=prune)  # noqa: PTH100


def pipeline_version(encoder: Encoder, options: IngestOptions) -> str:
    """Name everything that decides which passages a file becomes; the library keeps it with each article."""
    parts = {
        "reader": READER_VERSION,
        "splitter": SPLITTER_VERSION,
        "passage_tokens": options.passage_tokens,
        "window": encoder.max_tokens,
    }
    return " ".join(f"{name}={value}" for name, value in parts.items())


class _Run:
    """One ingest: decides for each file, and writes in batches."""

    def __init__(
        self,
        library: Library,
        encoder: Encoder,
        *,
        options: IngestOptions,
        on_event: Callable[[IngestEvent], None] | None,
    ) -> None:
        self._library = library
        self._encoder = encoder
        self._options = options
        self._on_event = on_event
        self._pipeline = pipeline_version(encoder, options)
        self._known = KnownFiles(library)
        self._queue: list[_Work] = []
        self._reports: dict[Path, FileReport] = {}
        self._at_hand: Path | None = None
        self._files_done = self._files = self._embedded = 0

    def ingest(self, paths: Sequence[Path], *, prune: bool) -> IngestReport:
        """Go through all files, then write what is left, then look for those that are gone."""
        found = find_files(paths)
        self._files = len(found.files)
        for path in found.files:
            self._at_hand = path
            self._tell(path)
            self._reports[path] = self._take(path)
            self._files_done += 1
        self._flush()
        self._tell(None)
        gone = list(self._gone(paths, prune=prune))
        return IngestReport(files=(*self._reports.values(), *self._left_out(found, gone), *gone))

    def _take(self, path: Path) -> FileReport:
        """Decide for one file; what is wrong with it must not stop the rest."""
        try:
            return self._decide(path)
        except IngestError as error:
            return self._refusal(path, error)

    def _decide(self, path: Path) -> FileReport:
        content = read_bytes(path, max_bytes=self._options.max_bytes)
        origin = _origin_of(path, content)
        if any(work.origin.content_hash == origin.content_hash for work in self._queue):
            self._flush()
        before, twin = self._known.of_path(origin.path), self._known.twin(origin)
        if twin is None:
            return self._read(content, origin, article_id=self._known.id_to_keep(before))
        report = self._join(origin, before, twin)
        if twin.pipeline == self._pipeline:
            return report
        again = self._read(content, origin, article_id=twin.article_id)
        return (
            again
            if report.outcome == "unchanged"
            else replace(again, outcome=report.outcome, other=report.other)
        )

    def _join(self, origin: OriginFile, before: StoredOrigin | None, twin: StoredOrigin) -> FileReport:
        """The library has these bytes: from this file, from a copy of it, or from when it had another name."""
        path, other = Path(origin.path), Path(twin.file.path)
        if before is not None and before.article_id == twin.article_id:
            return self._described(path, "unchanged", article_id=twin.article_id)
        is_copy = has_content(twin.file)
        self._library.add_origin(origin, article_id=twin.article_id)
        self._known.put(origin, article_id=twin.article_id, pipeline=twin.pipeline)
        if not is_copy:
            for known in self._known.of_content(origin.content_hash):
                if is_gone(known.file.path):
                    self._library.forget_origin(known.file.path)
                    self._known.forget(known.file.path)
        report = self._described(path, "same_as" if is_copy else "moved", article_id=twin.article_id)
        return replace(report, other=other)

    def _read(self, content: bytes, origin: OriginFile, *, article_id: str | None) -> FileReport:
        """Read and split a file, and queue it for the library."""
        path = Path(origin.path)
        with _made_readable(path):
            read = read_content(content, path=path)
            article = replace(
                read.article, article_id=article_id or self._known.free_id(read.article.article_id)
            )
            passages = split_article(
                article,
                budget_tokens=self._options.passage_tokens,
                window_tokens=self._encoder.max_tokens,
                count_tokens=self._encoder.count_tokens,
            )
        outcome: Outcome = "added" if self._known.of_path(origin.path) is None else "replaced"
        self._queue.append(_Work(article=article, passages=passages, origin=origin))
        self._known.reserve(article.article_id)
        if sum(len(work.passages) for work in self._queue) >= BATCH_PASSAGES:
            self._flush()
        return _read_report(path, outcome, read=replace(read, article=article), passages=len(passages))

    def _flush(self) -> None:
        """Embed and write what is queued: visible all at once."""
        if not self._queue:
            return
        queue, self._queue = self._queue, []
        vectors = self._embed([passage.embedded for work in queue for passage in work.passages])
        batch, start = [], 0
        for work in queue:
            stop = start + len(work.passages)
            batch.append(_indexed(work, vectors[start:stop], pipeline=self._pipeline))
            start = stop
        self._library.replace_articles(batch)
        for work in queue:
            self._known.put(work.origin, article_id=work.article.article_id, pipeline=self._pipeline)

    def _embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        import numpy as np

        slices = (texts[start : start + BATCH_PASSAGES] for start in range(0, len(texts), BATCH_PASSAGES))
        parts = [self._encoder.embed_passages(part, on_progress=self._count) for part in slices]
        return np.concatenate([np.zeros((0, self._encoder.dimension), np.float32), *parts])

    def _count(self, passages: int) -> None:
        self._embedded += passages
        self._tell(self._at_hand)

    def _tell(self, path: Path | None) -> None:
        if self._on_event is not None:
            self._on_event(
                IngestEvent(
                    path=path, files_done=self._files_done, files=self._files, passages=self._embedded
                )
            )

    def _described(self, path: Path, outcome: Outcome, *, article_id: str) -> FileReport:
        title, passages = self._known.description(article_id)
        return FileReport(path=path, outcome=outcome, article_id=article_id, title=title, passages=passages)

    def _refusal(self, path: Path, error: IngestError) -> FileReport:
        before = self._known.of_path(str(path))
        if before is None:
            return FileReport(path=path, outcome="refused", error=error)
        kept = self._described(path, "refused", article_id=before.article_id)
        return replace(kept, error=error, kept_old=True)

    def _left_out(self, found: FoundFiles, gone: Sequence[FileReport]) -> Iterator[FileReport]:
        """Report the paths that could not be looked at; one that was ingested once and is gone is no mistake."""
        missing = {report.path for report in gone}
        for problem in found.problems:
            if not (isinstance(problem.error, PathMissingError) and problem.path in missing):
                yield self._refusal(problem.path, problem.error)

    def _gone(self, paths: Sequence[Path], *, prune: bool) -> Iterator[FileReport]:
        """Find the files that were ingested from here and are not there any more.

        Nothing is gone from a folder that is itself not there: it may be a disk that is not mounted.
        """
        folders = [path for path in paths if path.is_dir()]
        for known in self._known.all():
            path = Path(known.file.path)
            is_ours = path in paths or any(folder in path.parents for folder in folders)
            if is_ours and path not in self._reports and is_gone(known.file.path):
                yield self._described(path, "removed" if prune else "missing", article_id=known.article_id)
                if prune:
                    self._library.forget_origin(known.file.path)


@contextmanager
def _made_readable(path: Path) -> Iterator[None]:
    """Turn what hostile input can do to a parser into a refusal of that one file."""
    try:
        yield
    except (ValueError, RecursionError) as cause:
        _log.exception("no article can be made of %r", str(path))
        raise UnreadableFileError(
            code="unreadable",
            detail_en=f"no article can be made of it: {cause}",
            detail_zh=f"无法整理成文章：{cause}",
        ) from cause


def _origin_of(path: Path, content: bytes) -> OriginFile:
    try:
        changed_at = path.stat().st_mtime_ns
    except OSError:  # it went just after it was read
        changed_at = 0
    digest = hashlib.sha256(content).hexdigest()
    return OriginFile(path=str(path), content_hash=digest, size=len(content), mtime_ns=changed_at)


def _indexed(work: _Work, vectors: NDArray[np.float32], *, pipeline: str) -> NewArticle:
    passages = tuple(
        IndexedPassage(
            passage=passage,
            context_terms=tuple(index_terms(passage.context)),
            body_terms=tuple(index_terms(passage.text)),
        )
        for passage in work.passages
    )
    return NewArticle(
        article=work.article, passages=passages, vectors=vectors, origin=work.origin, pipeline=pipeline
    )


def _read_report(path: Path, outcome: Outcome, *, read: ReadArticle, passages: int) -> FileReport:
    return FileReport(
        path=path,
        outcome=outcome,
        article_id=read.article.article_id,
        title=read.article.title,
        passages=passages,
        codec=read.codec,
        cut=len(read.cut),
        notes=read.notes,
    )
