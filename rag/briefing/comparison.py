"""Places side by side: for each theme the shortest clause in which a place speaks of it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.briefing.draft import Drafts
from rag.briefing.findings import Finding, is_leaning, tells_figures
from rag.briefing.plan import Plan, place_in, theme_in
from rag.briefing.topic import Topic
from rag.briefing.types import Grid, Line, Section
from rag.briefing.words import word
from rag.glossary import Concept, find_concepts
from rag.normalise import clause_spans, fold
from rag.types import Language

LookUp = Callable[[str, Concept], list[Finding]]
"""What the library says of a place on a theme."""

_SHORTEST_CHARS, _TELLING_CHARS = 8, 12
_OPENS = re.compile(r"(?:通过|在|对于?|随着|围绕|针对|结合|根据|依托|聚焦|自|从|按照?|为了?)")
_LONGEST_OPENING_CHARS = 16
"""A clause this short that begins so (「通过这个周转池」) only opens the next one."""
_FOLLOWS = re.compile(
    r"(?:叫[作做]|含|包括|以及|并|让|使|由此|其中|也|都|又|而|从而|进而|用来|用于|即|指的是|为的是|比)"
)
"""A clause that begins so leans on the one before."""
_LIST_MARK = "、"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What a comparison is made from."""

    topic: Topic
    findings: tuple[Finding, ...]
    plan: Plan
    look_up: LookUp


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """A clause and what it is a part of."""

    finding: Finding
    text: str


_Column = tuple[str, list[_Cell | None]]


def comparison(compared: Compared, drafts: Drafts) -> Section | None:
    """A table of places and themes, the topic itself first, figures last; None where there are no two places.

    A theme that no place speaks of has no column, nor has one that only repeats the clauses before it.
    """
    findings = [f for f in compared.findings if f.place]
    rows = [p for p in compared.plan.places if any(f.place == p for f in findings)]
    columns = _told_columns(compared, rows, drafts.language)
    if len(rows) < 2 or not columns:
        return None
    grid = Grid(
        columns=tuple(name for name, _ in columns),
        rows=tuple(
            (place_in(place, drafts.language), tuple(_lines(cells[n], drafts) for _, cells in columns))
            for n, place in enumerate(rows)
        ),
    )
    return Section(kind="comparison", heading=word("comparison", drafts.language), grid=grid)


def _told_columns(compared: Compared, rows: Sequence[str], language: Language) -> list[_Column]:
    topic = compared.topic
    by_place = {place: [f for f in compared.findings if f.place == place] for place in rows}
    all_columns: list[_Column] = [
        (
            "/".join(a.english or a.name if language == "en" else a.name for a in topic.core),
            [_on_topic(topic, by_place[p]) for p in rows],
        )
    ]
    for theme in compared.plan.themes:
        fits = _speaking_of(theme)
        cells = [_shortest(by_place[p], fits) or _shortest(compared.look_up(p, theme), fits) for p in rows]
        all_columns.append((theme_in(theme, language), cells))
    all_columns.append(
        (word("figures_column", language), [_shortest(by_place[p], tells_figures) for p in rows])
    )
    kept: list[_Column] = []
    for name, cells in all_columns:
        told = [{old[n].text for _, old in kept if old[n]} for n in range(len(rows))]  # type: ignore[union-attr]  # tested
        if any(cell is not None and cell.text not in told[n] for n, cell in enumerate(cells)):
            kept.append((name, cells))
    return kept


def _on_topic(topic: Topic, findings: Sequence[Finding]) -> _Cell | None:
    """The shortest clause that names the topic, else that speaks of a part of it, else any: a place has something to say."""
    return (
        _shortest(findings, lambda text: topic.named_by(fold(text)))
        or _shortest(findings, lambda text: topic.touched_by(fold(text)))
        or _shortest(findings, lambda _: True)
    )


def _speaking_of(theme: Concept) -> Callable[[str], bool]:
    return lambda text: any(m.concept.id == theme.id for m in find_concepts(text))


def _shortest(findings: Sequence[Finding], fits: Callable[[str], bool]) -> _Cell | None:
    """The shortest clause that fits, if it is no fragment; what names it in passing only where there is nothing else."""
    clauses = [
        _Cell(finding=finding, text=text)
        for finding in findings
        for text in clauses_of(finding.quote.text)
        if fits(text)
    ]
    return min(
        clauses,
        key=lambda cell: (cell.finding.is_passing, len(cell.text) < _TELLING_CHARS, len(cell.text)),
        default=None,
    )


def _lines(cell: _Cell | None, drafts: Drafts) -> tuple[Line, ...]:
    return () if cell is None else (drafts.words(cell.finding.quote, cell.text),)


def clauses_of(text: str) -> list[str]:
    """Clauses that can stand alone, each a slice of the text: lists stay whole, an opening keeps what it opens."""
    if "\n" in text:
        return [text]
    spans = clause_spans(text)
    cuts = [
        end
        for (_, end), (start, stop) in itertools.pairwise(spans)
        if not _FOLLOWS.match(fold(text[start:stop]))
    ]
    clauses: list[str] = []
    start = 0
    for end in [*cuts, len(text)]:
        clause = text[start:end].strip()
        if clause and (end == len(text) or _stands_alone(clause)):
            clauses.append(clause)
            start = end
    return clauses


def _stands_alone(clause: str) -> bool:
    folded = fold(clause)
    is_opening = len(clause) <= _LONGEST_OPENING_CHARS and _OPENS.match(folded)
    is_listing = clause[-1] == _LIST_MARK
    return (
        len(clause) >= _SHORTEST_CHARS
        and not is_opening
        and not is_listing
        and not is_leaning(clause)
        and _is_closed(clause)
    )


def _is_closed(clause: str) -> bool:
    """Whether every bracket and quotation mark has its partner."""
    return all(clause.count(a) == clause.count(b) for a, b in ("“”", "「」", "（）", "()", "《》", "『』"))


def gaps_in(
    compared: Section | None, places: Sequence[str], themes: Sequence[Concept], language: Language
) -> list[tuple[str, Concept]]:
    """The empty cells of a comparison: a place, and a theme of which only other places speak."""
    if compared is None or compared.grid is None:
        return []
    theme_by_name = {theme_in(theme, language): theme for theme in themes}
    place_by_name = {place_in(place, language): place for place in places}
    return [
        (place_by_name[name], theme_by_name[column])
        for name, cells in compared.grid.rows
        for column, cell in zip(compared.grid.columns, cells, strict=True)
        if not cell and column in theme_by_name
    ]
