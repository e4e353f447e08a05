"""Puts files into a library: what is new or changed is read, split, embedded and written; the rest is left alone."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.batch import BATCH_PASSAGES, Batch, Work
from ingest.items import Item, Skipped, container_of, is_container, items_of
from ingest.known import KnownFiles, is_gone
from ingest.load import FileProblem, FoundFiles, find_files
from ingest.options import IngestOptions
from ingest.read import ReadArticle, read_content
from ingest.report import FileReport, IngestEvent, IngestReport, Outcome
from ingest.split import SPLITTER_VERSION, split_article
from rag.errors import IngestError, PathMissingError, UnreadableFileError
from rag.library import Library, OriginFile, StoredOrigin

if TYPE_CHECKING:
    from rag.encoder import Encoder

READER_VERSION = 2
"""Goes up whenever decoding, cleaning, describing or structure make another article of the same bytes."""

__all__ = [
    "BATCH_PASSAGES",
    "FileReport",
    "IngestEvent",
    "IngestOptions",
    "IngestReport",
    "Outcome",
    "ingest_paths",
    "pipeline_version",
]

_log = logging.getLogger(__name__)


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
    """One ingest: decides for each file, and for each member of a container."""

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
        self._batch = Batch(library, encoder, on_embedded=self._count, on_written=self._written)
        self._reports: dict[Path, FileReport] = {}
        self._expanded: set[Path] = set()
        self._at_hand: Path | None = None
        self._files_done = self._files = self._embedded = 0

    def ingest(self, paths: Sequence[Path], *, prune: bool) -> IngestReport:
        """Go through all files, then write what is left, then look for those that are gone."""
        found = find_files(paths, besides=self._library.directory)
        self._files = len(found.files)
        for path in found.files:
            self._at_hand = path
            self._tell(path)
            self._take(path)
            self._files_done += 1
        self._batch.flush()
        self._tell(None)
        gone = list(self._gone(paths, prune=prune))
        skipped = [FileReport(path=path, outcome="skipped") for path in found.skipped]
        return IngestReport(files=(*self._reports.values(), *self._left_out(found, gone), *gone, *skipped))

    def _take(self, path: Path) -> None:
        """Read a file and decide; what is wrong with it, or with a member of it, must not stop the rest."""
        members = 0
        try:
            for item in items_of(path, options=self._options):
                members += isinstance(item, Item)
                self._reports[item.path] = self._fate(item)
        except IngestError as error:
            self._reports[path] = self._refusal(path, error)
        if not is_container(path):
            return
        if path in self._reports:  # as a whole, or from somewhere on, it could not be read
            self._reports[path] = replace(self._reports[path], members=members)
            return
        self._expanded.add(path)
        self._reports[path] = FileReport(path=path, outcome="opened", members=members)

    def _fate(self, item: Item | FileProblem | Skipped) -> FileReport:
        if isinstance(item, Skipped):
            return FileReport(path=item.path, outcome="skipped")
        if isinstance(item, FileProblem):
            return self._refusal(item.path, item.error)
        try:
            return self._decide(item)
        except IngestError as error:
            return self._refusal(item.path, error)

    def _decide(self, item: Item) -> FileReport:
        origin = _origin_of(item)
        if self._batch.holds(origin.content_hash):
            self._batch.flush()
        before, twin = self._known.of_path(origin.path), self._known.twin(origin)
        if twin is None:
            return self._read(item, origin, article_id=self._known.id_to_keep(before))
        report = self._join(origin, before, twin)
        if twin.pipeline == self._pipeline:
            return report
        again = self._read(item, origin, article_id=twin.article_id)
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
        is_copy = self._known.is_there(twin.file, expanded=self._expanded, seen=self._reports)
        self._library.add_origin(origin, article_id=twin.article_id)
        self._known.put(origin, article_id=twin.article_id, pipeline=twin.pipeline)
        if not is_copy:
            for known in self._known.of_content(origin.content_hash):
                if self._is_gone(Path(known.file.path)):
                    self._library.forget_origin(known.file.path)
                    self._known.forget(known.file.path)
        report = self._described(path, "same_as" if is_copy else "moved", article_id=twin.article_id)
        return replace(report, other=other)

    def _read(self, item: Item, origin: OriginFile, *, article_id: str | None) -> FileReport:
        """Read and split a file, and queue it for the library."""
        with _made_readable(item.path):
            read = read_content(
                item.content,
                path=_named_by_kind(item),
                fields=item.fields,
                declared=item.declared,
            )
            read = replace(read, codec=item.codec or read.codec, notes=(*item.notes, *read.notes))
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
        self._known.reserve(article.article_id)
        work = Work(article=article, passages=passages, origin=origin, pipeline=self._pipeline)
        self._batch.put(work)
        return _read_report(item.path, outcome, read=replace(read, article=article), passages=len(passages))

    def _written(self, work: Work) -> None:
        self._known.put(work.origin, article_id=work.article.article_id, pipeline=self._pipeline)

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
        holders = {path for path in paths if path.is_dir() or path in self._expanded}
        for known in self._known.all():
            path = Path(known.file.path)
            is_ours = path in paths or not holders.isdisjoint(path.parents)
            if is_ours and path not in self._reports and self._is_gone(path):
                yield self._described(path, "removed" if prune else "missing", article_id=known.article_id)
                if prune:
                    self._library.forget_origin(known.file.path)

    def _is_gone(self, path: Path) -> bool:
        """Whether a file is gone; of what lay in a container, whether that was looked through and it was not there."""
        container = container_of(path)
        if container is None:
            return is_gone(str(path))
        return container in self._expanded and path not in self._reports


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


def _named_by_kind(item: Item) -> Path:
    """A path that ends in the kind of the bytes: a row of a table has none of its own."""
    if item.path.suffix.lower() == item.suffix.lower():
        return item.path
    return item.path.with_name(item.path.name + item.suffix)


def _origin_of(item: Item) -> OriginFile:
    try:
        changed_at = (item.container or item.path).stat().st_mtime_ns
    except OSError:  # it went just after it was read
        changed_at = 0
    digest = hashlib.sha256(item.content).hexdigest()
    return OriginFile(path=str(item.path), content_hash=digest, size=len(item.content), mtime_ns=changed_at)


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
