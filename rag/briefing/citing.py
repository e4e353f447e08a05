"""What a briefing cites, in reading order, and its numbers set anew: the one walk over lines, cells and bars."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence

from rag.briefing.types import Bar, Line, Section


def lines_of(sections: Sequence[Section]) -> Iterator[Line]:
    """Yield every line and cell, in reading order."""
    for section in sections:
        yield from _own_lines(section)
        yield from lines_of(section.parts)


def bars_of(sections: Sequence[Section]) -> Iterator[Bar]:
    """Yield every bar, in reading order."""
    for section in sections:
        yield from _own_bars(section)
        yield from bars_of(section.parts)


def cited_in(sections: Sequence[Section]) -> Iterator[int]:
    """Yield the numbers of the sources cited, in reading order, repeats too; charts come after the table of their section."""
    for section in sections:
        yield from (number for line in _own_lines(section) for number in line.sources)
        yield from (number for bar in _own_bars(section) for number in bar.sources)
        yield from cited_in(section.parts)


def first_uses(sections: Sequence[Section]) -> dict[int, int]:
    """Number the sources cited from 1, in the order of their first use: the new number of each old one."""
    return {old: new for new, old in enumerate(dict.fromkeys(cited_in(sections)), start=1)}


def with_numbers(section: Section, numbers: Mapping[int, int]) -> Section:
    """Set the numbers of a section and its parts anew; those of a line ascend.

    Raises:
        KeyError: A number that is cited has no new one.
    """

    def line(old: Line) -> Line:
        return dataclasses.replace(old, sources=tuple(sorted(numbers[n] for n in old.sources)))

    def bar(old: Bar | None) -> Bar | None:
        return dataclasses.replace(old, sources=tuple(numbers[n] for n in old.sources)) if old else None

    grid = section.grid and dataclasses.replace(
        section.grid,
        rows=tuple(
            (name, tuple(tuple(map(line, cell)) for cell in cells)) for name, cells in section.grid.rows
        ),
    )
    charts = tuple(
        dataclasses.replace(c, groups=tuple((name, tuple(map(bar, bars))) for name, bars in c.groups))
        for c in section.charts
    )
    return dataclasses.replace(
        section,
        lines=tuple(map(line, section.lines)),
        grid=grid,
        charts=charts,
        parts=tuple(with_numbers(part, numbers) for part in section.parts),
    )


def _own_lines(section: Section) -> Iterator[Line]:
    yield from section.lines
    if section.grid is not None:
        yield from (line for _, cells in section.grid.rows for cell in cells for line in cell)


def _own_bars(section: Section) -> Iterator[Bar]:
    for chart in section.charts:
        yield from (bar for _, bars in chart.groups for bar in bars if bar is not None)
