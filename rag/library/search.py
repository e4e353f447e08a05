"""Finding passages, by their terms and by their vectors."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, TypeVar

from rag.library import lexical, reading
from rag.library.catalogue import Catalogue
from rag.library.remembered import Remembered
from rag.library.term_counts import TermCounts, indexed_count
from rag.library.vectors import InterruptedWriteError, VectorIndex
from rag.types import Filter, Hit, Origin, Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_T = TypeVar("_T")

EXACT_UP_TO = 2000
"""Among so few passages each one is compared, in 2 ms: exact, and Chroma (1.4 s to import) stays out of it."""
_SPARE = 16
"""Neighbours asked for beyond top_k, for those whose passage is just being replaced."""
_ONE_ASKED_OF = 1000
"""Of so many passages one is asked of Chroma, which then looks more widely: of the best 30 among a million it finds 77 %
where it is asked for 46, and 93 % where for 1000, in 12 ms rather than 3."""
_DRAWN = 128
"""Vectors that tell how similarities to a question spread; with all of them, hits were no better."""
_LEAST_SPREAD = 1e-3
_FILTERED_QUERY = 256
"""Neighbours asked for at least where a filter will leave some of them out."""
_FILTERS = 8
"""Filters whose passages are remembered, 8 MB each at most in a library of a million."""
_PLENTY = 2
"""Times as many allowed ones as are wanted should be among them, if they were spread evenly."""


class Search:
    """Searches a catalogue and its vectors.

    Args:
        catalogue: Of an open library.
        vectors: Its vector index.
        counts: Of its terms.
        recover: Called where a killed writer left the vectors half written; finishes its work.
        exact_up_to: Compare with every passage where no more than this many may be found.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        vectors: VectorIndex,
        *,
        counts: TermCounts,
        recover: Callable[[], None],
        exact_up_to: int,
    ) -> None:
        self._catalogue = catalogue
        self._vectors = vectors
        self._counts = counts
        self._recover = recover
        self._exact_up_to = exact_up_to
        self._drawn: Remembered[NDArray[np.float32]] = Remembered()
        self._allowed: Remembered[NDArray[np.int64] | None] = Remembered(most=_FILTERS)

    def lexical(self, weighted_terms: Mapping[str, float], *, top_k: int, within: Filter) -> list[Hit]:
        """Rank by the terms."""
        with self._catalogue.reading() as connection:
            allowed = self._allowed_rows(connection, within)
            ranked = lexical.search(
                connection, weighted_terms, top_k=top_k, counts=self._counts, allowed=allowed
            )
            by_row = reading.read_passages(connection, [row for row, _ in ranked])
        return _hits(ranked, by_row, origin="lexical")

    def dense(self, vector: NDArray[np.float32], *, top_k: int, within: Filter) -> list[Hit]:
        """Rank by nearness: exactly among few, and wherever Chroma finds fewer than there are."""
        self._vectors.require_vectors(vector[None, :])
        with self._catalogue.reading() as connection:
            allowed = self._allowed_rows(connection, within)
            total = indexed_count(connection)
        candidates = total if allowed is None else len(allowed)
        asked = _width(top_k, candidates=candidates, total=total)
        # A neighbour asked of Chroma takes about as long as a passage compared.
        if self._needs_chroma(candidates) and asked <= max(candidates, _FILTERED_QUERY):
            ranked = self._nearest_in_chroma(vector, asked=asked, allowed=allowed)
            hits = self._read(ranked[: top_k + _SPARE])[:top_k]
            if len(hits) >= min(top_k, candidates):
                return hits
        with self._catalogue.reading() as connection:
            ranked = reading.nearest_rows(connection, vector, top_k=top_k, allowed=allowed)
        return self._read(ranked)

    def spread(self, vector: NDArray[np.float32]) -> float:
        """Standard deviation of a vector's cosine with some passages of the whole library, evenly drawn; never 0."""
        import numpy as np

        with self._catalogue.reading() as connection:
            # Each lies on a page of its own, anywhere in the file.
            drawn = self._drawn.of(connection, _DRAWN, lambda c: reading.drawn_vectors(c, _DRAWN))
        return max(float(np.std(drawn @ vector)), _LEAST_SPREAD) if len(drawn) > 1 else 1.0

    def warm_up(self) -> None:
        """Open Chroma if a search needs it."""
        with self._catalogue.reading() as connection:
            candidates = indexed_count(connection)
        if self._needs_chroma(candidates):
            self._trusted(self._vectors.warm_up)

    def _allowed_rows(self, connection: sqlite3.Connection, within: Filter) -> NDArray[np.int64] | None:
        return self._allowed.of(connection, within, lambda c: reading.allowed_rows(c, within))

    def _needs_chroma(self, candidates: int) -> bool:
        # Chroma writes even when it reads: a folder that may only be read is searched without it.
        return candidates > self._exact_up_to and self._catalogue.writable

    def _nearest_in_chroma(
        self, vector: NDArray[np.float32], *, asked: int, allowed: NDArray[np.int64] | None
    ) -> list[tuple[int, float]]:
        import numpy as np

        found = [
            (int(key), score)
            for key, score in self._trusted(lambda: self._vectors.query(vector, top_k=asked))
        ]
        if allowed is None:
            return found
        is_wanted = np.isin([row for row, _ in found], allowed)
        return [pair for pair, wanted in zip(found, is_wanted, strict=True) if wanted]

    def _trusted(self, use: Callable[[], _T]) -> _T:
        try:
            return use()
        except InterruptedWriteError:
            self._recover()
            return use()

    def _read(self, ranked: Sequence[tuple[int, float]]) -> list[Hit]:
        with self._catalogue.reading() as connection:
            return _hits(
                ranked, reading.read_searched(connection, [row for row, _ in ranked]), origin="dense"
            )


def _width(top_k: int, *, candidates: int, total: int) -> int:
    """Say how many neighbours to ask Chroma for: the more, the fewer of them a filter lets through."""
    asked = max(top_k + _SPARE, total // _ONE_ASKED_OF)
    if candidates >= total:
        return asked
    return max(asked, _FILTERED_QUERY, _PLENTY * top_k * total // max(1, candidates))


def _hits(ranked: Sequence[tuple[int, float]], by_row: Mapping[int, Passage], *, origin: Origin) -> list[Hit]:
    """Number the hits from 1; rows without a passage (replaced or shadowed meanwhile) are left out."""
    present = [(by_row[row], score) for row, score in ranked if row in by_row]
    return [
        Hit(passage=passage, score=score, rank=rank, origin=origin)
        for rank, (passage, score) in enumerate(present, start=1)
    ]
