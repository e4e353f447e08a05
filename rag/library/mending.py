"""Making the rows that were saved of a damaged library fit together again."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rag.history import asked_from
from rag.library import check, reading
from rag.library.sentences import has_sentences
from rag.library.tolerant import once
from rag.stored import answer_from
from rag.types import Article, Passage

KEYS = {
    "articles": ("article_id", "sqlite_autoindex_articles_1"),
    "answers": ("answer_id", "sqlite_autoindex_answers_1"),
    "versions": ("version", "versions_by_article"),
}
"""For each table that can only be saved, not made again: what names its rows, and an index that lists the names."""
_ANSWER = {"asked": asked_from, "answer": answer_from}
_LISTS = {
    "regions": (str,),
    "heading_path": (str,),
    "facts_from": (str, str),
    "headings": (int, int, int, str),
}
_NONSENSE = (ValueError, TypeError, KeyError, IndexError, AttributeError)
_PASSAGE_CHARS = 400
_REFERRING = ("passages", "origins", "versions")
_OF_GROUPS = ("signatures", "bands")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mended:
    """What had to be done: `resplit` and `unplaced` are article ids."""

    resplit: tuple[str, ...]
    unplaced: tuple[str, ...]


def mend(connection: sqlite3.Connection, kept: Path) -> Mended:
    """Make the record sound: no row refers to nothing, every article has its passages and a file.

    Args:
        connection: To the fresh file, inside a transaction.
        kept: The damaged file; an article whose own file is not known any more is said to come from there.
    """
    for table in _REFERRING:
        _drop_strays(connection, table)
    _ungroup(connection)
    _drop_vectors(connection)
    resplit = tuple(_resplit(connection))
    # Where the two differ, whichever is right: the next ingest reads the file again.
    connection.execute(
        "UPDATE origins SET content_hash = (SELECT content_hash FROM articles WHERE articles.article_id = "
        "origins.article_id)"
    )
    unplaced = tuple(_place(connection, kept))
    connection.execute("DELETE FROM passage_regions")
    connection.execute(
        "INSERT OR IGNORE INTO passage_regions SELECT value, passages.rowid FROM passages JOIN articles USING "
        "(article_id), json_each(iif(passages.regions = '[]', articles.regions, passages.regions))"
    )
    _never_reuse_rows(connection)
    return Mended(resplit=resplit, unplaced=unplaced)


def listed_keys(connection: sqlite3.Connection, table: str) -> set[Any]:
    """Return the names that a table's index lists, before and after its damage."""
    name, index = KEYS[table]
    found: set[Any] = set()
    for order in ("ASC", "DESC"):
        sql = f'SELECT "{name}" FROM "{table}" INDEXED BY "{index}" ORDER BY "{name}" {order}'  # noqa: S608
        try:
            for (key,) in once(connection.execute(sql)):
                found.add(key)
            break
        except sqlite3.Error:
            continue
    return found


def keys_of(connection: sqlite3.Connection, table: str) -> set[Any]:
    """Return the names of the rows of a sound table."""
    return {key for (key,) in connection.execute(f'SELECT "{KEYS[table][0]}" FROM "{table}"')}  # noqa: S608


