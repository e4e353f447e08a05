"""One writer at a time, among threads and processes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock

from rag.errors import LibraryBusyError
from rag.library.room import why_unwritable


class WriteLock:
    """A lock on a library's folder, held through the system: it goes when its process does, however that ends."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._threads = threading.RLock()
        self._depth = 0

    @contextmanager
    def held(self, *, wait_s: float) -> Iterator[bool]:
        """Hold the lock; yields whether this is the outermost of nested holds.

        Raises:
            LibraryBusyError: Another thread or process held it for longer than `wait_s`.
            LibraryUnwritableError: The folder may only be read.
        """
        if not self._threads.acquire(timeout=wait_s):
            raise LibraryBusyError(path=self._directory, waited_s=wait_s)
        try:
            if self._depth:
                yield False
                return
            file_lock = self._locked_file(wait_s)
            self._depth = 1
            try:
                yield True
            finally:
                self._depth = 0
                file_lock.release()
        finally:
            self._threads.release()

    def _locked_file(self, wait_s: float) -> filelock.BaseFileLock:
        lock = filelock.FileLock(self._directory / ".lock", timeout=wait_s, thread_local=False)
        try:
            lock.acquire()
        except filelock.Timeout as cause:
            raise LibraryBusyError(path=self._directory, waited_s=wait_s) from cause
        except OSError as cause:
            raise why_unwritable(self._directory, cause) from cause
        return lock
