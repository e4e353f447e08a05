"""Writes a data table as text: one line a row, each with its header's words and units, so that it can be cited alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from ingest.table_header import (
    MAX_CAPTION_CHARS,
    caption_above,
    count_header_rows,
    is_number,
    is_period,
    split_unit,
)

__all__ = ["MAX_CELLS", "MAX_COLUMNS", "Spread", "caption_above", "grid", "repeated", "table_rows"]

MAX_CELLS = 200_000
"""Places of a grid that are filled at most by cells that span more than one."""
MAX_COLUMNS = 100
"""How far cells span at most; Word has 63. A cell of its own stands further right too."""
_LOOKED_AT_ROWS = 200
_LINE_CHARS = 200
_MAX_LABEL_CHARS = 200
# What is longer is written once, and not again beside or below: a few such cells would become any amount of text.
_MAX_REPEATED_CHARS = 200
_SERIAL_LABELS = frozenset(("序号", "序號", "编号", "編號", "项次", "項次", "no", "no.", "#"))
_UNIT_LABELS = frozenset(("单位", "單位", "计量单位", "計量單位"))
_LINE_BREAK = re.compile(r"[\r\n\v\f\u2028\u2029]+")
_BLANKS = re.compile(r"[ \t\u00a0]+")
_SERIAL = re.compile(r"[（(]?\d{1,5}[)）.、]?")
# A number right behind these would be read as one with them: 2019年12.
_OPEN_ENDED = re.compile(r"[A-Za-z0-9０-９.〇零一二三四五六七八九十百千万亿萬億第每年月]$")  # noqa: RUF001  # digits as found
_YEAR = re.compile(r"(?:19|20)\d\d")
# Under 「单位：亿元」 these columns count or compare, and are not in 亿元.
_OF_ITS_OWN_KIND = re.compile(
    r"率|比|占|数|數|量|增|减|減|降|速|幅|排|名|号|號|序|码|碼|倍|级|級|年份|年度|日期|时间|時間|月份"
)


class Spread(str):
    """A merged cell's text in a further column that it covers."""

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """A column's label without its unit, and the unit that its bare numbers are in ("" where none is stated)."""

    written: str
    label: str
    unit: str = ""
    takes_caption_unit: bool = True


@dataclass(slots=True, kw_only=True)
class _Table:
    """What every row of a table is read with.

    Attributes:
        lead: The caption and the group that the next row belongs to, as they stand in front of it.
    """

    columns: Sequence[_Column]
    unit: str
    serial: int | None
    units: int | None
    subject: int
    lead: list[str] = field(default_factory=list)


def grid(rows: Iterable[Iterable[tuple[str, int, int]]]) -> list[list[str]]:
    """Lay cells of (text, colspan, rowspan) out on a grid, each merged cell's text at every place that it covers.

    A span below 1 counts as 1 and ends with the table; no more than `MAX_CELLS` places are filled by spans, and a long
    text stands at its first place only.
    """
    laid: list[list[str]] = []
    open_spans: dict[int, tuple[str, int]] = {}  # by column: the text, and for how many rows yet
    room = MAX_CELLS
    for cells in rows:
        row: list[str] = []
        below: dict[int, tuple[str, int]] = {}
        for text, colspan, rowspan in cells:
            _continue_spans(row, open_spans, below)
            width = max(1, min(colspan, MAX_COLUMNS - len(row), room + 1))
            beside = Spread(repeated(text))
            for offset in range(width):
                if rowspan > 1:
                    below[len(row)] = (beside if offset else repeated(text), rowspan - 1)
                row.append(beside if offset else text)
            room -= width - 1
        _continue_spans(row, open_spans, below)
        room -= len(below)
        open_spans = below if room > 0 else {}
        laid.append(row)
    return laid


def repeated(text: str) -> str:
    """What stands at the further places that a merged cell covers: its text, or nothing where that is long."""
    return text if len(text) <= _MAX_REPEATED_CHARS else ""


def _continue_spans(
    row: list[str], above: dict[int, tuple[str, int]], below: dict[int, tuple[str, int]]
) -> None:
    """Fill the next places with the cells that reach down into them."""
    while (held := above.get(len(row))) is not None:
        text, left = held
        if left > 1:
            below[len(row)] = (text, left - 1)
        row.append(text)


