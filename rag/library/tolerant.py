"""Reading a damaged SQLite file: every row that can be read, and the file at all where its first page is gone."""

from __future__ import annotations

import shutil
import sqlite3
import struct
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

Row = tuple[Any, ...]

_HEADER_BYTES = 100
_PAGE_COUNT = slice(28, 32)
_FORMATS = slice(18, 20)
_IN_A_LOG = b"\x02\x02"
_NEAR = 500
"""Row numbers looked at one by one beyond damage: a page holds fewer rows."""
_GREATEST = 2**62
_LEAF, _INTERIOR = 13, 5
_MADE_LATER = ("answers", "versions")


def open_damaged(path: Path, reference: Path, scratch: Path) -> sqlite3.Connection | None:
    """Open a damaged database for reading; None where nothing of it can be read.

    Args:
        path: Left as it is, with its log.
        reference: A sound, empty database with the same tables, made by the same statements in the same order.
        scratch: A folder for copies, used where the first page is damaged.
    """
    connection = _opened(path)
    if connection is not None or path.stat().st_size < 2 * _HEADER_BYTES:
        return connection
    copy = scratch / path.name
    for with_page in (False, True):
        shutil.copyfile(path, copy)
        log = path.with_name(path.name + "-wal")
        if log.exists():
            shutil.copyfile(log, scratch / log.name)
        (_borrow_page if with_page else _borrow_header)(copy, reference)
        connection = _opened(copy)
        if connection is not None:
            return connection
    return None


def read_rows(connection: sqlite3.Connection, table: str, columns: Sequence[str]) -> Iterator[Row]:
    """Yield (row number, the columns) of every row that can be read, in order; damage is stepped over."""
    names = ", ".join(f'"{name}"' for name in columns)
    onward = f'SELECT rowid, {names} FROM "{table}" NOT INDEXED WHERE rowid > ? ORDER BY rowid'  # noqa: S608
    single = f'SELECT rowid, {names} FROM "{table}" NOT INDEXED WHERE rowid = ?'  # noqa: S608 - names of our tables
    last, position = _last_row(connection, table), -1
    while True:
        try:
            for row in _ascending(connection.execute(onward, (position,)), position):
                yield row
                position = row[0]
        except sqlite3.Error:
            found = _next_readable(connection, single, position + 1, position + _NEAR)
            if found is None and (last is None or last > position + _NEAR):
                found = _farther(connection, onward, position + _NEAR)
        else:
            return
        if found is None or found[0] <= position:
            return
        yield found
        position = found[0]


def read_ends(connection: sqlite3.Connection, table: str, columns: Sequence[str], key: str) -> list[Row]:
    """Return the rows before and after the damage of a table or index that has no row numbers."""
    names = ", ".join(f'"{name}"' for name in columns)
    rows: dict[Row, None] = {}
    for order in ("ASC", "DESC"):
        sql = f'SELECT {names} FROM "{table}" ORDER BY {key} {order}'  # noqa: S608 - names of our tables
        try:
            for row in once(connection.execute(sql)):
                rows[row] = None
            break
        except sqlite3.Error:
            continue
    return list(rows)


def _ascending(rows: Iterator[Row], position: int) -> Iterator[Row]:
    """Pass rows on; pages that damage has put in a circle would be read without end."""
    for row in rows:
        if row[0] <= position:
            raise sqlite3.DatabaseError("the pages are in a circle")
        position = row[0]
        yield row


def once(rows: Iterator[Row]) -> Iterator[Row]:
    """Pass rows on that come in an order, each once; see `_ascending`."""
    seen: set[Row] = set()
    for row in rows:
        if row in seen:
            raise sqlite3.DatabaseError("the pages are in a circle")
        seen.add(row)
        yield row


def _opened(path: Path) -> sqlite3.Connection | None:
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        # Its statements too: one that is no text any more names columns that nobody can ask for.
        names = {name for name, _ in connection.execute("SELECT name, sql FROM sqlite_master")}
    except (sqlite3.Error, UnicodeDecodeError):
        names = set()
    if "articles" in names:
        return connection
    connection.close()
    return None


def _last_row(connection: sqlite3.Connection, table: str) -> int | None:
    try:
        found: int | None = connection.execute(f'SELECT max(rowid) FROM "{table}" NOT INDEXED').fetchone()[0]  # noqa: S608
    except sqlite3.Error:
        return None
    return found


def _next_readable(connection: sqlite3.Connection, single: str, first: int, last: int) -> Row | None:
    for number in range(first, last + 1):
        try:
            row: Row | None = connection.execute(single, (number,)).fetchone()
        except sqlite3.Error:
            continue
        if row is not None:
            return row
    return None


