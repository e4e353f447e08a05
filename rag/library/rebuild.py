"""Making what can be made again: the FTS5 index and the vector index, from the record.

What takes long is made beside the record, in short transactions: answers can be kept meanwhile, searches find what
they found before, and one transaction at the end puts it in its place.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.errors import LibraryError
from rag.library import check, reading, writing
from rag.library.catalogue import Catalogue
from rag.library.lexical import storable
from rag.library.records import Manifest
from rag.library.schema import FTS_SCHEMA, SCHEMA, write_manifest
from rag.library.sentences import (
    damaged_sentences,
    drop_sentences,
    missing_sentences,
    write_sentences,
)
from rag.library.vectors import InterruptedWriteError, VectorIndex

if TYPE_CHECKING:
    from rag.encoder import Encoder
    from rag.library.salvage import SalvageReport

BATCH = 256
_ARTICLES = 16
_LONGEST = 100.0
"""A vector longer than this, or not of numbers, is none that an encoder made."""
Progress = Callable[[int, int], None]

_STAGED_TERMS, _STAGED_VECTORS = "repair_fts", "repair_vectors"
STAGED = (_STAGED_TERMS, _STAGED_VECTORS)
"""Tables that only a repair uses. A killed one leaves them; the next goes on with the vectors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairReport:
    """What is in a library after a repair.

    Attributes:
        articles: How many.
        passages: How many.
        salvaged: What was saved and what was lost where `library.db` itself was damaged; None where it was sound.
    """

    articles: int
    passages: int
    salvaged: SalvageReport | None


def rebuild_vectors(catalogue: Catalogue, vectors: VectorIndex) -> None:
    """Make the vector index again from the vectors of the record."""
    with catalogue.reading() as connection:
        vectors.rebuild(
            ([str(row) for row in rows], matrix, owners)
            for rows, matrix, owners in reading.read_vectors(connection, batch=BATCH)
        )


def repair(
    directory: Path, catalogue: Catalogue, encoder: Encoder, *, on_progress: Progress | None = None
) -> None:
    """Make both indexes again for an encoder; call it under the write lock."""
    vectors = VectorIndex(directory, dimension=encoder.dimension)
    try:
        _stage_terms(catalogue)
        table = _vectors_table(catalogue, encoder)
        if table == "vectors":
            _drop_doubtful(catalogue, vectors)
        _embed_missing(catalogue, encoder, table=table, on_progress=on_progress)
        with catalogue.transaction() as connection:
            _put_in_place(connection, table=table)
            write_manifest(
                connection, Manifest(schema=SCHEMA, encoder=encoder.name, dimension=encoder.dimension)
            )
            writing.clear_doomed(connection)
            # Before the record changes: an index made with another encoder must not be taken for sound.
            vectors.mark_interrupted()
        rebuild_vectors(catalogue, vectors)
        _embed_sentences(catalogue, encoder)
    finally:
        vectors.close()


def _drop_doubtful(catalogue: Catalogue, vectors: VectorIndex) -> None:
    """Remove vectors that an overwritten page made nonsense of: they are made again."""
    import numpy as np

    doubtful: set[str] = set()
    with contextlib.suppress(LibraryError, InterruptedWriteError):  # then there is nothing to compare with
        vectors.verify_files()
        doubtful = check.doubtful_vectors(catalogue, vectors)
    with catalogue.reading() as connection:
        for row, blob in connection.execute("SELECT passage, vector FROM vectors"):
            with np.errstate(all="ignore"):
                length = np.linalg.norm(np.frombuffer(blob, np.float32)) if len(blob) % 4 == 0 else np.nan
            if not length <= _LONGEST:
                doubtful.add(str(row))
    with catalogue.transaction() as connection:
        connection.executemany("DELETE FROM vectors WHERE passage = ?", [(int(row),) for row in doubtful])


def _stage_terms(catalogue: Catalogue) -> None:
    """Index the terms of all passages beside the index in use."""
    with catalogue.transaction() as connection:
        connection.execute(f"DROP TABLE IF EXISTS {_STAGED_TERMS}")
        connection.execute(FTS_SCHEMA.replace("passage_fts", _STAGED_TERMS))
    for rows in _batches(_searched_rows(catalogue)):
        texts = _term_columns(catalogue, rows)
        with catalogue.transaction() as connection:
            connection.executemany(
                f"INSERT INTO {_STAGED_TERMS} (rowid, context, body) VALUES (?, ?, ?)",  # noqa: S608 - a constant
                texts,
            )


def _term_columns(catalogue: Catalogue, rows: list[int]) -> list[tuple[int, str, str]]:
    from rag.terms import index_terms

    with catalogue.reading() as connection:
        passages = reading.read_passages(connection, rows)
    return [
        (row, " ".join(map(storable, index_terms(p.context))), " ".join(map(storable, index_terms(p.text))))
        for row, p in passages.items()
    ]


