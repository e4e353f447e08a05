"""A comparison as a table of text: for a terminal, by display width, and as Markdown. Nothing is made harmless here."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.table import Cell, Entry, Table
from rag.types import Language
from ui.strings import tell
from ui.widths import display_width

WIDTH = 100
"""Cells of a line where nobody says how many there are."""

_NARROWEST = 14
_GAP = 2
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|~#])")
# What must not open a line, as typesetters hold it, and what must not end one.
_NOT_FIRST = "，。、；：？！）」』”’》】,.;:?!)]%"
_NOT_LAST = "（「『“‘《【(["


def cell_lines(cell: Cell, language: Language) -> list[str]:
    """What stands in a cell: a line for each sentence, with its markers; or that the articles are silent."""
    return [entry_line(entry) for entry in cell.entries] or [tell("silent", language)]


def entry_line(entry: Entry) -> str:
    """What a sentence says, with its markers."""
    return entry.text + "".join(f"[{n}]" for n in entry.citations)


def table_heads(table: Table, language: Language) -> tuple[str, ...]:
    """The names of the columns, that of the rows first."""
    return (
        tell(f"compared_{table.kind}", language),
        *(name or tell("articles_say", language) for name in table.columns),
    )


def table_lines(table: Table, language: Language, *, width: int = WIDTH) -> list[str]:
    """The table as lines no wider than `width` cells; where its columns would be too narrow, one thing below the other."""
    rows = [[[row.item], *(cell_lines(cell, language) for cell in row.cells)] for row in table.rows]
    shares = _shares([[[head] for head in table_heads(table, language)], *rows], width)
    computed = [entry_line(entry) for entry in table.computed]
    if shares is None:
        return [*_stacked(table, language, width), *computed]
    rule = "  ".join("─" * share for share in shares)
    lines = [*_grid_row([[head] for head in table_heads(table, language)], shares), rule]
    for row in rows:
        lines += [*_grid_row(row, shares), rule]
    if not computed:
        lines.pop()
    return [*lines, *(line for text in computed for line in wrapped(text, width))]


def _shares(rows: Sequence[Sequence[Sequence[str]]], width: int) -> list[int] | None:
    """How wide each column is: as its text needs, the rows' names at most a quarter; None where there is no room."""
    needs = [max(display_width(line) for row in rows for line in row[at]) for at in range(len(rows[0]))]
    room = width - _GAP * (len(needs) - 1)
    first = min(needs[0], max(_NARROWEST, room // 4))
    share = (room - first) // (len(needs) - 1)
    if share < _NARROWEST:
        return None
    return [first, *(min(need, share) for need in needs[1:])]


def _grid_row(cells: Sequence[Sequence[str]], shares: Sequence[int]) -> list[str]:
    columns = [
        [line for text in cell for line in wrapped(text, share)]
        for cell, share in zip(cells, shares, strict=True)
    ]
    height = max(map(len, columns))
    padded = [[*column, *[""] * (height - len(column))] for column in columns]
    return [
        (" " * _GAP)
        .join(
            text + " " * max(0, share - display_width(text)) for text, share in zip(line, shares, strict=True)
        )
        .rstrip()
        for line in zip(*padded, strict=True)
    ]


def _stacked(table: Table, language: Language, width: int) -> list[str]:
    names = table_heads(table, language)[1:]
    lines: list[str] = []
    for row in table.rows:
        lines.append(row.item)
        for name, cell in zip(names, row.cells, strict=True):
            for text in cell_lines(cell, language):
                told = wrapped(f"{name}: {text}", max(_NARROWEST, width - _GAP))
                lines += [" " * _GAP + line for line in told]
    return lines


def wrapped(text: str, width: int) -> list[str]:
    """Cut a text into lines of at most `width` cells: at blanks between Latin words, anywhere between Han characters.

    A stop does not open a line and a bracket does not end one, unless a line holds nothing else; a word longer than
    a line is cut. Blanks and line breaks count as one blank.
    """
    lines: list[str] = []
    line = ""
    for piece in _pieces(" ".join(text.split())):
        if line and display_width((line + piece).rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
        while display_width(line.rstrip()) > width:
            cut = _fitting(line, width)
            lines.append(line[:cut])
            line = line[cut:]
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def _fitting(text: str, width: int) -> int:
    """How many characters fit into `width` cells; at least one."""
    fitting = 1
    while fitting < len(text) and display_width(text[: fitting + 1]) <= width:
        fitting += 1
    return fitting


def _pieces(text: str) -> list[str]:
    """What may not be broken: Latin words with the blank behind them, Han characters with the stops that cling to them."""
    return re.findall(
        rf"[{re.escape(_NOT_LAST)}]*(?:[!-~]*[!-~] ?|[^\s!-~]|\s)[{re.escape(_NOT_FIRST)}]*(?:\[\d+\])* ?",
        text,
    )


def table_markdown(table: Table, language: Language) -> list[str]:
    """The table as lines of Markdown; what the articles say cannot be taken for markup, nor end a cell."""
    lines = [
        _markdown_row(table_heads(table, language)),
        "|" + " --- |" * (len(table.columns) + 1),
    ]
    for row in table.rows:
        cells = ["<br>".join(map(_escaped, cell_lines(cell, language))) for cell in row.cells]
        lines.append(f"| {_escaped(row.item)} | {' | '.join(cells)} |")
    return [*lines, *(["", *(_escaped(entry_line(e)) for e in table.computed)] if table.computed else [])]


def _markdown_row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_escaped, cells))} |"


def _escaped(text: str) -> str:
    """Backslashes before what Markdown would read; markers stay as they are."""
    parts = re.split(r"((?:\[\d+\])+$)", " ".join(text.split()))
    return _MARKDOWN.sub(r"\\\1", parts[0]) + "".join(parts[1:])
