"""A briefing cut into slides: what stands on each so that nothing runs over its edge, and what its notes say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rag.briefing.types import Briefing, Chart, Line, Section, Source
from rag.types import Language
from ui.exporting.banding import TABLE_COLUMNS, column_points, table_pages
from ui.exporting.measure import clip, ems
from ui.exporting.outline import (
    Table,
    articles_of,
    asides,
    bar_name,
    bars_of,
    ends_of,
    has_bars,
    has_rows,
    is_bare,
    is_web_address,
    lay_out,
    split_columns,
    split_groups,
)
from ui.exporting.paging import Room, cut_line, pack
from ui.exporting.words import cite, describe, quote, word

TITLE_EMS = 29.0
CAPTION_EMS = 22.0
_PARTS_EMS = 7.0  # of " (12/34)"
_CAPTION_LINES = 2
_MOST_BARS = 8
# Points: the field for text is 374 high and, inside its margins and bullets, 825 wide.
BODY = Room(points=22, width=820, height=370)
SOURCES = Room(points=14, width=825, height=370)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slide:
    """What stands on one slide: bullets, or a table, or a chart with its captions.

    Attributes:
        lines: Bullets, or the captions of a chart; what ends a line carries its sources.
        notes: Paragraphs for the speaker: everything in full, then the sources with their clauses.
        widths: Of the columns of the table, in points.
        ends: Least and greatest value of the chart that this one is a part of.
        targets: Numbers of the sources that this slide lists, to which markers lead.
    """

    title: str
    lines: tuple[Line, ...] = ()
    table: Table | None = None
    widths: tuple[int, ...] = ()
    chart: Chart | None = None
    ends: tuple[float, float] = (0.0, 0.0)
    notes: tuple[str, ...] = ()
    targets: tuple[int, ...] = ()


def plan_slides(briefing: Briefing) -> list[Slide]:
    """Return the slides after the title's, in reading order, the lists of sources last."""
    return _Planner(briefing).plan()


def title_notes(briefing: Briefing) -> tuple[str, ...]:
    """What the notes of the first slide say: the briefing's title, how it was made and the questions it answers."""
    language = briefing.request.language
    facts = [f"{name}{word('colon', language)}{text}" for name, text in describe(briefing)]
    asked = [word("questions", language), *briefing.questions] if briefing.questions else []
    return (briefing.title, *facts, *asked)


