"""The vector index in Chroma: the only module that imports chromadb, and only when a vector is needed.

Chroma itself does not survive two processes in one folder, nor notices files that a killed process left half
written (it answers wrongly, or takes the process down). So every use here holds a lock between processes, says in
`state.json` when a write is going on and what the index files held after it, and reopens what another process wrote.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import LibraryBusyError
from rag.library.index_files import FOLDER_NAME, STATE_NAME, IndexFiles, IndexState
from rag.library.room import is_full, speaks_of_writing, why_unwritable
from rag.silence import silence_vendors

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api.models.Collection import Collection
    from chromadb.config import System
    from numpy.typing import NDArray

COLLECTION = "passages"
LOCK_WAIT_S = 60.0
"""One batch is written in well under a second; more than this means that something hangs."""
_EF_SEARCH = 256
"""How widely Chroma looks: its own 100 finds 88 % of the 200 nearest of 20 000, this 97 %, in as little time."""


class InterruptedWriteError(Exception):
    """A process was killed while it wrote vectors: the index cannot be trusted, and must be made again."""


class VectorIndex:
    """Vectors by id, compared by cosine. Cheap to construct; Chroma is opened by the first use."""

    def __init__(self, directory: Path, *, dimension: int) -> None:
        self._library = directory
        self._path = directory / FOLDER_NAME
        self._files = IndexFiles(directory)
        self._dimension = dimension
        self._threads = threading.RLock()
        self._system: System | None = None
        self._collection: Collection | None = None
        self._opened: IndexState | None = None

    @property
    def exists(self) -> bool:
        """Whether there is an index on disk."""
        return (self._path / STATE_NAME).is_file()

    @property
    def is_interrupted(self) -> bool:
        """Whether a writer was killed midway; only true news while no one writes."""
        return self.exists and self._files.read().is_writing

    def require_vectors(self, vectors: NDArray[np.float32]) -> None:
        """Refuse vectors that cannot be compared with those stored.

        Raises:
            ValueError: Another dimension, or not all numbers.
        """
        import numpy as np

        if vectors.ndim != 2 or vectors.shape[1] != self._dimension or not np.isfinite(vectors).all():
            raise ValueError(f"expected finite vectors of {self._dimension}, got shape {vectors.shape}")

    def add(self, ids: Sequence[str], vectors: NDArray[np.float32], *, article_ids: Sequence[str]) -> None:
        """Add vectors, or replace those with the same ids.

        Args:
            ids: Unique.
            vectors: One row per id.
            article_ids: The article of each, kept beside it.
        """
        self.require_vectors(vectors)
        if not ids:
            return
        with self._held(writing=True) as collection:
            self._upsert(collection, ids, vectors, article_ids)

    def delete(self, ids: Sequence[str]) -> None:
        """Forget vectors; ids that are not there are ignored."""
        if not ids:
            return
        with self._held(writing=True) as collection:
            step = self._max_batch()
            for start in range(0, len(ids), step):
                collection.delete(ids=list(ids[start : start + step]))

    def ids(self) -> set[str]:
        """Return every id."""
        with self._held(writing=False) as collection:
            return set(collection.get(include=[])["ids"])

    def count(self) -> int:
        """Count the vectors."""
        with self._held(writing=False) as collection:
            return collection.count()

    def vectors(self, ids: Sequence[str]) -> dict[str, NDArray[np.float32]]:
        """Return the stored vectors of those ids that are there."""
        import numpy as np

        with self._held(writing=False) as collection:
            found: Any = collection.get(ids=list(ids), include=["embeddings"])
        return {
            key: np.asarray(row, np.float32)
            for key, row in zip(found["ids"], found["embeddings"], strict=True)
        }

    def query(self, vector: NDArray[np.float32], *, top_k: int) -> list[tuple[str, float]]:
        """Find the nearest vectors.

        Chroma can restrict a query to some ids, but fails on one that was deleted since: filter the answer instead.

        Returns:
            (id, cosine similarity in [-1, 1]), best first.
        """
        self.require_vectors(vector[None, :])
        if top_k <= 0:
            return []
        with self._held(writing=False) as collection:
            found: Any = collection.query(
                query_embeddings=vector[None, :], n_results=top_k, include=["distances"]
            )
        pairs = zip(found["ids"][0], found["distances"][0], strict=True)
        return [(key, min(1.0, max(-1.0, 1.0 - float(distance)))) for key, distance in pairs]

    def warm_up(self) -> None:
        """Import Chroma and let it read the index, which only a query makes it do; once."""
        import numpy as np

        if self._collection is not None:
            return
        self.query(np.ones(self._dimension, np.float32), top_k=1)

    def mark_interrupted(self) -> None:
        """Distrust the index from now on, until it is made again."""
        with self._locked():
            self._make_folder()
            self._files.write(
                IndexState(generation=uuid.uuid4().hex, collection="", is_writing=True, files={})
            )

    def rebuild(self, batches: Iterable[tuple[Sequence[str], NDArray[np.float32], Sequence[str]]]) -> None:
        """Throw away what is there, readable or not, and make the index anew; killed midway, it counts as interrupted.

        Args:
            batches: Of (ids, vectors, article of each).
        """
        with self._locked(), self._translated():
            self.close()
            state = IndexState(generation=uuid.uuid4().hex, collection="", is_writing=True, files={})
            self._clear(state)
            collection = self._collection_of(state)
            for ids, vectors, article_ids in batches:
                self._upsert(collection, ids, vectors, article_ids)
            self._settle(state)

    def verify_files(self) -> None:
        """Read the index files and compare them with what was written.

        Raises:
            LibraryDamagedError: One of them has changed since.
        """
        is_writable = os.access(self._library, os.W_OK)  # where nobody can write, nobody need be kept out
        with self._locked() if is_writable else nullcontext():
            state = self._files.read()
            self._files.compare(replace(state, files={k: (s, -1, h) for k, (s, _, h) in state.files.items()}))

    def close(self) -> None:
        """Let go of Chroma; the next use opens it again."""
        with self._threads:
            system, self._system, self._collection, self._opened = self._system, None, None, None
            if system is not None:
                system.stop()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Keep other threads and processes out."""
        import filelock

        with self._threads:
            try:
                lock = filelock.FileLock(
                    self._library / ".vectors.lock", timeout=LOCK_WAIT_S, is_singleton=True
                )
                with lock:
                    yield
            except filelock.Timeout as cause:
                raise LibraryBusyError(path=self._library, waited_s=LOCK_WAIT_S) from cause
            except OSError as cause:
                raise why_unwritable(self._library, cause) from cause

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Say in our words what Chroma complains about."""
        from chromadb.errors import ChromaError

        try:
            yield
        except ChromaError as cause:
            self.close()
            if is_full(self._library, cause) or speaks_of_writing(str(cause)):
                raise why_unwritable(self._library, cause) from cause
            raise self._files.damaged(f"{FOLDER_NAME}: {cause}") from cause

    @contextmanager
    def _held(self, *, writing: bool) -> Iterator[Collection]:
        """Lend the collection as it is on disk now, and write down what became of it."""
        with self._locked():
            state = self._files.read()
            if state.is_writing:
                raise InterruptedWriteError
            with self._translated():
                collection = self._collection_of(state)
                if writing:
                    state = replace(state, generation=uuid.uuid4().hex, is_writing=True)
                    self._files.write(state)
                yield collection
            self._settle(state)

    def _upsert(
        self,
        collection: Collection,
        ids: Sequence[str],
        vectors: NDArray[np.float32],
        article_ids: Sequence[str],
    ) -> None:
        step = self._max_batch()
        for start in range(0, len(ids), step):
            part = slice(start, start + step)
            collection.upsert(
                ids=list(ids[part]),
                embeddings=vectors[part],
                metadatas=[{"article_id": article_id} for article_id in article_ids[part]],
            )

    def _clear(self, state: IndexState) -> None:
        """Leave nothing in the folder but a state: the state first, so that no moment looks like a sound index."""
        self._make_folder()
        self._files.write(state)
        for entry in self._path.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            elif entry.name != STATE_NAME:
                entry.unlink()

    def _make_folder(self) -> None:
        if self._path.exists() and not self._path.is_dir():
            self._path.unlink()
        self._path.mkdir(exist_ok=True)

    def _collection_of(self, state: IndexState) -> Collection:
        """Open Chroma, unless what is open is what is on disk."""
        if self._collection is not None and self._opened and self._opened.generation == state.generation:
            return self._collection
        self.close()
        self._files.compare(state)
        # Chroma's own clients share one system per path in a process, which then cannot be reopened by one of them.
        silence_vendors()
        from chromadb.api import ServerAPI
        from chromadb.api.models.Collection import Collection
        from chromadb.config import Settings, System

        settings = Settings(
            _env_file=None,  # type: ignore[call-arg]  # pydantic-settings adds it; a .env here is not ours
            anonymized_telemetry=False,
            is_persistent=True,
            persist_directory=str(self._path),
            chroma_api_impl="chromadb.api.rust.RustBindingsAPI",
        )
        system = System(settings)
        server = system.instance(ServerAPI)  # type: ignore[type-abstract]  # resolved by Chroma's settings
        system.start()
        self._system = system
        model = server.get_or_create_collection(
            COLLECTION, configuration={"hnsw": {"space": "cosine", "ef_search": _EF_SEARCH}}
        )
        collection = self._collection = Collection(
            client=server, model=model, embedding_function=None, data_loader=None
        )
        self._opened = state
        if state.collection not in (
            "",
            str(model.id),
        ):  # Chroma makes a new database where its own is missing
            self.close()
            raise self._files.damaged(f"{FOLDER_NAME}/chroma.sqlite3 has lost its vectors")
        return collection

    def _max_batch(self) -> int:
        silence_vendors()
        from chromadb.api import ServerAPI

        if self._system is None:
            raise RuntimeError("Chroma is not open")
        server = self._system.instance(ServerAPI)  # type: ignore[type-abstract]  # resolved by Chroma's settings
        return server.get_max_batch_size()

    def _settle(self, state: IndexState) -> None:
        """Write the state after a use: a reader too may have made Chroma write its files."""
        files = self._files.fingerprints(state.files)
        collection = str(self._collection.id) if self._collection else state.collection
        settled = IndexState(
            generation=state.generation, collection=collection, is_writing=False, files=files
        )
        if settled != state:
            self._files.write(settled)
        self._opened = settled


def named_articles(directory: Path) -> set[str]:
    """Read of which articles there are vectors, without Chroma: none where its file cannot be read."""
    address = (directory / FOLDER_NAME / "chroma.sqlite3").resolve().as_uri()
    sql = "SELECT DISTINCT string_value FROM embedding_metadata WHERE key = 'article_id'"
    try:
        with closing(sqlite3.connect(f"{address}?mode=ro", uri=True)) as connection:
            return {name for (name,) in connection.execute(sql) if isinstance(name, str)}
    except sqlite3.Error:
        return set()
