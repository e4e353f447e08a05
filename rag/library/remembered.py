"""What questions ask a library again and again: read once, until passages come or go."""

from __future__ import annotations

import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from rag.library.term_counts import IndexState, index_state

Value = TypeVar("Value")


class Remembered(Generic[Value]):
    """Values read from the record, by key. Safe to use from several threads.

    Args:
        most: Values kept; beyond that, the least recently used goes.
    """

    def __init__(self, *, most: int = 1) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._state: IndexState = ()
        self._values: OrderedDict[Hashable, Value] = OrderedDict()

    def of(
        self, connection: sqlite3.Connection, key: Hashable, read: Callable[[sqlite3.Connection], Value]
    ) -> Value:
        """Return the value of a key, read if it is not known.

        Args:
            connection: Inside a transaction: the passages stay what they are meanwhile.
            key: Names what is read.
            read: Reads it; it depends on the passages and the key alone.
        """
        state = _passages_state(connection)
        with self._lock:
            if state != self._state:
                self._state = state
                self._values.clear()
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = read(connection)
        with self._lock:
            if state == self._state:
                self._values[key] = value
                while len(self._values) > self._most:
                    self._values.popitem(last=False)
        return value


def _passages_state(connection: sqlite3.Connection) -> IndexState:
    """What changes whenever passages come or go: those that a search finds, with the index; the others, by the numbers used."""
    used = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'pending'").fetchone()
    return (*index_state(connection), used)
