"""Before and after: the changes that the articles tell of, with the differences, which are computed."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from rag.briefing.charts import change_charts, indicator_in
from rag.briefing.draft import Drafts
from rag.briefing.plan import place_in
from rag.briefing.records import Measured
from rag.briefing.types import Grid, Line, Section
from rag.briefing.words import word
from rag.compose import Quote
from rag.compose.change_card import Around, change_card
from rag.figures import Change, Figure, as_written, in_english
from rag.types import Language

MOST_CHANGES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """Both ends of one change.

    Attributes:
        quote: The clauses that tell of both.
    """

    before: Measured
    after: Measured
    quote: Quote

    @property
    def indicator(self) -> str:
        """What changed, in the article's words; may be empty."""
        return self.after.record.indicator.name or self.before.record.indicator.name

    @property
    def place(self) -> str:
        """Code of the place, or ""."""
        return self.after.finding.place


def find_changes(measured: Sequence[Measured]) -> list[Changed]:
    """Pair the ends of each change; the same change told again, by this article or another, counts once."""
    ends: dict[tuple[str, str], dict[str, Measured]] = {}
    for one in measured:
        if one.record.change_id is not None and one.record.role in ("before", "after"):
            key = one.record.article_id, one.record.change_id
            ends.setdefault(key, {})[one.record.role] = one
    pairs = [
        (both["before"], both["after"])
        for both in ends.values()
        if len(both) == 2 and both["before"].finding is both["after"].finding
    ]
    once: dict[tuple[object, ...], Changed] = {}
    for before, after in pairs:
        told = Changed(before=before, after=after, quote=after.quote)
        figures = before.record.figure, after.record.figure
        once.setdefault((told.place, *((f.value, f.unit) for f in figures)), told)
    return list(once.values())[:MOST_CHANGES]


def changes_section(changed: Sequence[Changed], drafts: Drafts) -> Section | None:
    """A table of changes and a chart for each indicator; None where nothing changed."""
    if not changed:
        return None
    names = [_row_name(one, drafts.language) for one in changed]
    rows = tuple((name, _cells(one, drafts)) for name, one in zip(names, changed, strict=True))
    columns = tuple(word(key, drafts.language) for key in ("before", "after", "change"))
    return Section(
        kind="changes",
        heading=word("changes", drafts.language),
        grid=Grid(columns=columns, rows=rows),
        charts=change_charts(changed, drafts),
    )


def _row_name(one: Changed, language: Language) -> str:
    place = place_in(one.place, language) if one.place else one.quote.article.title or ""
    return " · ".join(part for part in (place, indicator_in(one.indicator, language)) if part)


def _cells(one: Changed, drafts: Drafts) -> tuple[tuple[Line, ...], ...]:
    ends = (one.before.record.figure, one.after.record.figure)
    shown = [drafts.figure(one.quote, written(end, drafts.language)) for end in ends]
    return (*((line,) for line in shown), (drafts.computed(one.quote, _card(one, drafts.language)),))


def written(figure: Figure, language: Language) -> str:
    """A figure as the article has it, its qualifier included; for English readers in English."""
    return in_english(figure) if language == "en" else as_written(figure)


def _card(one: Changed, language: Language) -> str:
    before, after = (_within(one.quote, m.record.figure) for m in (one.before, one.after))
    change = Change(
        before=before,
        after=after,
        direction=one.after.record.direction or "same",
        start=min(before.start, after.start),
        end=max(before.end, after.end),
        subject=None,
    )
    article = one.quote.article
    around = Around(headings=one.quote.heading_path, date=article.date)
    return change_card(language, one.quote.text, change, around)


def _within(quote: Quote, figure: Figure) -> Figure:
    return dataclasses.replace(figure, start=figure.start - quote.start, end=figure.end - quote.start)
