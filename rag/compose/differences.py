"""Figures of the things compared set against each other: only where the indicator and the unit are the same."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rag.compose import Draft, Quote
from rag.evidence import named_years
from rag.figures import (
    Amount,
    Change,
    Figure,
    base_value,
    changes,
    difference,
    find_figures,
    in_chinese,
    in_english,
    same_unit,
)
from rag.figures.subjects import subject_before
from rag.glossary import find_concepts
from rag.items import asks_for_most
from rag.normalise import fold
from rag.regions import find_regions
from rag.sides import Comparison
from rag.types import Language

_TELLING = ("quantity", "percent", "money")
_LEADING = re.compile(r"^(?:[的市县省州区]|市属|县属|省属|全[市县省州区]|平均|当地|本地)+")
_YEAR = re.compile(r"(?:19|20)\d{2}年(?:度|底|末)?")
_FEWEST_CHARS = 3
_NUMBER_OF = "(its number)"
"""The key of how many there are of a topic itself: 「国家医学中心17个」."""
_MOST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measure:
    """A figure with what it is the figure of; `key` is the same where that is the same."""

    row: int
    figure: Figure
    indicator: str
    key: str
    quote: Quote
    years: tuple[int, ...]


def differences(comparison: Comparison, drafts: Sequence[Draft], *, names: Sequence[str]) -> list[Draft]:
    """One sentence for each indicator of which several rows tell a figure: which is how much, and how far apart."""
    query = comparison.sides[0].query
    measures: dict[str, dict[int, _Measure]] = {}
    for draft in drafts:
        for at in draft.sides if draft.is_lead and draft.quotes else ():
            for measure in _measures(draft, comparison, at):
                measures.setdefault(measure.key, {}).setdefault(measure.row, measure)
    told = []
    for found in measures.values():
        alike = _alike(list(found.values()))
        if len(alike) > 1:
            told.append(_told(alike, names, query.language, ranks=asks_for_most(query.text)))
    sides = tuple(range(len(comparison.sides)))
    return [Draft(text=text, quotes=quotes, is_lead=False, sides=sides) for text, quotes in told[:_MOST]]


def _measures(draft: Draft, comparison: Comparison, at: int) -> list[_Measure]:
    """The figures that a sentence tells of one side, each with its indicator."""
    (quote,) = draft.quotes
    text = comparison.part(quote.text, at) if len(draft.sides) > 1 else quote.text
    pairs = changes(text)
    changed = {(f.start, f.end) for pair in pairs for f in (pair.before, pair.after)}
    plain = [f for f in find_figures(text) if (f.start, f.end) not in changed]
    spans = [(pair.after, pair.subject) for pair in pairs]
    yearless = _YEAR.sub(lambda m: "，" * len(m[0]), text)
    spans += [(figure, subject_before(yearless, figure.start)) for figure in plain]
    years = () if comparison.kind == "year" else _years(text, quote.article.date)
    found = []
    for figure, subject in spans:
        if subject is None or figure.kind not in _TELLING or figure.qualifier or figure.high is not None:
            continue
        indicator, key = _indicator(text[slice(*subject)], comparison.sides[at].names)
        if len(key) >= _FEWEST_CHARS:
            found.append(
                _Measure(
                    row=at // len(comparison.columns),
                    figure=figure,
                    indicator=indicator,
                    key=key,
                    quote=quote,
                    years=years,
                )
            )
    return found


def _years(text: str, date: str | None) -> tuple[int, ...]:
    """The years that a figure is of: those named with it, else that of the article; none where nothing tells."""
    return named_years(text, date) or ((int(date[:4]),) if date else ())


def _indicator(subject: str, own: Sequence[str]) -> tuple[str, str]:
    """The name of an indicator without the place or topic it is told of, and its matching form."""
    for mention in reversed(find_regions(subject)):
        subject = subject[: mention.start] + subject[mention.end :]
    subject = _LEADING.sub("", subject.strip())
    folded = fold(subject)
    if folded.endswith(tuple(own)):
        return "", _NUMBER_OF
    name = next((one for one in own if folded.startswith(one)), "")
    return subject[len(name) :], folded[len(name) :]


def _alike(measures: Sequence[_Measure]) -> list[_Measure]:
    """Those that may be compared with the first: of its unit, and of its years where both name any."""
    first = measures[0]
    return [
        m
        for m in measures
        if m.figure.kind == first.figure.kind
        and same_unit(m.figure, first.figure)
        and (not (m.years and first.years) or m.years == first.years)
    ]


def _told(
    measures: Sequence[_Measure], names: Sequence[str], language: Language, *, ranks: bool
) -> tuple[str, tuple[Quote, ...]]:
    shown = sorted(measures, key=lambda m: -base_value(m.figure)[0]) if ranks else list(measures)
    write = _in_english if language == "en" else _in_chinese
    return write(shown, [names[m.row] for m in shown], ranks=ranks), tuple(m.quote for m in measures)


def _in_chinese(shown: Sequence[_Measure], names: Sequence[str], *, ranks: bool) -> str:
    high, low = _ends(shown)
    head = shown[0].indicator + ("从高到低" if ranks else "")
    values = "，".join(f"{name}{m.figure.raw}" for name, m in zip(names, shown, strict=True))
    gap = in_chinese(_gap(high, low))
    return f"{head}{'：' if head else ''}{values}（计算得出：{high.raw} − {low.raw} = {gap}）"


def _in_english(shown: Sequence[_Measure], names: Sequence[str], *, ranks: bool) -> str:
    high, low = _ends(shown)
    head = shown[0].indicator
    glosses = [m.concept.en[0] for m in find_concepts(head) if m.concept.kind == "term"]
    head = f"{glosses[-1]} ({head})" if glosses else head
    head = ", ".join(part for part in (head, "from high to low" if ranks else "") if part)
    between = " – " if head else ""
    values = ", ".join(f"{name}: {in_english(m.figure)}" for name, m in zip(names, shown, strict=True))
    computed = f"{in_english(high)} − {in_english(low)} = {in_english(_gap(high, low))}"
    return f"{head}{between}{values} (computed: {computed})"


def _gap(high: Figure, low: Figure) -> Amount:
    return difference(Change(before=low, after=high, direction="up", start=0, end=0, subject=None))


def _ends(measures: Sequence[_Measure]) -> tuple[Figure, Figure]:
    """The largest and the smallest figure."""
    ordered = sorted((m.figure for m in measures), key=lambda f: base_value(f)[0])
    return ordered[-1], ordered[0]
