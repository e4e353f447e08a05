"""What the articles do not say: places that were asked for, and themes that others speak of."""

from __future__ import annotations

from collections.abc import Sequence

from rag.absence import absence, absence_of, can_be_absent
from rag.briefing.draft import silent
from rag.briefing.plan import Plan, place_in
from rag.briefing.topic import Topic
from rag.briefing.types import Line, Section
from rag.briefing.words import word
from rag.glossary import Concept
from rag.types import Language

_MOST_GAPS = 24
"""More are to be seen in the table only."""


def silence(
    plan: Plan, topic: Topic, gaps: Sequence[tuple[str, Concept]], language: Language
) -> Section | None:
    """Say of each place asked for that it is not mentioned, and of each gap of the comparison which it is.

    Args:
        topic: What it is about.
        plan: Which places were asked for in vain.
        gaps: A place and a theme on which its articles are silent, while other places' speak of it.
        language: Of the lines.
    """
    lines: list[Line] = [silent(_of_place(code, topic, language)) for code in plan.silent]
    for place, theme in gaps[:_MOST_GAPS]:
        name = next((n for n in (theme.en if language == "en" else theme.zh) if can_be_absent(n)), None)
        if name is not None:
            lines.append(silent(absence_of((place_in(place, language), name), language)))
    if not lines:
        return None
    return Section(kind="silence", heading=word("silence", language), lines=tuple(lines))


def _of_place(code: str, topic: Topic, language: Language) -> str:
    """Say that the articles do not mention the topic of a place, which they may well mention otherwise."""
    names = (a.english if language == "en" else a.name for a in topic.core)
    name = next((n for n in names if n and can_be_absent(n)), None)
    return absence(code, language) if name is None else absence_of((place_in(code, language), name), language)
