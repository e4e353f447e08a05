"""Places side by side: for each theme the shortest clause in which a place speaks of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.briefing.draft import Drafts
from rag.briefing.findings import Finding
from rag.briefing.plan import place_in, theme_in
from rag.briefing.types import Grid, Line, Section
from rag.briefing.words import word
from rag.figures import find_figures
from rag.glossary import Concept, find_concepts
from rag.normalise import clause_spans
from rag.types import Language

_SHORTEST_CHARS = 6
_TELLING = ("quantity", "percent", "percentage_point", "money")
_LIST_MARK = "、"


def comparison(
    findings: Sequence[Finding], places: Sequence[str], themes: Sequence[Concept], drafts: Drafts
) -> Section | None:
    """A table of places and themes, with a column for figures; None where there are no two places to compare.

    A theme that none of these places speaks of has no column.
    """
    rows = [place for place in places if any(f.place == place for f in findings)]
    columns: list[tuple[str, Callable[[str], bool]]] = [
        (theme_in(theme, drafts.language), _speaking_of(theme)) for theme in themes
    ]
    columns.append((word("figures_column", drafts.language), _tells_figure))
    filled = [
        (name, [_cell([f for f in findings if f.place == place], fits, drafts) for place in rows])
        for name, fits in columns
    ]
    told = [(name, cells) for name, cells in filled if any(cells)]
    if len(rows) < 2 or not told:
        return None
    grid = Grid(
        columns=tuple(name for name, _ in told),
        rows=tuple(
            (place_in(place, drafts.language), tuple(cells[n] for _, cells in told))
            for n, place in enumerate(rows)
        ),
    )
    return Section(kind="comparison", heading=word("comparison", drafts.language), grid=grid)


def _speaking_of(theme: Concept) -> Callable[[str], bool]:
    return lambda text: any(m.concept.id == theme.id for m in find_concepts(text))


def _tells_figure(text: str) -> bool:
    return any(f.kind in _TELLING for f in find_figures(text))


def _cell(findings: Sequence[Finding], fits: Callable[[str], bool], drafts: Drafts) -> tuple[Line, ...]:
    """The shortest clause that fits; it is a part of a sentence that stands in the briefing, and is cited as such."""
    clauses = [
        (finding, text) for finding in findings for text in clauses_of(finding.quote.text) if fits(text)
    ]
    if not clauses:
        return ()
    finding, text = min(clauses, key=lambda pair: len(pair[1]))
    return (drafts.words(finding.quote, text),)


def clauses_of(text: str) -> list[str]:
    """Clauses that can stand alone: lists stay whole, and a short one (a label, an opening) keeps what follows."""
    clauses: list[str] = []
    start = 0
    for _, end in clause_spans(text):
        clause = text[start:end]
        if clause.rstrip()[-1:] != _LIST_MARK and len(clause.strip()) >= _SHORTEST_CHARS and _is_closed(clause):
            clauses.append(clause.strip())
            start = end
    if text[start:].strip():
        clauses.append(text[start:].strip())
    return clauses


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
