"""Rules for follow-ups that name something new: the question before, with this in place of what it named."""

from __future__ import annotations

import re

from rag.carryover import in_midst, is_verbal, join_places
from rag.glossary import ConceptMention
from rag.normalise import contains_han
from rag.phrases import asked_words, has, has_pronoun, ids, pattern, unasked
from rag.terms import content_terms
from rag.turns import Turn, bare_subject, clusters, is_nominal, read_turn, sole_concept

_KINDS = ("staff", "people", "institutions", "goods", "visits", "paying")
_HEAD_CHARS = 2
_BORDERS = r"\s的和与與、，,"


def holders() -> frozenset[str]:
    """Concepts of whoever does something or has it done: staff, people, institutions."""
    return ids("staff") | ids("people") | ids("institutions")


def compare_places(now: Turn, before: Turn) -> str | None:
    """「跟杭州比呢?」: the question before, asked of both."""
    if not (now.places and before.places and has("compared", now.bare)):
        return None
    if any(m.concept.id != "compare" for m in now.concepts):
        return None
    first, last = before.places[0], before.places[-1]
    if contains_han(before.text):
        names = join_places(before.places, in_chinese=True)
        rest = re.sub("^的", "", before.text[last.end :])
        return f"{before.text[: first.start]}{names}和{join_places(now.places, in_chinese=True)}相比，{rest}"
    return f"Compared with {join_places(now.places, in_chinese=False)}, {before.text[:1].lower()}{before.text[1:]}"


def ask_of_others(now: Turn, before: Turn) -> str | None:
    """「那三明呢?」「那2020年呢?」: the question before, asked of the new places and years."""
    rest = now.core
    for name in ("same", "same_time", "place_word", "how_about"):
        rest = pattern(name).sub("", rest).strip()
    is_own = has("yes_no", now.text) and not has("same", now.core)
    if content_terms(rest) or is_own or not (now.places or now.years):
        return None
    if not has("same", now.core) and asked_words(rest) not in ([], asked_words(before.bare)):
        return None
    return _swap_years(_swap_places(before, now) if now.places else before.text, now)


def _swap_places(before: Turn, now: Turn) -> str:
    is_chinese = contains_han(before.text)
    joined = join_places(now.places, in_chinese=is_chinese)
    if not before.places:
        return f"{joined}{'：' if is_chinese else ': '}{before.text}"
    if not before.places[0].code and not contains_han(before.places[0].surface):
        joined = f"in {joined}"
    text = before.text
    for start, end in reversed(clusters(before.places, text)):
        text = text[:start] + joined + text[end:]
    return text


def _swap_years(previous: str, now: Turn) -> str:
    if not now.years:
        return previous
    named = now.text[now.years[0][0] : now.years[-1][1]]
    before = read_turn(previous).years
    if before:
        return previous[: before[0][0]] + named + previous[before[-1][1] :]
    return f"{named}{previous}" if contains_han(previous) else f"{unasked(previous)} in {named}?"


def swap_of_same_kind(now: Turn, before: Turn) -> str | None:
    """「县医院呢?」: of another hospital, other people: the question before, with these in place of those."""
    core, asked = in_midst(bare_subject(now)), sole_concept(now)
    if not is_nominal(now) or contains_han(now.text) != contains_han(before.text):
        return None
    other = mate(asked, before) if asked else None
    if other:
        return _swap_years(before.text[: other.start] + core + before.text[other.end :], now)
    like = _of_same_head(core, before)
    return _swap_years(before.text[: like[0]] + core + before.text[like[1] :], now) if like else None


def mate(noun: ConceptMention, before: Turn) -> ConceptMention | None:
    """Return the one thing of the same kind that the question before names: nurses, where doctors are asked about."""
    for kind in filter(lambda kind: noun.concept.id in ids(kind), _KINDS):
        mates = [m for m in before.concepts if m.concept.id in ids(kind)]
        if len(mates) == 1:
            return mates[0]
    return None


def _of_same_head(noun: str, before: Turn) -> tuple[int, int] | None:
    """Where the question before names another thing with the same last word: 药品费用, of 医疗总费用."""
    if len(noun) <= _HEAD_CHARS or not contains_han(noun[-_HEAD_CHARS:]):
        return None
    before_it = rf"(?:^|(?<=[{_BORDERS}]))[^{_BORDERS}]{{1,8}}{re.escape(noun[-_HEAD_CHARS:])}"
    found = [m for m in re.finditer(before_it, before.bare) if not has("asks", m[0]) and m[0] != noun]
    return found[0].span() if len(found) == 1 else None


def swap_topic(now: Turn, before: Turn) -> str | None:
    """「反应时间呢?」: the question before, asked of the new subject."""
    is_foreign = contains_han(now.text) != contains_han(before.text)
    if is_foreign or not is_nominal(now) or has_pronoun(now.text):
        return None
    if has("prepositional", now.core):
        return f"{unasked(before.text)} {in_midst(now.core)}?"
    topics = [m for m in before.topics if m.concept.id not in holders()] or before.topics
    spans = clusters(topics, before.text)
    if len(spans) != 1 or has("unclear", now.core) or _is_verb_slot(before.text, spans[0]):
        return None
    subject, rest = in_midst(bare_subject(now)), before.text[spans[0][1] :]
    repeated = re.match(r"\s[a-z]+", rest, re.IGNORECASE)
    if repeated and subject.lower().endswith(repeated[0].lower()):
        rest = rest[repeated.end() :]
    return _swap_years(before.text[: spans[0][0]] + subject + rest, now)


def _is_verb_slot(text: str, span: tuple[int, int]) -> bool:
    """Whether the text says what was done there, which no noun can replace: 怎么化债, "did it reduce debt"."""
    return has("verb_slot", text[: span[0]]) or is_verbal(text[span[0] : span[1]])
