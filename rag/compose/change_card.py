"""One change set out to be seen at a glance: of what, when, before and after, and the difference, said to be computed."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.figures import (
    Change,
    Figure,
    as_written,
    base_value,
    in_chinese,
    in_english,
    is_computable,
    is_fraction,
    rough_difference,
)
from rag.glossary import find_concepts
from rag.measured import measures, years_in
from rag.types import Language
from rag.years import find_years

_SPAN = re.compile(
    r"(?:近|过去|最近)[一二两三四五六七八九十\d]{1,3}年|[一二两三四五六七八九十]{1,3}年[来來间間]|“?十[一二三四五]五”?(?:期间|期間|时期|時期)"
)
_PART = re.compile(r"(?:[12][0-9]{3}|今|去|上|本|前)年(?P<part>[上下]半年|前?[一二三四]季度)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What is known of a quote besides its words: the headings above it, and the date of its article."""

    headings: Sequence[str] = ()
    date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _When:
    """The time of both ends of a change, or else that of each; empty where it is not said.

    Attributes:
        part: Of the year of both: 「上半年」.
        spans: In the quote's words: 「近5年」.
    """

    both: str = ""
    part: str = ""
    before: str = ""
    after: str = ""
    spans: tuple[str, ...] = ()


def change_card(language: Language, quote: str, change: Change, around: Around) -> str:
    """Set out a change of a quote: 「签约率（2023年）：41.5% → 63.2%（计算得出：63.2% − 41.5% = 21.7个百分点）」.

    Where a figure is a bound, a range or a fraction, nothing is computed.
    """
    subject, when = subject_of(quote, change), _when(quote, change, around)
    return _in_chinese(subject, change, when) if language == "zh" else _in_english(subject, change, when)


def subject_of(quote: str, change: Change) -> str:
    """The noun phrase of what changed, or nothing."""
    return quote[change.subject[0] : change.subject[1]] if change.subject else ""


def _when(quote: str, change: Change, around: Around) -> _When:
    periods = {m.figure.start: m.period.years for m in measures(quote, date=around.date)}
    spans = tuple(dict.fromkeys(m[0] for m in _SPAN.finditer(quote, 0, change.start)))
    planned = {frozenset(find_years(span)) for span in spans}  # said by the name of the plan already
    before, after = (
        frozenset() if periods[figure.start] in planned else periods[figure.start]
        for figure in (change.before, change.after)
    )
    if before != after:
        return _When(before=_years(before), after=_years(after), spans=spans)
    if not before and not spans:
        return _When(both=_years(years_in(" ".join(around.headings))))
    part = _PART.search(quote, 0, change.start)
    return _When(both=_years(before), part=part["part"] if part else "", spans=spans)


def _years(years: frozenset[int]) -> str:
    """「2021」 or 「2019—2023」; years with gaps between them are of several things."""
    if not years or max(years) - min(years) >= len(years):
        return ""
    return f"{min(years)}" if len(years) == 1 else f"{min(years)}—{max(years)}"


def _in_chinese(subject: str, change: Change, when: _When) -> str:
    times = "、".join([f"{when.both}年{when.part}"] * bool(when.both) + list(when.spans))
    head = f"{subject}（{times}）：" if times else f"{subject}：" if subject else ""
    before, after = (
        (f"{year}年" if year else "") + as_written(end)
        for year, end in ((when.before, change.before), (when.after, change.after))
    )
    card = f"{head}{before} → {after}"
    if not is_computable(change):
        return card
    high, low = _ordered(change)
    return f"{card}（计算得出：{high.raw} − {low.raw} = {in_chinese(rough_difference(change))}）"


def _in_english(subject: str, change: Change, when: _When) -> str:
    # Fractions stay in Chinese, and are explained by the notes below: so does what they are of.
    gloss = "" if is_fraction(change.before) else _gloss(subject)
    if not gloss and subject:
        gloss, subject = f"「{subject}」", ""
    aside = ", ".join(part for part in (subject, *when.spans, when.part) if part)
    named = f"{gloss} ({aside})" if aside else gloss
    head = ", ".join(part for part in (named.strip(), when.both) if part)
    before, after = (
        (f"{year}: " if year else "") + (end.raw if is_fraction(end) else in_english(end))
        for year, end in ((when.before, change.before), (when.after, change.after))
    )
    card = f"{head}: {before} → {after}" if head else f"{before} → {after}"
    if not is_computable(change):
        return card
    high, low = (in_english(dataclasses.replace(end, qualifier="")) for end in _ordered(change))
    return f"{card} (computed: {high} − {low} = {in_english(rough_difference(change))})"


def _ordered(change: Change) -> tuple[Figure, Figure]:
    """The larger figure first, so that the difference has no sign to misread."""
    ends = (change.before, change.after)
    return ends if base_value(change.before) >= base_value(change.after) else (change.after, change.before)


def _gloss(subject: str) -> str:
    """English name of the last reform term in a subject: what a Chinese noun phrase is about stands at its end."""
    names = [m.concept.en[0] for m in find_concepts(subject) if m.concept.kind == "term"]
    return names[-1] if names else ""
