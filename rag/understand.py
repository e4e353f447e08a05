"""What a question asks for: language, places, years, kind of answer, and the aspects that evidence must cover."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.figures import Asked, expected_units
from rag.glossary import Concept, concept, find_concepts
from rag.normalise import contains_han, detect_language, fold, fold_aligned
from rag.regions import RegionMention, find_regions, is_within
from rag.terms import index_terms, tagged_words
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
# Words that put a question rather than say what it is about; evidence need not repeat them.
_FRAME = re.compile(
    r"比较|对比|相比|不同|区别|异同|差异|做法|措施|举措|办法|哪些|哪几|方面|情况|下一步|近期|目前|现在|今后|未来|内容|数字|数据|各有|各自|分别|具体|主要|一下|介绍|讲的|指的"
    r"|\b(?:compar(?:e|ed|ing|ison)|differ(?:s|ence|ences|ent)?|areas?|aspects?|measures?|figures?|details?|contents?)\b"
)
_QUOTED = re.compile(r"[“「『《\"]([^“”「」『』《》\"]{2,30})[”」』》\"]")
_HAN_RUN = re.compile(r"[\u4e00-\u9fff]{2,12}")
_QUESTION_WORDS = re.compile(r"是什么|什么是|什么|意思|怎么|怎样|如何|多少|哪|谁|为何|吗|呢|的|是|了")
_ORDINAL = re.compile(r"第(?:[一二三四五六七八九十]{1,3}|\d{1,3})")
_OR = re.compile(r"\s*(?:或者?|还是|or)\s*")
_YEAR = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(?!\d)(?:\s*+年?+\s*+(?:[-—–~至到]|to\b)\s*((?:19|20)\d{2})(?!\d))?"
)
_KIND_WEIGHTS = {"term": 1.0, "general": 0.45, "verb": 0.3}
# By the first letter of jieba's tags; words of other kinds (pronouns, numerals, particles …) say nothing to look for.
_WORD_WEIGHTS = {"n": 0.7, "j": 0.7, "i": 0.7, "l": 0.7, "v": 0.25, "a": 0.2}
_VERBAL_NOUNS = ("vn", "an")
_FOREIGN_WEIGHT = 0.3
_SYNONYM_STRENGTH = 0.9
_PARTS_STRENGTH = 0.75
_PLACE_TERM_WEIGHT = 0.4
_ORDINAL_WEIGHT = 0.5
_QUOTED_WEIGHT = 0.8
_NEAR_STRENGTH = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Aspect:
    """One thing that evidence for the question must speak of.

    Attributes:
        name: As the question has it (or the concept's own name).
        weight: How much of the question it is; only ratios matter.
        exact: Matching forms that cover the aspect, the asked one first; the others count a little less.
        near: Matching forms of related terms, which cover it in part.
        parts: The words that each longer form is made of: near each other (卫生系统的工作人员), they cover it too.
        is_subject: Whether the question is about this (a term), rather than how it is put (a verb).
        is_known: Whether the glossary knows it, with its synonyms; of other words, other wordings are likely.
        is_foreign: A Latin word without a translation, for which silence in a Chinese text proves nothing.
        is_person: A person's name: whoever speaks in an article need not be named in each sentence.
        is_unheard: A word that no passage of the library holds.
        english: The concept's English name, where there is a concept.
    """

    name: str
    weight: float
    exact: tuple[str, ...]
    near: tuple[str, ...] = ()
    parts: tuple[tuple[str, ...], ...] = ()
    is_subject: bool = True
    is_known: bool = True
    is_foreign: bool = False
    is_person: bool = False
    is_unheard: bool = False
    concept_id: str | None = None
    english: str = ""

    def names(self, folded: str) -> bool:
        """Whether a text in its matching form holds the aspect by one of its names, related terms not counted."""
        return any(form in folded for form in self.exact)

    def strength(self, folded: str) -> float:
        """How far a text in its matching form covers the aspect, 0 to 1."""
        if self.exact[0] in folded:
            return 1.0
        if any(form in folded for form in self.exact):
            return _SYNONYM_STRENGTH
        if any(_stand_together(parts, folded) for parts in self.parts):
            return _PARTS_STRENGTH
        return _NEAR_STRENGTH if any(form in folded for form in self.near) else 0.0


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


def understand(question: str, *, text: str | None = None, rarity: Callable[[Sequence[str]], float]) -> Query:
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
        aspects=_aspects(mask(text, mentions), rarity, names_place=bool(mentions)),
    )


def _aspects(text: str, rarity: Callable[[Sequence[str]], float], *, names_place: bool) -> tuple[Aspect, ...]:
    """The aspects without the words that only put the question; all of them where nothing else is asked about."""
    aspects = find_aspects(_without_frame(text), rarity)
    return aspects if aspects or names_place else find_aspects(text, rarity) or _whole(text)


def _whole(text: str) -> tuple[Aspect, ...]:
    """What a question says that is cut into no words (「六个一指的是什么?」): its first run of Han characters."""
    runs = _HAN_RUN.findall(_QUESTION_WORDS.sub(" ", _without_frame(fold(text))))
    return tuple(Aspect(name=run, weight=_WORD_WEIGHTS["n"], exact=(run,)) for run in runs[:1])


def _without_frame(text: str) -> str:
    folded = fold_aligned(text)
    for match in reversed(list(_FRAME.finditer(folded.text))):
        start, end = folded.span(*match.span())
        text = text[:start] + " " * (end - start) + text[end:]
    return text


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
    return [
        (
            m.start(),
            m.end() + (text[m.end() : m.end() + 1] == "年" and text[m.end() + 1 : m.end() + 2] != "薪"),
        )
        for m in _YEAR.finditer(text)
    ]


def mask(text: str, mentions: Sequence[RegionMention]) -> str:
    """Blank out places and years, which are constraints of their own rather than aspects."""
    for mention in mentions:
        text = text[: mention.start] + " " * (mention.end - mention.start) + text[mention.end :]
    return _YEAR.sub(lambda m: " " * len(m[0]), text)


def find_aspects(text: str, rarity: Callable[[Sequence[str]], float]) -> tuple[Aspect, ...]:
    """Cut what is left of a question into aspects: glossary concepts first, then the remaining content words."""
    aspects: dict[str, Aspect] = {}
    rest = text
    previous: tuple[str, int] | None = None
    for mention in find_concepts(text):
        aspect = concept_aspect(mention.concept, text[mention.start : mention.end], rarity)
        if previous and _OR.fullmatch(text[previous[1] : mention.start]):
            key = previous[0]
            aspects[key] = either(aspects[key], aspect)
        else:
            key = mention.concept.id
            aspects.setdefault(key, aspect)
        previous = (key, mention.end)
        rest = rest[: mention.start] + " " * (mention.end - mention.start) + rest[mention.end :]
    for match in _QUOTED.finditer(text):
        name = fold(match[1])
        aspects.setdefault(name, Aspect(name=match[1], weight=_QUOTED_WEIGHT, exact=(name,)))
    for match in _ORDINAL.finditer(fold(rest)):
        aspects.setdefault(match[0], ordinal_aspect(match[0]))
    for word, tag in tagged_words(rest):
        telling = word_aspect(word, tag, rarity)
        if telling is not None:
            aspects.setdefault(word, telling)
    return tuple(aspects.values())


def concept_aspect(found: Concept, name: str, rarity: Callable[[Sequence[str]], float]) -> Aspect:
    """The aspect of a glossary concept: any of its Chinese or English names covers it, related ones in part."""
    related = (form for other in found.related for form in concept(other).zh)
    asked = name.strip()
    exact = tuple(dict.fromkeys(fold(form) for form in (asked, *found.zh, *found.en)))
    return Aspect(
        name=asked if contains_han(asked) else found.zh[0],
        weight=_KIND_WEIGHTS[found.kind] * (0.5 + 0.5 * rarity(found.zh)),
        exact=exact,
        parts=_parts(exact),
        near=tuple(fold(form) for form in related),
        is_subject=found.kind == "term",
        concept_id=found.id,
        english=found.en[0],
    )


def ordinal_aspect(name: str) -> Aspect:
    """The aspect of 「第二」: what is said of the first or the third answers nothing."""
    return Aspect(name=name, weight=_ORDINAL_WEIGHT, exact=(name,))


def either(one: Aspect, other: Aspect) -> Aspect:
    """The aspect of 「就诊或住院」: covered by whichever the evidence speaks of."""
    return dataclasses.replace(
        one,
        name=f"{one.name}/{other.name}",
        weight=max(one.weight, other.weight),
        exact=one.exact + other.exact,
        near=one.near + other.near,
        parts=one.parts + other.parts,
        english=f"{one.english} or {other.english}",
    )


def word_aspect(word: str, tag: str, rarity: Callable[[Sequence[str]], float]) -> Aspect | None:
    """The aspect of a word that the glossary does not know; None for words that say nothing to look for."""
    is_foreign = not contains_han(word)
    weight = (
        _FOREIGN_WEIGHT if is_foreign else _WORD_WEIGHTS.get("n" if tag in _VERBAL_NOUNS else tag[0], 0.0)
    )
    if not weight or (len(word) == 1 and not is_foreign):
        return None
    return Aspect(
        name=word,
        weight=weight * (0.5 + 0.5 * rarity([word])),
        exact=(word,),
        parts=_parts((word,)),
        is_subject=weight >= _WORD_WEIGHTS["n"],
        is_known=False,
        is_foreign=is_foreign,
        is_person=tag == "nr",
        is_unheard=rarity([word]) == 1,
    )


def _stand_together(parts: Sequence[str], folded: str) -> bool:
    """Whether all parts occur near the first one: within twice their own length to either side."""
    reach = 2 * sum(map(len, parts))
    at = folded.find(parts[0])
    while at >= 0:
        around = folded[max(0, at - reach) : at + len(parts[0]) + reach]
        if all(part in around for part in parts):
            return True
        at = folded.find(parts[0], at + 1)
    return False


def _parts(forms: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """The shorter words inside each form, where there are at least two."""
    split = (
        tuple(t for t in index_terms(form) if t != form and len(t) > 1)
        for form in forms
        if contains_han(form)
    )
    return tuple(dict.fromkeys(parts for parts in split if len(parts) > 1))


def search_terms(query: Query) -> dict[str, float]:
    """Weighted index terms of a query: its own words in full, synonyms less, places least: they have searches of their own."""
    weights = dict.fromkeys(index_terms(mask(query.text, find_regions(query.text))), 1.0)
    for term in index_terms(query.text):
        weights.setdefault(term, _PLACE_TERM_WEIGHT)
    for aspect in query.aspects:
        for form in aspect.exact:
            for term in index_terms(form):
                weights.setdefault(term, 0.5)
        for form in aspect.near:
            for term in index_terms(form):
                weights.setdefault(term, 0.2)
    return weights
