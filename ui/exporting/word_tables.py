"""Tables of a Word document: as wide as the text, with a heading on each page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from docx.oxml.ns import qn
from docx.shared import Length

from rag.briefing.types import Line
from ui.exporting.columns import share_width
from ui.exporting.measure import line_count
from ui.exporting.outline import Cell, Table
from ui.exporting.trees import find
from ui.exporting.word_parts import make, make_run, set_style
from ui.exporting.word_styles import ASIDE, CELL, CELL_POINTS

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table as WordTable
    from docx.table import _Cell
    from docx.text.paragraph import Paragraph

_TWIPS_PER_POINT = 20
_PADDING_TWIPS = 100
_HEAD_FILL = "EAF1F4"
# A taller row may break over two pages; one that may not, and is taller than a page, would run off it.
_TALLEST_WHOLE = 18

WriteLine = Callable[["Paragraph", Line], None]


def add_table(document: Document, table: Table, *, width: Length, silent: str, write_line: WriteLine) -> None:
    """Add a table of exactly that width; `write_line` writes a line with its markers into an empty paragraph."""
    widths = share_width(
        table,
        int(width.pt * _TWIPS_PER_POINT),
        em=CELL_POINTS * _TWIPS_PER_POINT,
        padding=2 * _PADDING_TWIPS,
    )
    word_table = document.add_table(rows=1 + len(table.rows), cols=len(table.head))
    word_table.style = "Table Grid"
    _fix_widths(word_table, widths)
    # The library finds a cell by going through all of them: once a row is enough.
    rows = [row.cells for row in word_table.rows]
    for cell, name in zip(rows[0], table.head, strict=True):
        _write_heading(cell, name, is_filled=True)
    _repeat_on_each_page(word_table.rows[0]._tr)
    for row, cells, (name, content) in zip(list(word_table.rows)[1:], rows[1:], table.rows, strict=True):
        _write_heading(cells[0], name)
        for cell, lines in zip(cells[1:], content, strict=True):
            _write_cell(cell, lines, silent, write_line)
        if _tallest(name, content, widths) <= _TALLEST_WHOLE:
            row._tr.get_or_add_trPr().append(make("cantSplit"))


def _fix_widths(table: WordTable, widths: list[int]) -> None:
    properties = table._tbl.tblPr
    for tag in ("tblW", "tblInd", "tblLayout", "tblCellMar"):
        for old in properties.findall(qn(f"w:{tag}")):
            properties.remove(old)
    sides = [make(side, w=_PADDING_TWIPS, type="dxa") for side in ("left", "right")]
    new = {
        "tblW": make("tblW", w=sum(widths), type="dxa"),
        "tblInd": make("tblInd", w=0, type="dxa"),
        "tblLayout": make("tblLayout", type="fixed"),
        "tblCellMar": make("tblCellMar", *sides),
    }
    look = find(properties, qn("w:tblLook"))
    for element in new.values():
        look.addprevious(element)
    for column, twips in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(twips))
    for row in table._tbl.tr_lst:
        for cell, twips in zip(row.tc_lst, widths, strict=True):
            cell_properties = cell.get_or_add_tcPr()
            for old in cell_properties.findall(qn("w:tcW")):
                cell_properties.remove(old)
            cell_properties.insert(0, make("tcW", w=twips, type="dxa"))


def _repeat_on_each_page(row: object) -> None:
    properties = row.get_or_add_trPr()  # type: ignore[attr-defined]
    properties.extend([make("cantSplit"), make("tblHeader")])


def _write_heading(cell: _Cell, text: str, *, is_filled: bool = False) -> None:
    paragraph = set_style(cell.paragraphs[0], CELL)
    run = make_run(text)
    find(run, qn("w:rPr")).append(make("b"))
    paragraph._p.append(run)
    if is_filled:
        cell._tc.get_or_add_tcPr().append(make("shd", val="clear", color="auto", fill=_HEAD_FILL))


def _write_cell(cell: _Cell, lines: Cell, silent: str, write_line: WriteLine) -> None:
    first = set_style(cell.paragraphs[0], CELL)
    if not lines:
        first._p.append(make_run(silent, ASIDE))
    for at, line in enumerate(lines):
        write_line(set_style(cell.add_paragraph(), CELL) if at else first, line)


def _tallest(name: str, cells: tuple[Cell, ...], widths: list[int]) -> int:
    """Lines that a row takes."""
    rooms = [(twips - 2 * _PADDING_TWIPS) / _TWIPS_PER_POINT / CELL_POINTS for twips in widths]
    heights = [line_count(name, rooms[0])]
    for cell, room in zip(cells, rooms[1:], strict=True):
        heights.append(sum(line_count(f"{line.text}{line.note}[000][000]", room) for line in cell))
    return max(heights)
