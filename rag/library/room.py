"""Telling a disk without room from other reasons why a library cannot be written."""

from __future__ import annotations

import errno
import re
import shutil
import sqlite3
from pathlib import Path

from rag.errors import LibraryFullError, LibraryUnwritableError

_LEAST_FREE_BYTES = 2_000_000
"""A write to the library asks for hundreds of thousands of bytes at once, and gives them back where it fails."""
_FULL = (errno.ENOSPC, errno.EDQUOT)
_SAID = ("disk is full", "No space left", "Disk quota exceeded")
"""What Chroma passes on of errors is text only, and often says no more than what it was about to do."""
_OF_WRITING = {
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_FSYNC,
    sqlite3.SQLITE_IOERR_DIR_FSYNC,
    sqlite3.SQLITE_IOERR_TRUNCATE,
    sqlite3.SQLITE_IOERR_SHMOPEN,
    sqlite3.SQLITE_IOERR_SHMSIZE,
    sqlite3.SQLITE_IOERR_SHMMAP,
}


_CODE = re.compile(r"\(code: (\d{1,9})\)")


def why_unwritable(directory: Path, cause: object) -> LibraryUnwritableError:
    """Return the error for a write that failed, by its cause: an exception or what one said."""
    kind = LibraryFullError if is_full(directory, cause) else LibraryUnwritableError
    return kind(path=directory, detail=cause)


def is_full(directory: Path, cause: object) -> bool:
    """Whether there was no room for a write that failed; where the cause does not tell, what is free now does."""
    if isinstance(cause, OSError):
        return cause.errno in _FULL
    return any(words in str(cause) for words in _SAID) or _free_bytes(directory) < _LEAST_FREE_BYTES


def failed_writing(cause: sqlite3.Error) -> bool:
    """Whether SQLite could not write (or make the file that its readers share): no sign of damage."""
    code = getattr(cause, "sqlite_errorcode", 0)
    return code == sqlite3.SQLITE_FULL or code in _OF_WRITING


def forbids_writing(cause: BaseException | None) -> bool:
    """Whether SQLite says that a file may not be written; where its folder allows it, its own header is damaged."""
    return getattr(cause, "sqlite_errorcode", 0) == sqlite3.SQLITE_READONLY


def speaks_of_writing(words: str) -> bool:
    """Whether an error that is text only, as Chroma passes SQLite's on, is of a write that failed: `(code: 778)`."""
    return any(int(code) in _OF_WRITING | {sqlite3.SQLITE_FULL} for code in _CODE.findall(words))


def _free_bytes(directory: Path) -> int:
    try:
        return shutil.disk_usage(directory).free
    except OSError:
        return _LEAST_FREE_BYTES
