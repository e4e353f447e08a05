from __future__ import annotations

import errno
import sqlite3

import pytest

from rag.errors import LibraryDamagedError, LibraryFullError, LibraryUnwritableError
from rag.library import Library
from rag.library.room import failed_writing, speaks_of_writing, why_unwritable


def error_of(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("cause", "is_full"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), True),
        (PermissionError(errno.EACCES, "Permission denied"), False),
        (OSError(errno.EROFS, "Read-only file system"), False),
        ("error returned from database: (code: 13) database or disk is full", True),
        ("library.db: attempt to write a readonly database", False),
    ],
)
def test_a_full_disk_is_told_from_other_reasons_not_to_write(tmp_path, cause, is_full):
    error = why_unwritable(tmp_path, cause)

    assert isinstance(error, LibraryUnwritableError)
    assert isinstance(error, LibraryFullError) == is_full
    assert ("Make room" in str(error)) == is_full
    assert ("磁盘已满" in error.localised("zh")) == is_full


@pytest.mark.parametrize(
    ("code", "is_of_writing"),
    [
        (sqlite3.SQLITE_FULL, True),
        (sqlite3.SQLITE_IOERR_WRITE, True),
        (sqlite3.SQLITE_IOERR_SHMSIZE, True),
        (sqlite3.SQLITE_IOERR_READ, False),
        (sqlite3.SQLITE_CORRUPT, False),
        (sqlite3.SQLITE_BUSY, False),
    ],
)
def test_a_write_that_failed_is_no_damage(code, is_of_writing):
    assert failed_writing(error_of(code)) == is_of_writing


def test_an_empty_record_beside_vectors_or_one_without_a_manifest_is_damaged_not_new(library, folder):
    library.recover()
    library.close()
    path = folder / "library.db"
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM manifest")
    connection.close()
    with pytest.raises(LibraryDamagedError, match="manifest"):
        Library.open(folder)

    path.write_bytes(b"")

    with pytest.raises(LibraryDamagedError, match=r"library\.db is empty"):
        Library.open(folder)


def test_vectors_of_a_library_that_is_gone_are_not_taken_for_those_of_a_new_one(
    open_library, new_article, folder
):
    library = open_library()
    library.replace_articles([new_article("第一行\n第二行\n第三行")])
    library.close()
    (folder / "library.db").unlink()

    library = open_library()
    library.replace_articles([new_article("另一行", article_id="b")])

    assert library.check() == []
    assert [hit.passage.article_id for hit in library.dense([1.0] * 48, top_k=9)] == ["b"]


@pytest.mark.parametrize(
    ("words", "is_of_writing"),
    [
        ("error returned from database: (code: 778) disk I/O error", True),
        ("error returned from database: (code: 13) database or disk is full", True),
        ("error returned from database: (code: 11) database disk image is malformed", False),
        ("error returned from database: (code: 266) disk I/O error", False),
        ("something else", False),
    ],
)
def test_what_chroma_says_of_a_write_that_failed_is_told_from_damage(words, is_of_writing):
    assert speaks_of_writing(words) == is_of_writing
