"""The last word: every line of a briefing is checked against what it cites, and what fails is dropped and counted."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from rag.briefing.types import Bar, Briefing, Chart, Grid, Line, Section, Source
from rag.compose import Draft, Quote
from rag.figures import find_figures
from rag.numbering import check
from rag.types import Language

if TYPE_CHECKING:
    from rag.briefing.shelf import Shelf
    from rag.verify import Meaning

Judge = Callable[[Line], bool]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """The sections with what their sources prove, numbered from 1 in order of first use, and why the rest is gone."""

    sections: tuple[Section, ...]
    sources: tuple[Source, ...]
    dropped: tuple[str, ...]


def prove(
    sections: tuple[Section, ...],
    quotes: Mapping[int, Quote],
    *,
    language: Language,
    meaning: Meaning | None = None,
) -> Proven:
    """Check every line and bar; drop what its quotes do not prove, then whatever is left empty.

    Args:
        sections: Numbered by `quotes`.
        quotes: What each number cites.
        language: Of the lines.
        meaning: As for `rag.verify.verify`.
    """
    dropped: list[str] = []

    def holds(line: Line) -> bool:
        reason = _fault(line, quotes, language, meaning)
        if reason:
            dropped.append(f"{line.text}: {reason}")
        return not reason

    def stands(bar: Bar) -> bool:
        is_there = _bar_stands(bar, quotes)
        if not is_there:
            dropped.append(f"{bar.label} {bar.shown}")
        return is_there

    kept = tuple(s for s in (_sifted(section, holds, stands) for section in sections) if s is not None)
    numbers: dict[int, int] = {}
    for number in cited_in(kept):
        numbers.setdefault(number, len(numbers) + 1)
    return Proven(
        sections=tuple(_renumbered(section, numbers) for section in kept),
        sources=tuple(source_of(quotes[old], new) for old, new in numbers.items()),
        dropped=tuple(dropped),
    )


def check_briefing(briefing: Briefing, shelf: Shelf, *, meaning: Meaning | None = None) -> tuple[str, ...]:
    """Check a briefing, as it is now, against the library; return what is wrong, one line each; nothing if all holds.

    Raises:
        ArticleNotFoundError: An article that it cites is not there any more.
    """
    faults: list[str] = []
    quotes: dict[int, Quote] = {}
    for source in briefing.sources:
        article = shelf.article(source.article_id)
        if article.text[source.start : source.end] != source.quote:
            faults.append(f"[{source.number}] {source.quote[:40]}")
        sentence = shelf.sentence_at(source.article_id, source.start)
        quotes[source.number] = Quote(
            article=article,
            start=source.start,
            end=source.end,
            heading_path=sentence.heading_path if sentence else (),
            regions=sentence.regions if sentence else article.regions,
        )
    language = briefing.request.language
    proven = prove(briefing.sections, quotes, language=language, meaning=meaning)
    return (*faults, *proven.dropped)


def lines_of(sections: tuple[Section, ...]) -> Iterator[Line]:
    """Yield every line and cell, in reading order."""
    for section in sections:
        yield from section.lines
        if section.grid is not None:
            yield from (line for _, cells in section.grid.rows for cell in cells for line in cell)
        yield from lines_of(section.parts)


def cited_in(sections: tuple[Section, ...]) -> Iterator[int]:
    """Yield the numbers of the sources cited, in reading order, charts after the table of their section."""
    for section in sections:
        own = dataclasses.replace(section, parts=())
        yield from (number for line in lines_of((own,)) for number in line.sources)
        for chart in section.charts:
            bars = (bar for _, group in chart.groups for bar in group if bar is not None)
            yield from (number for bar in bars for number in bar.sources)
        yield from cited_in(section.parts)


def _fault(line: Line, quotes: Mapping[int, Quote], language: Language, meaning: Meaning | None) -> str:
    """Why a line does not hold, or ""."""
    if any(number not in quotes for number in line.sources):
        return f"{line.sources}"
    draft = Draft(
        text=line.text, quotes=tuple(quotes[n] for n in line.sources), sides=() if line.sources else (0,)
    )
    verdict = check(draft, language=language, meaning=meaning)
    return "" if verdict.supported else verdict.reason or "?"


def _bar_stands(bar: Bar, quotes: Mapping[int, Quote]) -> bool:
    """Whether the figure of a bar stands in what it cites."""
    shown = find_figures(bar.shown)
    told = [f for n in bar.sources if n in quotes for f in find_figures(quotes[n].text)]
    # English has no measure words: 「3240张」 is shown as 3,240.
    is_told = any(
        f.value == bar_figure.value and bar_figure.unit in ("", f.unit) for bar_figure in shown for f in told
    )
    return len(shown) == 1 and is_told and float(shown[0].value) == bar.value


def _sifted(section: Section, holds: Judge, stands: Callable[[Bar], bool]) -> Section | None:
    parts = (_sifted(part, holds, stands) for part in section.parts)
    sifted = dataclasses.replace(
        section,
        lines=tuple(filter(holds, section.lines)),
        grid=_sifted_grid(section.grid, holds) if section.grid is not None else None,
        charts=tuple(c for c in (_sifted_chart(chart, stands) for chart in section.charts) if c is not None),
        parts=tuple(part for part in parts if part is not None),
    )
    has_something = sifted.lines or sifted.grid is not None or sifted.charts or sifted.parts
    return sifted if has_something else None


def _sifted_grid(grid: Grid, holds: Judge) -> Grid | None:
    rows = tuple((name, tuple(tuple(filter(holds, cell)) for cell in cells)) for name, cells in grid.rows)
    return dataclasses.replace(grid, rows=rows) if any(cell for _, cells in rows for cell in cells) else None


def _sifted_chart(chart: Chart, stands: Callable[[Bar], bool]) -> Chart | None:
    groups = tuple(
        (name, tuple(bar if bar is not None and stands(bar) else None for bar in bars))
        for name, bars in chart.groups
    )
    kept = tuple(group for group in groups if any(group[1]))
    return dataclasses.replace(chart, groups=kept) if kept else None


def _renumbered(section: Section, numbers: Mapping[int, int]) -> Section:
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
    parts = tuple(_renumbered(part, numbers) for part in section.parts)
    lines = tuple(map(line, section.lines))
    return dataclasses.replace(section, lines=lines, grid=grid, charts=charts, parts=parts)


def source_of(quote: Quote, number: int) -> Source:
    """Make the source of a quote."""
    article = quote.article
    return Source(
        number=number,
        article_id=article.article_id,
        title=article.title,
        source=article.source,
        date=article.date,
        url=article.url,
        start=quote.start,
        end=quote.end,
        quote=quote.text,
    )
