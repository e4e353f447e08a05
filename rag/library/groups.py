"""Printings of one text, as the record holds them: who stands for whom, and which passages repeat another's.

A repeated passage ("shadowed") stays in the record with its vector, and is in neither index: a search finds the
one that stands for the group, once. Plain functions over a connection inside a transaction.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rag.library import reading, writing
from rag.types import RepostRelation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


MOST_CANDIDATES = 32
_BAND_MEMBERS = 100


def ungrouped(connection: sqlite3.Connection, *, limit: int) -> list[str]:
    """List articles that were not yet compared with the others, in the order in which they came."""
    sql = "SELECT article_id FROM articles WHERE grouped = 0 ORDER BY ingested_at, article_id LIMIT ?"
    return [row[0] for row in connection.execute(sql, (limit,))]


def write_signature(
    connection: sqlite3.Connection, article_id: str, signature: bytes, bands: Iterable[int]
) -> None:
    """Remember what an article's text is recognised by."""
    connection.execute("INSERT OR REPLACE INTO signatures VALUES (?, ?)", (article_id, signature))
    connection.execute("DELETE FROM bands WHERE article_id = ?", (article_id,))
    rows = [(band, article_id) for band in dict.fromkeys(bands)]
    connection.executemany("INSERT INTO bands VALUES (?, ?)", rows)


def read_signature(connection: sqlite3.Connection, article_id: str) -> bytes | None:
    """Return what an article's text is recognised by, if it was written."""
    row = connection.execute(
        "SELECT signature FROM signatures WHERE article_id = ?", (article_id,)
    ).fetchone()
    return row[0] if row else None


def sharing_a_band(
    connection: sqlite3.Connection, bands: Collection[int], *, asked: Collection[str] = ()
) -> list[str]:
    """List the articles that could be printings of the same text, those with the most bands in common first.

    Boilerplate makes bands of very many articles, which tell little: of each band `_BAND_MEMBERS` count, and
    `MOST_CANDIDATES` articles are returned. So the time does not grow with the library.

    Args:
        connection: To the catalogue.
        bands: Of the article in question.
        asked: Articles that count though they were not grouped yet.
    """
    sql = (
        "SELECT article_id FROM bands WHERE band = ? AND (article_id IN (SELECT value FROM json_each(?)) OR NOT EXISTS "
        "(SELECT 1 FROM articles INDEXED BY articles_ungrouped WHERE article_id = bands.article_id AND grouped = 0)) "
        "LIMIT ?"
    )
    listed = json.dumps(list(asked))
    counts: Counter[str] = Counter()
    for band in bands:
        counts.update(row[0] for row in connection.execute(sql, (band, listed, _BAND_MEMBERS)))
    return sorted(counts, key=lambda article_id: (-counts[article_id], article_id))[:MOST_CANDIDATES]


def members_of(connection: sqlite3.Connection, article_id: str) -> list[str]:
    """List the printings of an article's text, itself included."""
    sql = (
        "SELECT article_id FROM articles WHERE article_id = ? OR group_id = "
        "(SELECT group_id FROM articles WHERE article_id = ?) ORDER BY 1"
    )
    return [row[0] for row in connection.execute(sql, (article_id, article_id))]


def place_of(connection: sqlite3.Connection, article_id: str) -> tuple[str | None, RepostRelation | None]:
    """Return which article stands for the printings of an article's text, and what this one is to it."""
    sql = "SELECT group_id, relation FROM articles WHERE article_id = ?"
    group_id, relation = connection.execute(sql, (article_id,)).fetchone()
    return group_id, relation


def represented_by(connection: sqlite3.Connection, article_id: str) -> list[str]:
    """List the other printings that an article stands for."""
    sql = "SELECT article_id FROM articles WHERE group_id = ? AND article_id <> ? ORDER BY 1"
    return [row[0] for row in connection.execute(sql, (article_id, article_id))]


def write_group(
    connection: sqlite3.Connection, representative: str, members: Mapping[str, RepostRelation | None]
) -> None:
    """Put articles into one group; an article alone is a group without a name.

    Args:
        connection: To the catalogue, inside a transaction.
        representative: The article that stands for all.
        members: Each article, that one included, with what it is to it.
    """
    name = representative if len(members) > 1 else None
    connection.executemany(
        "UPDATE articles SET grouped = 1, group_id = ?, relation = ? WHERE article_id = ?",
        [(name, relation, article_id) for article_id, relation in members.items()],
    )


def shadowed_rows(connection: sqlite3.Connection, article_ids: Iterable[str]) -> set[int]:
    """Return the passages of articles that are shadowed now."""
    sql = "SELECT rowid FROM passages WHERE shadowed = 1 AND article_id IN (SELECT value FROM json_each(?))"
    return {row for (row,) in connection.execute(sql, (json.dumps(list(article_ids)),))}


def shadow(connection: sqlite3.Connection, rows: Iterable[int]) -> None:
    """Take passages out of the search; their vectors in Chroma become garbage."""
    listed = [(row,) for row in rows]
    connection.executemany("UPDATE passages SET shadowed = 1 WHERE rowid = ?", listed)
    connection.executemany("DELETE FROM passage_fts WHERE rowid = ?", listed)
    connection.executemany("INSERT OR IGNORE INTO garbage VALUES (?)", listed)


def unshadow(connection: sqlite3.Connection, rows: Collection[int]) -> None:
    """Put passages back into the search; their vectors are in Chroma already."""
    from rag.terms import index_terms

    for row, passage in reading.read_passages(connection, list(rows)).items():
        writing.write_terms(
            connection,
            row,
            context_terms=index_terms(passage.context),
            body_terms=index_terms(passage.text),
        )
        connection.execute("UPDATE passages SET shadowed = 0 WHERE rowid = ?", (row,))
        connection.execute("DELETE FROM garbage WHERE passage = ?", (row,))


def expect_vectors(connection: sqlite3.Connection, rows: Iterable[int]) -> None:
    """Remember that vectors are about to be in Chroma whose passages stay shadowed if the process is killed."""
    connection.executemany("INSERT OR IGNORE INTO garbage VALUES (?)", [(row,) for row in rows])


def vectors_of(
    connection: sqlite3.Connection, rows: Sequence[int]
) -> tuple[list[int], NDArray[np.float32], list[str]]:
    """Read the vectors of some passages, shadowed or not, as (rows, matrix, article of each)."""
    import numpy as np

    sql = (
        "SELECT passages.rowid, vector, article_id FROM passages JOIN vectors ON passage = passages.rowid "
        "WHERE passages.rowid IN (SELECT value FROM json_each(?)) ORDER BY 1"
    )
    found = connection.execute(sql, (json.dumps(list(rows)),)).fetchall()
    matrix = np.frombuffer(b"".join(row[1] for row in found), np.float32)
    return (
        [row[0] for row in found],
        matrix.reshape(len(found), -1) if found else matrix,
        [row[2] for row in found],
    )
