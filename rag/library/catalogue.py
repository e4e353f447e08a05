"""The record of a library in SQLite: connections, transactions, and errors in our own words.

It is still read where the disk has no room for the file that SQLite's readers share; what a damaged page made of a
value is an error of ours, never one of SQLite's.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rag.errors import (
    LibraryBusyError,
    LibraryDamagedError,
    LibraryError,
    LibraryFormatError,
    LibraryMissingError,
    LibraryUnwritableError,
)
from rag.library.index_files import FOLDER_NAME, STATE_NAME
from rag.library.records import Manifest
from rag.library.room import failed_writing, forbids_writing, why_unwritable
from rag.library.schema import SCHEMA, UPGRADES, create_tables, read_manifest, upgrade_tables

FILE_NAME = "library.db"
BUSY_TIMEOUT_S = 10.0
_CACHE_KB = 32_000
"""Pages that a connection may keep: SQLite's own 2 MB do not hold the upper pages of the trees of a million passages."""

_GARBLED = (ValueError, TypeError, KeyError, IndexError, sqlite3.OperationalError, sqlite3.DataError)
"""What comes of values that a damaged page made something else: text that is not UTF-8, JSON that is not JSON, and of
a table that is gone."""
_State = tuple[int, int, int]
_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR}
_UNWRITABLE = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_FULL, sqlite3.SQLITE_PERM}
_BUSY = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


