"""Finds tables that have level rules only (三线表): above, below the header, at the end; their columns are told by the gaps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import mean

from ingest.formats.pdf_page import Page, Run, Table

_SAME_EDGE_PT = 4.0
_MIN_WIDTH_SHARE = 0.3
_MIN_RULES = 3
_MAX_RULES = 400
_SAME_LINE = 0.45
_COLUMN_GAP = 0.5
_MAX_MEAN_CHARS = 15

Row = list[Run]


@dataclass(frozen=True, slots=True)
class _Frame:
    """The box between a table's first and last rule, and the lower edge of its header."""

    x0: float
    x1: float
    top: float
    header: float
    bottom: float


def with_open_tables(page: Page) -> Page:
    """Put each table of level rules in the place of the runs inside it; other runs stay as they are."""
    if page.has_too_many_rules or len(page.rules) < _MIN_RULES:
        return page
    runs = list(page.runs)
    for frame in _frames(page):
        inside = [run for run in runs if run.table is None and frame.top < run.y < frame.bottom]
        table = _table(frame, inside)
        if table is not None:
            taken = {id(run) for run in inside}
            runs = [run for run in runs if id(run) not in taken]
            runs.append(Run(text="", xs=(frame.x0, frame.x1), y=frame.top, size=10.0, table=table))
    return replace(page, runs=tuple(runs))


def _frames(page: Page) -> Iterator[_Frame]:
    """Runs of at least three rules below each other that begin and end at the same places."""
    wide = sorted(
        (rule for rule in _level_rules(page) if rule[2] - rule[0] >= _MIN_WIDTH_SHARE * page.width),
        key=lambda rule: rule[1],
    )
    stack: list[tuple[float, float, float]] = []
    for x0, y, x1 in wide[:_MAX_RULES]:
        if stack and not (abs(stack[0][0] - x0) <= _SAME_EDGE_PT and abs(stack[0][2] - x1) <= _SAME_EDGE_PT):
            yield from _framed(stack)
            stack = []
        if not stack or y - stack[-1][1] > _SAME_EDGE_PT:
            stack.append((x0, y, x1))
    yield from _framed(stack)


def _framed(stack: Sequence[tuple[float, float, float]]) -> Iterator[_Frame]:
    if len(stack) >= _MIN_RULES:
        yield _Frame(stack[0][0], stack[0][2], stack[0][1], stack[1][1], stack[-1][1])


def _level_rules(page: Page) -> list[tuple[float, float, float]]:
    """Level rules as (left, height, right), those that touch end to end as one."""
    ruled = [(run.table.top - 1, run.table.bottom + 1) for run in page.runs if run.table]
    level = sorted(
        (y0, min(x0, x1), max(x0, x1))
        for x0, y0, x1, y1 in page.rules
        if abs(y1 - y0) <= 1 and not any(top <= y0 <= bottom for top, bottom in ruled)
    )
    joined: list[tuple[float, float, float]] = []
    for y, x0, x1 in level:
        if joined and abs(joined[-1][1] - y) <= 1 and x0 - joined[-1][2] <= _SAME_EDGE_PT:
            joined[-1] = (min(joined[-1][0], x0), joined[-1][1], max(joined[-1][2], x1))
        else:
            joined.append((x0, y, x1))
    return joined


def _table(frame: _Frame, inside: Sequence[Run]) -> Table | None:
    """The table in a frame, if its text stands in columns of short cells."""
    if any(run.x0 < frame.x0 - _SAME_EDGE_PT or run.x1 > frame.x1 + _SAME_EDGE_PT for run in inside):
        return None
    header = [run for run in inside if run.y < frame.header]
    body = _lines([run for run in inside if run.y >= frame.header])
    columns = _columns([run for row in body for run in row])
    is_filled = sum(len(row) > 1 for row in body) * 2 >= len(body)
    if not header or len(columns) < 2 or not body or not is_filled:
        return None
    if mean(len(run.text) for row in body for run in row) > _MAX_MEAN_CHARS:
        return None
    rows = [_cells(row, columns) for row in (*_lines(header), *body)]
    count = len(rows) - len(body)
    whole = [_over_each_other(rows[:count]), *_with_continued(rows[count:])]
    return Table(
        x0=frame.x0,
        x1=frame.x1,
        top=frame.top,
        bottom=frame.bottom,
        columns=(*(column[0] for column in columns), frame.x1),
        rows=tuple(tuple((text, 1, 1) for text in row) for row in whole),
    )


def _lines(runs: Sequence[Run]) -> list[Row]:
    lines: list[Row] = []
    for run in sorted(runs, key=lambda run: run.y):
        if lines and run.y - lines[-1][0].y <= _SAME_LINE * run.size:
            lines[-1].append(run)
        else:
            lines.append([run])
    return [sorted(line, key=lambda run: run.x0) for line in lines]


def _columns(runs: Sequence[Run]) -> list[tuple[float, float]]:
    """The stretches from left to right that text stands in, with a gap between each two."""
    columns: list[tuple[float, float]] = []
    for run in sorted(runs, key=lambda run: run.x0):
        if columns and run.x0 - columns[-1][1] < _COLUMN_GAP * run.size:
            columns[-1] = (columns[-1][0], max(columns[-1][1], run.x1))
        else:
            columns.append((run.x0, run.x1))
    return columns


def _cells(row: Sequence[Run], columns: Sequence[tuple[float, float]]) -> list[str]:
    """The text in each column; a run over several stands in each of them, as a label over several does."""
    cells = [""] * len(columns)
    for run in row:
        covered = [i for i, (x0, x1) in enumerate(columns) if run.x0 < x1 and run.x1 > x0]
        for index in covered or [_nearest(run, columns)]:
            cells[index] += run.text.strip()
    return cells


def _nearest(run: Run, columns: Sequence[tuple[float, float]]) -> int:
    middle = (run.x0 + run.x1) / 2
    return min(range(len(columns)), key=lambda i: abs((columns[i][0] + columns[i][1]) / 2 - middle))


def _over_each_other(rows: Sequence[Sequence[str]]) -> list[str]:
    return ["".join(parts) for parts in zip(*rows, strict=True)]


def _with_continued(rows: Sequence[list[str]]) -> list[list[str]]:
    """Rows without those that only go on with the cells above: they have no first cell, and no figures."""
    whole = [list(rows[0])]
    for _, row in pairwise(rows):
        if not row[0] and not any(char.isdecimal() for cell in row for char in cell):
            whole[-1] = [above + below for above, below in zip(whole[-1], row, strict=True)]
        else:
            whole.append(list(row))
    return whole
