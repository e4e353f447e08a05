"""Figure cards: the figures of a quoted clause set out to be seen at a glance, and what figures and terms say in English."""

from __future__ import annotations

from collections.abc import Sequence

from rag.compose.change_card import Around, change_card, subject_of
from rag.figures import Figure, changes, find_figures, in_english, is_fraction, same_value
from rag.glossary import find_concepts
from rag.normalise import fold
from rag.understand import Query

COMPUTED = ("计算得出：", "computed:")
"""What stands before an equation, in either language."""
FIGURES, TERMS = "Figures: ", "Terms: "
"""How the cards begin that say in English what figures and terms are."""

_MOST_CARDS = 3
_MOST_NOTES = 5


def figure_cards(query: Query, quote: str, *, told: set[str], around: Around | None = None) -> list[str]:
    """Cards for a quote: before and after with the computed difference; in English, other figures and terms too.

    Args:
        query: Its language is that of the cards.
        quote: The article's words.
        told: What earlier cards of the answer explained already; what these explain is added to it.
        around: What tells of which period the figures are where the quote does not.
    """
    return [text for text in _all_cards(query, quote, told, around or Around()) if text]


def change_cards(query: Query, quote: str, *, told: str, around: Around | None = None) -> list[str]:
    """Cards that set before and after side by side: what a sentence by somebody else left out, or leaves to be computed.

    Args:
        query: Where it asks for a figure, the change it asks about is set out; else those that are not told yet.
        quote: The article's words.
        told: What has been said.
        around: As for `figure_cards`.
    """
    pairs = changes(quote)
    if query.asked.kind:
        fits = [_fit(query, subject_of(quote, pair)) for pair in pairs]
        pairs = [pair for pair, fit in zip(pairs, fits, strict=True) if fit and fit == max(fits)]
    else:
        figures = find_figures(told)
        pairs = [p for p in pairs if not all(_is_told(end, figures) for end in (p.before, p.after))]
    return [change_card(query.language, quote, pair, around or Around()) for pair in pairs[:_MOST_CARDS]]


def _fit(query: Query, subject: str) -> float:
    """How much of what is asked about the subject of a change names."""
    folded = fold(subject)
    return sum(aspect.weight * aspect.strength(folded) for aspect in query.subjects)


def _is_told(figure: Figure, told: Sequence[Figure]) -> bool:
    return any(same_value(figure, other) for other in told)


def glosses(text: str) -> list[str]:
    """What figures and reform terms of a Chinese text are in English: 「10亿元 = CNY 1 billion」, in its order."""
    return list(dict.fromkeys([*_figure_notes(find_figures(text)), *_term_notes(text)]))


def _all_cards(query: Query, quote: str, told: set[str], around: Around) -> list[str]:
    pairs = changes(quote)[:_MOST_CARDS]
    cards = [change_card(query.language, quote, pair, around) for pair in pairs]
    if query.language == "zh":
        return cards
    shown = {(f.start, f.end) for pair in pairs for f in (pair.before, pair.after) if not is_fraction(f)}
    others = [f for f in find_figures(quote) if (f.start, f.end) not in shown]
    return [
        *cards,
        _listed(FIGURES, _figure_notes(others), told),
        _listed(TERMS, _term_notes(quote), told),
    ]


def _listed(head: str, notes: Sequence[str], told: set[str]) -> str:
    """「Terms: …」 with what was not told yet, or nothing."""
    new = [note for note in notes if note not in told][:_MOST_NOTES]
    told.update(new)
    return f"{head}{'; '.join(new)}." if new else ""


def _figure_notes(figures: Sequence[Figure]) -> list[str]:
    """「10亿元 = CNY 1 billion」 for the figures that a reader without Chinese cannot read."""
    said = [(f.raw, in_english(f)) for f in figures if not f.raw.isascii() and f.kind != "ordinal"]
    return list(dict.fromkeys(f"{raw} = {english}" for raw, english in said if english not in raw))


def _term_notes(quote: str) -> list[str]:
    """「编制周转池 = staffing-quota pool」 for the reform terms of a quote, in its order."""
    notes: dict[str, str] = {}
    for mention in find_concepts(quote):
        if mention.concept.kind == "term":
            written = quote[mention.start : mention.end]
            notes.setdefault(mention.concept.id, f"{written} = {mention.concept.en[0]}")
    return list(notes.values())
