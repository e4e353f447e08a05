"""Tell whether a completed follow-up is the only way to read it."""

from __future__ import annotations

import itertools

from rag.carryover import spans_with, topic_spans
from rag.normalise import contains_han
from rag.phrases import PRONOUNS, find_all, has, has_pronoun, ids, pattern, unasked, without_lead_in
from rag.substitute import holders, mate
from rag.terms import content_terms
from rag.turns import (
    Turn,
    has_own_reach,
    is_asked_for,
    is_fragment,
    is_nominal,
    is_noun_phrase,
    is_of_both,
    lacks_subject,
    leans_by_attribute,
    may_stand_alone,
    read_turn,
    refers_back,
    sole_concept,
    subjects,
    takes_topic,
    unknown_nouns,
)

_LONG_CHARS = 16
_LONG_WORDS = 8


def is_sure(now: Turn, before: Turn, text: str) -> bool:
    """Whether nothing is left that leans on the conversation, and nothing could as well have been put another way."""
    pointers = [m[0].strip().lower() for m in find_all("unclear", without_lead_in(now.text))]
    if any(pointer in text.lower() for pointer in pointers) or _dangles(text):
        return False
    if lacks_subject(now) and may_stand_alone(now):
        return not before.topics
    if text == now.text:
        return _stands_alone(now, before)
    if takes_topic(now) and not _is_one_topic(now, before):
        return False
    return _says_what_it_takes(now, before, text) and not _is_one_of_several(now, before)


def _stands_alone(now: Turn, before: Turn) -> bool:
    """Whether a question that was left as it is has nothing to take, or no room for it."""
    if lacks_subject(now) or refers_back(now) or is_of_both(now) or has("part_of", now.text):
        return False
    if now.has_own_place:
        return not _is_of_anyone(now) and (_is_long(now) or not leans_by_attribute(now))
    if is_fragment(now) or not (now.concepts or len(unknown_nouns(now)) > 1):
        return False
    return (
        has_own_reach(now)
        or not (before.places or has("scope", before.text))
        or (_is_long(now) and not has("definite", now.text))
    )


def _is_of_anyone(turn: Turn) -> bool:
    """Whether a follow-up in form names nothing but people and hospitals: "And in Hubei, how many hospitals take part?"."""
    return has("lead_in", turn.text) and all(
        m.concept.id in holders() | ids("anyone") for m in subjects(turn)
    )


def needs_nothing(turn: Turn) -> bool:
    """Whether a question is whole whatever was said before it, and even where that is unclear."""
    return turn.has_own_place or has_own_reach(turn)


def _is_long(turn: Turn) -> bool:
    return len(turn.text) >= _LONG_CHARS if contains_han(turn.text) else len(turn.text.split()) >= _LONG_WORDS


def _says_what_it_takes(now: Turn, before: Turn, text: str) -> bool:
    """Whether its form tells what a question takes over: a gap, a pronoun, one new thing in place of another."""
    if has_pronoun(now.text) or is_of_both(now):
        return not _has_two_owners(now, before)
    if has("adverbial", now.core) or _asks_nothing(text, before):
        return False
    if takes_topic(now):
        return True
    if now.has_own_place or any(has(name, now.bare) for name in ("compared", "policy", "contrast")):
        return True
    is_appended = text.startswith(unasked(before.text))
    return is_nominal(now) and is_noun_phrase(now) and not is_appended and not _is_of_someone(now, before)


def _is_of_someone(now: Turn, before: Turn) -> bool:
    """Whether it names people or hospitals, and the question before none that these could replace."""
    noun = sole_concept(now)
    return noun is not None and noun.concept.id in holders() and mate(noun, before) is None


def _has_two_owners(now: Turn, before: Turn) -> bool:
    """Whether "it" may be the place, or the hospital or group in it; whether "they" may be people or what they have."""
    people = {m.concept.id for m in before.topics} & (ids("staff") | ids("people"))
    if people and len({m.concept.id for m in before.topics}) > 1 and has("en_plural", now.text):
        return True
    is_open = has("it", now.text) and not (takes_topic(now) or has("agent", now.core))
    return is_open and bool(before.places) and any(m.concept.id in ids("bodies") for m in before.concepts)


def _asks_nothing(text: str, before: Turn) -> bool:
    """Whether there was a question, and none is left of it."""
    return is_nominal(read_turn(text)) and not is_nominal(before)


def _is_one_topic(now: Turn, before: Turn) -> bool:
    """Whether the question before has one subject to take, and nothing else of it would have to come along."""
    if lacks_subject(before) or not before.topics or _is_about_several(before) or len(unknown_nouns(now)) > 1:
        return False
    if has_pronoun(now.text):
        return True
    if any(is_asked_for(before, m) for m in before.concepts if m.concept.kind == "term"):
        return False
    taken = {position for span in topic_spans(before) for position in range(*span)}
    own = content_terms(pattern("asks").sub(" ", now.core))
    is_bare = has("asks", now.core) and not now.concepts and all(has("empty_noun", word) for word in own)
    lost = (m for m in before.concepts if m.concept.kind == "verb" and m.start not in taken)
    is_short_of_verb = is_bare and any(lost)
    return not is_short_of_verb and not any(m.concept.id in ids("attributes") for m in before.topics)


def _is_about_several(turn: Turn) -> bool:
    """Whether several subjects stand apart; hospitals and people beside one are only where it is."""
    topics = [m for m in turn.topics if m.concept.id not in ids("anyone")] or turn.topics
    return len(spans_with(topic_spans(turn), topics)) > 1


def _is_one_of_several(now: Turn, before: Turn) -> bool:
    """Whether what was left out is one of several that the question before names side by side."""
    if not now.has_own_place and has("singular", now.text):
        gaps = (before.text[a.end : b.start] for a, b in itertools.pairwise(before.topics))
        are_several = any(pattern("coordinated").fullmatch(gap) for gap in gaps)
        return before.is_plural or (are_several and (lacks_subject(now) or not before.places))
    if has("plural", now.text) and not before.is_plural and has("asks_which", before.text):
        return True
    is_comparison = has("against", before.bare) or any(m.concept.id == "compare" for m in before.concepts)
    return len(now.places) == 1 and before.is_plural and is_comparison and not has("compared", now.bare)


def _dangles(text: str) -> bool:
    """Whether a pronoun is left with nothing before it that it could stand for."""
    turn = read_turn(text)
    if has("both", turn.bare):
        return True
    named = min([p.start for p in turn.places] + [m.start for m in turn.topics], default=len(text))
    return any(m.start() < named for name in PRONOUNS for m in find_all(name, text))
