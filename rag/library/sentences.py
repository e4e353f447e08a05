"""Vectors of sentences beside those of passages: made once, when an article comes in, and never while somebody waits.

One row holds all sentences of a passage with their offsets. They are used only where those are still what a question
would look at, so another way to cut sentences needs no change of format: what is not here is encoded when it is asked.
The table is made by the first write; a library without it, or with rows missing, is sound, and slower.
"""

from __future__ import annotations

import json
import sqlite3
import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from rag.library.records import SentenceVectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS sentences (\n"
    "    passage INTEGER PRIMARY KEY REFERENCES passages ON DELETE CASCADE, vectors BLOB NOT NULL)"
)
SentencePlace = tuple[str, int, int]
"""An article's id, and where a sentence starts and ends in its text."""

_HEADER = struct.Struct("<IBHH")  # checksum of the rest, form, dimension, sentences
_FORM = 2
_SPAN_BYTES = 8
_LEVELS = 32767
_TINY = 1e-12


def pack(sentences: SentenceVectors) -> bytes:
    """Write unit vectors with their spans as bytes, a number in 16 bits: with 8, one answer in 200 was another."""
    import numpy as np

    vectors = np.asarray(sentences.vectors, np.float32)
    largest = np.maximum(np.abs(vectors).max(axis=1, keepdims=True, initial=0.0), _TINY)
    levels = np.rint(vectors / largest * _LEVELS).astype("<i2")
    spans = np.asarray(sentences.spans, "<i4").reshape(-1, 2)
    rest: bytes = (
        struct.pack("<BHH", _FORM, vectors.shape[1], len(vectors)) + spans.tobytes() + levels.tobytes()
    )
    return struct.pack("<I", zlib.crc32(rest)) + rest


def unpack(packed: object, *, dimension: int) -> SentenceVectors | None:
    """Read what `pack` wrote; None for what is damaged, of another form, or of vectors of another length."""
    import numpy as np

    if not isinstance(packed, bytes) or len(packed) < _HEADER.size:
        return None
    checksum, form, length, count = _HEADER.unpack_from(packed)
    size = _HEADER.size + count * (_SPAN_BYTES + 2 * length)
    if (form, length, size) != (_FORM, dimension, len(packed)) or checksum != zlib.crc32(packed[4:]):
        return None
    spans = np.frombuffer(packed, "<i4", 2 * count, _HEADER.size).reshape(count, 2).tolist()
    levels = np.frombuffer(packed, "<i2", count * length, _HEADER.size + _SPAN_BYTES * count)
    vectors = levels.reshape(count, length).astype(np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1)
    return SentenceVectors(spans=tuple((start, end) for start, end in spans), vectors=vectors)


def write_sentences(
    connection: sqlite3.Connection, rows: Sequence[int], sentences: Sequence[SentenceVectors]
) -> None:
    """Keep the sentences of each passage."""
    if not rows:
        return
    connection.execute(SCHEMA)
    connection.executemany(
        "INSERT OR REPLACE INTO sentences VALUES (?, ?)",
        [(row, pack(one)) for row, one in zip(rows, sentences, strict=True)],
    )


def read_sentences(
    connection: sqlite3.Connection, passage_ids: Iterable[str], *, dimension: int
) -> dict[SentencePlace, NDArray[np.float32]]:
    """Return the vectors of the sentences of some passages."""
    if not has_sentences(connection):
        return {}
    sql = (
        "SELECT article_id, vectors FROM passages JOIN sentences ON passage = passages.rowid "
        "WHERE passage_id IN (SELECT value FROM json_each(?))"
    )
    found: dict[SentencePlace, NDArray[np.float32]] = {}
    for article_id, packed in connection.execute(sql, (json.dumps(list(passage_ids)),)):
        sentences = unpack(packed, dimension=dimension)
        if sentences is not None:
            keys = ((article_id, *span) for span in sentences.spans)
            found.update(zip(keys, sentences.vectors, strict=True))
    return found


def has_sentences(connection: sqlite3.Connection) -> bool:
    """Whether the table is there."""
    sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'sentences'"
    return connection.execute(sql).fetchone() is not None


def missing_sentences(connection: sqlite3.Connection) -> Iterator[str]:
    """List the articles that have a passage whose sentences are not kept, in order of their ids."""
    if has_sentences(connection):
        sql = (
            "SELECT DISTINCT article_id FROM passages LEFT JOIN sentences ON passage = passages.rowid "
            "WHERE vectors IS NULL ORDER BY 1"
        )
    else:
        sql = "SELECT DISTINCT article_id FROM passages ORDER BY 1"
    return (article_id for (article_id,) in connection.execute(sql))


def damaged_sentences(connection: sqlite3.Connection, *, dimension: int) -> list[int]:
    """List the passages whose sentences cannot be read."""
    if not has_sentences(connection):
        return []
    stored = connection.execute("SELECT passage, vectors FROM sentences")
    return [row for row, packed in stored if unpack(packed, dimension=dimension) is None]


def drop_sentences(connection: sqlite3.Connection, rows: Iterable[int] | None = None) -> None:
    """Forget the sentences of some passages, or of all."""
    if not has_sentences(connection):
        return
    if rows is None:
        connection.execute("DELETE FROM sentences")
    else:
        connection.executemany("DELETE FROM sentences WHERE passage = ?", [(row,) for row in rows])