class Catalogue:
    """Connections to one `library.db`. Each is used by one thread at a time and goes back to a pool afterwards."""

    def __init__(self, directory: Path, *, writable: bool) -> None:
        self._directory = directory
        self._path = directory / FILE_NAME
        self.writable = writable
        self._idle: list[sqlite3.Connection] = []
        self._pool = threading.Lock()
        self._closed = False

    @classmethod
    def open(cls, directory: Path) -> Catalogue:
        """Open a library for reading, and for writing too where the folder allows it.

        Raises:
            LibraryMissingError: There is none in the folder.
            LibraryDamagedError: The file cannot be read as a library.
            LibraryFormatError: A later yigai made it, or an earlier one and the folder may only be read.
        """
        if not (directory / FILE_NAME).is_file():
            raise LibraryMissingError(path=directory)
        catalogue = cls(directory, writable=os.access(directory, os.W_OK))
        try:
            catalogue._check_schema()
        except BaseException:
            catalogue.close()
            raise
        return catalogue

    @classmethod
    def create(cls, directory: Path, manifest: Manifest) -> Catalogue:
        """Make an empty library in the folder, which exists; call it under the write lock."""
        catalogue = cls(directory, writable=True)
        with catalogue._translated():
            connection = sqlite3.connect(catalogue._path, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.close()
        with catalogue.transaction() as connection:
            create_tables(connection, manifest)
        return catalogue

    @property
    def directory(self) -> Path:
        """The library's folder."""
        return self._directory

    @property
    def is_empty_file(self) -> bool:
        """Whether the file holds no table at all: its maker was killed before the first transaction."""
        with self.reading() as connection:
            return connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that sees the library as it is now, whatever is written meanwhile.

        Raises:
            LibraryDamagedError: Values in it are not what was written.
        """
        try:
            with self._lent() as connection:
                connection.execute("BEGIN")
                try:
                    yield connection
                finally:
                    if connection.in_transaction:  # SQLite itself rolls back on some errors
                        connection.execute("ROLLBACK")
        except _GARBLED as cause:
            detail = f"{FILE_NAME}: {type(cause).__name__}: {cause}"
            raise LibraryDamagedError(path=self._directory, detail=detail) from cause

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection inside one write transaction: all of it is kept, or none."""
        if not self.writable:
            raise LibraryUnwritableError(path=self._directory, detail="the folder may only be read")
        with self._lent() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _lent(self) -> Iterator[sqlite3.Connection]:
        with self._translated():
            connection = self._take()
            try:
                yield connection
            finally:
                self._give_back(connection)

    def manifest(self) -> Manifest:
        """Read what the library was made with."""
        with self.reading() as connection:
            return read_manifest(connection)

    def close(self) -> None:
        """Close the connections that are not lent; a lent one is closed when it comes back."""
        with self._pool:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _take(self) -> sqlite3.Connection:
        with self._pool:
            if self._idle:
                return self._idle.pop()
        connection = sqlite3.connect(
            self._uri(), uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_TIMEOUT_S
        )
        try:
            connection.execute("PRAGMA foreign_keys = ON")
            connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
            connection.execute("SELECT 1 FROM sqlite_master").fetchone()
        except sqlite3.Error as cause:
            connection.close()
            if failed_writing(cause) and self._log_bytes() == 0:
                return self._opened_as_it_lies()
            raise
        return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        if isinstance(connection, _AsItLies):
            connection.close()
            if connection.state != self._file_state():
                raise LibraryBusyError(path=self._directory, waited_s=BUSY_TIMEOUT_S)
            return
        with self._pool:
            if not self._closed and not connection.in_transaction:
                self._idle.append(connection)
                return
        connection.close()

    def _opened_as_it_lies(self) -> sqlite3.Connection:
        state = self._file_state()
        connection = sqlite3.connect(
            f"{self._path.resolve().as_uri()}?mode=ro&immutable=1",
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            factory=_AsItLies,
        )
        connection.state = state
        return connection

    def _file_state(self) -> _State:
        status = os.stat(self._path)  # noqa: PTH116 - Path.stat is the same call
        return status.st_size, status.st_mtime_ns, self._log_bytes()

    def _log_bytes(self) -> int:
        try:
            return self._path.with_name(FILE_NAME + "-wal").stat().st_size
        except FileNotFoundError:
            return 0

    def _uri(self) -> str:
        # Reading a WAL file needs a writable folder, unless nothing is left in the log and nobody can write.
        address = self._path.resolve().as_uri()
        if self.writable:
            return f"{address}?mode=rw"
        return f"{address}?mode=ro" if self._log_bytes() else f"{address}?mode=ro&immutable=1"

    def _check_schema(self) -> None:
        if self.is_empty_file:
            if (self._directory / FOLDER_NAME / STATE_NAME).is_file():
                raise LibraryDamagedError(path=self._directory, detail=f"{FILE_NAME} is empty")
            raise LibraryMissingError(path=self._directory)
        with self.reading() as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            if not {"manifest", "articles", "passages"} <= tables:
                raise LibraryDamagedError(path=self._directory, detail=f"{FILE_NAME} is not a library")
            found = read_manifest(connection).schema
        if found == 0:  # every format has a number
            raise LibraryDamagedError(path=self._directory, detail=f"{FILE_NAME} has lost its manifest")
        if found in UPGRADES and self.writable:
            with self.transaction() as connection:
                upgrade_tables(connection)
        elif found != SCHEMA:
            raise LibraryFormatError(path=self._directory, found=found, expected=SCHEMA)

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as cause:
            problem = self._problem_of(cause)
            if problem is None:
                raise
            raise problem from cause

    def _problem_of(self, cause: sqlite3.Error) -> LibraryError | None:
        code = getattr(cause, "sqlite_errorcode", 0) & 0xFF  # the low byte is the primary code
        detail = f"{FILE_NAME}: {cause}"
        if forbids_writing(cause) and os.access(self._path, os.W_OK) and os.access(self._directory, os.W_OK):
            return LibraryDamagedError(path=self._directory, detail=f"{detail}, by its own header")
        if failed_writing(cause) or code in _UNWRITABLE:
            return why_unwritable(self._directory, detail)
        if code in _DAMAGE:
            return LibraryDamagedError(path=self._directory, detail=detail)
        if code in _BUSY:
            return LibraryBusyError(path=self._directory, waited_s=BUSY_TIMEOUT_S)
        return None


class _AsItLies(sqlite3.Connection):
    """A connection to a file that nobody may write to meanwhile: `state` is what it was."""

    state: _State = (0, 0, 0)