def _vectors_table(catalogue: Catalogue, encoder: Encoder) -> str:
    """Name the table that takes the vectors: the one in use, where that encoder made those which are there."""
    with catalogue.transaction() as connection:
        manifest = catalogue.manifest()
        if (manifest.encoder, manifest.dimension) == (encoder.name, encoder.dimension):
            connection.execute(f"DROP TABLE IF EXISTS {_STAGED_VECTORS}")
            return "vectors"
        maker = f"{encoder.name} {encoder.dimension}"
        if _staged_by(connection) != maker:
            connection.execute(f"DROP TABLE IF EXISTS {_STAGED_VECTORS}")
            connection.execute(
                f"CREATE TABLE {_STAGED_VECTORS} (passage INTEGER PRIMARY KEY, vector NOT NULL)"
            )
            # Row 0 is no passage's: it says whose vectors these are.
            connection.execute(f"INSERT INTO {_STAGED_VECTORS} VALUES (0, ?)", (maker,))  # noqa: S608 - a constant
    return _STAGED_VECTORS


def _staged_by(connection: sqlite3.Connection) -> str | None:
    """Return which encoder a killed repair was making vectors with."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (_STAGED_VECTORS,)).fetchone():
        return None
    row = connection.execute(f"SELECT vector FROM {_STAGED_VECTORS} WHERE passage = 0").fetchone()  # noqa: S608
    return str(row[0]) if row else None


def _embed_missing(
    catalogue: Catalogue, encoder: Encoder, *, table: str, on_progress: Progress | None
) -> None:
    """Embed the passages that have no vector of the right size, a batch at a time."""
    sql = (
        f"SELECT passages.rowid FROM passages LEFT JOIN {table} ON passage = passages.rowid "  # noqa: S608
        "WHERE vector IS NULL OR length(vector) <> ? ORDER BY article_id, ordinal"
    )
    with catalogue.reading() as connection:
        missing = [row for (row,) in connection.execute(sql, (4 * encoder.dimension,))]
    done = 0
    for rows in _batches(missing):
        with catalogue.reading() as connection:
            passages = reading.read_passages(connection, rows)
        matrix = encoder.embed_passages([passage.embedded for passage in passages.values()])
        with catalogue.transaction() as connection:
            connection.executemany(
                f"INSERT OR REPLACE INTO {table} VALUES (?, ?)",  # noqa: S608 - a constant
                [
                    (row, vector.astype("float32").tobytes())
                    for row, vector in zip(passages, matrix, strict=True)
                ],
            )
        done += len(rows)
        if on_progress is not None:
            on_progress(done, len(missing))


def _put_in_place(connection: sqlite3.Connection, *, table: str) -> None:
    connection.execute("DROP TABLE IF EXISTS passage_fts")
    connection.execute(f"ALTER TABLE {_STAGED_TERMS} RENAME TO passage_fts")
    if table == _STAGED_VECTORS:
        connection.execute("DELETE FROM vectors")
        connection.execute(
            f"INSERT INTO vectors SELECT passage, vector FROM {_STAGED_VECTORS} "  # noqa: S608 - a constant
            "WHERE passage IN (SELECT rowid FROM passages)"
        )
        connection.execute(f"DROP TABLE {_STAGED_VECTORS}")
        drop_sentences(connection)


def _embed_sentences(catalogue: Catalogue, encoder: Encoder) -> None:
    """Embed the sentences that are not kept, some articles at a time: last, for without them all works, slower."""
    from rag.rerank import embed_sentences

    with catalogue.transaction() as connection:
        drop_sentences(connection, damaged_sentences(connection, dimension=encoder.dimension))
        waiting = list(missing_sentences(connection))
    for start in range(0, len(waiting), _ARTICLES):
        rows: list[int] = []
        cut = []
        with catalogue.reading() as connection:
            for article_id in waiting[start : start + _ARTICLES]:
                passages = reading.read_article_passages(connection, article_id)
                article = reading.read_article(connection, article_id)
                if article is not None:
                    cut.append((article, list(passages.values())))
                    rows += passages
        sentences = [one for found in embed_sentences(cut, encoder) for one in found]
        with catalogue.transaction() as connection:
            write_sentences(connection, rows, sentences)


def _searched_rows(catalogue: Catalogue) -> list[int]:
    with catalogue.reading() as connection:
        return [
            row
            for (row,) in connection.execute(
                "SELECT rowid FROM passages WHERE shadowed = 0 ORDER BY article_id, ordinal"
            )
        ]


def _batches(rows: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
