"""The files of the vector index: what their last writer left, and whether they are still as they were written."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from rag.errors import LibraryDamagedError

FOLDER_NAME = "chroma"
STATE_NAME = "state.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexState:
    """What the last writer left: a new generation for each write, and each index file's size, time and hash."""

    generation: str
    collection: str
    is_writing: bool
    files: dict[str, tuple[int, int, str]]


class IndexFiles:
    """The index's folder in a library's."""

    def __init__(self, library: Path) -> None:
        self._library = library
        self._path = library / FOLDER_NAME

    def fingerprints(self, known: dict[str, tuple[int, int, str]]) -> dict[str, tuple[int, int, str]]:
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

    def compare(self, state: IndexState) -> None:
        """Look whether the files are as they were written.

        Raises:
            LibraryDamagedError: One is not.
        """
        try:
            now = self.fingerprints(state.files)
        except OSError as cause:
            raise self.damaged(f"{FOLDER_NAME}: {cause}") from cause
        changed = sorted(
            name
            for name in state.files.keys() | now.keys()
            if _content(state, name) != now.get(name, (0, 0, ""))[2]
        )
        if changed:
            raise self.damaged(f"{FOLDER_NAME}/{changed[0]} is not as it was written")

    def read(self) -> IndexState:
        """Read what the last writer left.

        Raises:
            LibraryDamagedError: It is missing, or makes no sense.
        """
        try:
            loaded = json.loads((self._path / STATE_NAME).read_text(encoding="utf-8"))
            files = {
                name: (int(size), int(time), str(sha)) for name, (size, time, sha) in loaded["files"].items()
            }
            return IndexState(
                generation=str(loaded["generation"]),
                collection=str(loaded["collection"]),
                is_writing=bool(loaded["is_writing"]),
                files=files,
            )
        except FileNotFoundError as cause:
            raise self.damaged(f"{FOLDER_NAME}/ is missing") from cause
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as cause:
            raise self.damaged(f"{FOLDER_NAME}/{STATE_NAME}: {cause}") from cause

    def write(self, state: IndexState) -> None:
        """Leave a state, whole or not at all."""
        path = self._path / STATE_NAME
        draft = path.with_suffix(".new")
        draft.write_text(json.dumps(asdict(state)), encoding="utf-8")
        os.replace(draft, path)  # noqa: PTH105 - Path.replace is the same call

    def damaged(self, detail: str) -> LibraryDamagedError:
        """The error for an index that is not as it was written."""
        return LibraryDamagedError(path=self._library, detail=detail)


def _content(state: IndexState, name: str) -> str:
    return state.files.get(name, (0, 0, ""))[2]


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
