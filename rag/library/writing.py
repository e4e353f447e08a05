"""What is written to the catalogue, as plain functions over a connection inside a transaction."""

from __future__ import annotations

import datetime
import json
import sqlite3
from collections.abc import Iterable, Sequence

from rag.library.lexical import storable
from rag.library.reading import storable_path
from rag.library.records import IndexedPassage, NewArticle, OriginFile
from rag.types import Article


def reserve_rows(connection: sqlite3.Connection, count: int) -> list[int]:
    """Take row numbers never used before, and remember that vectors under them may be without a passage."""
    last = (
        connection.execute("SELECT max(seq) FROM sqlite_sequence WHERE name = 'pending'").fetchone()[0] or 0
    )
    rows = list(range(last + 1, last + 1 + count))
    connection.executemany("INSERT INTO pending (passage) VALUES (?)", [(row,) for row in rows])
    return rows


def swap_article(connection: sqlite3.Connection, new: NewArticle, rows: Sequence[int]) -> None:
    """Put an article in the place of its old version; `rows` were reserved for its passages."""
    discard_passages(connection, new.article.article_id)
    _write_article(connection, new.article, pipeline=new.pipeline)
    for row, indexed, vector in zip(rows, new.passages, new.vectors, strict=True):
        _write_passage(connection, row, indexed, inherited=new.article.regions)
        connection.execute("INSERT INTO vectors VALUES (?, ?)", (row, vector.astype("float32").tobytes()))
    connection.executemany("DELETE FROM pending WHERE passage = ?", [(row,) for row in rows])
    point_origin(connection, new.origin, new.article.article_id)


def point_origin(connection: sqlite3.Connection, origin: OriginFile, article_id: str) -> None:
    """Say which article a file stands for; the one it stood for before goes if no other file does."""
    path = storable_path(origin.path)
    before = connection.execute("SELECT article_id FROM origins WHERE path = ?", (path,)).fetchone()
    connection.execute(
        "INSERT OR REPLACE INTO origins VALUES (?, ?, ?, ?, ?, ?)",
        (path, article_id, origin.content_hash, origin.size, origin.mtime_ns, _now()),
    )
    if before:
        _remove_if_orphan(connection, before[0])


def forget_origin(connection: sqlite3.Connection, path: str) -> None:
    """Forget a file, and its article if no other file stands for it."""
    stored = storable_path(path)
    before = connection.execute("SELECT article_id FROM origins WHERE path = ?", (stored,)).fetchone()
    connection.execute("DELETE FROM origins WHERE path = ?", (stored,))
    if before:
        _remove_if_orphan(connection, before[0])


def remove_article(connection: sqlite3.Connection, article_id: str) -> None:
    """Remove an article with everything of it."""
    discard_passages(connection, article_id)
    connection.execute("DELETE FROM articles WHERE article_id = ?", (article_id,))


def discard_passages(connection: sqlite3.Connection, article_id: str) -> None:
    """Remove the passages of an article; their vectors become garbage."""
    rows = connection.execute("SELECT rowid FROM passages WHERE article_id = ?", (article_id,)).fetchall()
    connection.executemany("INSERT OR IGNORE INTO garbage VALUES (?)", rows)
    connection.executemany("DELETE FROM passage_fts WHERE rowid = ?", rows)
    connection.execute("DELETE FROM passages WHERE article_id = ?", (article_id,))


def doomed_rows(connection: sqlite3.Connection) -> list[int]:
    """List the rows whose vectors, where there are any, belong to no passage."""
    return [
        row[0] for row in connection.execute("SELECT passage FROM pending UNION SELECT passage FROM garbage")
    ]


def clear_doomed(connection: sqlite3.Connection) -> None:
    """Say that no vector is without its passage any more."""
    connection.execute("DELETE FROM pending")
    connection.execute("DELETE FROM garbage")


def write_terms(
    connection: sqlite3.Connection, row: int, *, context_terms: Iterable[str], body_terms: Iterable[str]
) -> None:
    """Index a passage by its terms."""
    columns = (" ".join(map(storable, context_terms)), " ".join(map(storable, body_terms)))
    connection.execute("INSERT INTO passage_fts (rowid, context, body) VALUES (?, ?, ?)", (row, *columns))


def _write_article(connection: sqlite3.Connection, article: Article, *, pipeline: str) -> None:
    headings = [(heading.start, heading.end, heading.level, heading.kind) for heading in article.headings]
    connection.execute(
        "INSERT INTO articles (article_id, title, source, date, url, text, regions, headings, facts_from, "
        "content_hash, ingested_at, pipeline) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
        "ON CONFLICT (article_id) DO UPDATE SET title = excluded.title, source = excluded.source, "
        "date = excluded.date, url = excluded.url, text = excluded.text, regions = excluded.regions, "
        "headings = excluded.headings, facts_from = excluded.facts_from, content_hash = excluded.content_hash, "
        "ingested_at = excluded.ingested_at, pipeline = excluded.pipeline",
        (
            article.article_id,
            article.title,
            article.source,
            article.date,
            article.url,
            article.text,
            json.dumps(article.regions),
            json.dumps(headings),
            json.dumps(article.facts_from, ensure_ascii=False),
            article.content_hash,
            _now(),
            pipeline,
        ),
    )


def _write_passage(
    connection: sqlite3.Connection, row: int, indexed: IndexedPassage, *, inherited: tuple[str, ...]
) -> None:
    passage = indexed.passage
    connection.execute(
        "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            row,
            passage.passage_id,
            passage.article_id,
            passage.ordinal,
            passage.start,
            passage.end,
            json.dumps(passage.heading_path, ensure_ascii=False),
            json.dumps(passage.regions),
        ),
    )
    codes = dict.fromkeys(passage.regions or inherited)
    connection.executemany("INSERT INTO passage_regions VALUES (?, ?)", [(code, row) for code in codes])
    write_terms(connection, row, context_terms=indexed.context_terms, body_terms=indexed.body_terms)


def _remove_if_orphan(connection: sqlite3.Connection, article_id: str) -> None:
    if not connection.execute("SELECT 1 FROM origins WHERE article_id = ?", (article_id,)).fetchone():
        remove_article(connection, article_id)


def _now() -> str:
    return datetime.datetime.now(datetime.UTC).isoformat(timespec="microseconds")
