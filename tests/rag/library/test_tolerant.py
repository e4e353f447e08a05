from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import pytest

from rag.library.tolerant import open_damaged, read_ends, read_rows

PAGE = 4096


@pytest.fixture
def table(tmp_path):
    """Rows of a page each: number n holds n, and a gap comes before the last ones."""
    path = tmp_path / "library.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE articles (number INTEGER PRIMARY KEY, text TEXT NOT NULL)")
        numbers = [*range(1, 40), *range(90_001, 90_006)]
        connection.executemany("INSERT INTO articles VALUES (?, ?)", [(n, f"{n:04}" * 900) for n in numbers])
        connection.commit()
    return path


@pytest.fixture
def reference(tmp_path):
    """An empty database with the same table and those that are made later."""
    path = tmp_path / "reference.db"
    (tmp_path / "scratch").mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE articles (number INTEGER PRIMARY KEY, text TEXT NOT NULL)")
        for later in ("answers", "versions"):
            connection.execute(f"CREATE TABLE {later} (number INTEGER PRIMARY KEY, name TEXT NOT NULL)")
    return path


def overwrite(path, page: int, content: bytes = bytes(PAGE)) -> None:
    with path.open("r+b") as file:
        file.seek((page - 1) * PAGE)
        file.write(content)


def numbers_in(path, *, start: int) -> list[int]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in read_rows(connection, "articles", ["text"]) if row[0] >= start]


def test_all_rows_of_a_sound_table_are_read_in_order(table):
    assert numbers_in(table, start=0) == [*range(1, 40), *range(90_001, 90_006)]


def test_damage_is_stepped_over_also_where_the_next_rows_are_far(table):
    content = table.read_bytes()
    wiped = [at // PAGE + 1 for n in (7, 8, 38, 39) if (at := content.find(f"{n:04}".encode() * 900)) > 0]
    for page in wiped:
        overwrite(table, page)

    assert numbers_in(table, start=0) == [
        *(n for n in range(1, 38) if n not in (7, 8)),
        *range(90_001, 90_006),
    ]


def test_a_table_whose_end_is_cut_off_is_read_to_there(table, reference, tmp_path):
    with table.open("r+b") as file:
        file.truncate(20 * PAGE)

    connection = open_damaged(table, reference, tmp_path / "scratch")

    assert connection is not None
    with closing(connection):
        found = [row[0] for row in read_rows(connection, "articles", ["text"])]
    assert 10 < len(found) < 30
    assert found == list(range(1, len(found) + 1))


def test_an_index_is_read_from_both_sides_of_its_damage(tmp_path):
    path = tmp_path / "library.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "CREATE TABLE bands (band INTEGER, name TEXT, PRIMARY KEY (band, name)) WITHOUT ROWID"
        )
        connection.executemany("INSERT INTO bands VALUES (?, ?)", [(n, f"{n:04}" * 100) for n in range(200)])
        connection.commit()
    overwrite(path, path.read_bytes().find(b"0100" * 100) // PAGE + 1)

    with closing(sqlite3.connect(path)) as connection:
        found = [row[0] for row in read_ends(connection, "bands", ["band"], '"band"')]

    assert {0, 199} <= set(found)
    assert 100 not in found
    assert len(found) == len(set(found)) > 150


@pytest.mark.parametrize("harmed", ["header", "first page", "nothing left"])
def test_a_file_whose_beginning_is_gone_is_opened_with_that_of_a_sound_one(
    table, reference, tmp_path, harmed
):
    if harmed == "nothing left":
        table.write_bytes(b"x")
    else:
        overwrite(table, 1, bytes(100) if harmed == "header" else bytes(PAGE))
    before = shutil.copy(table, tmp_path / "before.db").read_bytes()

    connection = open_damaged(table, reference, tmp_path / "scratch")

    if harmed == "nothing left":
        assert connection is None
        return
    assert connection is not None
    with closing(connection):
        found = [row[0] for row in read_rows(connection, "articles", ["text"])]
    assert found == [*range(1, 40), *range(90_001, 90_006)]
    assert table.read_bytes() == before
