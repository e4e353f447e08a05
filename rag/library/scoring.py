"""BM25 of a few hundred passages that were chosen already, from their own terms.

FTS5 weighs each term of a question anew by walking through every passage that holds it. Here the counts are known
(`term_counts`), so the time depends on the passages to be scored and not on the size of the library.
"""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterator, Mapping, Sequence

from rag.library.term_counts import average_terms

_K1, _B = 1.2, 0.75
"""FTS5's own constants: both ways to score give the same figures."""


def score_rows(
    connection: sqlite3.Connection,
    rows: Sequence[int],
    worth: Mapping[str, float],
    *,
    column_weights: tuple[float, float],
) -> list[tuple[int, float]]:
    """Score passages as FTS5's bm25() would.

    Args:
        connection: To the catalogue.
        rows: Of passages that are indexed; others are left out.
        worth: Of each term, as it is stored, its weight times its inverse document frequency.
        column_weights: What an occurrence counts in the context and in the text.

    Returns:
        (row, score) of those with any of the terms, best first, ties by row.
    """
    average = average_terms(connection)
    phrases = [term for term in worth if len(term.split()) > 1]
    sql = "SELECT id, c0, c1 FROM passage_fts_content WHERE id IN (SELECT value FROM json_each(?))"
    scored = []
    for row, *columns in connection.execute(sql, (json.dumps(list(rows)),)):
        terms_by_column = [column.split() for column in columns]
        norm = _K1 * (1 - _B + _B * sum(map(len, terms_by_column)) / average)
        frequencies: dict[str, float] = {}
        for terms, weight in zip(terms_by_column, column_weights, strict=True):
            for term in _asked(terms, worth, phrases):
                frequencies[term] = frequencies.get(term, 0.0) + weight
        if frequencies:
            parts = [worth[term] * often * (_K1 + 1) / (often + norm) for term, often in frequencies.items()]
            scored.append((row, math.fsum(parts)))
    return sorted(scored, key=lambda pair: (-pair[1], pair[0]))


def _asked(terms: Sequence[str], worth: Mapping[str, float], phrases: Sequence[str]) -> Iterator[str]:
    """List the terms asked for, as often as they occur; one with white space in it, which no text has, as a sequence."""
    yield from filter(worth.__contains__, terms)
    for phrase in phrases:
        yield from [phrase] * f" {' '.join(terms)} ".count(f" {' '.join(phrase.split())} ")
