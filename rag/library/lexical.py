"""Weighted BM25 over the FTS5 index."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.library.reading import numbers_of
from rag.library.scoring import score_rows
from rag.library.term_counts import TermCounts, indexed_count

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CONTEXT_WEIGHT = 0.5
"""A term in the headings above a passage says less of it than one in its own words."""
BODY_WEIGHT = 1.0
MAX_TERMS = 96
"""Terms that a query can use; a longer one keeps those that say most."""
OCCURRENCES_READ = 100_000
"""Occurrences of terms that are read to choose what is scored, 10 ms or so. Of the best eight among 220 thousand
passages 50 thousand of them find 86 %, 150 thousand 99 %; among 100 thousand passages these find all."""
SCORED_ROWS = 400
"""Passages so chosen, some 20 µs each."""


@dataclass(frozen=True, slots=True)
class _Term:
    text: str
    weight: float
    passages: int
    idf: float


def storable(term: str) -> str:
    """Return the term as SQLite can hold it: no NUL (it would end a MATCH expression), no lone surrogates."""
    return term.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def document_frequency(connection: sqlite3.Connection, terms: Iterable[str]) -> dict[str, int]:
    """Count the passages that hold each term, in their context or their text."""
    counts = {}
    for term in terms:
        quoted = _quote(term)
        # MATCH folds the term as the index did; a look-up in fts5vocab is no faster and would not.
        sql = "SELECT count(*) FROM passage_fts WHERE passage_fts MATCH ?"
        counts[term] = connection.execute(sql, (quoted,)).fetchone()[0] if quoted else 0
    return counts


def search(
    connection: sqlite3.Connection,
    weighted_terms: Mapping[str, float],
    *,
    top_k: int,
    counts: TermCounts,
    allowed: Sequence[int] | NDArray[np.int64] | None = None,
) -> list[tuple[int, float]]:
    """Rank passages by the sum over terms of weight times BM25.

    Scored are the passages whose terms are worth most together, as far as these can be read in a short time. FTS5's
    own bm25() weighs every term by walking through all passages that hold it, which takes the longer the larger the
    library is.

    Args:
        connection: To the catalogue.
        weighted_terms: Weights that are not positive are ignored.
        top_k: The most to return.
        counts: Of terms that were looked up before.
        allowed: Rows that may be found; None allows all.

    Returns:
        (row, score), best first, ties by row.
    """
    terms = _known_terms(connection, weighted_terms, counts)
    if not terms or top_k <= 0:
        return []
    rows = _candidates(connection, terms, top_k=top_k, allowed=allowed)
    worth = {storable(term.text): term.weight * term.idf for term in terms}
    return score_rows(connection, rows, worth, column_weights=(CONTEXT_WEIGHT, BODY_WEIGHT))[:top_k]


def _candidates(
    connection: sqlite3.Connection,
    terms: Sequence[_Term],
    *,
    top_k: int,
    allowed: Sequence[int] | NDArray[np.int64] | None,
) -> list[int]:
    """Choose the passages to score, by what the terms that they hold are worth together.

    Terms are read by their worth while there is room; one that is too common for it is passed over, unless too few
    passages were found so far.
    """
    import numpy as np

    permitted = None if allowed is None else np.asarray(allowed, np.int64)
    holding, worth, read = [], [], 0
    found: set[int] = set()
    for term in terms:
        if len(found) >= top_k and read + term.passages > OCCURRENCES_READ:
            continue
        rows = _holding(connection, term, permitted)
        read += term.passages
        holding.append(rows)
        worth.append(np.full(len(rows), term.weight * term.idf))
        if len(found) < top_k:
            found.update(rows.tolist())
    # A place for each row up to the last: quicker than to sort those that were found.
    together = np.asarray(np.bincount(np.concatenate(holding), weights=np.concatenate(worth)), np.float64)
    return _best(together, most=max(top_k, SCORED_ROWS))


def _best(worth: NDArray[np.float64], *, most: int) -> list[int]:
    """List the places of the greatest numbers, those above 0; of equal ones, the first."""
    import numpy as np

    places = np.flatnonzero(worth)
    if len(places) > most:
        values = worth[places]
        least = np.partition(values, -most)[-most]
        above = places[values > least]
        places = np.concatenate([above, places[values == least][: most - len(above)]])
    return [int(place) for place in places]


def _holding(
    connection: sqlite3.Connection, term: _Term, permitted: NDArray[np.int64] | None
) -> NDArray[np.int64]:
    """Return the rows that hold a term, which some do: all, or those permitted, which ascend."""
    import numpy as np

    rows = numbers_of(connection, "rowid", "passage_fts WHERE passage_fts MATCH ?", [_quote(term.text)])
    if permitted is None or not len(permitted):
        return rows if permitted is None else permitted
    nearest = np.minimum(np.searchsorted(permitted, rows), len(permitted) - 1)
    among: NDArray[np.int64] = rows[permitted[nearest] == rows]
    return among


def _known_terms(
    connection: sqlite3.Connection, weighted_terms: Mapping[str, float], counts: TermCounts
) -> list[_Term]:
    """Return the terms that any passage holds, those that say most first."""
    wanted = {term: weight for term, weight in weighted_terms.items() if weight > 0 and math.isfinite(weight)}
    total = indexed_count(connection)
    terms = [
        _Term(text=term, weight=wanted[term], passages=count, idf=_idf(total, count))
        for term, count in counts.of(connection, wanted, count=document_frequency).items()
        if count
    ]
    terms.sort(key=lambda term: (-term.weight * term.idf, term.text))
    return terms[:MAX_TERMS]


def _idf(total: int, passages: int) -> float:
    """FTS5's own formula, floor included: a term in more than half of all passages tells nothing."""
    return max(1e-6, math.log((total - passages + 0.5) / (passages + 0.5)) if passages <= total else 1e-6)


def _quote(term: str) -> str:
    """Make an FTS5 string of any term; inside one, only the quote itself means anything. Empty if nothing is left."""
    clean = storable(term)
    return '"' + clean.replace('"', '""') + '"' if clean.strip() else ""
