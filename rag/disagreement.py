"""The sentence that says that articles differ in a figure: how it is worded, and how it is read back and held to its quotes."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from prompts import load_prompt
from rag.conflicts import conflicting, told_in
from rag.contradiction import Conflict, ConflictSide
from rag.figures import Figure, as_written, find_figures, in_english
from rag.types import Citation, Language, Sentence

_PROMPTS = ("articles_differ", "undated_articles_differ")
_BETWEEN: dict[Language, str] = {"zh": "；", "en": "; "}
_COUNTS: dict[Language, dict[int, str]] = {
    "zh": {2: "两", 3: "三", 4: "四"},
    "en": {2: "two", 3: "three", 4: "four"},
}

Stated = tuple[Citation, Figure]
"""A quote, and the figure in it."""


def disagreement(sides: Sequence[Stated], language: Language) -> str:
    """Say that articles differ; `sides` are two to four, in the order in which they are named."""
    told = _BETWEEN[language].join(_side(citation, figure, language) for citation, figure in sides)
    name = "articles_differ" if any(citation.date for citation, _ in sides) else "undated_articles_differ"
    return load_prompt(name, language).format(count=_COUNTS[language][len(sides)], sides=told)


def _side(citation: Citation, figure: Figure, language: Language) -> str:
    return load_prompt("differing_side", language).format(
        figure=figure_words(figure, language),
        source=" ".join((citation.source or load_prompt("no_source", language).text).split()),
        date=citation.date or load_prompt("undated", language).text,
    )


def figure_words(figure: Figure, language: Language) -> str:
    """A figure with what qualifies it; in English with the article's own writing behind it, where that is another."""
    if language == "zh":
        return as_written(figure)
    english = in_english(figure)
    return english if figure.raw in english else f"{english}「{figure.raw}」"


def is_worded_so(text: str, language: Language) -> bool:
    """Whether a sentence says that articles differ, in the words that stand for nothing else; true or not."""
    openings = (load_prompt(name, language).text.partition("{sides}")[0] for name in _PROMPTS)
    counts = _COUNTS[language].values()
    return any(text.startswith(opening.format(count=count)) for opening in openings for count in counts)


def read_disagreement(
    text: str, citations: Sequence[Citation], language: Language
) -> tuple[Stated, ...] | None:
    """Read the sides back of a sentence that says, in just those words, what its citations bear out; else None.

    Each side's figure must stand in the quote of its citation, with that citation's source and date; each two must
    be of the same thing, and differ.
    """
    if len(citations) not in _COUNTS[language] or not is_worded_so(text, language):
        return None
    for ordered in itertools.permutations(citations):
        sides = tuple(_read_sides(text, ordered, language))
        if len(sides) == len(ordered) and text == disagreement(sides, language) and _bear_out(sides):
            return sides
    return None


def _read_sides(text: str, citations: Sequence[Citation], language: Language) -> Iterator[Stated]:
    """Yield the first figure of each quote whose side is in the text."""
    for citation in citations:
        for figure in find_figures(citation.quote):
            if _side(citation, figure, language) in text:
                yield citation, figure
                break


def _bear_out(sides: Sequence[Stated]) -> bool:
    """Whether all sides contradict each other, and the newest comes first."""
    dates = [citation.date or "" for citation, _ in sides]
    return dates == sorted(dates, reverse=True) and all(
        any(
            (a.raw, b.raw) == (figure.raw, other_figure.raw)
            for a, b in conflicting(told_in(citation), told_in(other))
        )
        for (citation, figure), (other, other_figure) in itertools.combinations(sides, 2)
    )


def conflicts_told(
    sentences: Sequence[Sentence], citations: Sequence[Citation], language: Language
) -> tuple[Conflict, ...]:
    """Find the sentences of an answer that say that articles differ, and what they name."""
    by_number = {citation.number: citation for citation in citations}
    found = []
    for position, sentence in enumerate(sentences):
        cited = [by_number[n] for n in sentence.citations if n in by_number]
        sides = read_disagreement(sentence.text, cited, language)
        if sides:
            named = tuple(_named(citation, figure, language) for citation, figure in sides)
            found.append(Conflict(sentence=position, sides=named))
    return tuple(found)


def _named(citation: Citation, figure: Figure, language: Language) -> ConflictSide:
    return ConflictSide(
        figure=figure_words(figure, language),
        citation=citation.number,
        source=citation.source,
        date=citation.date,
    )
