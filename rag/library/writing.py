"""What is written to the catalogue, as plain functions over a connection inside a transaction."""

from __future__ import annotations

import datetime
import json
import sqlite3
from collections.abc import Iterable, Sequence

from rag.library.lexical import storable
from rag.library.reading import ARTICLE_FIELDS, storable_path
from rag.library.records import ArticleVersion, IndexedPassage, NewArticle, OriginFile
from rag.library.sentences import write_sentences
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
    _keep_version(connection, new.article)
    dissolve_group(connection, new.article.article_id)
    discard_passages(connection, new.article.article_id)
    connection.execute("DELETE FROM signatures WHERE article_id = ?", (new.article.article_id,))
    _write_article(connection, new.article, pipeline=new.pipeline)
    for row, indexed, vector in zip(rows, new.passages, new.vectors, strict=True):
        _write_passage(connection, row, indexed, inherited=new.article.regions)
        connection.execute("INSERT INTO vectors VALUES (?, ?)", (row, vector.astype("float32").tobytes()))
    if new.sentences:
        write_sentences(connection, rows, new.sentences)
    connection.executemany("DELETE FROM pending WHERE passage = ?", [(row,) for row in rows])
    point_origin(connection, new.origin, new.article.article_id)


def left_alone(connection: sqlite3.Connection, path: str, *, keep: str | None = None) -> list[str]:
    """List the article (none, or one) that goes when a file does not stand for it any more, unless it is to be kept."""
    stored = storable_path(path)
    sql = (
        "SELECT article_id FROM origins WHERE path = ? AND article_id IS NOT ? "
        "AND NOT EXISTS (SELECT 1 FROM origins AS o WHERE o.article_id = origins.article_id AND o.path <> ?)"
    )
    return [row[0] for row in connection.execute(sql, (stored, keep, stored))]


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
    dissolve_group(connection, article_id)
    discard_passages(connection, article_id)
    connection.execute("DELETE FROM articles WHERE article_id = ?", (article_id,))


def dissolve_group(connection: sqlite3.Connection, article_id: str) -> None:
    """Let the other printings of an article's text be compared anew; what they shadow stays so until then."""
    connection.execute(
        "UPDATE articles SET grouped = 0, group_id = NULL, relation = NULL "
        "WHERE group_id = (SELECT group_id FROM articles WHERE article_id = ?)",
        (article_id,),
    )


def discard_passages(connection: sqlite3.Connection, article_id: str) -> None:
    """Remove the passages of an article; their vectors become garbage."""
    rows = connection.execute("SELECT rowid FROM passages WHERE article_id = ?", (article_id,)).fetchall()
    if not rows:
        return
    # Passages that repeat others go without a trace in the index of terms: a number left out tells (see `remembered`).
    connection.execute("UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'pending'")
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


def _keep_version(connection: sqlite3.Connection, article: Article) -> None:
    """Keep the text that an article had, if it is another: stored answers quote it."""
    fields = f"article_id, {ARTICLE_FIELDS}, ingested_at"
    connection.execute(
        f"INSERT INTO versions ({fields}, replaced_at) SELECT {fields}, ? FROM articles "  # noqa: S608 - column names
        "WHERE article_id = ? AND text <> ?",
        (_now(), article.article_id, article.text),
    )


def add_versions(connection: sqlite3.Connection, versions: Iterable[ArticleVersion]) -> int:
    """Add earlier versions of articles that are there; those that are known, or are the present text, are left out."""
    added = 0
    for version in versions:
        values = {**_article_values(version.article), "ingested_at": "", "replaced_at": version.replaced_at}
        names, holes = ", ".join(values), ", ".join("?" * len(values))
        added += connection.execute(
            f"INSERT INTO versions ({names}) SELECT {holes} "  # noqa: S608 - column names only
            "WHERE EXISTS (SELECT 1 FROM articles WHERE article_id = ? AND text <> ?) "
            "AND NOT EXISTS (SELECT 1 FROM versions WHERE article_id = ? AND text = ?)",
            [*values.values(), *[version.article.article_id, version.article.text] * 2],
        ).rowcount
    return added


def _write_article(connection: sqlite3.Connection, article: Article, *, pipeline: str) -> None:
    values = {**_article_values(article), "ingested_at": _now(), "pipeline": pipeline, "grouped": 0}
    names, holes = ", ".join(values), ", ".join("?" * len(values))
    changes = ", ".join(f"{name} = excluded.{name}" for name in values if name != "article_id")
    connection.execute(
        f"INSERT INTO articles ({names}) VALUES ({holes}) "  # noqa: S608 - column names only
        f"ON CONFLICT (article_id) DO UPDATE SET {changes}",
        list(values.values()),
    )


def _article_values(article: Article) -> dict[str, str | None]:
    """The columns that articles and their earlier versions share."""
    headings = [(heading.start, heading.end, heading.level, heading.kind) for heading in article.headings]
    return {
        "article_id": article.article_id,
        "title": article.title,
        "text": article.text,
        "source": article.source,
        "date": article.date,
        "url": article.url,
        "regions": json.dumps(article.regions),
        "headings": json.dumps(headings),
        "content_hash": article.content_hash,
        "facts_from": json.dumps(article.facts_from, ensure_ascii=False),
        "author": article.author,
        "column_name": article.column,
        "issuer": article.issuer,
        "doc_number": article.doc_number,
        "kind": article.kind,
    }


def _write_passage(
    connection: sqlite3.Connection, row: int, indexed: IndexedPassage, *, inherited: tuple[str, ...]
) -> None:
    passage = indexed.passage
    connection.execute(
        'INSERT INTO passages (rowid, passage_id, article_id, ordinal, start, "end", heading_path, regions) '
        "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
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
