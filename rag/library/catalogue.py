"""The record of a library in SQLite: connections, transactions, the schema, and errors in our own words."""

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
    LibraryMismatchError,
    LibraryMissingError,
    LibraryUnwritableError,
)
from rag.library.records import Manifest

FILE_NAME = "library.db"
SCHEMA = 1
BUSY_TIMEOUT_S = 10.0

# Terms reach FTS5 joined by spaces, so everything but white space belongs to a term: `62.59%` and `𠮷` are one each.
_SCHEMA = """
CREATE TABLE manifest (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    article_id TEXT PRIMARY KEY, title TEXT, source TEXT, date TEXT, url TEXT, text TEXT NOT NULL,
    regions TEXT NOT NULL, headings TEXT NOT NULL, facts_from TEXT NOT NULL,
    content_hash TEXT NOT NULL, ingested_at TEXT NOT NULL, pipeline TEXT NOT NULL);
CREATE INDEX articles_by_hash ON articles (content_hash);
CREATE TABLE origins (
    path PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE,
    content_hash TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, seen_at TEXT NOT NULL);
CREATE INDEX origins_by_article ON origins (article_id);
CREATE TABLE passages (
    rowid INTEGER PRIMARY KEY, passage_id TEXT NOT NULL UNIQUE,
    article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE, ordinal INTEGER NOT NULL,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL, heading_path TEXT NOT NULL, regions TEXT NOT NULL,
    UNIQUE (article_id, ordinal));
CREATE TABLE passage_regions (
    code TEXT NOT NULL, passage INTEGER NOT NULL REFERENCES passages ON DELETE CASCADE,
    PRIMARY KEY (code, passage)) WITHOUT ROWID;
CREATE INDEX passage_regions_by_passage ON passage_regions (passage);
CREATE TABLE vectors (passage INTEGER PRIMARY KEY REFERENCES passages ON DELETE CASCADE, vector BLOB NOT NULL);
CREATE TABLE pending (passage INTEGER PRIMARY KEY AUTOINCREMENT);
CREATE TABLE garbage (passage INTEGER PRIMARY KEY);
"""
FTS_SCHEMA = """
CREATE VIRTUAL TABLE passage_fts USING fts5 (
    context, body, tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'");
"""

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
            LibraryMismatchError: Another version of yigai made it.
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
            for statement in (_SCHEMA + FTS_SCHEMA).split(";\n"):
                connection.execute(statement)
            write_manifest(connection, manifest)
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
        """Lend a connection that sees the library as it is now, whatever is written meanwhile."""
        with self._lent() as connection:
            connection.execute("BEGIN")
            try:
                yield connection
            finally:
                if connection.in_transaction:  # SQLite itself rolls back on some errors
                    connection.execute("ROLLBACK")

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
        connection.execute("PRAGMA foreign_keys = ON")
        return connection

    def _give_back(self, connection: sqlite3.Connection) -> None:
        with self._pool:
            if not self._closed and not connection.in_transaction:
                self._idle.append(connection)
                return
        connection.close()

    def _uri(self) -> str:
        # Reading a WAL file needs a writable folder, unless nothing is left in the log and nobody can write.
        address = self._path.resolve().as_uri()
        if self.writable:
            return f"{address}?mode=rw"
        log = self._path.with_name(FILE_NAME + "-wal")
        settled = not log.exists() or log.stat().st_size == 0
        return f"{address}?mode=ro&immutable=1" if settled else f"{address}?mode=ro"

    def _check_schema(self) -> None:
        if self.is_empty_file:
            raise LibraryMissingError(path=self._directory)
        with self.reading() as connection:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
            if not {"manifest", "articles", "passages"} <= tables:
                raise LibraryDamagedError(path=self._directory, detail=f"{FILE_NAME} is not a library")
            found = read_manifest(connection).schema
        if found != SCHEMA:
            raise LibraryMismatchError(path=self._directory, what="format", found=found, expected=SCHEMA)

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
        if code in _DAMAGE:
            return LibraryDamagedError(path=self._directory, detail=detail)
        if code in _UNWRITABLE:
            return LibraryUnwritableError(path=self._directory, detail=detail)
        if code in _BUSY:
            return LibraryBusyError(path=self._directory, waited_s=BUSY_TIMEOUT_S)
        return None


def read_manifest(connection: sqlite3.Connection) -> Manifest:
    """Read what the library was made with."""
    values = dict(connection.execute("SELECT key, value FROM manifest"))
    return Manifest(
        schema=int(values.get("schema", 0)),
        encoder=values.get("encoder", ""),
        dimension=int(values.get("dimension", 0)),
    )


def write_manifest(connection: sqlite3.Connection, manifest: Manifest) -> None:
    """Say what the library is made with."""
    rows = {"schema": manifest.schema, "encoder": manifest.encoder, "dimension": manifest.dimension}
    connection.executemany(
        "INSERT INTO manifest VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        [(key, str(value)) for key, value in rows.items()],
    )
