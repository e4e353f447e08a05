"""What a question asks for: language, places, years, kind of answer, and the aspects that evidence must cover."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.aspects import Aspect, Rarity, question_aspects
from rag.figures import Asked, expected_units
from rag.normalise import detect_language, fold, fold_aligned
from rag.regions import RegionMention, find_regions, is_within
from rag.terms import index_terms
from rag.types import Language

Intent = Literal["compare", "list", "reason", "definition", "place", "figure", "way", "other"]

# Looked for in this order in the matching form: a question that compares figures is a comparison.
_INTENTS: tuple[tuple[Intent, re.Pattern[str]], ...] = (
    ("compare", re.compile(r"比较|对比|相比|不同|区别|异同|差异|\bcompar|\bversus\b|\bvs\b|\bdiffer")),
    (
        "place",
        re.compile(
            r"哪里|哪儿|何地|哪个(?:城)?市|哪个省|哪个县|哪些城市|哪些地方|什么地方|\bwhere\b|\bwhich (?:city|cities|province|county|place)"
        ),
    ),
    ("reason", re.compile(r"为什么|为何|原因|\bwhy\b")),
    (
        "list",
        re.compile(
            r"哪些|哪几|哪[一二两三四五六七八九十\d]+|分为|分成|分几|\bwhat are\b|\bwhich\b|\blist\b|\bname the\b"
        ),
    ),
    (
        "definition",
        re.compile(
            r"什么是|是什么意思|是指|含义|指的是|\bwhat is (?:an? |the )?[\w -]+\?|\bmeaning\b|\bdefine\b"
        ),
    ),
    (
        "way",
        re.compile(
            r"怎么|怎样|如何|做法|措施|举措|\bhow (?:did|do|does|is|are|was|were|has|have|will|can)\b|\bwhat did\b|\bmeasures\b"
        ),
    ),
)
PLACE_WEIGHT = 0.4
SYNONYM_WEIGHT = 0.5
RELATED_WEIGHT = 0.2
"""Of a place's name, another name of the same thing and a related one, beside 1 for a word of the question's own."""
_YEAR = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(?!\d)(?:\s*+年?+\s*+(?:[-—–~至到]|to\b)\s*((?:19|20)\d{2})(?!\d))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question, understood.

    Attributes:
        question: The reader's words.
        text: The same made self-contained (equal where nothing was carried over).
        regions: One tuple per place asked about: the codes that its name may mean.
        years: Every year asked about.
    """

    question: str
    text: str
    language: Language
    intent: Intent
    asked: Asked
    regions: tuple[tuple[str, ...], ...]
    years: tuple[int, ...]
    aspects: tuple[Aspect, ...]

    @property
    def region_codes(self) -> tuple[str, ...]:
        """All codes of all places asked about."""
        return tuple(code for codes in self.regions for code in codes)

    @property
    def subjects(self) -> tuple[Aspect, ...]:
        """What the question is about, weightiest first; its verbs when there is nothing else."""
        subjects = [a for a in self.aspects if a.is_subject]
        subjects = subjects or [a for a in self.aspects if not a.is_foreign] or list(self.aspects)
        return tuple(sorted(subjects, key=lambda a: -a.weight))


def understand(question: str, *, text: str | None = None, rarity: Rarity) -> Query:
    """Understand a question.

    Args:
        question: The reader's words.
        text: The self-contained form, where it differs (see `rag.followup`).
        rarity: Of the terms of one aspect, how rare it is in the library: 0 (everywhere) to 1 (nowhere).
    """
    text = text or question
    mentions = find_regions(text)
    years = find_years(text)
    folded = fold(text)
    intent: Intent = next((name for name, pattern in _INTENTS if pattern.search(folded)), "other")
    asked = expected_units(text)
    if intent in ("other", "definition") and asked.kind:
        intent = "figure"
    return Query(
        question=question,
        text=text,
        language=detect_language(question),
        intent=intent,
        asked=asked,
        regions=region_groups(mentions),
        years=years,
        aspects=question_aspects(mask(text, mentions), rarity, names_place=bool(mentions)),
    )


def region_groups(mentions: Sequence[RegionMention]) -> tuple[tuple[str, ...], ...]:
    """One tuple of possible codes per place, each place once."""
    groups = list(dict.fromkeys((m.region.code, *(other.code for other in m.alternatives)) for m in mentions))
    return tuple(g for g in groups if not any(_holds(g, other) for other in groups if other != g))


def _holds(group: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether a place holds the other one: 「太原市迎泽区在山西…」 asks about the district alone."""
    return any(is_within(code, wanted) for code in other for wanted in group)


def find_years(text: str) -> tuple[int, ...]:
    """Every year a question names, ranges filled in; ascending."""
    years: set[int] = set()
    for match in _YEAR.finditer(fold(text)):
        first, last = sorted((int(match[1]), int(match[2] or match[1])))
        years.update(range(first, last + 1))
    return tuple(sorted(years))


def year_spans(text: str) -> list[tuple[int, int]]:
    """Where a text names years, ranges whole and with the 年 behind them."""
    folded = fold_aligned(text)
    return [
        folded.span(m.start(), _with_year_sign(folded.text, m.end())) for m in _YEAR.finditer(folded.text)
    ]


def _with_year_sign(text: str, end: int) -> int:
    return end + (text[end : end + 1] == "年" and text[end + 1 : end + 2] != "薪")


def mask(text: str, mentions: Sequence[RegionMention]) -> str:
    """Blank out places and years, which are constraints of their own rather than aspects."""
    folded = fold_aligned(text)
    years = [folded.span(*match.span()) for match in _YEAR.finditer(folded.text)]
    letters = list(text)
    for start, end in [*((m.start, m.end) for m in mentions), *years]:
        letters[start:end] = " " * (end - start)
    return "".join(letters)


def search_terms(query: Query) -> dict[str, float]:
    """Weighted index terms of a query: its own words in full, synonyms less, places least: they have searches of their own."""
    weights = dict.fromkeys(index_terms(mask(query.text, find_regions(query.text))), 1.0)
    for term in index_terms(query.text):
        weights.setdefault(term, PLACE_WEIGHT)
    for aspect in query.aspects:
        for form in aspect.exact:
            for term in index_terms(form):
                weights.setdefault(term, SYNONYM_WEIGHT)
        for form in aspect.near:
            for term in index_terms(form):
                weights.setdefault(term, RELATED_WEIGHT)
    return weights
