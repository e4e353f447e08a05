"""Charts of figures that may stand side by side: one indicator, one unit, and years that agree or are named."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.briefing.draft import Drafts
from rag.briefing.findings import is_telling
from rag.briefing.plan import place_in
from rag.briefing.records import Measured, by_kind
from rag.briefing.types import Bar, Chart
from rag.briefing.words import word
from rag.compose import Quote
from rag.figures import Figure, as_written, in_english
from rag.glossary import find_concepts
from rag.types import Language

if TYPE_CHECKING:
    from rag.briefing.changes import Ends

MOST_CHARTS = 6
_UNDRAWN = frozenset({"超", "不足", "以上", "以下", "至少", "至多"})


def change_charts(changed: Sequence[Ends], drafts: Drafts) -> tuple[Chart, ...]:
    """A chart of before and after for each indicator and unit; ranges, bounds and parts of a whole are not drawn."""
    drawn = {
        id(one.after): one
        for one in changed
        if all(can_be_drawn(end.record.figure) for end in (one.before, one.after)) and _has_one_unit(one)
    }
    groups = by_kind([one.after for one in drawn.values()])[:MOST_CHARTS]
    return tuple(_change_chart([drawn[id(after)] for after in group], drafts) for group in groups)


def _has_one_unit(one: Ends) -> bool:
    return one.before.record.figure.unit == one.after.record.figure.unit


def _change_chart(group: Sequence[Ends], drafts: Drafts) -> Chart:
    first = group[0]
    return Chart(
        title=word(
            "changes_chart", drafts.language, indicator=indicator_in(first.indicator, drafts.language)
        ),
        unit=first.after.record.figure.unit,
        series=(word("before", drafts.language), word("after", drafts.language)),
        groups=tuple(
            (
                place_in(one.place, drafts.language) if one.place else one.quote.article.title or "",
                (_bar(one.before, one.quote, drafts), _bar(one.after, one.quote, drafts)),
            )
            for one in group
        ),
    )


def place_charts(measured: Sequence[Measured], drafts: Drafts) -> tuple[Chart, ...]:
    """A chart of places for each indicator that at least two of them give in the same unit, as it is now.

    Where the years are not all the same, or some are not known, each bar's label names its own.
    """
    charts = []
    for group in by_kind([one for one in measured if _is_level(one) and one.place]):
        by_place: dict[str, Measured] = {}
        for one in group:
            by_place.setdefault(one.place, one)
        if len(by_place) > 1:
            charts.append(_place_chart(list(by_place.values()), drafts))
    return tuple(charts[:MOST_CHARTS])


def _is_level(one: Measured) -> bool:
    record = one.record
    is_reached = record.role in ("level", "after") and not record.is_planned
    return is_reached and can_be_drawn(record.figure) and is_telling(record.figure)


def _place_chart(group: Sequence[Measured], drafts: Drafts) -> Chart:
    years = {one.record.when.years for one in group}
    rows = []
    for one in group:
        name = place_in(one.place, drafts.language)
        when = one.record.when
        if len(years) > 1 or years == {()}:
            name += (
                f" ({when.text or '—'})" if drafts.language == "en" else f"（{when.text or '时间未写明'}）"
            )
        rows.append((name, (_bar(one, one.quote, drafts),)))
    indicator = indicator_in(group[0].record.indicator.name, drafts.language)
    return Chart(
        title=word("places_chart", drafts.language, indicator=indicator),
        unit=group[0].record.figure.unit,
        series=(indicator,),
        groups=tuple(rows),
    )


def can_be_drawn(figure: Figure) -> bool:
    """Whether a figure is one value: no range, no bound, no fraction in words."""
    return figure.high is None and figure.qualifier not in _UNDRAWN and not figure.unit.startswith("/")


def indicator_in(name: str, language: Language) -> str:
    """Name an indicator: in the article's words, in English with the glossary's name of its last term."""
    terms = [m.concept.en[0] for m in find_concepts(name) if m.concept.kind == "term"]
    return f"{terms[-1]} ({name})" if language == "en" and terms else name


def _bar(one: Measured, quote: Quote, drafts: Drafts) -> Bar:
    figure = one.record.figure
    shown = in_english(figure) if drafts.language == "en" else as_written(figure)
    return Bar(
        label=indicator_in(one.record.indicator.name, drafts.language) or shown,
        value=float(figure.value),
        shown=shown,
        sources=(drafts.cite(quote),),
    )