def paths_of(connection: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """Return the files that each article came from."""
    paths: dict[str, tuple[str, ...]] = {}
    for article_id, path in connection.execute("SELECT article_id, path FROM origins ORDER BY path"):
        paths[article_id] = (*paths.get(article_id, ()), reading.path_of(path))
    return paths


def is_sound(row: dict[str, Any]) -> bool:
    """Whether texts are texts and JSON is JSON: where a page was overwritten, SQLite does not notice."""
    try:
        for name, read in _ANSWER.items():
            if name in row:
                value = row[name]
                read(
                    json.loads(value.decode("utf-8", "surrogatepass") if isinstance(value, bytes) else value)
                )
    except _NONSENSE:
        return False
    if row.get("liked") is not None and not isinstance(row["reason"], str | bytes):
        return False
    text = row.get("text", "")
    return isinstance(text, str) and check.ZEROED not in text


def without_nonsense(row: dict[str, Any]) -> Iterator[Any]:
    """Leave out what is known of an article beside its text where it cannot be read: the text is worth saving."""
    for name, value in row.items():
        shape = _LISTS.get(name)
        if shape is not None:
            try:
                if not isinstance(value, str) or not all(
                    _has_shape(item, shape) for item in json.loads(value)
                ):
                    yield "[]"
                    continue
            except _NONSENSE:
                yield "[]"
                continue
        yield value


def _has_shape(item: Any, shape: tuple[type, ...]) -> bool:  # noqa: ANN401 - whatever JSON can hold
    parts = item if len(shape) > 1 else (item,)
    return len(parts) == len(shape) and all(map(isinstance, parts, shape))


def _drop_strays(connection: sqlite3.Connection, table: str) -> None:
    """Remove the rows of articles that were lost."""
    sql = f"DELETE FROM {table} WHERE article_id NOT IN (SELECT article_id FROM articles)"  # noqa: S608
    connection.execute(sql)


def _drop_vectors(connection: sqlite3.Connection) -> None:
    """Remove the vectors of passages that are not there."""
    strays = "WHERE passage NOT IN (SELECT rowid FROM passages)"
    connection.execute(f"DELETE FROM vectors {strays}")  # noqa: S608 - a constant
    if has_sentences(connection):
        connection.execute(f"DELETE FROM sentences {strays}")  # noqa: S608 - a constant


def _ungroup(connection: sqlite3.Connection) -> None:
    """Let all articles be compared anew: a lost one may have stood for others."""
    connection.execute("UPDATE passages SET shadowed = 0 WHERE shadowed <> 0")
    connection.execute("UPDATE articles SET grouped = 0, group_id = NULL, relation = NULL")
    for table in _OF_GROUPS:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 - names of our tables


def _resplit(connection: sqlite3.Connection) -> Iterator[str]:
    """Cut the articles anew of which passages are missing."""
    for article_id in reading.article_ids(connection):
        article = reading.read_article(connection, article_id)
        if article is None:
            continue
        passages = _passages(connection, article_id)
        if _is_covered(article, passages) and not any(check.article_problems(article, passages)):
            continue
        connection.execute("DELETE FROM passages WHERE article_id = ?", (article_id,))
        _drop_vectors(connection)  # before their numbers are used again
        # No pipeline makes such passages: the next ingest makes the article anew, where its file is still there.
        connection.execute("UPDATE articles SET pipeline = '' WHERE article_id = ?", (article_id,))
        heading_path = json.dumps([article.title] if article.title else [], ensure_ascii=False)
        connection.executemany(
            'INSERT INTO passages (passage_id, article_id, ordinal, start, "end", heading_path, regions) '
            "VALUES (?, ?, ?, ?, ?, ?, '[]')",
            [
                (
                    f"{article_id}@{article.content_hash[:8]}#{ordinal:04d}",
                    article_id,
                    ordinal,
                    *span,
                    heading_path,
                )
                for ordinal, span in enumerate(_spans(article.text))
            ],
        )
        yield article_id


def _passages(connection: sqlite3.Connection, article_id: str) -> list[Passage]:
    """Read an article's passages; none where a value of one is not what it should be."""
    try:
        return list(reading.read_article_passages(connection, article_id).values())
    except _NONSENSE:
        return []


def _is_covered(article: Article, passages: Sequence[Passage]) -> bool:
    """Whether nothing but white space lies beside the passages and headings, from the first passage on."""
    if not passages:
        return False
    spans = [(passage.start, passage.end) for passage in passages]
    spans += [(heading.start, heading.end) for heading in article.headings]
    position = passages[0].start
    for start, end in [*sorted(spans), (len(article.text), len(article.text))]:
        if article.text[position:start].strip():
            return False
        position = max(position, end)
    return True


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Cut a text at its lines, into parts of a few hundred characters."""
    start = end = position = 0
    for line in text.splitlines(keepends=True):
        content = len(line.rstrip())
        for at in range(0, content, _PASSAGE_CHARS):
            stop = position + min(content, at + _PASSAGE_CHARS)
            if stop - start > _PASSAGE_CHARS:
                if text[start:end].strip():
                    yield start, end
                start = position + at
            end = stop
        position += len(line)
    if text[start:end].strip():
        yield start, end


def _place(connection: sqlite3.Connection, kept: Path) -> Iterator[str]:
    """Give a file to articles that have none: one that is not there, so that their own takes its place when it is read."""
    sql = (
        "SELECT article_id, content_hash, ingested_at FROM articles "
        "WHERE article_id NOT IN (SELECT article_id FROM origins) ORDER BY article_id"
    )
    for article_id, content_hash, ingested_at in connection.execute(sql).fetchall():
        connection.execute(
            "INSERT INTO origins (path, article_id, content_hash, size, mtime_ns, seen_at) VALUES (?, ?, ?, 0, 0, ?)",
            (str(kept.absolute() / article_id), article_id, content_hash, ingested_at),
        )
        yield article_id


def _never_reuse_rows(connection: sqlite3.Connection) -> None:
    """Let new passages take numbers beyond those there are."""
    last = connection.execute("SELECT max(rowid) FROM passages").fetchone()[0] or 0
    connection.execute("DELETE FROM sqlite_sequence WHERE name = 'pending'")
    connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('pending', ?)", (last,))
