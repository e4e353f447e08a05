"""Figures as rows for a person: what each measures, whose it is, its value, its time, and the clause."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.figures import Amount, as_written, in_chinese, in_english
from rag.glossary import concept
from rag.indicators.gathering import Told
from rag.indicators.select import Changed, pair_changes
from rag.indicators.subjects import NATION
from rag.indicators.types import Record, Subject, When
from rag.regions import english_name, full_name
from rag.types import Language
from ui.strings import tell

if TYPE_CHECKING:
    from rag.library import ArticleSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the table: a figure by itself, or a change with both its ends."""

    indicator: str
    subject: str
    value: str
    when: str
    clause: str
    place: str

    def cells(self) -> tuple[str, ...]:
        """What stands in it, in the order of the columns; behind the clause the figure's place in the article."""
        return (self.indicator, self.subject, self.value, self.when, f"{self.clause} {self.place}")


def figure_groups(
    told: Sequence[Told], language: Language
) -> Iterator[tuple[ArticleSummary, list[tuple[Record, Row]]]]:
    """The rows article by article, each with the record whose clause it shows."""
    for article, group in _by_article(told):
        yield article, _rows([one.record for one in group], language)


def figure_rows(records: Sequence[Record], language: Language) -> list[Row]:
    """A row for each figure of an article; both ends of a change, and what is said of its difference, share one."""
    return [row for _, row in _rows(records, language)]


def _rows(records: Sequence[Record], language: Language) -> list[tuple[Record, Row]]:
    changes = {changed.after.change_id: changed for changed in pair_changes(records)}
    rows: list[tuple[Record, Row]] = []
    told: set[str] = set()
    for record in records:
        changed = changes.get(record.change_id) if record.change_id else None
        if changed is None:
            rows.append((record, _row(record, _own_value(record, language), record.when, language)))
        elif changed.after.change_id not in told:
            told.add(str(changed.after.change_id))
            by, value = _widest(changed), _change_value(changed, language)
            rows.append((by, _row(by, value, changed.after.when, language)))
    return rows


def _widest(changed: Changed) -> Record:
    """The record whose clause tells the most of the change."""
    return max((changed.after, changed.before), key=lambda record: len(record.clause))


def _row(record: Record, value: str, when: When, language: Language) -> Row:
    notes = [value]
    if record.is_planned:
        notes.append(f"[{tell('figure_planned', language)}]")
    return Row(
        indicator=indicator_name(record, language),
        subject=subject_name(record.subject, language),
        value=" ".join(notes),
        when=_time(when, language),
        clause=record.clause,
        place=f"[{record.start}, {record.end})",
    )


def indicator_name(record: Record, language: Language) -> str:
    """What a figure measures, in English with the glossary's term in front."""
    name = record.indicator.name or tell("figure_unnamed", language)
    if language == "zh" or record.indicator.concept is None:
        return name
    gloss = concept(record.indicator.concept).en[0]
    return gloss if gloss.lower() == name.lower() else f"{gloss} ({name})"


def subject_name(subject: Subject, language: Language) -> str:
    """Whose a figure is, in the reader's language; a body keeps the name that the article gives it."""
    if subject.name == NATION:
        return tell("figure_nationwide", language)
    is_place = subject.region is not None and not _is_body(subject)
    return english_name(str(subject.region)) if is_place and language == "en" else subject.name


def _is_body(subject: Subject) -> bool:
    return subject.region is not None and subject.name != full_name(subject.region)


def _time(when: When, language: Language) -> str:
    if when.is_resolved and when.years:
        years = "—".join(dict.fromkeys((str(when.years[0]), str(when.years[-1]))))
        return f"{when.text} ({years}, {tell('figure_from_date', language)})"
    return when.text


def _said(amount: Amount, language: Language) -> str:
    return in_chinese(amount) if language == "zh" else in_english(amount)


def _own_value(record: Record, language: Language) -> str:
    value = as_written(record.figure) if language == "zh" else _said(record.figure, language)
    if record.role != "change":
        return value
    key = f"figure_change_{record.direction}" if record.direction in ("up", "down") else "figure_change"
    return tell(key, language, amount=value)


def _change_value(changed: Changed, language: Language) -> str:
    before, after = (
        as_written(end.figure) if language == "zh" else _said(end.figure, language)
        for end in (changed.before, changed.after)
    )
    parts = [f"{before} → {after}"]
    parts += [_own_value(stated, language) for stated in changed.stated]
    if changed.difference is not None and not changed.stated:
        parts.append(tell("figure_computed", language, amount=_said(changed.difference, language)))
    return tell("semicolon", language).join(parts)


def _by_article(told: Sequence[Told]) -> Iterator[tuple[ArticleSummary, list[Told]]]:
    for _, group in itertools.groupby(told, key=lambda one: one.article.article_id):
        one_article = list(group)
        yield one_article[0].article, one_article
