"""Reads the rows of a `.csv` or `.tsv` file; a row that is out of step does not take the rest with it."""

from __future__ import annotations

import csv
import itertools
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

from ingest.containers.columns import has_text, known_columns, missing_text
from ingest.containers.member import ContainerOptions, Member, MemberProblem, problem
from ingest.containers.rows import Rows, row_name
from ingest.containers.text_stream import open_text
from rag.errors import UnreadableFileError

_DELIMITERS = (",", "\t", ";", "|")
_SAMPLE_CHARS = 4_096  # the Sniffer's patterns take time quadratic in it
_HEADER_WITHIN = 5
_LARGEST_FIELD = 2**31 - 1
_REREAD_CHARS = 50_000_000
_MAX_COLUMNS = 2_000
_MAX_SIGNS_IN_A_LINE = 1_000_000  # a cell takes at least eight bytes, however little is in it


class _Lines:
    """The lines of a table, counted; all but the first line of a row can be given back, to be rows of their own."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._given_back: deque[str] = deque()
        self._may_reread = _REREAD_CHARS
        self.row: list[str] = []
        self.number = 0
        self.at_end = False
        self.sign = ","

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            line = self._given_back.popleft() if self._given_back else next(self._lines)
        except StopIteration:
            self.at_end = True
            raise
        self.number += 1
        if line.count(self.sign) > _MAX_SIGNS_IN_A_LINE:
            raise _too_wide(self.number, _MAX_SIGNS_IN_A_LINE)
        self.row.append(line)
        return line

    def give_back(self) -> None:
        """Give back the row's further lines, as long as that does not go on without end."""
        self._may_reread -= sum(map(len, self.row))
        if self._may_reread >= 0:
            self._given_back.extendleft(reversed(self.row[1:]))
            self.number -= len(self.row) - 1
            self.at_end = False


def read_delimited(
    content: bytes, *, suffix: str, options: ContainerOptions
) -> Iterator[Member | MemberProblem]:
    """Read a table's rows.

    Raises:
        UnreadableFileError: It is not text, has no rows, or no column can be told to be the text.
    """
    stream = open_text(content, newline="")
    sample = stream.lines.read(_SAMPLE_CHARS)
    stream.lines.seek(0)
    # A setting of the whole process; the bound on a file's size is what bounds a field.
    csv.field_size_limit(max(csv.field_size_limit(), min(len(content) + 1, _LARGEST_FIELD)))
    lines = _Lines(stream.lines)
    records = _records(lines, sample, suffix=suffix, named=options.columns)
    header = _find_header(records, options.columns)
    text_at = next(index for index, column in enumerate(header) if has_text([column], options.columns))
    rows = Rows(options, codec=stream.codec)
    for number, cells in enumerate(records, start=1):
        trouble = _trouble(lines, cells, header, text_at=text_at)
        if trouble is None:
            yield rows.member(dict(zip(header, cells, strict=False)), number=number)
        else:
            yield problem(row_name(number), "row", en=trouble[0], zh=trouble[1])
            lines.give_back()


def _records(lines: _Lines, sample: str, *, suffix: str, named: Mapping[str, str]) -> Iterator[list[str]]:
    """The rows with anything in them; `lines` tells where the one at hand stands."""
    is_escaped = '\\"' in sample and '""' not in sample
    lines.sign = _delimiter(sample, suffix=suffix, named=named)
    reader = csv.reader(
        lines,
        delimiter=lines.sign,
        doublequote=not is_escaped,
        escapechar="\\" if is_escaped else None,
    )
    while True:
        lines.row = []
        try:
            cells = next(reader)
        except StopIteration:
            return
        names_the_sign = lines.number == 1 and cells[:1] and cells[0].lower().startswith("sep=")
        if any(cell.strip() for cell in cells) and not names_the_sign:
            yield cells


def _delimiter(sample: str, *, suffix: str, named: Mapping[str, str]) -> str:
    """The sign between cells: the one that makes known names of the header, or else the Sniffer's.

    Its opinion on quotes is not asked: of a sample without a doubled quote it concludes that there is none.
    """
    start = sample.lstrip("\ufeff\r\n")
    if start.lower().startswith("sep=") and start[4:5] in _DELIMITERS:
        return start[4]
    first = start.split("\n", 1)[0]
    known = {
        sign: known_columns(next(csv.reader([first], delimiter=sign), []), named) for sign in _DELIMITERS
    }
    best = max(known.values())
    leading = [sign for sign in _DELIMITERS if known[sign] == best]
    if best and len(leading) == 1:
        return leading[0]
    try:
        return csv.Sniffer().sniff(sample, delimiters="".join(_DELIMITERS)).delimiter
    except csv.Error:
        return "\t" if suffix == ".tsv" else max(_DELIMITERS, key=first.count)


def _find_header(records: Iterator[list[str]], named: Mapping[str, str]) -> list[str]:
    """The row that names the columns: the first in which the text's can be told, for a table may have a title."""
    first: list[str] | None = None
    for number, cells in enumerate(itertools.islice(records, _HEADER_WITHIN), start=1):
        if len(cells) > _MAX_COLUMNS:
            raise _too_wide(number, _MAX_COLUMNS)
        if has_text(cells, named):
            return _told_apart(cells)
        first = first or cells
    if first is None:
        raise UnreadableFileError(
            code="empty", detail_en="there are no rows in it", detail_zh="表格里没有内容"
        )
    raise missing_text(first, named)


def _told_apart(cells: Sequence[str]) -> list[str]:
    """The columns' names, no two alike and none empty."""
    names: list[str] = []
    for number, cell in enumerate(cells, start=1):
        name = cell.strip() or f"column {number}"
        names.append(name if name not in names else f"{name} ({number})")
    return names


def _too_wide(line: int, most: int) -> UnreadableFileError:
    return UnreadableFileError(
        code="columns",
        detail_en=f"line {line}: more than {most} cells; that is no table of articles",
        detail_zh=f"第 {line} 行：超过 {most} 列，不是文章表格",
    )


def _trouble(
    lines: _Lines, cells: Sequence[str], header: Sequence[str], *, text_at: int
) -> tuple[str, str] | None:
    """What is wrong with a row, in both languages; a row may be short where its text is surely whole."""
    line = lines.number - len(lines.row) + 1
    if lines.at_end and len(lines.row) > 1 and "".join(lines.row).count('"') % 2:
        return (
            f"line {line}: a quotation mark is opened and never closed; put one at the end of the field",
            f"第 {line} 行：引号没有闭合，请在该字段末尾补上引号",
        )
    surplus = any(cell.strip() for cell in cells[len(header) :])
    if surplus or (len(cells) < len(header) and len(cells) < text_at + 2):
        return (
            f"line {line}: {len(cells)} cells where the header has {len(header)}; "
            "a text with a separator or line break in it must be in quotation marks",
            f"第 {line} 行有 {len(cells)} 列，而表头有 {len(header)} 列；含分隔符或换行的文字要放在引号里",
        )
    return None
