"""The rows and cells of an OpenDocument table, with those that it writes once and means many times."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from ingest.formats.odt_styles import integer
from ingest.formats.package import attribute, local_name
from ingest.tables import MAX_COLUMNS

_ROW_GROUPS = frozenset(("table-rows", "table-row-group", "table-header-rows"))
_MAX_ROW_REPEATS = 50
_MAX_REPEATED_CHARS = 100_000
"""Of all cells that one table repeats."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableCell:
    """A cell, and how many columns and rows it spans."""

    element: etree._Element
    columns: int = 1
    rows: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class OdtTable:
    """A table's cells by row; those that others cover are not among them."""

    rows: list[list[TableCell]]
    header_rows: int
    is_layout: bool


def read_table(table: etree._Element) -> OdtTable:
    """Read a table's rows; what is repeated is written out within bounds."""
    rows: list[list[TableCell]] = []
    header_rows = 0
    room = _MAX_REPEATED_CHARS
    for row, is_header in _rows(table, is_header=False):
        cells, room = _cells(row, room)
        stated = min(_repeats(row, "rows"), _MAX_ROW_REPEATS) if cells else 1
        times, room = _within(stated, [cell.element for cell in cells], room)
        rows += [cells] * times
        header_rows += times if is_header and header_rows == len(rows) - times else 0
    is_layout = max(map(len, rows), default=0) < 2 or any(
        local_name(inner) == "table" for cells in rows for cell in cells for inner in cell.element.iter()
    )
    return OdtTable(rows=rows, header_rows=header_rows, is_layout=is_layout)


def _rows(container: etree._Element, *, is_header: bool) -> Iterator[tuple[etree._Element, bool]]:
    for element in container:
        name = local_name(element)
        if name == "table-row":
            yield element, is_header
        elif name in _ROW_GROUPS:
            yield from _rows(element, is_header=is_header or name == "table-header-rows")


def _cells(row: etree._Element, room: int) -> tuple[list[TableCell], int]:
    """A row's cells, and the room that is left."""
    cells: list[TableCell] = []
    for element in row:
        if local_name(element) != "table-cell":
            continue
        cell = TableCell(
            element=element,
            columns=max(1, integer(attribute(element, "number-columns-spanned"), 1)),
            rows=max(1, integer(attribute(element, "number-rows-spanned"), 1)),
        )
        times, room = _within(min(_repeats(element, "columns"), MAX_COLUMNS), [element], room)
        cells += [cell] * times
    return cells, room


def _repeats(element: etree._Element, what: str) -> int:
    return integer(attribute(element, f"number-{what}-repeated"), 1)


def _within(times: int, elements: list[etree._Element], room: int) -> tuple[int, int]:
    """How often elements can be repeated, and the room that is left then."""
    if times < 2:
        return 1, room
    cost = sum(1 + sum(map(len, map(str, element.itertext()))) for element in elements)
    times = max(1, min(times, room // cost))
    return times, room - cost * (times - 1)
