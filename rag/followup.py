"""Make a follow-up question self-contained by rules: what it leaves out is carried over from the question before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.carryover import (
    capital,
    place_names,
    put_chinese,
    put_english,
    topic_spans,
    topic_words,
    year_words,
)
from rag.normalise import contains_han, detect_language
from rag.phrases import core, has, has_pronoun, ids, pattern, unasked, without_lead_in
from rag.substitute import ask_of_others, compare_places, swap_of_same_kind, swap_topic
from rag.sureness import is_sure, needs_nothing
from rag.turns import (
    Turn,
    clusters,
    is_nominal,
    is_of_both,
    is_whole,
    lacks_subject,
    may_stand_alone,
    read_turn,
    refers_back,
    says_something,
    takes_topic,
)
from rag.years import find_years


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """A question in a form that needs no earlier one.

    Attributes:
        is_sure: False where it leans on the conversation, and the rules cannot complete it or could in several ways.
    """

    text: str
    is_sure: bool


def resolve_followup(question: str, history: Sequence[str]) -> str:
    """Return the question in a form that needs no earlier one; unchanged where it leaves nothing out.

    Args:
        question: The reader's words.
        history: Earlier questions, oldest first; each may itself be a follow-up.
    """
    return resolve(question, history).text


def resolve(question: str, history: Sequence[str]) -> Resolved:
    """Complete a follow-up by rules, and say whether that is the only way to read it.

    Args:
        question: The reader's words.
        history: Earlier questions, oldest first; each may itself be a follow-up.
    """
    said = [Resolved(text="", is_sure=True)]
    for asked in (*history, question):
        previous, turn = _return_to_topic(asked, said)
        now = _resolve_one(turn, previous.text) if previous.text else Resolved(text=asked, is_sure=True)
        text = now.text if turn == asked else without_lead_in(now.text)
        is_free = previous.is_sure or (text == asked and needs_nothing(read_turn(asked)))
        said.append(Resolved(text=text, is_sure=now.is_sure and is_free))
    return said[-1]


def _return_to_topic(question: str, said: Sequence[Resolved]) -> tuple[Resolved, str]:
    """「回到天津，患者少花了多少钱?」: the last question that was about this, and the rest as a follow-up to it."""
    match = pattern("return_to").match(question)
    if match is None:
        return said[-1], question
    named = _subjects_of(match[1])
    earlier = next((r for r in reversed(said) if named and named <= _subjects_of(r.text)), None)
    if earlier is None:
        return said[-1], question
    rest = question[match.end() :]
    is_chinese = contains_han(question)
    if is_chinese:
        return earlier, f"那{match[1]}，{rest}"
    return earlier, f"And in {match[1]}, {rest}" if read_turn(match[1]).places else f"And {match[1]}: {rest}"


def _subjects_of(text: str) -> set[str]:
    turn = read_turn(text)
    return {p.code for p in turn.places} | {m.concept.id for m in turn.concepts}


def _resolve_one(question: str, previous: str) -> Resolved:
    before = read_turn(previous)
    now = read_turn(_name_year(question, before))
    if not core(question):
        return Resolved(text=question, is_sure=not any(ch.isalnum() for ch in question))
    text = next((text for rule in _RULES if (text := rule(now, before)) is not None), question)
    return Resolved(text=text, is_sure=is_sure(now, before, text))


def _ask_of_both(now: Turn, before: Turn) -> str | None:
    """「两者哪个更高?」: the two places of the question before, else its two subjects."""
    are_places = before.is_plural and not now.places
    if not is_of_both(now) or not (are_places or (len(before.topics) > 1 and not before.is_plural)):
        return None
    core = without_lead_in(now.text)
    language = detect_language(now.text)
    subject = topic_words(before, language)
    referent = place_names(before, language) if before.is_plural else subject
    named = pattern("both").sub(lambda _: referent, core, count=1)
    if not (before.is_plural and lacks_subject(now)):
        subject = ""
    if language == "zh":
        return referent + subject + core if named == core else named.replace(referent, referent + subject, 1)
    named = f"{capital(referent)}: {core}" if named == core else named
    return f"{unasked(named)} ({subject})?" if subject else named


def _add_circumstance(now: Turn, before: Turn) -> str | None:
    """「每千人口呢?」, "Per 1,000 residents?": the question before, with this beside what it says."""
    is_chinese = contains_han(now.text)
    is_free = not (now.places or now.years) and is_chinese == contains_han(before.text)
    if not (has("adverbial", now.core) and is_free) or has("asks", pattern("extent").sub("", now.core)):
        return None
    if not is_chinese:
        return f"{unasked(before.text)} {now.core[:1].lower()}{now.core[1:]}?"
    end = before.places[-1].end if before.places else 0
    return before.text[:end] + now.core + before.text[end:]


def _carry_topic(now: Turn, before: Turn) -> str | None:
    """「哪一年开始的?」: what happened there is what the question before was about."""
    if not before.topics or not takes_topic(now) or not says_something(now):
        return None
    if may_stand_alone(now):
        return None
    core, language = without_lead_in(now.text), detect_language(now.text)
    topic = topic_words(before, language)
    if language == "zh":
        return put_chinese(
            core,
            now,
            "" if now.has_own_place else place_names(before, language) + year_words(now, before),
            topic,
        )
    where = f" in {place_names(before, language)}" if before.places and not now.has_own_place else ""
    if has("agent", core) and where:
        return f"{unasked(put_english(core, where[4:], where[4:]))} ({topic})?"
    year = year_words(now, before)
    return put_english(core, topic + where + (f" in {year}" if year else ""), where[4:] or topic)


def _name_policy(now: Turn, before: Turn) -> str | None:
    """「这项制度是谁提出的?」: the one policy that the question before names."""
    language = detect_language(now.text)
    topic = topic_words(before, language) if len(clusters(before.topics, before.text)) == 1 else ""
    if not (topic and has("is_policy", topic) and has("policy", now.text)):
        return None
    names = "" if now.has_own_place or not before.places else place_names(before, language)
    whole = f"{topic} in {names}" if language == "en" and names else names + topic
    return capital(pattern("policy").sub(lambda _: whole, without_lead_in(now.text), count=1))


def _keep_own_place(now: Turn, before: Turn) -> str | None:
    """A follow-up with a place and a subject of its own takes at most the year."""
    if not now.has_own_place:
        return None
    core = without_lead_in(now.text)
    year = year_words(now, before) if core != now.text.strip() else ""
    if not year:
        return now.text
    return f"{year}{core}" if contains_han(core) else f"{unasked(core)} in {year}?"


def _leave_alone(now: Turn, before: Turn) -> str | None:
    leans = has("lead_in", now.text) or refers_back(now) or unasked(now.text).endswith("呢")
    if not leans and (not _is_short(now) or is_whole(now)):
        return now.text
    if not says_something(now) or has("defines", now.core) or _means_another_level(now, before):
        return now.text
    return None


def _is_short(turn: Turn) -> bool:
    return len(turn.text) <= 14 if contains_han(turn.text) else len(turn.text.split()) <= 5


def _means_another_level(now: Turn, before: Turn) -> bool:
    """Whether "the county" is none of the places of the question before: these are a city, a province."""
    codes = [p.code for p in before.places if p.code]
    if has("the_county", now.text):
        return bool(codes) and all(code.endswith("00") for code in codes)
    return has("the_province", now.text) and bool(codes) and not all(code.endswith("0000") for code in codes)


def _contrast(now: Turn, before: Turn) -> str | None:
    """「三医协同是一回事吗?」: with what the question before was about."""
    topic = topic_words(before, "zh")
    one_each = len(topic_spans(now)) == len(topic_spans(before)) == 1
    if not (has("contrast", now.core) and one_each and len(now.topics) == 1) or now.has_own_place:
        return None
    core = without_lead_in(now.text)
    return f"{topic}{core}" if has("with_it", core) else f"{topic}和{core}"


def _name_place(now: Turn, before: Turn) -> str:
    """「它的编制改革呢?」: the place put where the pronoun is, or in front; the subject, where there is no place."""
    core, language = without_lead_in(now.text), detect_language(now.text)
    if not before.places:
        if not before.topics or not has_pronoun(core) or has("place_word", core):
            return now.text
        topic = topic_words(before, language)
        return put_chinese(core, now, "", topic) if language == "zh" else put_english(core, topic, topic)
    names = place_names(before, language)
    asks = not is_nominal(now)
    year = "" if asks and core == now.text.strip() else year_words(now, before)
    if language == "zh":
        people = [m for m in before.concepts if m.concept.id in ids("staff") | ids("people")]
        who = before.text[people[0].start : people[0].end] if people and has("persons", core) else ""
        replaced = pattern("zh_pronoun").sub(lambda _: names + year + who, core, count=1)
        return replaced if replaced != core else f"{names}{year}{'' if asks else '的'}{core}"
    topic = topic_words(before, "en")
    are_many = has("plural", core) and not before.is_plural and topic.endswith("s")
    whole = f"{topic} in {names}" if topic and (are_many or has("object", core)) else names
    replaced = put_english(core, whole, names) if has_pronoun(core) else f"{unasked(core)} in {names}?"
    return f"{unasked(replaced)} in {year}?" if year else capital(replaced)


def _name_year(question: str, before: Turn) -> str:
    """「前一年呢?」: the year itself, where the question before names one."""
    core = without_lead_in(question)
    years = set(find_years(before.text))
    for name, step in (("year_before", -1), ("year_after", 1)):
        match = pattern(name).match(core)
        if match and len(years) == 1:
            return f"{years.pop() + step}{'年' if contains_han(question) else ''}{core[match.end() :]}"
    return question


_RULES: tuple[Callable[[Turn, Turn], str | None], ...] = (
    compare_places,
    ask_of_others,
    _ask_of_both,
    _contrast,
    _add_circumstance,
    _name_policy,
    _carry_topic,
    _keep_own_place,
    _leave_alone,
    swap_of_same_kind,
    swap_topic,
    _name_place,
)
