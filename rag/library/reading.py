"""What is asked of the catalogue, as plain functions over a connection."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from rag.library.records import ArticleSummary, ArticleVersion, OriginFile, StoredOrigin
from rag.types import Article, ArticleKind, Filter, Heading, Passage, Repost

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

ARTICLE_FIELDS = (
    "title, text, source, date, url, regions, headings, content_hash, facts_from, "
    "author, column_name, issuer, doc_number, kind"
)
"""The columns of an article that its earlier versions have too."""
_ARTICLE = f"article_id, {ARTICLE_FIELDS}"
_PASSAGE = 'rowid, passage_id, article_id, ordinal, start, "end", heading_path, regions'
_AFTER_ANY_CODE = "\uffff"
_YEAR = "CAST(substr(articles.date, 1, 4) AS INTEGER)"


def read_article(connection: sqlite3.Connection, article_id: str) -> Article | None:
    """Read an article by its exact id."""
    row = connection.execute(
        f"SELECT {_ARTICLE} FROM articles WHERE article_id = ?",  # noqa: S608 - column names only
        (article_id,),
    ).fetchone()
    return replace(_article_of(row), reposts=read_reposts(connection, article_id)) if row else None


def read_reposts(connection: sqlite3.Connection, article_id: str) -> tuple[Repost, ...]:
    """Read the other printings of an article."""
    sql = (
        "SELECT other.article_id, other.title, other.source, other.date, other.url, "
        "iif('correction' IN (own.relation, other.relation) AND own.relation IS NOT other.relation, "
        "'correction', 'repost') FROM articles AS own "
        "JOIN articles AS other ON other.group_id = own.group_id AND other.article_id <> own.article_id "
        "WHERE own.article_id = ? ORDER BY other.date IS NULL, other.date, other.article_id"
    )
    names = ("article_id", "title", "source", "date", "url", "relation")
    rows = connection.execute(sql, (article_id,))
    return tuple(Repost(**dict(zip(names, row, strict=True))) for row in rows)


def read_versions(connection: sqlite3.Connection, article_id: str) -> list[ArticleVersion]:
    """Read the earlier versions of an article, the latest first."""
    sql = (
        f"SELECT replaced_at, article_id, {ARTICLE_FIELDS} FROM versions "  # noqa: S608 - column names only
        "WHERE article_id = ? ORDER BY version DESC"
    )
    return [
        ArticleVersion(article=_article_of(row), replaced_at=replaced_at)
        for replaced_at, *row in connection.execute(sql, (article_id,))
    ]


def article_ids(connection: sqlite3.Connection) -> list[str]:
    """List the ids of all articles, sorted."""
    return [row[0] for row in connection.execute("SELECT article_id FROM articles ORDER BY article_id")]


def ids_by_name(connection: sqlite3.Connection, name: str) -> list[str]:
    """List the articles that go by a name: the one with that id, else those it begins or is the title of."""
    if connection.execute("SELECT 1 FROM articles WHERE article_id = ?", (name,)).fetchone():
        return [name]
    if not name:
        return []
    sql = "SELECT article_id FROM articles WHERE substr(article_id, 1, length(?)) = ? OR title = ? ORDER BY 1"
    return [row[0] for row in connection.execute(sql, (name, name, name))]


def read_summaries(connection: sqlite3.Connection) -> list[ArticleSummary]:
    """List the articles in the order in which they came."""
    origins: dict[str, list[str]] = {}
    for path, article_id in connection.execute("SELECT path, article_id FROM origins"):
        origins.setdefault(article_id, []).append(path_of(path))
    sql = (
        "SELECT article_id, title, source, date, regions, length(text), "
        "(SELECT count(*) FROM passages WHERE passages.article_id = articles.article_id), "
        "doc_number, kind, group_id, relation, ingested_at "
        "FROM articles ORDER BY ingested_at, article_id"
    )
    return [
        ArticleSummary(
            article_id=row[0],
            title=row[1],
            source=row[2],
            date=row[3],
            regions=tuple(json.loads(row[4])),
            n_chars=row[5],
            n_passages=row[6],
            origins=tuple(sorted(origins.get(row[0], ()))),
            doc_number=row[7],
            kind=row[8],
            group=row[9],
            relation=row[10],
            ingested_at=row[11],
        )
        for row in connection.execute(sql)
    ]


def read_passages(connection: sqlite3.Connection, rows: Sequence[int]) -> dict[int, Passage]:
    """Read passages by row; those that are gone are left out."""
    sql = f"SELECT {_PASSAGE} FROM passages WHERE rowid IN (SELECT value FROM json_each(?))"  # noqa: S608
    return _with_text(connection, connection.execute(sql, (json.dumps(list(rows)),)).fetchall())


def read_searched(connection: sqlite3.Connection, rows: Sequence[int]) -> dict[int, Passage]:
    """Read passages by row; those that are gone, or that repeat another printing, are left out."""
    sql = f"SELECT {_PASSAGE} FROM passages WHERE shadowed = 0 AND rowid IN (SELECT value FROM json_each(?))"  # noqa: S608
    return _with_text(connection, connection.execute(sql, (json.dumps(list(rows)),)).fetchall())


def rows_of(connection: sqlite3.Connection, passage_ids: Iterable[str]) -> dict[str, int]:
    """Find the row of each passage id that is there."""
    sql = "SELECT passage_id, rowid FROM passages WHERE passage_id IN (SELECT value FROM json_each(?))"
    return dict(connection.execute(sql, (json.dumps(list(passage_ids)),)))


def read_article_passages(connection: sqlite3.Connection, article_id: str) -> dict[int, Passage]:
    """Read the passages of an article, in order, by row."""
    sql = f"SELECT {_PASSAGE} FROM passages WHERE article_id = ? ORDER BY ordinal"  # noqa: S608 - column names only
    return _with_text(connection, connection.execute(sql, (article_id,)).fetchall())


def passage_at(connection: sqlite3.Connection, article_id: str, ordinal: int) -> Passage | None:
    """Read the passage with that place in its article."""
    sql = f"SELECT {_PASSAGE} FROM passages WHERE article_id = ? AND ordinal = ?"  # noqa: S608 - column names only
    found = _with_text(connection, connection.execute(sql, (article_id, ordinal)).fetchall())
    return next(iter(found.values()), None)


def read_origins(connection: sqlite3.Connection) -> list[StoredOrigin]:
    """List every file the library remembers, by path."""
    sql = (
        "SELECT path, origins.content_hash, size, mtime_ns, article_id, pipeline "
        "FROM origins JOIN articles USING (article_id)"
    )
    found = [
        StoredOrigin(
            file=OriginFile(path=path_of(row[0]), content_hash=row[1], size=row[2], mtime_ns=row[3]),
            article_id=row[4],
            pipeline=row[5],
        )
        for row in connection.execute(sql)
    ]
    return sorted(found, key=lambda origin: origin.file.path)


def passage_count(connection: sqlite3.Connection) -> int:
    """Count the passages."""
    count: int = connection.execute("SELECT count(*) FROM passages").fetchone()[0]
    return count


def has_passages(connection: sqlite3.Connection) -> bool:
    """Whether there is a passage."""
    return connection.execute("SELECT 1 FROM passages").fetchone() is not None


def searched_count(connection: sqlite3.Connection) -> int:
    """Count the passages that a search may find: all but those that repeat another printing."""
    sql = "SELECT (SELECT count(*) FROM passages) - (SELECT count(*) FROM passages WHERE shadowed = 1)"
    count: int = connection.execute(sql).fetchone()[0]
    return count


def count_by_region(connection: sqlite3.Connection) -> dict[str, int]:
    """Count the passages about each division."""
    return dict(connection.execute("SELECT code, count(*) FROM passage_regions GROUP BY code ORDER BY code"))


def allowed_rows(connection: sqlite3.Connection, within: Filter) -> NDArray[np.int64] | None:
    """List the passages that pass a filter, ascending; None where it restricts nothing."""
    if within.is_open:
        return None
    if within == Filter(regions=within.regions):
        return _rows_in_place(connection, within.regions)
    import numpy as np

    conditions: list[str] = ["shadowed = 0"]
    arguments: list[str] = []
    if within.regions:
        ranges, arguments = _region_ranges(within.regions)
        conditions.append(f"passages.rowid IN (SELECT passage FROM passage_regions WHERE {ranges})")  # noqa: S608
    for bound, comparison in ((within.since_year, ">="), (within.until_year, "<=")):
        if bound is not None:
            conditions.append(f"articles.date IS NOT NULL AND {_YEAR} {comparison} CAST(? AS INTEGER)")
            arguments.append(str(bound))
    if within.sources:
        conditions.append("articles.source IN (SELECT value FROM json_each(?))")
        arguments.append(json.dumps(within.sources))
    # The join looks an article up for every passage: only where something is asked of it.
    join = "JOIN articles USING (article_id) " if any("articles." in one for one in conditions) else ""
    sql = (
        f"SELECT passages.rowid FROM passages {join}"  # noqa: S608 - fixed conditions
        f"WHERE {' AND '.join(conditions)} ORDER BY passages.rowid"
    )
    return np.asarray([row[0] for row in connection.execute(sql, arguments)], np.int64)


def _rows_in_place(connection: sqlite3.Connection, regions: Sequence[str]) -> NDArray[np.int64]:
    """List the searched passages about some divisions, from the index alone: no passage is looked up."""
    import numpy as np

    ranges, arguments = _region_ranges(regions)
    placed = numbers_of(connection, "passage", f"passage_regions WHERE {ranges}", arguments)
    return np.setdiff1d(placed, numbers_of(connection, "rowid", "passages WHERE shadowed = 1"))


def numbers_of(
    connection: sqlite3.Connection, column: str, source: str, arguments: Sequence[str] = ()
) -> NDArray[np.int64]:
    """Read a column of whole numbers.

    Args:
        connection: To the catalogue.
        column: Its name.
        source: What stands behind FROM, in words of our own.
        arguments: For its holes.
    """
    import numpy as np

    # One text of all numbers: as rows of their own they take four times as long.
    sql = f"SELECT group_concat({column}) FROM {source}"  # noqa: S608 - our own words
    (numbers,) = connection.execute(sql, arguments).fetchone()
    return np.asarray(np.fromstring(numbers or "", np.int64, sep=","), np.int64)


def region_codes(connection: sqlite3.Connection) -> list[str]:
    """Return the divisions that passages are about, ascending: a look-up for each, however many passages there are."""
    sql = (
        "WITH RECURSIVE spoken (code) AS (SELECT min(code) FROM passage_regions UNION ALL "
        "SELECT (SELECT min(code) FROM passage_regions WHERE code > spoken.code) FROM spoken WHERE code IS NOT NULL) "
        "SELECT code FROM spoken WHERE code IS NOT NULL"
    )
    return [code for (code,) in connection.execute(sql)]


def has_dates(connection: sqlite3.Connection) -> bool:
    """Whether any article has a date."""
    return connection.execute("SELECT 1 FROM articles WHERE date IS NOT NULL LIMIT 1").fetchone() is not None


def has_region(connection: sqlite3.Connection, code: str) -> bool:
    """Whether any passage is about a division, or about one that lies in it."""
    ranges, arguments = _region_ranges([code])
    sql = f"SELECT 1 FROM passage_regions WHERE {ranges} LIMIT 1"  # noqa: S608 - fixed conditions
    return connection.execute(sql, arguments).fetchone() is not None


def read_titles(connection: sqlite3.Connection, most: int) -> list[str]:
    """Read the titles of all articles, or of about as many as `most`, evenly drawn, in the order in which they came."""
    first, last = connection.execute("SELECT min(rowid), max(rowid) FROM articles").fetchone()
    if first is None:
        return []
    # One look-up each: a scan would read every article's text.
    rows = json.dumps(list(range(first, last + 1, -(-(last - first + 1) // most))))
    sql = (
        "SELECT title FROM json_each(?) JOIN articles ON articles.rowid = value "
        "WHERE title IS NOT NULL ORDER BY articles.rowid"
    )
    return [title for (title,) in connection.execute(sql, (rows,))]


def year_range(connection: sqlite3.Connection) -> tuple[int, int] | None:
    """Return the first and last year of the articles that have a date."""
    sql = f"SELECT min({_YEAR}), max({_YEAR}) FROM articles WHERE date IS NOT NULL"  # noqa: S608 - a constant
    first, last = connection.execute(sql).fetchone()
    return None if first is None else (first, last)


def count_by_source(connection: sqlite3.Connection) -> dict[str, int]:
    """Count the articles of each source, the most frequent first."""
    sql = "SELECT source, count(*) FROM articles WHERE source IS NOT NULL GROUP BY source ORDER BY 2 DESC, 1"
    return dict(connection.execute(sql))


def nearest_rows(
    connection: sqlite3.Connection,
    vector: NDArray[np.float32],
    *,
    top_k: int,
    allowed: NDArray[np.int64] | None,
) -> list[tuple[int, float]]:
    """Compare a vector with every stored one that is allowed, exactly.

    Returns:
        (row, cosine similarity), best first, ties by row.
    """
    import numpy as np

    sql = "SELECT passage, vector FROM vectors"
    if allowed is None:
        sql += " WHERE passage NOT IN (SELECT rowid FROM passages WHERE shadowed = 1)"
        stored = connection.execute(sql).fetchall()
    else:
        sql += " WHERE passage IN (SELECT value FROM json_each(?))"
        stored = connection.execute(sql, (json.dumps(allowed.tolist()),)).fetchall()
    if not stored or top_k <= 0:
        return []
    matrix = np.frombuffer(b"".join(blob for _, blob in stored), np.float32).reshape(len(stored), -1)
    lengths = np.linalg.norm(matrix, axis=1) * np.linalg.norm(vector)
    scores = (matrix @ vector) / np.maximum(lengths, np.finfo(np.float32).tiny)
    rows = np.asarray([row for row, _ in stored])
    best = np.lexsort((rows, -scores))[:top_k]
    return [(int(rows[i]), float(np.clip(scores[i], -1.0, 1.0))) for i in best]


def drawn_vectors(connection: sqlite3.Connection, count: int) -> NDArray[np.float32]:
    """Read about so many vectors, evenly spaced in the order of their rows; unit length, shape (n, dimension)."""
    import numpy as np

    first, last = connection.execute("SELECT min(passage), max(passage) FROM vectors").fetchone()
    if first is None:
        return np.empty((0, 0), np.float32)
    # One look-up each, for rows may be missing, and a scan would read the whole table.
    sql = (
        "SELECT vector FROM vectors WHERE passage IN "
        "(SELECT (SELECT min(passage) FROM vectors WHERE passage >= value) FROM json_each(?))"
    )
    places = range(first, last + 1, max(1, (last - first + 1) // count))
    stored = connection.execute(sql, (json.dumps(list(places)),)).fetchall()
    matrix = np.frombuffer(b"".join(blob for (blob,) in stored), np.float32).reshape(len(stored), -1)
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.maximum(lengths, np.finfo(np.float32).tiny), np.float32)


def read_vectors(
    connection: sqlite3.Connection, *, batch: int
) -> Iterator[tuple[list[int], NDArray[np.float32], list[str]]]:
    """Read all vectors, `batch` at a time, as (rows, matrix, article of each)."""
    import numpy as np

    cursor = connection.execute(
        "SELECT passages.rowid, vector, article_id FROM passages JOIN vectors ON passage = passages.rowid "
        "WHERE shadowed = 0 ORDER BY 1"
    )
    while part := cursor.fetchmany(batch):
        matrix = np.frombuffer(b"".join(row[1] for row in part), np.float32).reshape(len(part), -1)
        yield [row[0] for row in part], matrix, [row[2] for row in part]


def path_of(stored: str | bytes) -> str:
    """Return the path; one whose name is not UTF-8 is stored as bytes."""
    return os.fsdecode(stored) if isinstance(stored, bytes) else stored


def storable_path(path: str) -> str | bytes:
    """Return the path in a form that SQLite can hold."""
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return os.fsencode(path)
    return path


def _region_ranges(wanted: Sequence[str]) -> tuple[str, list[str]]:
    """Write as a condition on `code` that it is one of the divisions or lies in one: a range each, for the index."""
    from rag.regions import stem

    stems = [stem(code) for code in wanted]
    ranges = ["code >= ? AND code < ?"] * len(stems)
    return " OR ".join(ranges), [bound for one in stems for bound in (one, one + _AFTER_ANY_CODE)]


def _with_text(connection: sqlite3.Connection, rows: Sequence[tuple[object, ...]]) -> dict[int, Passage]:
    """Cut each passage's text out of its article's: in Python, for SQLite's substr stops at a NUL."""
    texts: dict[str, str] = {}
    found: dict[int, Passage] = {}
    for row, passage_id, article_id, ordinal, start, end, heading_path, regions in rows:
        if article_id not in texts:
            sql = "SELECT text FROM articles WHERE article_id = ?"
            texts[str(article_id)] = connection.execute(sql, (article_id,)).fetchone()[0]
        found[int(str(row))] = Passage(
            passage_id=str(passage_id),
            article_id=str(article_id),
            ordinal=int(str(ordinal)),
            start=int(str(start)),
            end=int(str(end)),
            text=texts[str(article_id)][int(str(start)) : int(str(end))],
            heading_path=tuple(json.loads(str(heading_path))),
            regions=tuple(json.loads(str(regions))),
        )
    return found


def _article_of(row: Sequence[str | None]) -> Article:
    article_id, title, text, source, date, url, regions, headings, content_hash, facts_from, *rest = row
    author, column, issuer, doc_number, kind = rest
    return Article(
        article_id=article_id or "",
        title=title,
        text=text or "",
        source=source,
        date=date,
        url=url,
        regions=tuple(json.loads(regions or "[]")),
        headings=tuple(
            Heading(start=start, end=end, level=level, kind=kind)
            for start, end, level, kind in json.loads(headings or "[]")
        ),
        content_hash=content_hash or "",
        facts_from=tuple((name, origin) for name, origin in json.loads(facts_from or "[]")),
        author=author,
        column=column,
        issuer=issuer,
        doc_number=doc_number,
        kind=cast("ArticleKind | None", kind),
    )
