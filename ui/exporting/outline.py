"""Views of a briefing that every format needs: its sections in order, what cites what, tables with all their cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from rag.briefing.types import Bar, Chart, Grid, Line, Section, SectionKind, Source
from rag.types import Language
from ui.exporting.words import corner, word

_COMPUTED = ("计算", "computed")
Cell = tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A grid with every cell in place: each row has a name and `len(head) - 1` cells."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Cell, ...]], ...]


def walk(sections: Sequence[Section], depth: int = 1) -> Iterator[tuple[int, Section]]:
    """Yield each section with its depth, from 1, a section before its parts."""
    for section in sections:
        yield depth, section
        yield from walk(section.parts, depth + 1)


def is_bare(section: Section) -> bool:
    """Whether a section has nothing of its own to show, and no parts either."""
    return not (section.lines or has_rows(section) or section.parts or any(map(has_bars, section.charts)))


def has_rows(section: Section) -> bool:
    """Whether a section has a table with anything in it."""
    return section.grid is not None and bool(section.grid.rows)


def lay_out(grid: Grid, kind: SectionKind, language: Language) -> Table:
    """Give a grid the heading of its first column, unless it has one, and rows of equal length."""
    count = max((len(cells) for _, cells in grid.rows), default=0)
    named = len(grid.columns) == count + 1 and count > 0
    head = grid.columns if named else (corner(kind, language), *grid.columns)
    width = max(count + 1, len(head))
    rows = tuple((name, cells + ((),) * (width - 1 - len(cells))) for name, cells in grid.rows)
    return Table(head=head + ("",) * (width - len(head)), rows=rows)


def split_columns(table: Table, most: int) -> list[Table]:
    """Split a table into tables of at most `most` columns, alike in width; the names of the rows stand in each."""
    count = len(table.head) - 1
    parts = max(1, -(-count // (most - 1)))
    edges = [count * at // parts for at in range(parts + 1)]
    return [
        Table(
            head=(table.head[0], *table.head[1 + start : 1 + stop]),
            rows=tuple((name, cells[start:stop]) for name, cells in table.rows),
        )
        for start, stop in pairwise(edges)
    ]


def asides(line: Line, language: Language) -> str:
    """What a reader must know of a line, bracketed, or ""; that it is computed, unless it says so itself."""
    is_told = any(said in line.text for said in _COMPUTED)
    told = [word("computed", language)] if line.is_computed and not is_told else []
    told += [line.note] if line.note else []
    return word("aside", language, text=word("between", language).join(told)) if told else ""


def bars_of(chart: Chart) -> Iterator[tuple[str, str, Bar | None]]:
    """Yield each bar, or the lack of one, with the names of its group and its series."""
    for name, bars in chart.groups:
        yield from ((name, series, bar) for series, bar in zip(chart.series, bars, strict=True))


def has_bars(chart: Chart) -> bool:
    """Whether there is anything to draw."""
    return any(bar for _, _, bar in bars_of(chart))


def ends_of(chart: Chart) -> tuple[float, float]:
    """The least and the greatest value, zero among them: parts of a chart are drawn between the ends of the whole."""
    values = [0.0, *(bar.value for _, _, bar in bars_of(chart) if bar)]
    return min(values), max(values)


def bar_name(group: str, series: str, bar: Bar | None, chart: Chart) -> str:
    """Name a bar by its group, series and label, without saying anything twice."""
    parts = [group, series if len(chart.series) > 1 else "", bar.label if bar else ""]
    told: list[str] = []
    for part in parts:
        if not any(part in other for other in told if part != other) and part not in told:
            told = [other for other in told if other not in part] + ([part] if part else [])
    return " · ".join(told)


def split_groups(chart: Chart, most: int) -> list[Chart]:
    """Split a chart into charts of at most `most` groups, alike in length; one without groups gives none."""
    parts = -(-len(chart.groups) // most)
    edges = [len(chart.groups) * at // parts for at in range(parts + 1)] if parts else []
    return [replace(chart, groups=chart.groups[start:stop]) for start, stop in pairwise(edges)]


def articles_of(sources: Sequence[Source]) -> list[tuple[Source, list[int]]]:
    """Return each article by its first source, with the numbers of all its sources, in order of number."""
    by_article: dict[str, list[Source]] = {}
    for source in sources:
        by_article.setdefault(source.article_id, []).append(source)
    return [(found[0], [source.number for source in found]) for found in by_article.values()]


def is_web_address(url: str | None) -> bool:
    """Whether a link may lead there: http or https; javascript: and data: may not."""
    return bool(url) and str(url).lower().startswith(("http://", "https://"))
