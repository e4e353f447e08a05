"""Finds ruled tables on a page with pdfplumber's finder, and takes their text out of the page's runs."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from ingest.formats.pdf_lines import gather_lines
from ingest.formats.pdf_page import Page, Run, Table
from ingest.formats.pdf_text import join_lines

_SNAP_PT = 3
_TOUCH_PT = 3
_MAX_CROSSINGS = 3_000
_MAX_RULE_PAIRS = 1_000_000
_MIN_COLUMNS = 2
_MAX_PLACES = 50_000
# Glyphs hang from the baseline upwards; their middle is about this much of their size above it.
_MIDDLE = 0.35

Box = tuple[float, float, float, float]


def with_tables(page: Page) -> Page:
    """Put each ruled table in the place of the runs inside it; other runs stay as they are."""
    if page.has_too_many_rules or len(page.rules) < 4:
        return page
    runs = list(page.runs)
    for boxes in _table_boxes(page):
        table, runs = _take(boxes, runs)
        if table is not None:
            runs.append(
                Run(text="", xs=(table.x0, table.x1), y=table.top, size=10.0, table=table),
            )
    return replace(page, runs=tuple(runs))


def _table_boxes(page: Page) -> list[list[Box]]:
    """The cells of each table, as pdfplumber finds them between rules."""
    from pdfplumber import table as finder

    edges = finder.merge_edges([_edge(rule) for rule in page.rules], _SNAP_PT, _SNAP_PT, _SNAP_PT, _SNAP_PT)
    upright = sum(edge["orientation"] == "v" for edge in edges)
    if upright * (len(edges) - upright) > _MAX_RULE_PAIRS:
        return []
    crossings = finder.edges_to_intersections(edges, _TOUCH_PT, _TOUCH_PT)
    if len(crossings) > _MAX_CROSSINGS:
        return []
    cells: list[list[Box]] = finder.cells_to_tables(finder.intersections_to_cells(crossings))
    return cells


def _edge(rule: Box) -> dict[str, Any]:
    x0, x1 = sorted((rule[0], rule[2]))
    top, bottom = sorted((rule[1], rule[3]))
    is_level = x1 - x0 >= bottom - top
    if is_level:
        top = bottom = (top + bottom) / 2
    else:
        x0 = x1 = (x0 + x1) / 2
    return {
        "x0": x0, "x1": x1, "top": top, "bottom": bottom, "width": x1 - x0, "height": bottom - top,
        "orientation": "h" if is_level else "v",
    }  # fmt: skip


def _take(boxes: Sequence[Box], runs: Sequence[Run]) -> tuple[Table | None, list[Run]]:
    """Make a table of the glyphs inside its cells; gives it and the runs outside, or nothing and all runs."""
    columns = tuple(sorted({x for box in boxes for x in (box[0], box[2])}))
    tops = tuple(sorted({y for box in boxes for y in (box[1], box[3])}))
    inside, outside = _parted(boxes, runs)
    filled = sum(bool(parts) for parts in inside)
    places = (len(columns) - 1) * (len(tops) - 1)
    if len(columns) - 1 < _MIN_COLUMNS or filled < 2 or places > _MAX_PLACES:
        return None, list(runs)
    texts = {box: _cell_text(parts) for box, parts in zip(boxes, inside, strict=True)}
    table = Table(
        x0=columns[0],
        x1=columns[-1],
        top=tops[0],
        bottom=tops[-1],
        columns=columns,
        rows=tuple(_rows(texts, columns, tops)),
    )
    return table, outside


def _parted(boxes: Sequence[Box], runs: Sequence[Run]) -> tuple[list[list[Run]], list[Run]]:
    """Part the runs by the cell that each glyph's middle lies in."""
    inside: list[list[Run]] = [[] for _ in boxes]
    outside: list[Run] = []
    tops = sorted({y for box in boxes for y in (box[1], box[3])})
    bands = _bands(boxes, tops)
    for run in runs:
        band = bisect_right(tops, run.y - _MIDDLE * run.size) - 1
        nearby = bands[band] if run.table is None and 0 <= band < len(bands) else []
        if not nearby or nearby[0][0] >= run.x1 or nearby[-1][1] <= run.x0:
            outside.append(run)
            continue
        for index, part in _pieces(run, nearby):
            (outside if index is None else inside[index]).append(part)
    return inside, outside


def _bands(boxes: Sequence[Box], tops: Sequence[float]) -> list[list[tuple[float, float, int]]]:
    """Between each two heights, the cells there from left to right: left edge, right edge, place among `boxes`."""
    bands: list[list[tuple[float, float, int]]] = [[] for _ in tops[1:]]
    for index, (x0, y0, x1, y1) in enumerate(boxes):
        for band in range(bisect_left(tops, y0), bisect_left(tops, y1)):
            bands[band].append((x0, x1, index))
    return [sorted(band) for band in bands]


def _pieces(run: Run, cells: Sequence[tuple[float, float, int]]) -> Iterator[tuple[int | None, Run]]:
    """Cut a run where it passes from one cell to another."""

    def cell_at(place: int) -> int | None:
        x = (run.xs[place] + run.xs[place + 1]) / 2
        found = bisect_right(cells, x, key=lambda cell: cell[0]) - 1
        return cells[found][2] if found >= 0 and x <= cells[found][1] else None

    for index, places in groupby(range(len(run.text)), key=cell_at):
        held = list(places)
        start, stop = held[0], held[-1] + 1
        if run.text[start:stop].strip():
            yield index, replace(run, text=run.text[start:stop], xs=run.xs[start : stop + 1])


def _cell_text(runs: Iterable[Run]) -> str:
    return join_lines([line.text for line in gather_lines(list(runs))])


def _rows(
    texts: dict[Box, str], columns: tuple[float, ...], tops: tuple[float, ...]
) -> Iterator[tuple[tuple[str, int, int], ...]]:
    """Each row's cells as (text, colspan, rowspan); a place that no cell covers is an empty one."""
    starts: dict[tuple[int, int], tuple[str, int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for (x0, y0, x1, y1), text in texts.items():
        left, right = bisect_left(columns, x0), bisect_left(columns, x1)
        top, bottom = bisect_left(tops, y0), bisect_left(tops, y1)
        starts[top, left] = (text, right - left, bottom - top)
        covered |= {(row, column) for row in range(top, bottom) for column in range(left, right)}
    for row in range(len(tops) - 1):
        places = range(len(columns) - 1)
        yield tuple(
            starts.get((row, column), ("", 1, 1))
            for column in places
            if (row, column) in starts or (row, column) not in covered
        )
