"""The library: the record in SQLite and the vectors in Chroma, kept in step, one writer at a time."""

from __future__ import annotations

import contextlib
import sqlite3
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from rag.errors import (
    LibraryBusyError,
    LibraryError,
    LibraryMismatchError,
    LibraryMissingError,
    LibraryUnwritableError,
)
from rag.library import check, groups, reading, rebuild, salvage, writing
from rag.library.catalogue import Catalogue
from rag.library.lock import WriteLock
from rag.library.reader import LibraryReader
from rag.library.rebuild import RepairReport
from rag.library.records import (
    ArticleVersion,
    IndexedPassage,
    Manifest,
    NewArticle,
    OriginFile,
    Problem,
)
from rag.library.room import why_unwritable
from rag.library.schema import SCHEMA
from rag.library.search import EXACT_UP_TO, Search
from rag.library.vectors import InterruptedWriteError, VectorIndex
from rag.types import Article, Filter, Hit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.encoder import Encoder
    from rag.library.regroup import Regrouping

WRITE_WAIT_S = 30.0
CHECK_WAIT_S = 1.0
_EVERYTHING = Filter()


class Library(LibraryReader):
    """All articles, their passages, and what makes them searchable. Safe to use from several threads."""

    def __init__(self, directory: Path, catalogue: Catalogue, *, exact_up_to: int = EXACT_UP_TO) -> None:
        super().__init__(directory, catalogue)
        self._vectors = VectorIndex(directory, dimension=self.manifest.dimension)
        self._search, self._exact = (
            Search(catalogue, self._vectors, counts=self._counts, recover=self.recover, exact_up_to=exact)
            for exact in (exact_up_to, sys.maxsize)
        )
        self._lock = WriteLock(directory)
        self._groups: Regrouping | None = None

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
            catalogue: Catalogue = Catalogue.open(directory)
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
    ) -> RepairReport:
        """Make the FTS5 index and the vector index again from the record, for the encoder given.

        Where the record itself is damaged, what can be read of it is saved first, and what cannot is named. Vectors
        are kept if that encoder made them, and computed otherwise. Killed midway, nothing is lost.

        Args:
            directory: Has a `library.db`, in any state; that of `chroma/` does not matter.
            encoder: The library is made for it afterwards.
            on_progress: Called with (passages embedded, passages to embed).

        Raises:
            LibraryMissingError: There is no `library.db`.
            LibraryBusyError: Another process is writing.
            LibraryUnwritableError: The folder may only be read, or its disk is full.
        """
        saved = salvage.salvage(directory) if salvage.needs_salvage(directory) else None
        with Library.open(directory) as library, library._lock.held(wait_s=WRITE_WAIT_S):
            rebuild.repair(directory, library._catalogue, encoder, on_progress=on_progress)
        with Library.open(directory) as library:
            library.recover()
            articles, passages = len(library.articles()), library.passage_count()
        return RepairReport(articles=articles, passages=passages, salvaged=saved)

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

    def check(self) -> list[Problem]:
        """Look for anything that should not be; empty is sound. Reads everything, so it takes a while.

        What a killed process left is finished first, as by whoever writes next. While another process writes, what
        it has in hand is no problem.
        """
        with self._at_rest() as is_at_rest:
            return check.check_library(self._catalogue, self._vectors, is_at_rest=is_at_rest)

    @contextmanager
    def _at_rest(self) -> Iterator[bool]:
        """Keep writers out where the folder allows it; yields whether nobody else is writing."""
        with contextlib.ExitStack() as held:
            try:
                if held.enter_context(self._lock.held(wait_s=CHECK_WAIT_S)):
                    self._clean_up()
            except LibraryBusyError:
                yield False
                return
            except (LibraryError, InterruptedWriteError):
                pass  # the check itself says what is wrong
            yield True

    # Passages are searched

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

        wanted = np.asarray(vector, np.float32)
        try:
            return self._search.dense(wanted, top_k=top_k, within=within)
        except (LibraryUnwritableError, LibraryBusyError):
            # Chroma writes even when it reads; the record does not.
            return self._exact.dense(wanted, top_k=top_k, within=within)

    def spread(self, vector: NDArray[np.float32]) -> float:
        """How far the similarities of a unit vector to the library's passages lie apart; see `Search.spread`."""
        return self._search.spread(vector)

    def warm_up(self) -> None:
        """Load what the first search would otherwise wait for, if a search needs it."""
        with contextlib.suppress(LibraryUnwritableError, LibraryBusyError):  # as in `dense`
            self._search.warm_up()

    # Articles are written

    @contextmanager
    def writing(self, *, wait_s: float = WRITE_WAIT_S) -> Iterator[None]:
        """Keep other writers out, finish what one of them left undone, and clean up behind oneself. Can be nested.

        What was written is put into groups of printings when its own `with` ends.

        Raises:
            LibraryBusyError: Another process or thread has been writing all the while.
            LibraryUnwritableError: The folder may only be read.
        """
        with self._lock.held(wait_s=wait_s) as is_outermost:
            if not is_outermost:
                yield
                self._regroup()
                return
            self._groups = None  # what it knows of the articles may have changed
            self._clean_up()
            self._regroup()
            try:
                yield
                self._regroup()
            except BaseException:
                with contextlib.suppress(LibraryError, InterruptedWriteError):
                    self._clean_up()
                raise
            self._clean_up()

    def recover(self) -> None:
        """Finish or undo what a killed process left, as far as searches need it: groups can wait for a writer."""
        with self._lock.held(wait_s=WRITE_WAIT_S) as is_outermost:
            if is_outermost:
                self._clean_up()

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
            self._release(lambda connection: [a for new in batch for a in _replaced(connection, new)])
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
        self._write(
            lambda connection: writing.point_origin(connection, origin, article_id),
            releasing=lambda connection: writing.left_alone(connection, origin.path, keep=article_id),
        )

    def add_versions(self, versions: Sequence[ArticleVersion]) -> int:
        """Add earlier versions of articles that are there, oldest first; return how many were not known."""
        with self.writing(), self._catalogue.transaction() as connection:
            return writing.add_versions(connection, versions)

    def forget_origin(self, path: str) -> None:
        """Forget a file, and its article if no other file stands for it."""
        self._write(
            lambda connection: writing.forget_origin(connection, path),
            releasing=lambda connection: writing.left_alone(connection, path),
        )

    def remove_article(self, article_id: str) -> None:
        """Remove an article with everything of it.

        Raises:
            ArticleNotFoundError: There is none with exactly that id.
        """
        self.article(article_id)
        self._write(
            lambda connection: writing.remove_article(connection, article_id),
            releasing=lambda _: [article_id],
        )

    def _write(
        self,
        change: Callable[[sqlite3.Connection], None],
        *,
        releasing: Callable[[sqlite3.Connection], list[str]],
    ) -> None:
        with self.writing():
            self._release(releasing)
            with self._catalogue.transaction() as connection:
                change(connection)

    def _release(self, find: Callable[[sqlite3.Connection], list[str]]) -> None:
        """Let other printings be found again where the articles that stand for them are about to change or go."""
        with self._catalogue.reading() as connection:
            leading = [a for a in find(connection) if groups.represented_by(connection, a)]
        if leading:
            self._regrouping().release(leading)

    def _regroup(self) -> None:
        """Put the articles that wait for it into groups."""
        with self._catalogue.reading() as connection:
            is_waiting = bool(groups.ungrouped(connection, limit=1))
        if is_waiting:
            self._regrouping().finish()

    def _regrouping(self) -> Regrouping:
        if self._groups is None:
            from rag.library.regroup import Regrouping

            self._groups = Regrouping(self._catalogue, self._vectors)
        return self._groups

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


def _replaced(connection: sqlite3.Connection, new: NewArticle) -> list[str]:
    """List the articles whose place a new one takes: the one of its id, and the one that its file stood for."""
    article_id = new.article.article_id
    return [article_id, *writing.left_alone(connection, new.origin.path, keep=article_id)]


def _create(directory: Path, manifest: Manifest) -> Catalogue:
    """Make an empty library, unless another process makes it first."""
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as cause:
        raise why_unwritable(directory, cause) from cause
    with WriteLock(directory).held(wait_s=WRITE_WAIT_S):
        try:
            return Catalogue.open(directory)
        except LibraryMissingError:
            vectors = VectorIndex(directory, dimension=manifest.dimension)
            if vectors.exists:  # they are of a library that is gone
                vectors.mark_interrupted()
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
