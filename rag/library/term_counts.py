"""How many passages the index of terms holds, and how many hold a term, without counting them for every question.

FTS5 counts the passages of a term by walking through all of them, and SQLite those of a table likewise: in a library
of a million, that alone takes longer than all the rest of an answer.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator

_AVERAGES, _STRUCTURE = 1, 10
"""Rows of FTS5's own table: its totals, and its segments with a counter of what was ever written."""
_MOST = 50_000
"""Terms that are remembered; then all are forgotten. Some 5 MB."""
IndexState = tuple[object, ...]


class TermCounts:
    """Counts of terms, remembered until the index changes. Safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._state: IndexState = ()
        self._counts: dict[str, int] = {}

    def of(
        self,
        connection: sqlite3.Connection,
        terms: Iterable[str],
        *,
        count: Callable[[sqlite3.Connection, list[str]], dict[str, int]],
    ) -> dict[str, int]:
        """Return the count of each term, in the order given.

        Args:
            connection: Inside a transaction: the index stays what it is meanwhile.
            terms: Distinct.
            count: Counts those that are not known.
        """
        wanted, state = list(terms), index_state(connection)
        with self._lock:
            if state != self._state or len(self._counts) > _MOST:
                self._state, self._counts = state, {}
            known = {term: self._counts[term] for term in wanted if term in self._counts}
        found = count(connection, [term for term in wanted if term not in known])
        with self._lock:
            if state == self._state:
                self._counts.update(found)
        return {term: known[term] if term in known else found[term] for term in wanted}


def indexed_count(connection: sqlite3.Connection) -> int:
    """Return how many passages the index of terms holds: all that a search may find. FTS5 keeps the number itself."""
    return next(_totals(connection), 0)


def average_terms(connection: sqlite3.Connection) -> float:
    """Return how many terms an indexed passage has on average, its context's included; never 0."""
    passages, *by_column = _totals(connection)
    return max(1, sum(by_column)) / max(1, passages)


def _totals(connection: sqlite3.Connection) -> Iterator[int]:
    """Read what FTS5 keeps: the number of passages, then of the terms in each column."""
    row = connection.execute("SELECT block FROM passage_fts_data WHERE id = ?", (_AVERAGES,)).fetchone()
    return _varints(row[0] if row else b"")


def index_state(connection: sqlite3.Connection) -> IndexState:
    """What changes with every write to the index, and when a repair puts another in its place; answers kept leave it."""
    rows = connection.execute(
        "SELECT block FROM passage_fts_data WHERE id IN (?, ?) ORDER BY id", (_AVERAGES, _STRUCTURE)
    ).fetchall()
    return (*connection.execute("PRAGMA schema_version").fetchone(), *(block for (block,) in rows))


def _varints(block: bytes) -> Iterator[int]:
    """Read SQLite's variable-length integers: seven bits a byte while its high bit is set; a ninth byte is whole."""
    value = length = 0
    for byte in block:
        length += 1
        if length < 9:
            value = value << 7 | byte & 0x7F
            if byte >= 0x80:
                continue
        else:
            value = value << 8 | byte
        yield value
        value = length = 0
