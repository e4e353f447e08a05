"""Cuts what repeats at the edges of pages: running headers, footers and page numbers."""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from ingest.formats.pdf_page import Page, Run

_EDGE_LINES = 2
_EDGE_SHARE = 0.14
_MIN_SHARE = 0.4
_SMALLER = 0.95
_GAP = 1.25
_MAX_CHARS = 80
_DASH = r"[-—–－ー_~·•.\s]"  # noqa: RUF001  # dashes of both widths
_NUMBER = re.compile(
    rf"{_DASH}*(?:第\s*)?(\d{{1,4}})(?:\s*[页頁])?(?:\s*[/,，、]?\s*[共总]?\s*\d{{1,4}}\s*[页頁]?)?{_DASH}*"
    r"|page\s*(\d{1,4})(?:\s*(?:of|/)\s*\d{1,4})?",
    re.IGNORECASE,
)
_AT_AN_END = re.compile(r"^\d{1,4}(?=\s)|(?<=\s)\d{1,4}$")
_ROMAN = re.compile(r"[-—–]?\s*[ivxl]{1,6}\s*[-—–]?")
_DRESSED = re.compile(r"^[-—–\uff0d]|[页頁/]|page", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trimmed:
    """Pages without their running headers and footers, and how many lines of which kind were cut."""

    pages: tuple[Page, ...]
    repeated: int = 0
    numbers: int = 0


@dataclass(frozen=True, slots=True)
class _EdgeLine:
    page: int
    is_top: bool
    is_apart: bool
    text: str
    runs: tuple[Run, ...]


def without_margins(pages: Sequence[Page]) -> Trimmed:
    """Cut lines at the top and bottom that stand on many pages word for word, and page numbers.

    Where nothing else is on any page, they are the text.
    """
    lines = [line for index, page in enumerate(pages) for line in _edge_lines(index, page)]
    repeated = _repeated(lines, len(pages))
    taken = {id(line) for line in repeated}
    steps = _steps(lines)
    numbers = [line for line in lines if id(line) not in taken and _is_page_number(line, steps, pages)]
    cut: dict[int, set[int]] = defaultdict(set)
    for line in (*repeated, *numbers):
        cut[line.page] |= {id(run) for run in line.runs}
    trimmed = tuple(
        replace(page, runs=tuple(run for run in page.runs if id(run) not in cut[index]))
        if cut[index]
        else page
        for index, page in enumerate(pages)
    )
    if not any(page.runs for page in trimmed):
        return Trimmed(pages=tuple(pages))
    return Trimmed(pages=trimmed, repeated=len(repeated), numbers=len(numbers))


def _edge_lines(index: int, page: Page) -> Iterator[_EdgeLine]:
    """The outermost lines of a page, as far as they lie in its margins."""
    rows: list[list[Run]] = []
    for run in sorted(page.runs, key=lambda run: run.y):
        if rows and abs(run.y - rows[-1][0].y) <= 0.5 * run.size:
            rows[-1].append(run)
        else:
            rows.append([run])
    count = len(rows)
    for place in sorted({*range(min(_EDGE_LINES, count)), *range(max(count - _EDGE_LINES, 0), count)}):
        row = rows[place]
        is_top = row[0].y <= _EDGE_SHARE * page.height and place < _EDGE_LINES
        is_bottom = row[0].y >= (1 - _EDGE_SHARE) * page.height and place >= count - _EDGE_LINES
        text = " ".join(run.text.strip() for run in sorted(row, key=lambda run: run.x0))
        is_text = all(run.table is None for run in row)
        if is_text and (is_top or is_bottom) and len(text) <= _MAX_CHARS:
            is_apart = _is_apart(rows if is_top else rows[::-1], place if is_top else count - 1 - place)
            yield _EdgeLine(index, is_top, is_apart, unicodedata.normalize("NFKC", text), tuple(row))


def _is_apart(rows: Sequence[Sequence[Run]], place: int) -> bool:
    """Whether a line, or the one between it and the text, is smaller than the text or keeps a distance from it.

    Args:
        rows: The lines from the page's edge inwards.
        place: Which of them.
    """
    sizes = [row[0].size for row in rows]
    steps = [abs(inner[0].y - outer[0].y) for outer, inner in itertools.pairwise(rows)]
    is_smaller = sizes[place] < _SMALLER * median(sizes)
    return is_smaller or any(step > _GAP * median(steps) for step in steps[place:_EDGE_LINES])


def _repeated(lines: Sequence[_EdgeLine], pages: int) -> list[_EdgeLine]:
    """Lines that stand at the same edge of several pages, with the number of the page apart.

    A line that is set like the text must do so more often: the text itself may say the same twice.
    """
    enough = max(2 if pages < 4 else 3, _MIN_SHARE * pages / 2)  # left and right pages may have one each
    counts = Counter(
        (line.is_top, _key(line)) for line in {(o.page, o.is_top, _key(o)): o for o in lines}.values()
    )
    surely = max(4, _MIN_SHARE * pages)
    return [
        line
        for line in lines
        if counts[line.is_top, _key(line)] >= (enough if line.is_apart else surely)
        and not _is_bare(line.text)
    ]


def _key(line: _EdgeLine) -> str:
    """The line without blanks, and without the number of the page it is on."""
    number = str(line.page + 1)
    unnumbered = _AT_AN_END.sub("#", line.text)
    return re.sub(rf"(?<!\d){number}(?!\d)", "#", re.sub(r"\s", "", unnumbered))


def _is_bare(text: str) -> bool:
    return _NUMBER.fullmatch(text.strip()) is not None


def _is_page_number(line: _EdgeLine, steps: Counter[tuple[bool, int | None]], pages: Sequence[Page]) -> bool:
    """Whether a line is a page number: set as one (— 3 —, 第3页), or a bare number that counts with the pages."""
    match = _NUMBER.fullmatch(line.text.strip())
    if match is None:
        return _ROMAN.fullmatch(line.text.strip()) is not None
    if _DRESSED.search(line.text.strip()):
        return True
    if pages[line.page].number == int(match[1] or match[2]) and not line.is_top:
        return True
    return steps[line.is_top, _offset(line)] > 1


def _steps(lines: Sequence[_EdgeLine]) -> Counter[tuple[bool, int | None]]:
    """On how many pages a bare number is ahead of the page's own by so much, at the top or at the bottom."""
    return Counter((is_top, offset) for _, is_top, offset in {(o.page, o.is_top, _offset(o)) for o in lines})


def _offset(line: _EdgeLine) -> int | None:
    match = _NUMBER.fullmatch(line.text.strip())
    return int(match[1] or match[2]) - line.page if match else None
