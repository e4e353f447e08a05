"""The tables of a library, each format's statements, and what a library says it was made with."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

from rag.library.records import Manifest

SCHEMA = 2

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
# Format 2. A format's own statements never change: the next one gets a list of its own.
_SCHEMA_2 = """
ALTER TABLE articles ADD COLUMN author TEXT;
ALTER TABLE articles ADD COLUMN column_name TEXT;
ALTER TABLE articles ADD COLUMN issuer TEXT;
ALTER TABLE articles ADD COLUMN doc_number TEXT;
ALTER TABLE articles ADD COLUMN kind TEXT;
ALTER TABLE articles ADD COLUMN group_id TEXT;
ALTER TABLE articles ADD COLUMN relation TEXT;
ALTER TABLE articles ADD COLUMN grouped INTEGER NOT NULL DEFAULT 0;
CREATE INDEX articles_by_group ON articles (group_id) WHERE group_id IS NOT NULL;
CREATE INDEX articles_ungrouped ON articles (article_id) WHERE grouped = 0;
ALTER TABLE passages ADD COLUMN shadowed INTEGER NOT NULL DEFAULT 0;
CREATE INDEX passages_shadowed ON passages (rowid) WHERE shadowed = 1;
CREATE TABLE versions (
    version INTEGER PRIMARY KEY AUTOINCREMENT,
    article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE,
    title TEXT, source TEXT, date TEXT, url TEXT, text TEXT NOT NULL, regions TEXT NOT NULL, headings TEXT NOT NULL,
    facts_from TEXT NOT NULL, content_hash TEXT NOT NULL, author TEXT, column_name TEXT, issuer TEXT,
    doc_number TEXT, kind TEXT, ingested_at TEXT NOT NULL, replaced_at TEXT NOT NULL);
CREATE INDEX versions_by_article ON versions (article_id);
CREATE TABLE signatures (
    article_id TEXT PRIMARY KEY REFERENCES articles ON DELETE CASCADE, signature BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE bands (
    band INTEGER NOT NULL, article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE,
    PRIMARY KEY (band, article_id)) WITHOUT ROWID;
CREATE INDEX bands_by_article ON bands (article_id);
"""
UPGRADES = {1: _SCHEMA_2}
"""What makes a library of the next format out of one, by the earlier format's number."""
FTS_SCHEMA = """
CREATE VIRTUAL TABLE passage_fts USING fts5 (
    context, body, tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'");
"""


def create_tables(connection: sqlite3.Connection, manifest: Manifest) -> None:
    """Make the tables of an empty library, inside a transaction."""
    for statements in (_SCHEMA + FTS_SCHEMA, *UPGRADES.values()):
        _execute_all(connection, statements)
    write_manifest(connection, manifest)


def upgrade_tables(connection: sqlite3.Connection) -> None:
    """Bring a library of an earlier format to this one, inside a transaction."""
    manifest = read_manifest(connection)
    for version in range(manifest.schema, SCHEMA):
        _execute_all(connection, UPGRADES[version])
    write_manifest(connection, replace(manifest, schema=SCHEMA))


def _execute_all(connection: sqlite3.Connection, statements: str) -> None:
    """Execute statements inside the transaction at hand, which sqlite3's own `executescript` would end."""
    for statement in statements.split(";\n"):
        connection.execute(statement)


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
