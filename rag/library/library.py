"""The library: the record in SQLite and the vectors in Chroma, kept in step, one writer at a time."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rag.errors import (
    ArticleNotFoundError,
    LibraryError,
    LibraryMismatchError,
    LibraryMissingError,
    LibraryUnwritableError,
)
from rag.library import check, lexical, reading, rebuild, writing
from rag.library.catalogue import SCHEMA, Catalogue
from rag.library.history import KeptHistory
from rag.library.lock import WriteLock
from rag.library.records import (
    ArticleSummary,
    IndexedPassage,
    LibraryStats,
    Manifest,
    NewArticle,
    OriginFile,
    Problem,
    StoredOrigin,
)
from rag.library.search import EXACT_UP_TO, Search
from rag.library.vectors import InterruptedWriteError, VectorIndex
from rag.types import Article, Filter, Hit, Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.encoder import Encoder

WRITE_WAIT_S = 30.0
_EVERYTHING = Filter()


class Library:
    """All articles, their passages, and what makes them searchable. Safe to use from several threads."""

    def __init__(self, directory: Path, catalogue: Catalogue, *, exact_up_to: int = EXACT_UP_TO) -> None:
        self.directory = directory
        self._catalogue = catalogue
        self.manifest = catalogue.manifest()
        self._vectors = VectorIndex(directory, dimension=self.manifest.dimension)
        self._search = Search(catalogue, self._vectors, recover=self.recover, exact_up_to=exact_up_to)
        self._lock = WriteLock(directory)

    # A library is opened

    @classmethod
    def open(
        cls,
        directory: Path,
        *,
        encoder_name: str | None = None,
        dimension: int | None = None,
        create: bool = False,
        exact_up_to: int = EXACT_UP_TO,
    ) -> Library:
        """Open a library for reading and writing; what other processes need is locked only while writing.

        Args:
            directory: Made, with its parents, if `create`.
            encoder_name: Of the encoder in use; None opens a library made with any, to list or remove articles.
            dimension: Of that encoder's vectors.
            create: Make an empty library where there is none.
            exact_up_to: Compare a query with every passage where no more than this many may be found.

        Raises:
            LibraryMissingError: There is none, and `create` is not set.
            LibraryMismatchError: It was made with another encoder or by another version.
            LibraryDamagedError: It cannot be read.
            LibraryUnwritableError: It cannot be made there.
        """
        try:
            catalogue = Catalogue.open(directory)
        except LibraryMissingError:
            if not create:
                raise
            if not encoder_name or not dimension:
                raise ValueError("a new library needs the encoder's name and dimension") from None
            catalogue = _create(directory, Manifest(schema=SCHEMA, encoder=encoder_name, dimension=dimension))
        try:
            _check_match(directory, catalogue.manifest(), encoder_name=encoder_name, dimension=dimension)
            return cls(directory, catalogue, exact_up_to=exact_up_to)
        except BaseException:
            catalogue.close()
            raise

    @staticmethod
    def peek(directory: Path) -> Manifest:
        """Read what a library was made with, without opening it."""
        with contextlib.closing(Catalogue.open(directory)) as catalogue:
            return catalogue.manifest()

    @staticmethod
    def check_at(directory: Path) -> list[Problem]:
        """Check a library that may not even open; see `check`."""
        try:
            with Library.open(directory) as library:
                return library.check()
        except LibraryMissingError:
            raise
        except LibraryError as error:
            return [Problem(code="unreadable", detail=str(error))]

    @staticmethod
    def repair(
        directory: Path, encoder: Encoder, *, on_progress: Callable[[int, int], None] | None = None
    ) -> None:
        """Make the FTS5 index and the vector index again from the record, for the encoder given.

        Vectors are kept if that encoder made them, and computed otherwise. Killed midway, nothing is lost.

        Args:
            directory: Of a library whose `library.db` can be read; the state of `chroma/` does not matter.
            encoder: The library is made for it afterwards.
            on_progress: Called with (passages embedded, passages to embed).
        """
        with Library.open(directory) as library, library._lock.held(wait_s=WRITE_WAIT_S):
            rebuild.repair(directory, library._catalogue, encoder, on_progress=on_progress)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the files; what was written is safe without it."""
        self._vectors.close()
        self._catalogue.close()

    @property
    def is_writable(self) -> bool:
        """Whether the folder allows writing: articles can change, answers can be kept."""
        return self._catalogue.writable

    @property
    def history(self) -> KeptHistory:
        """The answers that are kept in this library."""
        return KeptHistory(self._catalogue)

    # Articles and passages are read

    def articles(self) -> list[ArticleSummary]:
        """List the articles in the order in which they came."""
        with self._catalogue.reading() as connection:
            return reading.read_summaries(connection)

    def article(self, article_id: str) -> Article:
        """Return the article with exactly that id.

        Raises:
            ArticleNotFoundError: There is none.
        """
        with self._catalogue.reading() as connection:
            found = reading.read_article(connection, article_id)
        if found is None:
            raise ArticleNotFoundError(count=0, name=article_id)
        return found

    def find_article(self, name: str) -> Article:
        """Return the one article with that id, with an id that begins so, or with exactly that title.

        Raises:
            ArticleNotFoundError: None goes by that name, or several do.
        """
        with self._catalogue.reading() as connection:
            ids = reading.ids_by_name(connection, lexical.storable(name))
        if len(ids) != 1:
            raise ArticleNotFoundError(count=len(ids), name=name)
        return self.article(ids[0])

    def passages(self, ids: Sequence[str]) -> list[Passage]:
        """Return the passages with those ids, in that order; those that are not there are left out."""
        with self._catalogue.reading() as connection:
            rows = reading.rows_of(connection, ids)
            by_row = reading.read_passages(connection, list(rows.values()))
        return [by_row[rows[key]] for key in ids if key in rows and rows[key] in by_row]

    def article_passages(self, article_id: str) -> list[Passage]:
        """Return the passages of an article in order; none if there is no such article."""
        with self._catalogue.reading() as connection:
            return list(reading.read_article_passages(connection, article_id).values())

    def neighbours(self, passage: Passage) -> tuple[Passage | None, Passage | None]:
        """Return the passages before and after one."""
        with self._catalogue.reading() as connection:
            before, after = (
                reading.passage_at(connection, passage.article_id, passage.ordinal + step) for step in (-1, 1)
            )
        return before, after

    def passage_count(self) -> int:
        """Count the passages."""
        with self._catalogue.reading() as connection:
            return reading.passage_count(connection)

    def region_counts(self) -> dict[str, int]:
        """Count the passages about each division, by code."""
        with self._catalogue.reading() as connection:
            return reading.count_by_region(connection)

    def year_range(self) -> tuple[int, int] | None:
        """Return the first and last year of the articles that have a date; None if none has."""
        with self._catalogue.reading() as connection:
            return reading.year_range(connection)

    def source_counts(self) -> dict[str, int]:
        """Count the articles of each source, the most frequent first; those without one are left out."""
        with self._catalogue.reading() as connection:
            return reading.count_by_source(connection)

    def origins(self) -> list[StoredOrigin]:
        """List the files the library remembers, by path."""
        with self._catalogue.reading() as connection:
            return reading.read_origins(connection)

    def stats(self) -> LibraryStats:
        """Return the library in numbers."""
        articles = self.articles()
        dates = sorted(article.date for article in articles if article.date)
        return LibraryStats(
            articles=len(articles),
            passages=sum(article.n_passages for article in articles),
            characters=sum(article.n_chars for article in articles),
            passages_by_region=self.region_counts(),
            first_date=dates[0] if dates else None,
            last_date=dates[-1] if dates else None,
            encoder=self.manifest.encoder,
            dimension=self.manifest.dimension,
            bytes_on_disk=sum(path.stat().st_size for path in self.directory.rglob("*") if path.is_file()),
        )

    def check(self) -> list[Problem]:
        """Look for anything that should not be; empty is sound. Reads everything, so it takes a while."""
        return check.check_record(self._catalogue) + check.check_vectors(self._catalogue, self._vectors)

    # Passages are searched

    def document_frequency(self, terms: Iterable[str]) -> dict[str, int]:
        """Count the passages that hold each term, in their context or their text."""
        with self._catalogue.reading() as connection:
            return lexical.document_frequency(connection, terms)

    def lexical(
        self, weighted_terms: Mapping[str, float], *, top_k: int, within: Filter = _EVERYTHING
    ) -> list[Hit]:
        """Find passages by their terms; see `rag.library.lexical.search`."""
        return self._search.lexical(weighted_terms, top_k=top_k, within=within)

    def dense(
        self, vector: NDArray[np.float32] | Sequence[float], *, top_k: int, within: Filter = _EVERYTHING
    ) -> list[Hit]:
        """Find the passages nearest to a vector; scores are cosines.

        Raises:
            LibraryDamagedError: The vector index cannot be read.
        """
        import numpy as np

        return self._search.dense(np.asarray(vector, np.float32), top_k=top_k, within=within)

    def warm_up(self) -> None:
        """Load what the first search would otherwise wait for, if a search needs it."""
        self._search.warm_up()

    # Articles are written

    @contextmanager
    def writing(self, *, wait_s: float = WRITE_WAIT_S) -> Iterator[None]:
        """Keep other writers out, finish what one of them left undone, and clean up behind oneself. Can be nested.

        Raises:
            LibraryBusyError: Another process or thread has been writing all the while.
            LibraryUnwritableError: The folder may only be read.
        """
        with self._lock.held(wait_s=wait_s) as is_outermost:
            if not is_outermost:
                yield
                return
            self._clean_up()
            try:
                yield
            except BaseException:
                with contextlib.suppress(LibraryError, InterruptedWriteError):
                    self._clean_up()
                raise
            self._clean_up()

    def recover(self) -> None:
        """Finish or undo what a killed process left."""
        with self.writing():
            pass

    def replace_article(
        self,
        article: Article,
        passages: Sequence[IndexedPassage],
        vectors: NDArray[np.float32],
        *,
        origin: OriginFile,
        pipeline: str = "",
    ) -> None:
        """Add an article, or put it in the place of its old version; see `replace_articles`."""
        self.replace_articles(
            [
                NewArticle(
                    article=article,
                    passages=tuple(passages),
                    vectors=vectors,
                    origin=origin,
                    pipeline=pipeline,
                )
            ]
        )

    def replace_articles(self, batch: Sequence[NewArticle]) -> None:
        """Add articles, or put them in the place of their old versions: all at once, or none.

        Their vectors go into Chroma first, under numbers of their own, so the old versions are served until
        one SQLite transaction makes the new ones visible.

        Raises:
            ValueError: Vectors, passages and articles do not fit together.
        """
        import numpy as np

        for new in batch:
            check.require_consistent(new, dimension=self.manifest.dimension)
        total = sum(len(new.passages) for new in batch)
        with self.writing():
            with self._catalogue.transaction() as connection:
                rows = writing.reserve_rows(connection, total)
            if total:
                owners = [new.article.article_id for new in batch for _ in new.passages]
                self._vectors.add(
                    [str(row) for row in rows],
                    np.concatenate([new.vectors for new in batch if len(new.vectors)]),
                    article_ids=owners,
                )
            with self._catalogue.transaction() as connection:
                start = 0
                for new in batch:
                    writing.swap_article(connection, new, rows[start : start + len(new.passages)])
                    start += len(new.passages)

    def add_origin(self, origin: OriginFile, *, article_id: str) -> None:
        """Let one more file stand for an article; what it stood for before goes if no other file does."""
        self._write(lambda connection: writing.point_origin(connection, origin, article_id))

    def forget_origin(self, path: str) -> None:
        """Forget a file, and its article if no other file stands for it."""
        self._write(lambda connection: writing.forget_origin(connection, path))

    def remove_article(self, article_id: str) -> None:
        """Remove an article with everything of it.

        Raises:
            ArticleNotFoundError: There is none with exactly that id.
        """
        self.article(article_id)
        self._write(lambda connection: writing.remove_article(connection, article_id))

    def _write(self, change: Callable[[sqlite3.Connection], None]) -> None:
        with self.writing(), self._catalogue.transaction() as connection:
            change(connection)

    def _clean_up(self) -> None:
        """Delete vectors without a passage, or make the index again where a killed writer left it half written."""
        with self._catalogue.reading() as connection:
            doomed = writing.doomed_rows(connection)
            is_empty = reading.passage_count(connection) == 0
        if self._vectors.is_interrupted or (is_empty and not self._vectors.exists):
            rebuild.rebuild_vectors(self._catalogue, self._vectors)
        elif doomed:
            self._vectors.delete([str(row) for row in doomed])
        if doomed:
            with self._catalogue.transaction() as connection:
                writing.clear_doomed(connection)


def _create(directory: Path, manifest: Manifest) -> Catalogue:
    """Make an empty library, unless another process makes it first."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise LibraryUnwritableError(path=directory, detail=cause) from cause
    with WriteLock(directory).held(wait_s=WRITE_WAIT_S):
        try:
            return Catalogue.open(directory)
        except LibraryMissingError:
            return Catalogue.create(directory, manifest)


def _check_match(
    directory: Path, found: Manifest, *, encoder_name: str | None, dimension: int | None
) -> None:
    if encoder_name is not None and encoder_name != found.encoder:
        raise LibraryMismatchError(path=directory, what="encoder", found=found.encoder, expected=encoder_name)
    if dimension is not None and dimension != found.dimension:
        raise LibraryMismatchError(
            path=directory, what="dimension", found=found.dimension, expected=dimension
        )
