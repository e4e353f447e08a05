"""What a question asks for: language, places, years, kind of answer, and the aspects that evidence must cover."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.aspects import Aspect, Rarity, question_aspects
from rag.figures import Asked, expected_units
from rag.items import Item, are_listed, topic_items, wants_each, year_items
from rag.normalise import contains_han, detect_language, fold
from rag.pairing import paired_items
from rag.regions import RegionMention, find_asked_regions, is_within
from rag.terms import index_terms
from rag.types import Language
from rag.years import asked_years, bare_year_spans

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
_GROUP = re.compile(
    r"(?:[这那這])?(?:[两兩二三四五六几幾]|\d)[个個]?(?:城市|地方|地区|地區|[地市省县縣区區者家])"
)
"""What sums up a list of places: 「重庆、芜湖、铜仁三地」."""
PLACE_WEIGHT = 0.4
_COUNTY = 3
SYNONYM_WEIGHT = 0.5
RELATED_WEIGHT = 0.2
"""Of a place's name, another name of the same thing and a related one, beside 1 for a word of the question's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question, understood.

    Attributes:
        question: The reader's words.
        text: The same made self-contained (equal where nothing was carried over).
        regions: One tuple per place asked about: the codes that its name may mean.
        years: Every year asked about.
        unplaced: `text` with blanks for its places and years.
        items: What is asked side by side, each to be answered by itself: years, topics, or places with a topic each.
    """

    question: str
    text: str
    language: Language
    intent: Intent
    asked: Asked
    regions: tuple[tuple[str, ...], ...]
    years: tuple[int, ...]
    aspects: tuple[Aspect, ...]
    unplaced: str
    items: tuple[Item, ...] = ()

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


def understand(
    question: str,
    *,
    text: str | None = None,
    rarity: Rarity,
    known: Collection[str] = (),
    this_year: int | None = None,
) -> Query:
    """Understand a question.

    Args:
        question: The reader's words.
        text: The self-contained form, where it differs (see `rag.followup`).
        rarity: Of the terms of one aspect, how rare it is in the library: 0 (everywhere) to 1 (nowhere).
        known: Codes of the places that the library speaks of, which decide what an ambiguous name means.
        this_year: The year it is asked in; without it 去年 stays a word.
    """
    text = text or question
    mentions = [
        mention
        for mention in find_asked_regions(text, known)
        if not _is_another_name(text[mention.start : mention.end], mention, rarity, known)
    ]
    unplaced = mask(text, mentions)
    folded = fold(text)
    intent: Intent = next((name for name, pattern in _INTENTS if pattern.search(folded)), "other")
    asked = expected_units(text)
    if intent in ("other", "definition") and asked.kind:
        intent = "figure"
    is_apart = wants_each(text)
    listed = are_listed(text, mentions) if is_apart else frozenset()
    regions = _narrowed(region_groups(mentions, listed=listed), known)
    return Query(
        question=question,
        text=text,
        language=detect_language(question),
        intent=intent,
        asked=asked,
        regions=regions,
        years=asked_years(text, this_year),
        aspects=question_aspects(unplaced, rarity, names_place=bool(mentions)),
        unplaced=unplaced,
        items=_items(text, mentions, is_apart=is_apart or len(regions) > 1),
    )


def _is_another_name(surface: str, mention: RegionMention, rarity: Rarity, known: Collection[str]) -> bool:
    """Whether a bare county name most likely is something else: the library has the word, but does not speak of the county.

    「江州的签约率」 over articles that call some other place so is not a question about a district of Guangxi.
    """
    if mention.region.level != _COUNTY or surface == mention.region.name or not contains_han(surface):
        return False
    codes = (mention.region.code, *(other.code for other in mention.alternatives))
    is_known = any(is_within(one, code) for one in known for code in codes)
    return bool(known) and not is_known and rarity((surface,)) < 1


def _items(text: str, mentions: Sequence[RegionMention], *, is_apart: bool) -> tuple[Item, ...]:
    items = paired_items(text, mentions) or year_items(text)
    return items or (topic_items(text) if is_apart else ())


def region_groups(
    mentions: Sequence[RegionMention], *, listed: frozenset[str] = frozenset()
) -> tuple[tuple[str, ...], ...]:
    """One tuple of possible codes per place, each place once; `listed` ones stay though they hold another."""
    groups = list(dict.fromkeys((m.region.code, *(other.code for other in m.alternatives)) for m in mentions))
    return tuple(
        g for g in groups if g[0] in listed or not any(_holds(g, other) for other in groups if other != g)
    )


def _narrowed(groups: tuple[tuple[str, ...], ...], known: Collection[str]) -> tuple[tuple[str, ...], ...]:
    """Of what a name may mean, keep what the library speaks of; if that is several places, each is asked about."""
    narrowed: list[tuple[str, ...]] = []
    for group in groups:
        spoken_of = [code for code in group if any(is_within(k, code) for k in known)]
        outermost = [c for c in spoken_of if not any(c != o and is_within(c, o) for o in spoken_of)]
        narrowed += [(code,) for code in outermost] or [group]
    return tuple(dict.fromkeys(narrowed))


def _holds(group: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether a place holds the other one: 「太原市迎泽区在山西…」 asks about the district alone."""
    return any(is_within(code, wanted) for code in other for wanted in group)


def mask(text: str, mentions: Sequence[RegionMention]) -> str:
    """Blank out places and years, which are constraints of their own rather than aspects."""
    blanks = [*((m.start, m.end) for m in mentions), *bare_year_spans(text)]
    if len(mentions) > 1 and (group := _GROUP.match(text, mentions[-1].end)):
        blanks.append(group.span())
    letters = list(text)
    for start, end in blanks:
        letters[start:end] = " " * (end - start)
    return "".join(letters)


def search_terms(query: Query) -> dict[str, float]:
    """Weighted index terms of a query: its own words in full, synonyms less, places least: they have searches of their own."""
    weights = dict.fromkeys(index_terms(query.unplaced), 1.0)
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
