"""Puts the runs of a page into lines, and the lines into columns in reading order."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from ingest.formats.pdf_page import Run, Table
from ingest.formats.pdf_text import seam

_SAME_LINE = 0.45
_WORD_GAP = 0.9
_WIDE_GAP = 1.5
_GUTTER = 0.8
_MIN_LINES = 3
_MIN_FILLED = 0.6
_MAX_CANDIDATES = 12
_MAX_DEPTH = 3
_MAX_BELOW = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of text, or a table in its place; bold only if all of it is.

    Attributes:
        has_blanks: It begins with full-width blanks, which is how paragraphs are indented by hand.
        gaps: Wide gaps inside it, as between the cells of a table without rules.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    is_bold: bool = False
    has_blanks: bool = False
    gaps: int = 0
    table: Table | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Lines from top to bottom, and the edges that text is set between."""

    lines: tuple[Line, ...]
    left: float
    right: float
    is_whole_width: bool = True


def gather_lines(runs: Sequence[Run]) -> list[Line]:
    """Put runs side by side into lines, from top to bottom."""
    return [_line(sorted(row, key=lambda run: run.x0)) for row in rows_of(runs)]


def rows_of(runs: Sequence[Run]) -> list[list[Run]]:
    """Put together the runs that stand side by side, from top to bottom."""
    rows: list[list[Run]] = []
    largest: Run | None = None
    for run in sorted(runs, key=lambda run: (run.y, run.x0)):
        if largest is not None and _is_on_line(largest, run):
            rows[-1].append(run)
            largest = run if run.size > largest.size else largest
        else:
            rows.append([run])
            largest = run
    return rows


def _is_on_line(largest: Run, run: Run) -> bool:
    is_text = largest.table is None and run.table is None
    return is_text and abs(run.y - largest.y) <= _SAME_LINE * max(run.size, largest.size)


def _line(row: Sequence[Run]) -> Line:
    weights: Counter[float] = Counter()
    parts: list[str] = []
    right = row[0].x0
    for run in row:
        weights[run.size] += len(run.text)
        has_gap = run.x0 - right > _WORD_GAP * run.size
        is_apart = run.x0 - right > 0.18 * run.size
        if parts and (has_gap or (is_apart and seam(parts[-1], run.text) == " ")):
            parts[-1] = parts[-1].rstrip() + " "
        parts.append(run.text)
        right = max(right, run.x1)
    size = max(weights, key=lambda size: (weights[size], size))
    baseline = max((run for run in row), key=lambda run: (run.size == size, len(run.text))).y
    return Line(
        text="".join(parts).strip(),
        x0=row[0].x0 + _blank_width(row[0]),
        x1=right,
        y=baseline,
        size=size,
        is_bold=all(run.is_bold for run in row),
        has_blanks=parts[0].startswith("\u3000"),
        gaps=sum(after.x0 - before.x1 > _WIDE_GAP * size for before, after in itertools.pairwise(row)),
        table=row[0].table,
    )


def _blank_width(run: Run) -> float:
    """How far blanks push the text of a run in; a full-width blank is how many files indent a paragraph."""
    blanks = len(run.text) - len(run.text.lstrip())
    return run.xs[blanks] - run.xs[0] if blanks < len(run.xs) else 0.0


def columns_of(runs: Sequence[Run]) -> list[Column]:
    """Part a page into columns in reading order: whole-width text and side-by-side columns as they follow each other."""
    if not runs:
        return []
    return [_column(part, is_whole_width=is_whole) for part, is_whole in _parts(list(runs), 0, is_whole=True)]


def _column(runs: Sequence[Run], *, is_whole_width: bool) -> Column:
    lines = gather_lines(runs)
    em = median(line.size for line in lines)
    text = [line for line in lines if line.table is None] or lines
    return Column(
        lines=tuple(lines),
        left=_edge([line.x0 for line in text], em),
        right=-_edge([-line.x1 for line in text], em),
        is_whole_width=is_whole_width,
    )


def _edge(xs: Sequence[float], em: float) -> float:
    """The outermost place that two lines share; one line alone may stick out."""
    ordered = sorted(xs)
    return next((x for x, y in itertools.pairwise(ordered) if y - x <= 0.6 * em), ordered[0])