def table_rows(
    cells: Sequence[Sequence[str]], *, header_rows: int | None = None, caption: str = ""
) -> list[str]:
    """Write each body row as one line that holds its column's labels and units: `地区：芜湖市，资产负债率48.8%`.

    Every label stands in the rows, so the header has no line of its own, unless there is no row. A row that spans the
    table (a title, 「单位：亿元」, a group) is a line, and the title and the group stand in front of the rows below it.
    Without a header the cells are joined by ` | `. A row too long to be read at once is several lines, each with its
    first cell.

    Args:
        cells: The rows, from `grid` where cells are merged; they may differ in length.
        header_rows: How many rows are header, where the markup says it; None to look.
        caption: What stands above the table: it leads every row, and its 「单位：…」 holds for the numbers in it. It is
            not a line of its own here.
    """
    rows = [[_one_line(cell) for cell in row] for row in cells]
    rows = [row for row in rows if any(row)]
    titles = _titles(rows)
    body = rows[len(titles) :]
    count = _header_rows(body) if header_rows is None else max(0, header_rows - len(titles))
    if count == 0 or not body[count:] or not _are_labels(body[:count]):
        return [*titles, *(_joined(row) for row in body)]
    columns = _columns(body[:count], max(map(len, body)))
    table = _table(columns, body[count:], titles=(_one_line(caption), *titles))
    return [*titles, *(line for row in body[count:] for line in _lines(table, row))]


def _header_rows(body: Sequence[Sequence[str]]) -> int:
    """How many rows are header, as those tell that are no group's name; the first group ends it."""
    width = max(map(len, body), default=0)
    is_group = [_is_group(row, width) for row in body[:_LOOKED_AT_ROWS]]
    count = count_header_rows([row for row, is_one in zip(body, is_group, strict=False) if not is_one])
    return min(count, is_group.index(True)) if True in is_group else count


def _is_group(row: Sequence[str], width: int) -> bool:
    """Whether a row is one cell that spans a table of more than two columns."""
    return width > 2 and sum(isinstance(cell, Spread) for cell in row) + 1 >= width


def _are_labels(header: Sequence[Sequence[str]]) -> bool:
    """Whether rows can be a header, whatever the markup says: its texts will stand in every row."""
    return all(len(cell) <= _MAX_LABEL_CHARS for row in header for cell in row)


def _one_line(text: str) -> str:
    """A cell as one line; a break inside Chinese is no blank. Its kind (`Spread` or not) stays."""
    stripped = (_BLANKS.sub(" ", line).strip() for line in _LINE_BREAK.split(text))
    lines = [line for line in stripped if line]
    joined = "".join(_seam_and(above, line) for above, line in zip(("", *lines), lines, strict=False))
    return Spread(joined) if isinstance(text, Spread) else joined


def _seam_and(above: str, line: str) -> str:
    """A line as it goes on from the one above it."""
    is_latin = above and line and above[-1] < "\u2e80" and line[0] < "\u2e80"
    return f" {line}" if is_latin else line


def _joined(row: Sequence[str]) -> str:
    return " | ".join(cell for cell in row if cell and not isinstance(cell, Spread))


