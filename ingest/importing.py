"""Takes an exported library in: texts are split and embedded anew, so it does not matter where they were."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.batch import Batch, Work
from ingest.options import IngestOptions
from ingest.split import split_article
from rag.errors import ArticleNotFoundError, PortableFileError
from rag.library import ArticleVersion, Library, OriginFile
from rag.library.portable import PortableFile, article_from, open_portable

if TYPE_CHECKING:
    from rag.encoder import Encoder
    from rag.types import Article

_VERSIONS_AT_ONCE = 100
_BAD_RECORD = (KeyError, TypeError, ValueError, AttributeError)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What became of an exported library.

    Attributes:
        added: Articles that were not here.
        unchanged: Articles that were, with the same text.
        kept_both: Articles that were here with another text: the later one is the article, the other its version.
        versions: Earlier texts that were not here.
        answers: Kept answers that were not here.
    """

    added: int
    unchanged: int
    kept_both: int
    versions: int
    answers: int


def import_library(
    path: Path,
    *,
    library: Library,
    encoder: Encoder,
    options: IngestOptions | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> ImportReport:
    """Add everything of an exported library to one that is open. Safe to repeat, and to stop at any moment.

    Args:
        path: The exported file.
        library: Opened for this encoder; empty, or with articles of its own, which stay.
        encoder: Makes the vectors.
        options: How texts are split.
        on_progress: Called with (articles done, articles).

    Raises:
        PortableFileError: The file is not a whole exported library; what was taken in until then stays.
        LibraryError: The library cannot be written to.
    """
    with open_portable(path) as file, library.writing():
        taking = _Import(library, encoder, options=options or IngestOptions())
        try:
            for done, record in enumerate(file.records("articles"), start=1):
                taking.take(record)
                if on_progress is not None:
                    on_progress(done, file.count.articles)
            taking.finish()
            versions = taking.versions + _add_versions(library, file)
            answers = library.history.restore(file.records("answers"))
        except _BAD_RECORD as cause:
            raise PortableFileError(path=path, detail=cause) from cause
    return ImportReport(
        added=taking.added,
        unchanged=taking.unchanged,
        kept_both=taking.kept_both,
        versions=versions,
        answers=answers,
    )


class _Import:
    """Articles of an exported library on their way into another."""

    def __init__(self, library: Library, encoder: Encoder, *, options: IngestOptions) -> None:
        self._library = library
        self._encoder = encoder
        self._options = options
        self._batch = Batch(library, encoder, on_embedded=lambda _: None, on_written=self._written)
        self._others: dict[str, list[OriginFile]] = {}
        self._ingested_at = {s.article_id: s.ingested_at for s in library.articles()}
        self._article_of_path = {known.file.path: known.article_id for known in library.origins()}
        self.added = self.unchanged = self.kept_both = self.versions = 0

    def take(self, record: Mapping[str, Any]) -> None:
        """Decide for one article."""
        article = article_from(record)
        here = self._here(article.article_id)
        if here is None:
            self.added += 1
            self._put(article, record)
        elif here.text == article.text:
            self.unchanged += 1
        else:
            self.kept_both += 1
            if str(record["ingested_at"]) > self._ingested_at[article.article_id]:
                self._put(article, record)
            else:
                earlier = ArticleVersion(article=article, replaced_at=self._ingested_at[article.article_id])
                self.versions += self._library.add_versions([earlier])

    def finish(self) -> None:
        """Write what waits."""
        self._batch.flush()

    def _here(self, article_id: str) -> Article | None:
        try:
            return self._library.article(article_id)
        except ArticleNotFoundError:
            return None

    def _put(self, article: Article, record: Mapping[str, Any]) -> None:
        files = [self._free(OriginFile(**file), article.article_id) for file in record["origins"]]
        same = [file for file in files if file.content_hash == article.content_hash]
        if not same:  # the record of an article always has one
            raise ValueError(f"{article.article_id} comes from no file")
        passages = split_article(
            article,
            budget_tokens=self._options.passage_tokens,
            window_tokens=self._encoder.max_tokens,
            count_tokens=self._encoder.count_tokens,
        )
        self._others[article.article_id] = same[1:]
        pipeline = str(record["pipeline"])
        self._batch.put(Work(article=article, passages=passages, origin=same[0], pipeline=pipeline))

    def _free(self, file: OriginFile, article_id: str) -> OriginFile:
        """A file under its own path, unless another article here came from that path: it must not lose its file."""
        if self._article_of_path.get(file.path, article_id) == article_id:
            return file
        return replace(file, path=f"{file.path}#{file.content_hash[:8]}")

    def _written(self, work: Work) -> None:
        for origin in self._others.pop(work.article.article_id, []):
            self._library.add_origin(origin, article_id=work.article.article_id)


def _add_versions(library: Library, file: PortableFile) -> int:
    versions = (_version_of(record) for record in file.records("versions"))
    return sum(library.add_versions(part) for part in _batched(versions))


def _version_of(record: Mapping[str, Any]) -> ArticleVersion:
    return ArticleVersion(article=article_from(record), replaced_at=str(record["replaced_at"]))


def _batched(versions: Iterator[ArticleVersion]) -> Iterator[list[ArticleVersion]]:
    while part := list(itertools.islice(versions, _VERSIONS_AT_ONCE)):
        yield part