def _parts(runs: list[Run], depth: int, *, is_whole: bool) -> list[tuple[list[Run], bool]]:
    """Part runs at the gutter that most of them leave free, again and again."""
    gutter = _gutter(runs) if depth < _MAX_DEPTH else None
    if gutter is None:
        return [(runs, is_whole)]
    parts: list[tuple[list[Run], bool]] = []
    for band, is_parted in _bands(runs, gutter):
        if is_parted:
            left = [run for run in band if run.x1 <= gutter]
            right = [run for run in band if run.x0 >= gutter]
            parts += _parts(left, depth + 1, is_whole=False) + _parts(right, depth + 1, is_whole=False)
        else:
            parts.append((band, is_whole))
    return parts


def _gutter(runs: Sequence[Run]) -> float | None:
    """The place where the right column begins, just left of it, if there is one."""
    starts = Counter(round(run.x0) for run in runs)
    best, best_count = None, 0
    for start, _ in starts.most_common(_MAX_CANDIDATES):
        place = start - 1.0
        count = sum(
            min(_side(band, place, left=True), _side(band, place, left=False))
            for band, is_parted in _bands(runs, place)
            if is_parted
        )
        if count > best_count:
            best, best_count = place, count
    return best


def _side(runs: Sequence[Run], place: float, *, left: bool) -> int:
    return sum(run.x1 <= place if left else run.x0 >= place for run in runs)


def _bands(runs: Sequence[Run], place: float) -> list[tuple[list[Run], bool]]:
    """Cut from top to bottom into what crosses a place and what keeps clear of it, columns or not."""
    bands: list[tuple[list[Run], bool]] = []
    clear: list[Run] = []
    whole: list[Run] = []
    for run in sorted(runs, key=lambda run: run.y):
        is_crossing = run.x0 < place < run.x1
        if is_crossing and clear:
            below = _below_columns(clear, place)
            taken = {id(held) for held in below}
            clear = [held for held in clear if id(held) not in taken]
            whole = _close(clear, place, whole, bands) + below
            clear = []
        (whole if is_crossing else clear).append(run)
    whole = _close(clear, place, whole, bands)
    if whole:
        bands.append((whole, False))
    return bands


def _below_columns(runs: Sequence[Run], place: float) -> list[Run]:
    """What stands on the left below the end of the right column, apart: a heading of the whole-width part to come."""
    ends = [run.y for run in runs if run.x0 >= place]
    if not ends or len(ends) == len(runs):
        return []
    size = median(run.size for run in runs)
    for index, (above, run) in enumerate(itertools.pairwise(runs), start=1):
        is_apart = run.size > 1.1 * size or run.y - above.y > 2.2 * size
        if is_apart and run.y > max(ends) + 0.5 * size:
            return list(runs[index:]) if len(runs) - index <= _MAX_BELOW else []
    return []


def _close(
    clear: list[Run], place: float, whole: list[Run], bands: list[tuple[list[Run], bool]]
) -> list[Run]:
    """End a stretch that kept clear: two columns, or lines that only happen to be short. Gives what is open still."""
    if not _are_columns(clear, place):
        return whole + clear
    if whole:
        bands.append((whole, False))
    bands.append((clear, True))
    return []


def _are_columns(runs: Sequence[Run], place: float) -> bool:
    """Whether both sides hold several lines that mostly fill them, with a gutter between."""
    sides = [[run for run in runs if run.x1 <= place], [run for run in runs if run.x0 >= place]]
    if min(map(len, sides)) < _MIN_LINES or any(run.table and run.x1 > place > run.x0 for run in runs):
        return False
    lines = [gather_lines(side) for side in sides]
    gutter = min(line.x0 for line in lines[1]) - max(line.x1 for line in lines[0])
    if min(map(len, lines)) < _MIN_LINES or gutter < _GUTTER * median(run.size for run in runs):
        return False
    return all(_are_filled(side) for side in lines)


def _are_filled(lines: Sequence[Line]) -> bool:
    """Whether most lines go most of the way across their side."""
    text = [line for line in lines if line.table is None]
    if not text:
        return False
    width = max(line.x1 for line in lines) - min(line.x0 for line in lines)
    is_wide = width > 6 * median(line.size for line in text)
    return is_wide and median(line.x1 - line.x0 for line in text) >= _MIN_FILLED * width
