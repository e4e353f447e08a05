"""The last word: every line of a briefing is checked against what it cites, and what fails is dropped and counted."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from rag.briefing.citing import first_uses, with_numbers
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
    numbers = first_uses(kept)
    return Proven(
        sections=tuple(with_numbers(section, numbers) for section in kept),
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
