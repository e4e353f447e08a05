"""Making what can be made again: the FTS5 index and the vector index, from the record."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rag.library import reading, writing
from rag.library.catalogue import FTS_SCHEMA, SCHEMA, Catalogue, write_manifest
from rag.library.records import Manifest
from rag.library.vectors import VectorIndex

if TYPE_CHECKING:
    from rag.encoder import Encoder

BATCH = 256
Progress = Callable[[int, int], None]


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
        with catalogue.transaction() as connection:
            _reindex_terms(connection)
            if not _has_vectors_of(connection, catalogue.manifest(), encoder):
                _embed_all(connection, encoder, on_progress=on_progress)
            manifest = Manifest(schema=SCHEMA, encoder=encoder.name, dimension=encoder.dimension)
            write_manifest(connection, manifest)
            writing.clear_doomed(connection)
            # Before the record changes: an index made with another encoder must not be taken for sound.
            vectors.mark_interrupted()
        rebuild_vectors(catalogue, vectors)
    finally:
        vectors.close()


def _reindex_terms(connection: sqlite3.Connection) -> None:
    from rag.terms import index_terms

    connection.execute("DROP TABLE IF EXISTS passage_fts")
    connection.execute(FTS_SCHEMA)
    for article_id in reading.article_ids(connection):
        for row, passage in reading.read_article_passages(connection, article_id).items():
            writing.write_terms(
                connection,
                row,
                context_terms=index_terms(passage.context),
                body_terms=index_terms(passage.text),
            )


def _has_vectors_of(connection: sqlite3.Connection, manifest: Manifest, encoder: Encoder) -> bool:
    """Whether that encoder made the vectors, and none is missing or short."""
    if (manifest.encoder, manifest.dimension) != (encoder.name, encoder.dimension):
        return False
    sql = (
        "SELECT count(*) FROM passages LEFT JOIN vectors ON passage = passages.rowid "
        "WHERE vector IS NULL OR length(vector) <> ?"
    )
    missing: int = connection.execute(sql, (4 * encoder.dimension,)).fetchone()[0]
    return missing == 0


def _embed_all(connection: sqlite3.Connection, encoder: Encoder, *, on_progress: Progress | None) -> None:
    total, done = reading.passage_count(connection), 0
    rows = [row for (row,) in connection.execute("SELECT rowid FROM passages ORDER BY article_id, ordinal")]
    for start in range(0, total, BATCH):
        passages = reading.read_passages(connection, rows[start : start + BATCH])
        matrix = encoder.embed_passages([passage.embedded for passage in passages.values()])
        connection.executemany(
            "INSERT OR REPLACE INTO vectors VALUES (?, ?)",
            [(row, vector.astype("float32").tobytes()) for row, vector in zip(passages, matrix, strict=True)],
        )
        done += len(passages)
        if on_progress is not None:
            on_progress(done, total)
