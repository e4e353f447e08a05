"""The width of a table shared among its columns."""

from __future__ import annotations

from ui.exporting.measure import ems
from ui.exporting.outline import Table

_NARROWEST, _WIDEST = 6.0, 24.0  # ems that a column asks for
_READ = 60  # characters of a text that are looked at


def share_width(table: Table, width: int) -> list[int]:
    """Share a width, in any unit, among the columns by what stands in them; the shares add up to it."""
    asked = [_asked(table, column) for column in range(len(table.head))]
    shares = [int(width * part / sum(asked)) for part in asked]
    shares[-1] += width - sum(shares)
    return shares


def _asked(table: Table, column: int) -> float:
    texts = [table.head[column]]
    for name, cells in table.rows:
        texts += [name] if column == 0 else [line.text for line in cells[column - 1]]
    # Twice the text does not ask for twice the width: it can go on more lines.
    return float(min(max(_NARROWEST, *(ems(text[:_READ]) for text in texts)), _WIDEST) ** 0.7)
