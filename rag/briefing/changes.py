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
from rag.indicators.select import pair_changes
from rag.types import Language

MOST_CHANGES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Ends:
    """Both ends of one change, told by one finding."""

    before: Measured
    after: Measured

    @property
    def quote(self) -> Quote:
        """What tells of both."""
        return self.after.quote

    @property
    def indicator(self) -> str:
        """What changed, in the article's words; may be empty."""
        return self.after.record.indicator.name or self.before.record.indicator.name

    @property
    def place(self) -> str:
        """Code of the place, or ""."""
        return self.after.place or self.after.finding.place


def find_changes(measured: Sequence[Measured]) -> list[Ends]:
    """Pair the ends of each change; the same one told again, by this article or another, counts once."""
    by_finding: dict[int, list[Measured]] = {}
    for one in measured:
        by_finding.setdefault(id(one.finding), []).append(one)
    once: dict[tuple[object, ...], Ends] = {}
    for group in by_finding.values():
        finding = group[0].finding
        for pair in pair_changes(one.record for one in group):
            ends = Ends(
                before=Measured(record=pair.before, finding=finding),
                after=Measured(record=pair.after, finding=finding),
            )
            figures = (pair.before.figure, pair.after.figure)
            once.setdefault((ends.place, *((f.value, f.unit) for f in figures)), ends)
    return list(once.values())[:MOST_CHANGES]


def changes_section(changed: Sequence[Ends], drafts: Drafts) -> Section | None:
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


def _row_name(one: Ends, language: Language) -> str:
    place = place_in(one.place, language) if one.place else one.quote.article.title or ""
    return " · ".join(part for part in (place, indicator_in(one.indicator, language)) if part)


def _cells(one: Ends, drafts: Drafts) -> tuple[tuple[Line, ...], ...]:
    ends = (one.before.record.figure, one.after.record.figure)
    shown = [drafts.figure(one.quote, written(end, drafts.language)) for end in ends]
    return (*((line,) for line in shown), (drafts.computed(one.quote, _card(one, drafts.language)),))


def written(figure: Figure, language: Language) -> str:
    """A figure as the article has it, its qualifier included; for English readers in English."""
    return in_english(figure) if language == "en" else as_written(figure)


def _card(one: Ends, language: Language) -> str:
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
