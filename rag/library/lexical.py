"""Weighted BM25 over the FTS5 index."""

from __future__ import annotations

import itertools
import json
import math
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rag.library.scoring import score_rows
from rag.library.term_counts import TermCounts, indexed_count

CONTEXT_WEIGHT = 0.5
"""A term in the headings above a passage says less of it than one in its own words."""
BODY_WEIGHT = 1.0
MAX_TERMS = 96
"""Terms that a query can use; a longer one keeps those that say most. FTS5 nests no deeper than 256."""
ESSENTIAL_ROWS = 2000
"""Passages that are scored in full: common terms cannot add candidates beyond this, only rank them."""
WIDER_ROWS = 40_000
"""The same in a large library, where the first find too few."""
MANY_OCCURRENCES = 200_000
"""Occurrences of all terms up to which FTS5 itself scores them all: it walks through them, some more than once."""
_TOGETHER = 3
SCORED_ROWS = 400
"""Passages that are scored by all terms in a large library, some 20 µs each."""


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
    allowed: Sequence[int] | None = None,
) -> list[tuple[int, float]]:
    """Rank passages by the sum over terms of weight times BM25.

    Candidates come from the terms that say most, up to `ESSENTIAL_ROWS` passages; the others only add to their
    scores. All terms give candidates where that finds fewer than `top_k`.

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
    if sum(term.passages for term in terms) > MANY_OCCURRENCES:
        return _rank_among_many(connection, terms, top_k=top_k, allowed=allowed)
    essential, rest = _split(terms, rows=ESSENTIAL_ROWS)
    ranked = _run(connection, _parts(essential, rest), top_k=top_k, allowed=allowed)
    if rest and len(ranked) < top_k:
        ranked = _run(connection, _parts(terms, []), top_k=top_k, allowed=allowed)
    return ranked


def _rank_among_many(
    connection: sqlite3.Connection, terms: Sequence[_Term], *, top_k: int, allowed: Sequence[int] | None
) -> list[tuple[int, float]]:
    """Rank by all terms only what ranks high by those that say most: nothing here takes longer in a larger library."""
    if allowed is not None and len(allowed) <= SCORED_ROWS:
        rows = list(allowed)
    else:
        rows = _candidates(connection, terms, top_k=top_k, allowed=allowed)
    worth = {term.text: term.weight * term.idf for term in terms}
    return score_rows(connection, rows, worth, column_weights=(CONTEXT_WEIGHT, BODY_WEIGHT))[:top_k]


def _candidates(
    connection: sqlite3.Connection, terms: Sequence[_Term], *, top_k: int, allowed: Sequence[int] | None
) -> list[int]:
    """Find passages by the rarest terms; by more of them where these find too few, by common ones only together."""
    rows: list[int] = []
    rest = list(terms)
    for most in (ESSENTIAL_ROWS, WIDER_ROWS):
        if terms[0].passages <= most:
            essential, rest = _split(terms, rows=most)
            parts = _parts(essential, [])
            rows = [row for row, _ in _run(connection, parts, top_k=max(top_k, SCORED_ROWS), allowed=allowed)]
        if len(rows) >= top_k or not rest:
            return rows
    for together in _combinations(rest):
        if len(rows) >= top_k:
            break
        match = " AND ".join(_quote(term.text) for term in together)
        rows += _matching(connection, match, most=SCORED_ROWS, allowed=allowed)
    return list(dict.fromkeys(rows))


def _combinations(terms: Sequence[_Term]) -> Iterator[Sequence[_Term]]:
    """Put the terms that say most together: all of them, then fewer and fewer."""
    first = terms[:_TOGETHER]
    for size in range(len(first), 0, -1):
        yield from itertools.combinations(first, size)


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


def _split(terms: Sequence[_Term], *, rows: int) -> tuple[list[_Term], list[_Term]]:
    """Cut where the candidates become more than so many; the first term is always essential."""
    found = 0
    for index, term in enumerate(terms):
        found += term.passages
        if index and found > rows:
            return list(terms[:index]), list(terms[index:])
    return list(terms), []


def _parts(essential: Sequence[_Term], rest: Sequence[_Term]) -> list[tuple[float, str]]:
    """Write the sum as (factor, MATCH expression) pairs: FTS5 weighs columns, never terms, so one per weight.

    `E AND (E OR R)` scores R on the passages of E alone, but counts E twice: that is taken off again at the end.
    """
    anchor = _any_of(essential)
    parts = [(weight, _any_of(group)) for weight, group in _by_weight(essential).items()]
    excess = 0.0
    for weight, group in _by_weight([term for term in rest if term.idf > 1e-6]).items():
        parts.append((weight, f"({anchor}) AND ({anchor} OR {_any_of(group)})"))
        excess += 2 * weight
    return [*parts, (-excess, anchor)] if excess else parts


def _by_weight(terms: Sequence[_Term]) -> dict[float, list[_Term]]:
    groups: dict[float, list[_Term]] = {}
    for term in terms:
        groups.setdefault(term.weight, []).append(term)
    return groups


def _any_of(terms: Sequence[_Term]) -> str:
    return " OR ".join(_quote(term.text) for term in terms)


def _quote(term: str) -> str:
    """Make an FTS5 string of any term; inside one, only the quote itself means anything. Empty if nothing is left."""
    clean = storable(term)
    return '"' + clean.replace('"', '""') + '"' if clean.strip() else ""


def _matching(
    connection: sqlite3.Connection, match: str, *, most: int, allowed: Sequence[int] | None
) -> list[int]:
    """Return the first passages that match, as they come."""
    only = "" if allowed is None else "AND +rowid IN (SELECT value FROM json_each(?))"
    sql = f"SELECT rowid FROM passage_fts WHERE passage_fts MATCH ? {only} LIMIT ?"  # noqa: S608 - constants only
    rows = [] if allowed is None else [json.dumps(list(allowed))]
    return [row for (row,) in connection.execute(sql, [match, *rows, most])]


def _run(
    connection: sqlite3.Connection,
    parts: Sequence[tuple[float, str]],
    *,
    top_k: int,
    allowed: Sequence[int] | None,
) -> list[tuple[int, float]]:
    # The plus keeps SQLite from looking each allowed row up in FTS5 one by one, which weighs all terms every time.
    only = "" if allowed is None else "AND +rowid IN (SELECT value FROM json_each(?))"
    one = (
        f"SELECT rowid, ? * bm25(passage_fts, {CONTEXT_WEIGHT}, {BODY_WEIGHT}) "  # noqa: S608 - constants only
        f"FROM passage_fts WHERE passage_fts MATCH ? {only}"
    )
    sql = (
        f"WITH scored (row, score) AS MATERIALIZED ({' UNION ALL '.join([one] * len(parts))}) "  # noqa: S608 - as above
        "SELECT row, -sum(score) FROM scored GROUP BY row ORDER BY 2 DESC, 1 LIMIT ?"
    )
    rows = [] if allowed is None else [json.dumps(list(allowed))]
    arguments: list[object] = [value for factor, match in parts for value in (factor, match, *rows)]
    return [(row, score) for row, score in connection.execute(sql, [*arguments, top_k])]
