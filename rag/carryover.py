"""What a question takes over from the one before, in words: its subject, its places, its years, and where these are put."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from rag.figures import expected_units
from rag.glossary import ConceptMention, find_concepts
from rag.normalise import contains_han, detect_language
from rag.phrases import ids, pattern, unasked
from rag.regions import ancestors, english_name, find_regions, full_name, region
from rag.turns import Place, Turn, clusters, is_asked_for

_ASKS_WHEN = ("date", "duration")
_LATIN_WORD = re.compile("[A-Za-z]+")


def topic_words(turn: Turn, language: str) -> str:
    """What a question is about, as it says it, else in the other language's words."""
    spans = topic_spans(turn)
    said = [turn.text[start:end] for start, end in spans]
    if not said:
        return ""
    if any(contains_han(word) for word in said) != (language == "zh") or is_verbal(said[0]):
        names = [m.concept.zh[0] if language == "zh" else m.concept.en[0] for m in turn.topics]
        return ("、" if language == "zh" else " and ").join(dict.fromkeys(names))
    if language == "zh":
        return "、".join(said)
    ahead = turn.text[: spans[0][0]]
    head = pattern("head_noun").search(ahead[-40:])
    article = head[0].lower() if head else "the " if ahead.endswith(("'s ", "\u2019s ")) else ""
    return article + in_midst(said[0]) + (f" ({', '.join(said[1:])})" if said[1:] else "")


def topic_spans(turn: Turn) -> list[tuple[int, int]]:
    """Where a question says what it is about: its subjects, each with the nouns that belong to it."""
    topics = {m.start for m in turn.topics}
    asked = {m.start for m in turn.concepts if is_asked_for(turn, m)} - topics
    nouns = [m for m in turn.concepts if m.concept.kind != "verb" or m.concept.id == "reform"]
    nouns = [m for m in nouns if m.concept.id not in ids("framing")]
    spans = clusters([m for m in nouns if m.start not in asked], turn.text)
    return spans_with(spans, turn.topics)


def spans_with(spans: Sequence[tuple[int, int]], mentions: Sequence[ConceptMention]) -> list[tuple[int, int]]:
    """Return the spans in which one of the mentions begins."""
    starts = sorted(m.start for m in mentions)
    return [(start, end) for start, end in spans if bisect_left(starts, start) < bisect_left(starts, end)]


def is_verbal(words: str) -> bool:
    """Whether an English name of a subject says what is done: reduce debt."""
    opening = _LATIN_WORD.match(words)
    if opening is None:
        return False
    return opening[0].endswith("ed") or any(m.concept.kind == "verb" for m in find_concepts(opening[0]))


def place_names(turn: Turn, language: str) -> str:
    """The places of a turn in the language of the question that takes them over, each as plain as it is clear."""
    name = _chinese_name if language == "zh" else _latin_name
    return ("、" if language == "zh" else " and ").join(dict.fromkeys(map(name, turn.places)))


def _chinese_name(place: Place) -> str:
    if not place.code:
        return "全国"
    if place.is_ambiguous:
        return place.surface
    name = region(place.code).name
    return name if _is_clear(name, place.code) else full_name(place.code)


def _latin_name(place: Place) -> str:
    if not place.code:
        return "China"
    if not contains_han(place.surface):
        return place.surface
    name, above = english_name(place.code), ancestors(place.code)
    return name if _is_clear(name, place.code) or not above else f"{name}, {english_name(above[-1])}"


def _is_clear(name: str, code: str) -> bool:
    return [(m.region.code, m.alternatives) for m in find_regions(name)] == [(code, ())]


def year_words(now: Turn, before: Turn) -> str:
    """The years to carry over: none where the question names its own, or asks for one."""
    if now.years or not before.years or expected_units(now.text).kind in _ASKS_WHEN:
        return ""
    named = before.text[before.years[0][0] : before.years[-1][1]]
    if detect_language(now.text) == "en":
        return named.rstrip("年")
    return named if named.endswith("年") else f"{named}年"


def join_places(places: Sequence[Place], *, in_chinese: bool) -> str:
    """Return the places as a turn names them, in one list."""
    country = "全国" if in_chinese else "China"
    return ("、" if in_chinese else " and ").join(p.surface if p.code else country for p in places)


def put_chinese(core: str, now: Turn, where: str, topic: str) -> str:
    """Put what is left out where the pronoun stands, else behind the place that opens the question, else in front."""
    whole = where + topic
    replaced = pattern("zh_pronoun").sub(lambda _: whole, core, count=1)
    if replaced != core:
        return replaced
    opening = now.places[0].surface if now.places else ""
    if opening and core.startswith(opening):
        return opening + topic + core[len(opening) :]
    return whole + core


def put_english(core: str, whole: str, place: str) -> str:
    """Put what is left out where the pronoun stands ("there" takes the place only), else in front of a colon."""
    head, _, where = whole.partition(" in ")
    owner = f"{head}'" if head.endswith("s") else f"{head}'s"
    replaced = pattern("en_possessive").sub(lambda _: owner, core, count=1)
    if replaced != core:
        replaced = f"{unasked(replaced)} in {where}?" if where else replaced
    else:
        replaced = pattern("en_pronoun").sub(
            lambda m: f"in {place}" if m[0].lower() == "there" else whole, core, count=1
        )
    return capital(replaced if replaced != core else f"{whole}: {core}")


def in_midst(noun: str) -> str:
    """Return a noun that opened its question as it is written elsewhere: doctors, but DRG."""
    return noun[:1].lower() + noun[1:] if noun[1:2].islower() else noun


def capital(text: str) -> str:
    """Return a text with its first letter in upper case."""
    return text[:1].upper() + text[1:]