def _farther(connection: sqlite3.Connection, onward: str, bad: int) -> Row | None:
    """Find a readable row far beyond damage: in steps that double, and then the first by halving."""

    def probe(number: int) -> Row | None:
        found: Row | None = connection.execute(f"{onward} LIMIT 1", (number,)).fetchone()
        return found

    step, good = 1, None
    while good is None and bad + step < _GREATEST:
        try:
            probe(bad + step)
            good = bad + step
        except sqlite3.Error:
            bad, step = bad + step, step * 2
    while good is not None and good - bad > 1:
        middle = (bad + good) // 2
        try:
            probe(middle)
            good = middle
        except sqlite3.Error:
            bad = middle
    return None if good is None else probe(good)


def _borrow_header(damaged: Path, reference: Path) -> None:
    """Write the header of a sound file over that of a damaged one."""
    with reference.open("rb") as file:
        header = bytearray(file.read(_HEADER_BYTES))
    page_bytes = struct.unpack(">H", header[16:18])[0] or 65536
    header[_PAGE_COUNT] = struct.pack(">I", damaged.stat().st_size // page_bytes)
    header[_FORMATS] = _IN_A_LOG
    header[32:40] = bytes(8)  # no free pages are known of
    with damaged.open("r+b") as file:
        file.write(header)


def _borrow_page(damaged: Path, reference: Path) -> None:
    """Write a new first page, which names the tables of a sound file at the pages where they begin in every such file.

    A table made later than the others is looked for among the pages that belong to none of them.
    """
    with closing(sqlite3.connect(reference)) as sound:
        rows = sound.execute("SELECT type, name, tbl_name, rootpage, sql FROM sqlite_master").fetchall()
        page_bytes = sound.execute("PRAGMA page_size").fetchone()[0]
        required = {name: _required(sound, name) for name in _MADE_LATER}
    _write_blank_page(damaged, page_bytes)
    tables = [row for row in rows if _is_plain(row) and row[2] not in _MADE_LATER]
    spare = _beginnings(damaged, page_bytes) - {row[3] for row in tables}
    _add_tables(damaged, tables)
    for row in rows:
        if row[0] == "table" and row[1] in _MADE_LATER:
            _find_table(damaged, row, sorted(spare), required[row[1]])


def _is_plain(row: Row) -> bool:
    """Whether a row of the schema is a table, or an index that its table cannot be read without."""
    kind, name, table, _, sql = row
    return (
        not table.startswith("passage_fts") and name != "sqlite_sequence" and (kind == "table" or sql is None)
    )


def _write_blank_page(damaged: Path, page_bytes: int) -> None:
    blank = damaged.with_name("blank.db")
    with closing(sqlite3.connect(blank, isolation_level=None)) as connection:
        connection.execute(f"PRAGMA page_size = {page_bytes}")
        connection.execute("VACUUM")
    page = bytearray(blank.read_bytes()[:page_bytes])
    page[_PAGE_COUNT] = struct.pack(">I", damaged.stat().st_size // page_bytes)
    with damaged.open("r+b") as file:
        file.write(page)
    damaged.with_name(damaged.name + "-wal").unlink(missing_ok=True)  # it may not fit the page


def _beginnings(damaged: Path, page_bytes: int) -> set[int]:
    """Number the pages of tables that no other page refers to: where tables begin."""
    content = damaged.read_bytes()
    pages, referred = set(), set()
    for number in range(2, len(content) // page_bytes + 1):
        page = content[(number - 1) * page_bytes : number * page_bytes]
        if page[0] not in (_LEAF, _INTERIOR):
            continue
        pages.add(number)
        if page[0] == _INTERIOR:
            cells = struct.unpack(">H", page[3:5])[0]
            places = struct.unpack(f">{cells}H", page[12 : 12 + 2 * cells]) if cells < page_bytes // 6 else ()
            referred |= {struct.unpack(">I", page[at : at + 4])[0] for at in places if at + 4 <= page_bytes}
            referred.add(struct.unpack(">I", page[8:12])[0])
    return pages - referred


def _required(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[3]]


def _add_tables(damaged: Path, rows: Sequence[Row]) -> None:
    with closing(sqlite3.connect(damaged, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        connection.executemany("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", rows)


def _find_table(damaged: Path, row: Row, spare: Sequence[int], required: Sequence[str]) -> None:
    """Name a table at the first page whose rows have what its rows must have."""
    _, name, table, _, sql = row
    plain = sql.replace("UNIQUE", "")  # an index that nobody knows the place of is not to be used
    present = " AND ".join(f'"{column}" IS NOT NULL' for column in required)
    for root in spare:
        _add_tables(damaged, [("table", name, table, root, plain)])
        with closing(sqlite3.connect(damaged, isolation_level=None)) as connection:
            try:
                fits = connection.execute(f"SELECT {present} FROM {name} NOT INDEXED LIMIT 1").fetchone()  # noqa: S608
            except sqlite3.Error:
                fits = None
            if fits and fits[0]:
                return
            connection.execute("PRAGMA writable_schema = ON")
            connection.execute("DELETE FROM sqlite_master WHERE name = ?", (name,))