class _Planner:
    def __init__(self, briefing: Briefing) -> None:
        self._briefing = briefing
        self._language: Language = briefing.request.language
        self._sources: dict[int, Source] = {source.number: source for source in briefing.sources}

    def plan(self) -> list[Slide]:
        slides = [slide for section in self._briefing.sections for slide in self._of_section(section, ())]
        return [*slides, *self._list_sources()]

    def _of_section(self, section: Section, above: tuple[str, ...]) -> Iterator[Slide]:
        path = (*above, section.heading)
        lines = section.lines
        if is_bare(section):
            lines = (Line(text=word("none" if section.kind == "silence" else "silent", self._language)),)
        yield from _numbered(path, self._bullets(lines), self._language)
        if section.grid and has_rows(section):
            table = lay_out(section.grid, section.kind, self._language)
            yield from _numbered(path, self._tables(table), self._language)
        for chart in filter(has_bars, section.charts):
            yield from _numbered((*path, chart.title), self._charts(chart), self._language)
        for part in section.parts:
            yield from self._of_section(part, path)

    def _bullets(self, lines: Sequence[Line]) -> list[Slide]:
        cut = [(piece, line) for line in lines for piece in cut_line(self._told(line), BODY, BODY.lines)]
        return [
            Slide(
                title="",
                lines=tuple(piece for piece, _ in page),
                notes=self._notes(_once(line for _, line in page)),
            )
            for page in pack(cut, BODY)
        ]

    def _tables(self, table: Table) -> list[Slide]:
        told = Table(
            head=table.head,
            rows=tuple(
                (name, tuple(tuple(map(self._told, cell)) for cell in cells)) for name, cells in table.rows
            ),
        )
        silent = word("silent", self._language)
        return [
            Slide(
                title="",
                table=page,
                widths=tuple(column_points(part)),
                notes=self._notes(_cells(whole)),
            )
            for part in split_columns(told, TABLE_COLUMNS)
            for page, whole in table_pages(part, silent)
        ]

    def _charts(self, chart: Chart) -> list[Slide]:
        pages = filter(has_bars, split_groups(chart, max(1, _MOST_BARS // len(chart.series))))
        return [replace(self._chart(page), ends=ends_of(chart)) for page in pages]

    def _chart(self, chart: Chart) -> Slide:
        lines = []
        for group, series, bar in bars_of(chart):
            shown = bar.shown if bar else word("silent", self._language)
            text = f"{bar_name(group, series, bar, chart)}{word('colon', self._language)}{shown}"
            lines.append(Line(text=text, sources=bar.sources if bar else ()))
        unit = [word("unit", self._language, unit=chart.unit)] if chart.unit else []
        notes = (chart.title, *unit, *self._notes(lines))
        return Slide(title="", chart=chart, lines=tuple(map(_caption, lines)), notes=notes)

    def _list_sources(self) -> Iterator[Slide]:
        cut = []
        for article, numbers in articles_of(self._briefing.sources):
            marks = "".join(f"[{number}] " for number in numbers)
            address = f" {article.url}" if is_web_address(article.url) else ""
            line = Line(text=f"{marks}{cite(article, self._language)}{address}")
            pieces = cut_line(line, SOURCES, SOURCES.lines)
            cut += [(pieces[0], numbers), *((piece, []) for piece in pieces[1:])]
        slides = []
        for page in pack(cut, SOURCES):
            targets = tuple(number for _, numbers in page for number in numbers)
            notes = tuple(self._quoted(number) for number in targets)
            slides.append(Slide(title="", lines=tuple(p for p, _ in page), notes=notes, targets=targets))
        yield from _numbered((word("sources", self._language),), slides, self._language)

    def _told(self, line: Line) -> Line:
        return replace(line, text=f"{line.text}{asides(line, self._language)}", note="", is_computed=False)

    def _notes(self, lines: Iterable[Line]) -> tuple[str, ...]:
        told = [self._told(line) for line in lines]
        numbers = sorted({number for line in told for number in line.sources})
        said = [f"{line.text}{''.join(f'[{number}]' for number in line.sources)}" for line in told]
        return (*said, *(self._quoted(number) for number in numbers))

    def _quoted(self, number: int) -> str:
        return f"[{number}] {quote(self._sources[number], self._language)}"


def _once(lines: Iterable[Line]) -> list[Line]:
    """Each line once: several pieces of one may stand on a slide."""
    return list({id(line): line for line in lines}.values())


def _cells(table: Table) -> Iterator[Line]:
    for name, cells in table.rows:
        for head, cell in zip(table.head[1:], cells, strict=True):
            yield from (replace(line, text=f"{name} · {head} · {line.text}") for line in cell)


def _caption(line: Line) -> Line:
    """The caption of a bar, on two lines at most; the notes have it in full."""
    marks = "".join(f" [{number}]" for number in line.sources)
    room = CAPTION_EMS * _CAPTION_LINES - 4
    kept = line.sources if ems(marks) < room / 2 else line.sources[:2]
    return replace(line, text=clip(line.text, room - min(ems(marks), room / 2)), sources=kept)


def _numbered(path: Sequence[str], slides: Sequence[Slide], language: Language) -> Iterator[Slide]:
    """Give slides of one heading their titles, with part and number of parts where there are several.

    Where the way to a heading is too long for a title, its own words stand alone; the notes have it all.
    """
    whole = " · ".join(filter(None, path)) or word("none", language)
    room = TITLE_EMS - (_PARTS_EMS if len(slides) > 1 else 0)
    short = whole if ems(whole) <= room else clip(path[-1] or whole, room)
    full = () if short == whole else (whole,)
    for part, slide in enumerate(slides, start=1):
        many = len(slides) > 1
        title = word("part_of", language, heading=short, part=part, parts=len(slides)) if many else short
        yield replace(slide, title=title, notes=(*full, *slide.notes))
