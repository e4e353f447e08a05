"""The vector index in Chroma: the only module that imports chromadb, and only when a vector is needed.

Chroma itself does not survive two processes in one folder, nor notices files that a killed process left half
written (it answers wrongly, or takes the process down). So every use here holds a lock between processes, says in
`state.json` when a write is going on and what the index files held after it, and reopens what another process wrote.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import LibraryBusyError, LibraryDamagedError, LibraryUnwritableError
from rag.silence import silence_vendors

if TYPE_CHECKING:
    import numpy as np
    from chromadb.api.models.Collection import Collection
    from chromadb.config import System
    from numpy.typing import NDArray

FOLDER_NAME = "chroma"
COLLECTION = "passages"
LOCK_WAIT_S = 60.0
"""One batch is written in well under a second; more than this means that something hangs."""
_EF_SEARCH = 256
"""How widely Chroma looks: its own 100 finds 88 % of the 200 nearest of 20 000, this 97 %, in as little time."""
_STATE = "state.json"


class InterruptedWriteError(Exception):
    """A process was killed while it wrote vectors: the index cannot be trusted, and must be made again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _State:
    """What the last writer left: a new generation for each write, and each index file's size, time and hash."""

    generation: str
    collection: str
    is_writing: bool
    files: dict[str, tuple[int, int, str]]


class VectorIndex:
    """Vectors by id, compared by cosine. Cheap to construct; Chroma is opened by the first use."""

    def __init__(self, directory: Path, *, dimension: int) -> None:
        self._library = directory
        self._path = directory / FOLDER_NAME
        self._dimension = dimension
        self._threads = threading.RLock()
        self._system: System | None = None
        self._collection: Collection | None = None
        self._opened: _State | None = None

    @property
    def exists(self) -> bool:
        """Whether there is an index on disk."""
        return (self._path / _STATE).is_file()

    @property
    def is_interrupted(self) -> bool:
        """Whether a writer was killed midway; only true news while no one writes."""
        return self.exists and self._read_state().is_writing

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
        """Import Chroma and let it read the index, which only a query makes it do."""
        import numpy as np

        self.query(np.ones(self._dimension, np.float32), top_k=1)

    def mark_interrupted(self) -> None:
        """Distrust the index from now on, until it is made again."""
        with self._locked():
            self._path.mkdir(exist_ok=True)
            self._write_state(_State(generation=uuid.uuid4().hex, collection="", is_writing=True, files={}))

    def rebuild(self, batches: Iterable[tuple[Sequence[str], NDArray[np.float32], Sequence[str]]]) -> None:
        """Throw away what is there, readable or not, and make the index anew; killed midway, it counts as interrupted.

        Args:
            batches: Of (ids, vectors, article of each).
        """
        with self._locked(), self._translated():
            self.close()
            state = _State(generation=uuid.uuid4().hex, collection="", is_writing=True, files={})
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
        with self._locked():
            state = self._read_state()
            self._compare_files(replace(state, files={k: (s, -1, h) for k, (s, _, h) in state.files.items()}))

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
                raise LibraryUnwritableError(path=self._library, detail=cause) from cause

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Say in our words what Chroma complains about."""
        from chromadb.errors import ChromaError

        try:
            yield
        except ChromaError as cause:
            self.close()
            raise self._damaged(f"{FOLDER_NAME}: {cause}") from cause

    @contextmanager
    def _held(self, *, writing: bool) -> Iterator[Collection]:
        """Lend the collection as it is on disk now, and write down what became of it."""
        with self._locked():
            state = self._read_state()
            if state.is_writing:
                raise InterruptedWriteError
            with self._translated():
                collection = self._collection_of(state)
                if writing:
                    state = replace(state, generation=uuid.uuid4().hex, is_writing=True)
                    self._write_state(state)
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

    def _clear(self, state: _State) -> None:
        """Leave nothing in the folder but a state: the state first, so that no moment looks like a sound index."""
        if self._path.exists() and not self._path.is_dir():
            self._path.unlink()
        self._path.mkdir(exist_ok=True)
        self._write_state(state)
        for entry in self._path.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            elif entry.name != _STATE:
                entry.unlink()

    def _collection_of(self, state: _State) -> Collection:
        """Open Chroma, unless what is open is what is on disk."""
        if self._collection is not None and self._opened and self._opened.generation == state.generation:
            return self._collection
        self.close()
        self._compare_files(state)
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
            raise self._damaged(f"{FOLDER_NAME}/chroma.sqlite3 has lost its vectors")
        return collection

    def _max_batch(self) -> int:
        silence_vendors()
        from chromadb.api import ServerAPI

        if self._system is None:
            raise RuntimeError("Chroma is not open")
        server = self._system.instance(ServerAPI)  # type: ignore[type-abstract]  # resolved by Chroma's settings
        return server.get_max_batch_size()

    def _settle(self, state: _State) -> None:
        """Write the state after a use: a reader too may have made Chroma write its files."""
        files = self._fingerprints(state.files)
        collection = str(self._collection.id) if self._collection else state.collection
        settled = _State(generation=state.generation, collection=collection, is_writing=False, files=files)
        if settled != state:
            self._write_state(settled)
        self._opened = settled

    def _fingerprints(self, known: dict[str, tuple[int, int, str]]) -> dict[str, tuple[int, int, str]]:
        """Size, time and hash of each index file; a file of the known size and time is not read again."""
        prints = {}
        for path in sorted(self._path.glob("*/*")):
            name, status = path.relative_to(self._path).as_posix(), path.stat()
            before = known.get(name)
            if before and before[:2] == (status.st_size, status.st_mtime_ns):
                prints[name] = before
            else:
                prints[name] = (status.st_size, status.st_mtime_ns, _hash_of(path))
        return prints

    def _compare_files(self, state: _State) -> None:
        try:
            now = self._fingerprints(state.files)
        except OSError as cause:
            raise self._damaged(f"{FOLDER_NAME}: {cause}") from cause
        changed = sorted(
            name
            for name in state.files.keys() | now.keys()
            if _content(state, name) != now.get(name, (0, 0, ""))[2]
        )
        if changed:
            raise self._damaged(f"{FOLDER_NAME}/{changed[0]} is not as it was written")

    def _read_state(self) -> _State:
        try:
            loaded = json.loads((self._path / _STATE).read_text(encoding="utf-8"))
            files = {
                name: (int(size), int(time), str(sha)) for name, (size, time, sha) in loaded["files"].items()
            }
            return _State(
                generation=str(loaded["generation"]),
                collection=str(loaded["collection"]),
                is_writing=bool(loaded["is_writing"]),
                files=files,
            )
        except FileNotFoundError as cause:
            raise self._damaged(f"{FOLDER_NAME}/ is missing") from cause
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as cause:
            raise self._damaged(f"{FOLDER_NAME}/{_STATE}: {cause}") from cause

    def _write_state(self, state: _State) -> None:
        path = self._path / _STATE
        draft = path.with_suffix(".new")
        draft.write_text(json.dumps(asdict(state)), encoding="utf-8")
        os.replace(draft, path)  # noqa: PTH105 - Path.replace is the same call

    def _damaged(self, detail: str) -> LibraryDamagedError:
        return LibraryDamagedError(path=self._library, detail=detail)


def _content(state: _State, name: str) -> str:
    return state.files.get(name, (0, 0, ""))[2]


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
