"""The questions of a briefing, planned by rules from what the library speaks of; nothing is read here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.briefing.survey import Survey
from rag.briefing.topic import Topic
from rag.briefing.words import topic_in, word
from rag.glossary import Concept, find_concepts
from rag.regions import english_name, full_name, is_within
from rag.types import Language

_GENERAL = ("ask_measures", "ask_results", "ask_problems", "ask_next")
MOST_PLACES = 12
MOST_THEMES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A question to ask.

    Attributes:
        question: In Chinese, as the library is asked.
        shown: In the briefing's language.
        place: Code of the place it is about, or "".
    """

    question: str
    shown: str
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is asked, and of which places and themes the briefing is.

    Attributes:
        places: Codes, in the order of the request, else the most telling first.
        left_out: Codes of places that the library speaks of as well, beyond the most that a briefing takes.
        silent: Codes of places asked for of which nothing is on the topic.
    """

    questions: tuple[Planned, ...]
    places: tuple[str, ...]
    left_out: tuple[str, ...]
    silent: tuple[str, ...]
    themes: tuple[Concept, ...]


def plan_questions(
    topic: Topic, survey: Survey, *, wanted: Sequence[str] = (), language: Language = "zh"
) -> Plan:
    """Plan what to ask: of the topic at large, of each place, and of each theme that a place speaks of.

    Args:
        topic: What it is about.
        survey: What the library speaks of.
        wanted: Codes of the places asked for; none means all.
        language: In which the questions are shown.
    """
    places = _ordered(survey.places, wanted)
    taken = places[:MOST_PLACES]
    themes = survey.themes[:MOST_THEMES]
    questions = [_general(topic, kind, language) for kind in _GENERAL]
    for place in taken:
        questions += [_of_place(topic, place, kind, language) for kind in ("ask_place", "ask_place_results")]
        spoken_of = _spoken_of(survey, place)
        questions += [_of_theme(theme, place, language) for theme in themes if theme.id in spoken_of]
    return Plan(
        questions=tuple(questions),
        places=taken,
        left_out=places[MOST_PLACES:],
        silent=tuple(code for code in wanted if not any(is_within(place, code) for place in places)),
        themes=themes,
    )


def _ordered(places: Sequence[str], wanted: Sequence[str]) -> tuple[str, ...]:
    """Put places in the order in which they, or what holds them, were asked for."""

    def rank(place: str) -> int:
        return next((n for n, code in enumerate(wanted) if is_within(place, code)), len(wanted))

    return tuple(sorted(places, key=rank))


def _spoken_of(survey: Survey, place: str) -> frozenset[str]:
    texts = (f.quote.text for f in survey.findings if f.place == place)
    return frozenset(mention.concept.id for text in texts for mention in find_concepts(text))


def _general(topic: Topic, kind: str, language: Language) -> Planned:
    return Planned(
        question=word(kind, "zh", topic=topic.chinese),
        shown=word(kind, language, topic=topic_in(topic, language)),
    )


def _of_place(topic: Topic, place: str, kind: str, language: Language) -> Planned:
    return Planned(
        question=word(kind, "zh", place=full_name(place), topic=topic.chinese),
        shown=word(kind, language, place=place_in(place, language), topic=topic_in(topic, language)),
        place=place,
    )


def _of_theme(theme: Concept, place: str, language: Language) -> Planned:
    return Planned(
        question=word("ask_theme", "zh", place=full_name(place), theme=theme.zh[0]),
        shown=word("ask_theme", language, place=place_in(place, language), theme=theme_in(theme, language)),
        place=place,
    )


def place_in(code: str, language: Language) -> str:
    """Name a place for readers of a language."""
    return english_name(code) if language == "en" else full_name(code)


def theme_in(theme: Concept, language: Language) -> str:
    """Name a term for readers of a language."""
    return theme.en[0] if language == "en" else theme.zh[0]
