"""The parts of a briefing. Every line and cell carries the numbers of its sources; a source is an exact place in an article."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from rag.types import Language

SectionKind = Literal["summary", "practice", "comparison", "changes", "timeline", "silence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A place in an article that proves something; `article.text[start:end] == quote`, always."""

    number: int
    article_id: str
    title: str | None
    source: str | None
    date: str | None
    url: str | None
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence or a cell's text, and the numbers of the sources that prove it.

    Attributes:
        text: Plain text, never markup.
        sources: Empty only where it says that the articles are silent, or where it is somebody's own.
        is_computed: Whether it holds a difference that was computed from the figures cited.
        note: What a reader must know of it (「按文章日期推算」), or "".
        is_own: Written by whoever edited the briefing: nothing proves it, and it is marked so.
    """

    text: str
    sources: tuple[int, ...] = ()
    is_computed: bool = False
    note: str = ""
    is_own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table: a cell is a list of lines; an empty one is shown as 资料中未提及."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[Line, ...], ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar of a chart and the source that proves it."""

    label: str
    value: float
    shown: str
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """Bars in one unit.

    Attributes:
        series: Names of the series: one for a comparison, two (before, after) for changes.
        groups: A name (a city) and a bar or None for each series.
    """

    title: str
    unit: str
    series: tuple[str, ...]
    groups: tuple[tuple[str, tuple[Bar | None, ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading with what stands under it, in this order: lines, grid, charts, subsections."""

    kind: SectionKind
    heading: str
    lines: tuple[Line, ...] = ()
    grid: Grid | None = None
    charts: tuple[Chart, ...] = ()
    parts: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Colophon:
    """What makes a briefing reproducible: the same library and request give the same one."""

    library_hash: str
    articles: int
    library_date: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a trainer asks for; places are full names."""

    topic: str
    regions: tuple[str, ...] = ()
    since_year: int | None = None
    until_year: int | None = None
    language: Language = "zh"


@dataclass(frozen=True, slots=True, kw_only=True)
class Briefing:
    """A briefing, ready to be looked at, edited and exported; `sources` are numbered from 1 without gaps.

    Attributes:
        questions: What was asked of the library, in the briefing's language.
        dropped: Lines that were not taken in, each with the reason, since their sources did not prove them.
        left_out: Places that the articles speak of as well, beyond the most that a briefing takes.
    """

    request: Request
    title: str
    sections: tuple[Section, ...]
    sources: tuple[Source, ...]
    colophon: Colophon
    questions: tuple[str, ...] = field(default=())
    dropped: tuple[str, ...] = field(default=())
    left_out: tuple[str, ...] = field(default=())
