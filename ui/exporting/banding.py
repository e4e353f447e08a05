"""A table cut into tables that each fit on a slide; a row too tall for one goes on in the next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rag.briefing.types import Line
from ui.exporting.columns import share_width
from ui.exporting.measure import clip, line_count
from ui.exporting.outline import Cell, Table
from ui.exporting.paging import Room, cut_line, lines_of

TABLE_COLUMNS = 5
TABLE_POINTS = 14.0
TABLE_WIDTH = 870.0  # points
_HEIGHT = 370.0
_PADDING = 16.0  # left and right, or above and below, of a cell
_HEAD_LINES = 2
_NAME_LINES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class _Band:
    """As much of a row as goes on a slide."""

    name: str
    cells: tuple[Cell, ...]
    whole: tuple[str, tuple[Cell, ...]]
    height: float


def table_pages(table: Table, silent: str) -> list[tuple[Table, Table]]:
    """Return tables that each fit on a slide, each with the whole rows of which it shows something.

    They fit with the columns of the whole table (`column_points`), not with those that their own texts would ask for.

    Args:
        table: Of at most `TABLE_COLUMNS` columns.
        silent: Stands in cells of which the articles say nothing.
    """
    rooms = cell_rooms(table)
    head = tuple(clip(name, room.ems * _HEAD_LINES - 4) for name, room in zip(table.head, rooms, strict=True))
    left = _HEIGHT - max(
        _height(line_count(name, room.ems), 1, room) for name, room in zip(head, rooms, strict=True)
    )
    pages: list[list[_Band]] = []
    used = 0.0
    for band in (band for row in table.rows for band in _bands(row, rooms, left, silent)):
        if not pages or used + band.height > left:
            pages.append([])
            used = 0.0
        pages[-1].append(band)
        used += band.height
    return [(_shown(head, page), _whole(table.head, page)) for page in pages]


def cell_rooms(table: Table) -> list[Room]:
    """The field for text of a cell of each column."""
    return [
        Room(points=TABLE_POINTS, width=width - _PADDING, height=_HEIGHT) for width in column_points(table)
    ]


def column_points(table: Table) -> list[int]:
    """The widths of the columns, in points; they add up to `TABLE_WIDTH`."""
    return share_width(table, int(TABLE_WIDTH), em=TABLE_POINTS, padding=_PADDING)


def _bands(row: tuple[str, tuple[Cell, ...]], rooms: list[Room], left: float, silent: str) -> Iterator[_Band]:
    name, cells = row
    short = clip(name, max(rooms[0].ems * _NAME_LINES - _NAME_LINES - 1, 3))
    least = _height(line_count(short, rooms[0].ems), 1, rooms[0])
    columns = [
        _chunks(cell or (Line(text=silent),), room, left) for cell, room in zip(cells, rooms[1:], strict=True)
    ]
    for at in range(max(map(len, columns), default=1)):
        parts = tuple(chunks[at] if at < len(chunks) else () for chunks in columns)
        heights = [_cell_height(part, room) for part, room in zip(parts, rooms[1:], strict=True)]
        yield _Band(name=short, cells=parts, whole=row, height=max([least, *heights]))


def _chunks(cell: Cell, room: Room, left: float) -> list[Cell]:
    """Cut a cell into cells of at most so many points."""
    most = Room(points=room.points, width=room.width, height=left - _PADDING).lines
    chunks: list[list[Line]] = []
    for piece in (piece for line in cell for piece in cut_line(line, room, most)):
        if not chunks or _cell_height((*chunks[-1], piece), room) > left:
            chunks.append([])
        chunks[-1].append(piece)
    return [tuple(chunk) for chunk in chunks]


def _cell_height(cell: Cell, room: Room) -> float:
    return _height(sum(lines_of(line, room) for line in cell), len(cell), room)


def _height(lines: int, paragraphs: int, room: Room) -> float:
    return room.height_of(lines, paragraphs) + _PADDING


def _shown(head: tuple[str, ...], page: list[_Band]) -> Table:
    return Table(head=head, rows=tuple((band.name, band.cells) for band in page))


def _whole(head: tuple[str, ...], page: list[_Band]) -> Table:
    return Table(head=head, rows=tuple({id(band.whole): band.whole for band in page}.values()))
