"""Makes paragraphs of lines as Chinese documents are set: an indent begins one, a short line ends one."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import median

from ingest.formats.pdf_lines import Column, Line, columns_of
from ingest.formats.pdf_page import Page, Table
from ingest.formats.pdf_text import first_unit_width

BULLET = re.compile(r"[•●◦▪■◆➢▶]\s*(?=\S)")
"""How an item of a list begins."""
_SENTENCE_END = re.compile(r"[。！？；：!?;:][”’」』）)]?$")
_MARK = re.compile(
    r"[一二三四五六七八九十百]{1,4}[、.\uff0e]|[（(][一二三四五六七八九十\d]{1,3}[)）]|第[一二三四五六七八九十百零〇\d]{1,5}[章节節条條款篇编部]"
    r"|\d{1,2}[.\uff0e、)）]|[•●◦▪·■◆➢–-]\s?|[①-⑳]|附件"
)  # fmt: skip
_NOTE_MARK = re.compile(r"[①-⑳⓪*※]|\[\d{1,3}\]|〔\d{1,3}〕|\d{1,3}\s|[注註][:：\d]")
_SMALLER = 0.93
_GAP = 1.35
_CELL_GAPS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowLine:
    """A line with its distance from the edges of its column, in points.

    Attributes:
        place: Page and column that it stands in.
    """

    line: Line
    indent: float
    slack: float
    width: float
    place: tuple[int, int]

    @property
    def is_centred(self) -> bool:
        """Whether it stands in the middle, well clear of both edges."""
        em = self.line.size
        is_even = abs(self.indent - self.slack) <= max(1.2 * em, 0.04 * self.width)
        return is_even and self.indent > 2.4 * em and self.slack > 1.5 * em


@dataclass(slots=True, kw_only=True)
class Paragraph:
    """Lines that belong together, or one table."""

    lines: list[FlowLine]
    is_note: bool = False

    @property
    def table(self) -> Table | None:
        """The table, where it is one."""
        return self.lines[0].line.table

    @property
    def texts(self) -> list[str]:
        """The text of each line."""
        return [flow.line.text for flow in self.lines]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How a document is set.

    Attributes:
        size: The type size of running text.
        pitch: From one baseline to the next, in sizes.
        has_indents: Paragraphs begin with an indent.
    """

    size: float
    pitch: float
    has_indents: bool


@dataclass(slots=True)
class _Flow:
    """The paragraphs so far, the one that is open, and the footnotes that wait for its end."""

    setting: Setting
    done: list[Paragraph] = field(default_factory=list)
    open: Paragraph | None = None
    waiting: list[Paragraph] = field(default_factory=list)

    def close(self) -> None:
        if self.open is not None:
            self.done.append(self.open)
        self.done += self.waiting
        self.open, self.waiting = None, []


def paragraphs_of(pages: Iterable[Page]) -> tuple[list[Paragraph], Setting]:
    """Read pages in order; a paragraph may go on in the next column or on the next page."""
    columns = [(page.number, columns_of(page.runs)) for page in pages]
    lines = list(_placed(columns))
    setting = _setting(lines)
    flow = _Flow(setting)
    for _, held in itertools.groupby(lines, key=lambda line: line.place):
        column = list(held)
        notes = _footnotes(column, setting)
        for line in column[: len(column) - notes]:
            _add(flow, line)
        flow.waiting += _notes(column[len(column) - notes :])
    flow.close()
    return flow.done, setting


def _placed(columns: Sequence[tuple[int, list[Column]]]) -> Iterator[FlowLine]:
    """Measure each line against its column; a column of few lines takes the edges that other pages have."""
    whole = [c for _, page in columns for c in page if c.is_whole_width]
    full = [c for c in whole if len(c.lines) >= 5]
    usual = (median(c.left for c in full), median(c.right for c in full)) if full else None
    for number, page in columns:
        for index, column in enumerate(page):
            left, right = column.left, column.right
            if usual and column.is_whole_width and len(column.lines) < 5:
                left, right = usual
            for line in column.lines:
                yield FlowLine(
                    line=line,
                    indent=line.x0 - left,
                    slack=right - line.x1,
                    width=max(right - left, 1.0),
                    place=(number, index),
                )


