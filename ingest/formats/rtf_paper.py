"""Puts the paragraphs and table cells of RTF together into blocks."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.blocks import Block
from ingest.formats.ordinals import as_lead
from ingest.tables import MAX_CELLS, MAX_COLUMNS, Spread, caption_above, repeated, table_rows

_BULLETS = frozenset("·•●○■□◆◇▪▫‣\u2043-–*\uf0b7\uf06c\uf06e\uf0d8\uf0fc")


@dataclass(slots=True, kw_only=True)
class CellShape:
    """Where a cell of a row ends, and whether it belongs to the merged one on its left or above it."""

    edge: int = 0
    is_right_of_merged: bool = False
    is_below_merged: bool = False


@dataclass(slots=True, kw_only=True)
class _Row:
    texts: list[str]
    shapes: list[CellShape]
    is_header: bool


@dataclass(slots=True, kw_only=True)
class Paper:
    """What has been read so far: whole blocks, the rows of the table being read, and the paragraph being read.

    Attributes:
        behind: Notes and text boxes, which stand behind the paragraph or table that they hang on.
        shapes: The cells of the row being read, as its definition gives them.
    """

    blocks: list[Block] = field(default_factory=list)
    behind: list[Block] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    number: list[str] = field(default_factory=list)
    cells: list[str] = field(default_factory=list)
    shapes: list[CellShape] = field(default_factory=list)
    is_header_row: bool = False
    _rows: list[_Row] = field(default_factory=list)

    def end_paragraph(self, *, level: int, is_in_table: bool) -> None:
        """Close a paragraph: inside a table it is a line of its cell."""
        if is_in_table or self.cells:
            self.pieces.append("\n")
            return
        number, text = joined(self.number), joined(self.pieces)
        self.number, self.pieces = [], []
        if text.strip() or self.behind:
            self.end_table()
        is_bullet = number.strip() in _BULLETS and bool(number.strip())
        lead = "" if is_bullet else as_lead(number)
        lines = [text.replace("\n", "")] if level else text.split("\n")
        for index, line in enumerate(lines):
            if line.strip():
                whole = (lead if not index else "") + line.strip()
                self.blocks.append(Block(text=whole, level=level, kind="item" if is_bullet else "text"))
        self._settle()

    def end_cell(self) -> None:
        """Close a cell of the row being read."""
        number = as_lead(joined(self.number)) if self.number else ""
        self.cells.append(number + joined(self.pieces).strip())
        self.pieces, self.number = [], []

    def end_row(self) -> None:
        """Close a row."""
        if self.cells:
            self._rows.append(_Row(texts=self.cells, shapes=list(self.shapes), is_header=self.is_header_row))
        self.cells = []

    def end_table(self) -> None:
        """Write the rows read since the last paragraph as a table, if there are any."""
        rows, self._rows = self._rows, []
        if max((len(row.texts) for row in rows), default=0) < 2:
            lines = (line.strip() for row in rows for text in row.texts for line in text.split("\n"))
            self.blocks += [Block(text=line) for line in lines if line]
            return
        header = next((i for i, row in enumerate(rows) if not row.is_header), len(rows))
        caption = caption_above([block.text for block in self.blocks[-2:]])
        laid = _laid_out(rows)
        self.blocks += [
            Block(text=text, kind="row")
            for text in table_rows(laid, header_rows=header or None, caption=caption)
        ]

    def finish(self) -> list[Block]:
        """Close everything and return all blocks."""
        if self.cells:
            self.end_row()
        self.end_paragraph(level=0, is_in_table=False)
        self.end_table()
        self._settle()
        return self.blocks

    def _settle(self) -> None:
        if not self._rows:
            self.blocks += self.behind
            self.behind = []


def joined(pieces: list[str]) -> str:
    """Join what was read; halves of a pair that escapes gave one by one become their character."""
    text = "".join(pieces)
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _laid_out(rows: list[_Row]) -> list[list[str]]:
    """Lay rows out on the edges that all of them have: a cell spans those inside it."""
    edges = sorted({shape.edge for row in rows for shape in row.shapes})
    places = {edge: index + 1 for index, edge in enumerate(edges)}
    laid: list[list[str]] = []
    room = MAX_CELLS
    for row in rows:
        left = 0
        texts: list[str] = []
        for index, text in enumerate(row.texts):
            shape = row.shapes[index] if index < len(row.shapes) else CellShape()
            right = places.get(shape.edge, left + 1)
            width = max(1, min(right - left, MAX_COLUMNS, room + 1))
            above = laid[-1][len(texts)] if laid and len(texts) < len(laid[-1]) else ""
            first = _merged_text(text, shape, above=above, before=texts[-1] if texts else "")
            texts += [first, *[Spread(repeated(first))] * (width - 1)]
            room -= width - 1
            left = max(right, left + 1)
        laid.append(texts)
    return laid


def _merged_text(text: str, shape: CellShape, *, above: str, before: str) -> str:
    """A cell's own text, or that of the merged cell it belongs to."""
    if text:
        return text
    if shape.is_right_of_merged:
        return Spread(repeated(before))
    return repeated(above) if shape.is_below_merged else ""