def _titles(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows above the header that hold one text only."""
    titles: list[str] = []
    widest = max(map(len, rows), default=0)
    for row in rows[:3]:
        if widest < 2 or len(rows) - len(titles) < 2 or not _is_one_text(row, widest):
            break
        titles.append(_joined(row))
    return titles


def _is_one_text(row: Sequence[str], width: int) -> bool:
    """Whether a row is one cell as wide as the table, or names the unit and nothing else."""
    written = [cell for cell in row if cell and not isinstance(cell, Spread)]
    if len(written) != 1 or is_number(written[0]):
        return False
    spans = sum(isinstance(cell, Spread) for cell in row)
    return (spans + 1 >= width) or len(row) == 1 or split_unit(written[0])[1] != ""


def _columns(header: Sequence[Sequence[str]], width: int) -> list[_Column]:
    """Join what stands above each column, a text repeated by a merged cell once; the lowest unit is the column's."""
    columns = []
    for index in range(width):
        parts = dict.fromkeys(row[index] for row in header if index < len(row) and row[index])
        named = [split_unit(part) for part in parts]
        label = "".join(name for name, _ in named)
        unit = next((unit for _, unit in reversed(named) if unit), "")
        label = f"{label}年" if _YEAR.fullmatch(unicodedata.normalize("NFKC", label)) else label
        is_free = is_period(label) or not _OF_ITS_OWN_KIND.search(label)
        columns.append(_Column(written="".join(parts), label=label, unit=unit, takes_caption_unit=is_free))
    return columns


def _table(columns: Sequence[_Column], body: Sequence[Sequence[str]], *, titles: Sequence[str]) -> _Table:
    """Settle which columns are numbering, unit and subject, and what the titles say of all rows."""
    labels = [column.label.lower().replace(" ", "") for column in columns]
    serial = next((i for i, label in enumerate(labels[:2]) if label in _SERIAL_LABELS), None)
    if serial is not None and not all(_SERIAL.fullmatch(_at(row, serial) or "1") for row in body):
        serial = None
    units = next((i for i, label in enumerate(labels) if label in _UNIT_LABELS), None)
    lead = [split_unit(title)[0][:MAX_CAPTION_CHARS].rstrip("：: ，,。") for title in titles]
    stated = [unit for title in titles if (unit := split_unit(title)[1])]
    subject = next((i for i in range(len(columns)) if i != serial), 0)
    return _Table(
        columns=columns,
        unit=stated[0] if len(set(stated)) == 1 else "",
        serial=serial,
        units=units,
        subject=subject,
        lead=[title for title in lead if title],
    )


def _at(row: Sequence[str], index: int) -> str:
    return row[index] if index < len(row) else ""


def _lines(table: _Table, row: Sequence[str]) -> Iterator[str]:
    """Write one row; one that spans the table becomes the lead of those below it."""
    if _is_group(row, len(table.columns)):
        text = _joined(row)
        group = [Spread(text)] if len(text) <= MAX_CAPTION_CHARS else []
        table.lead = [*[entry for entry in table.lead if not isinstance(entry, Spread)], *group]
        yield text
        return
    number = _at(row, table.serial) if table.serial is not None else ""
    opening = f"{number.strip('()（）.、')}. " if number else ""
    lead = "".join(f"{entry}，" for entry in table.lead)
    parts = list(_parts(table, row))
    subject = next((text for index, text in parts if index == table.subject), "")
    subject = subject if len(subject) <= MAX_CAPTION_CHARS else ""
    held: list[str] = []
    size = 0
    for _, text in parts:
        if held and size + len(text) > _LINE_CHARS and len(held) > 1:
            yield opening + lead + "，".join(held)
            held = [subject] if subject else []
            size = len(subject)
        held.append(text)
        size += len(text)
    if held:
        yield opening + lead + "，".join(held)


def _parts(table: _Table, row: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Each cell that holds something, with its label and unit."""
    row_label, row_unit = split_unit(_at(row, table.subject))
    of_row = split_unit(f"（{_at(row, table.units)}）")[1] if table.units is not None else ""
    has_number = any(is_number(cell) for i, cell in enumerate(row) if i not in (table.subject, table.serial))
    for index, cell in enumerate(row):
        if not cell or isinstance(cell, Spread) or index == table.serial:
            continue
        if index == table.units and of_row and has_number:
            continue
        column = table.columns[index]
        if index == table.subject:
            yield index, _labelled(column, row_label if row_unit and has_number else cell, "")
            continue
        caption_unit = table.unit if column.takes_caption_unit else ""
        yield index, _labelled(column, cell, of_row or row_unit or caption_unit)


def _labelled(column: _Column, cell: str, unit: str) -> str:
    """Write a cell after its label; a bare number takes its column's unit, or else the one that its row is in."""
    unit = column.unit or unit
    if is_number(cell):
        label, value = column.label, cell + unit
    elif unit and cell.endswith(unit) and is_number(cell.removesuffix(unit)):
        label, value = column.label, cell
    else:
        label = column.written if column.unit else column.label
        return f"{label}：{cell}" if label else cell
    seam = "：" if _OPEN_ENDED.search(label) else ""
    return f"{label}{seam}{value}"