def _setting(lines: Sequence[FlowLine]) -> Setting:
    weights: Counter[float] = Counter()
    for flow in lines:
        weights[round(flow.line.size * 2) / 2] += len(flow.line.text)
    size = max(weights, key=lambda size: weights[size]) if weights else 10.0
    body = [flow for flow in lines if abs(flow.line.size - size) <= 0.1 * size and flow.line.table is None]
    steps = [
        (after.line.y - before.line.y) / size
        for before, after in itertools.pairwise(body)
        if before.place == after.place and 0.9 * size < after.line.y - before.line.y < 4 * size
    ]
    indented = sum(1.5 * size <= flow.indent <= 2.6 * size for flow in body)
    return Setting(
        size=size, pitch=median(steps) if steps else 1.8, has_indents=indented >= max(1, 0.08 * len(body))
    )


def _footnotes(column: Sequence[FlowLine], setting: Setting) -> int:
    """How many lines at a column's foot are notes in smaller type, the first of which begins like one."""
    count = 0
    for flow in reversed(column):
        if flow.line.table is not None or flow.line.size > _SMALLER * setting.size:
            break
        count += 1
    while count and not _NOTE_MARK.match(column[len(column) - count].line.text):
        count -= 1
    return count if count < len(column) else 0


def _notes(lines: Sequence[FlowLine]) -> list[Paragraph]:
    """The notes of a page: each begins with a mark."""
    notes: list[Paragraph] = []
    for flow in lines:
        if notes and not _NOTE_MARK.match(flow.line.text):
            notes[-1].lines.append(flow)
        else:
            notes.append(Paragraph(lines=[flow], is_note=True))
    return notes


def _add(flow: _Flow, line: FlowLine) -> None:
    if flow.open is not None and line.line.table is None and not _begins(flow.open, line, flow.setting):
        flow.open.lines.append(line)
        return
    flow.close()
    flow.open = Paragraph(lines=[line])


def _begins(open_one: Paragraph, line: FlowLine, setting: Setting) -> bool:
    """Whether a line begins a paragraph rather than going on with the open one."""
    last = open_one.lines[-1]
    if max(last.line.gaps, line.line.gaps) >= _CELL_GAPS:  # each row of a table without rules stays a line
        return True
    if last.line.table is not None or abs(last.line.size - line.line.size) > 0.12 * last.line.size:
        return True
    if (
        last.place == line.place
        and line.line.y - last.line.y > _GAP * max(setting.pitch, 1.2) * line.line.size
    ):
        return True
    if last.is_centred or line.is_centred:
        return not _is_one_title(last, line, setting)
    if line.line.has_blanks or is_short(last, line) or BULLET.match(line.line.text):
        return True
    if _SENTENCE_END.search(last.line.text) and (
        _MARK.match(line.line.text) or (last.place != line.place and not setting.has_indents)
    ):
        return True
    return _is_indented(open_one, last, line)


def _is_one_title(last: FlowLine, line: FlowLine, setting: Setting) -> bool:
    """Whether two lines are a title set on two lines."""
    is_same = last.line.is_bold == line.line.is_bold and last.place == line.place
    return is_same and last.line.size > 1.1 * setting.size and not _MARK.match(line.line.text)


def is_short(last: FlowLine, line: FlowLine) -> bool:
    """Whether a line ends before the column does, though the next line's first word would have fitted on it."""
    return last.slack > first_unit_width(line.line.text, line.line.size) + 0.6 * line.line.size


def _is_indented(open_one: Paragraph, last: FlowLine, line: FlowLine) -> bool:
    em = 1.2 * line.line.size
    step = line.indent - last.indent
    has_ended = _SENTENCE_END.search(last.line.text) is not None
    if len(open_one.lines) > 1:
        return abs(step) > em
    if step > em:  # a list item whose further lines hang below its text
        return has_ended or not _MARK.match(last.line.text)
    if step < -em:
        return step < -6 * em
    return last.indent > em and has_ended
