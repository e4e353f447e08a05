"""Make a follow-up question self-contained by rules: what it leaves out is carried over from the question before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.glossary import find_concepts
from rag.normalise import contains_han, detect_language
from rag.regions import RegionMention, english_name, find_regions
from rag.terms import content_terms
from rag.understand import find_years, mask, year_spans

_LEAD_IN = re.compile(
    r"^\s*(?:那(?![里裡裏儿兒个個些边邊时時])[么麼]?|[还還]有|另外|再[问問]|(?:and|then|also|so|but|what about|how about)(?![a-z]))[\s,，、:：]*",
    re.IGNORECASE,
)
_ZH_PRONOUN = re.compile(
    r"它[们們]?|他[们們]|[该該][市省县縣地]|[当當]地|那[里裡裏儿兒]|[这這][里裡裏]|(?<![尤极極])其(?![他它实實中次余餘])"
)
_EN_PRONOUN = re.compile(
    r"\b(?:it|they|(?<!is )(?<!are )(?<!was )(?<!were )there(?! (?:is|are|was|were)\b)|the (?:city|province|county))\b",
    re.IGNORECASE,
)
_EN_POSSESSIVE = re.compile(r"\b(?:its|their)\b", re.IGNORECASE)
# Tried at the start of a run only, or a long one would be read again from each of its places; 为什么 keeps its end.
_TAIL = re.compile(r"(?<![呢吗嗎嘛么麼\s?？。.!！])((?<=[什怎])[么麼])?[呢吗嗎嘛么麼\s?？。.!！]*$")
_ASKS = re.compile(
    r"多少|[几幾]|哪|怎|如何|什[么麼]|[谁誰]|何[时時]|何地|是否|[为為]何|\b(?:how|what|which|who|when|where|why|did|does|do|is|are|was|were)\b",
    re.IGNORECASE,
)


def resolve_followup(question: str, history: Sequence[str]) -> str:
    """Return the question in a form that needs no earlier one; unchanged where it leaves nothing out.

    Args:
        question: The reader's words.
        history: Earlier questions, oldest first; each may itself be a follow-up.
    """
    previous = ""
    for earlier in (*history, question):
        previous = _resolve_one(earlier, previous) if previous else earlier
    return previous


def _resolve_one(question: str, previous: str) -> str:
    mentions, before = find_regions(question), find_regions(previous)
    core = _core(question)
    if not core:
        return question
    if not _topic_words(mask(_without_years(question), mentions)) and (mentions or year_spans(question)):
        swapped = _swap_places(previous, before, question, mentions) if mentions else previous
        return _swap_years(swapped, question)
    if mentions or not before or not _leaves_out_place(question):
        return _carry_years(question, previous)
    if _ASKS.search(core) or _has_pronoun(core):
        return _name_place(question, before)
    return _swap_topic(previous, core, before)


def _core(question: str) -> str:
    return _TAIL.sub(r"\1", _LEAD_IN.sub("", question)).strip()


def _leaves_out_place(question: str) -> bool:
    """Whether the question leans on the one before: a lead-in, a pronoun, or simply few words."""
    return bool(_LEAD_IN.match(question)) or _has_pronoun(question) or _is_short(question)


def _has_pronoun(text: str) -> bool:
    return any(pattern.search(text) for pattern in (_ZH_PRONOUN, _EN_PRONOUN, _EN_POSSESSIVE))


def _is_short(question: str) -> bool:
    return len(question) <= 14 if contains_han(question) else len(question.split()) <= 5


def _topic_words(text: str) -> list[str]:
    core = _core(text)
    return [*(m.concept.id for m in find_concepts(core)), *content_terms(core)]


def _swap_places(
    previous: str, before: Sequence[RegionMention], question: str, now: Sequence[RegionMention]
) -> str:
    """「那三明呢?」: the question before, asked of the new place."""
    names = [question[m.start : m.end] for m in now]
    joined = ("、" if contains_han(previous) else " and ").join(names)
    if not before:
        return f"{joined}{'：' if contains_han(previous) else ': '}{previous}"
    return previous[: before[0].start] + joined + previous[before[-1].end :]


def _without_years(text: str) -> str:
    for start, end in year_spans(text):
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _swap_years(previous: str, question: str) -> str:
    """「那2020年呢?」: the question before, asked of the new years."""
    now, before = year_spans(question), year_spans(previous)
    if not now:
        return previous
    named = question[now[0][0] : now[-1][1]]
    if before:
        return previous[: before[0][0]] + named + previous[before[-1][1] :]
    return f"{named}{previous}" if contains_han(previous) else f"{previous.rstrip('?？. ')} in {named}?"


def _swap_topic(previous: str, topic: str, before: Sequence[RegionMention]) -> str:
    """「反应时间呢?」: the question before, asked of the new subject."""
    spans = [m for m in find_concepts(previous) if m.concept.kind == "term"]
    spans = [m for m in spans if all(m.end <= b.start or m.start >= b.end for b in before)]
    if spans and contains_han(topic) == contains_han(previous):
        return previous[: spans[0].start] + topic + previous[spans[-1].end :]
    return _name_place(topic + ("？" if contains_han(topic) else "?"), before)


def _name_place(question: str, before: Sequence[RegionMention]) -> str:
    """「它的编制改革呢?」: the place put where the pronoun is, or in front."""
    core = _LEAD_IN.sub("", question).strip()
    if detect_language(question) == "zh":
        names = "、".join(dict.fromkeys(m.region.name for m in before))
        replaced = _ZH_PRONOUN.sub(names, core, count=1)
        if replaced != core:
            return replaced
        return f"{names}{core}" if _ASKS.search(core) else f"{names}的{core}"
    names = " and ".join(dict.fromkeys(english_name(m.region.code) for m in before))
    replaced = _EN_PRONOUN.sub(
        lambda m: f"in {names}" if m[0].lower() == "there" else names,
        _EN_POSSESSIVE.sub(f"{names}'s", core, count=1),
        count=1,
    )
    if replaced == core:
        replaced = f"{core.rstrip('?？. ')} in {names}?"
    return replaced[:1].upper() + replaced[1:]


def _carry_years(question: str, previous: str) -> str:
    """A follow-up with its own place keeps the year of the question before, if it leans on it and names none."""
    years = find_years(previous)
    if not years or find_years(question) or not _LEAD_IN.match(question):
        return question
    core = _LEAD_IN.sub("", question)
    return f"{years[0]}年{core}" if contains_han(core) else f"{core.rstrip('?')} in {years[0]}?"
