"""Figure cards: the figures of a quoted clause set out to be seen at a glance, and what figures and terms say in English."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from rag.figures import Amount, Change, Figure, changes, difference, find_figures, in_english, same_value
from rag.glossary import find_concepts
from rag.normalise import fold
from rag.understand import Query

COMPUTED = ("计算得出：", "computed:")
"""What stands before an equation, in either language."""
FIGURES, TERMS = "Figures: ", "Terms: "
"""How the cards begin that say in English what figures and terms are."""

_MOST_CARDS = 3
_MOST_NOTES = 5


def figure_cards(query: Query, quote: str, *, told: set[str]) -> list[str]:
    """Cards for a quote: before and after with the computed difference; in English, other figures and terms too.

    Args:
        query: Its language is that of the cards.
        quote: The article's words.
        told: What earlier cards of the answer explained already; what these explain is added to it.
    """
    return [text for text in _all_cards(query, quote, told) if text]


def change_cards(query: Query, quote: str, *, told: str) -> list[str]:
    """Cards that set before and after side by side: what a sentence by somebody else left out, or leaves to be computed.

    Args:
        query: Where it asks for a figure, the change it asks about is set out; else those that are not told yet.
        quote: The article's words.
        told: What has been said.
    """
    make = _change_zh if query.language == "zh" else _change_en
    pairs = changes(quote)
    if query.asked.kind:
        fits = [_fit(query, _subject(quote, pair)) for pair in pairs]
        pairs = [pair for pair, fit in zip(pairs, fits, strict=True) if fit and fit == max(fits)]
    else:
        figures = find_figures(told)
        pairs = [p for p in pairs if not all(_is_told(end, figures) for end in (p.before, p.after))]
    return [make(quote, pair) for pair in pairs[:_MOST_CARDS]]


def _fit(query: Query, subject: str) -> float:
    """How much of what is asked about the subject of a change names."""
    folded = fold(subject)
    return sum(aspect.weight * aspect.strength(folded) for aspect in query.subjects)


def _is_told(figure: Figure, told: Sequence[Figure]) -> bool:
    return any(same_value(figure, other) for other in told)


def glosses(text: str) -> list[str]:
    """What figures and reform terms of a Chinese text are in English: 「10亿元 = CNY 1 billion」, in its order."""
    return list(dict.fromkeys([*_figure_notes(find_figures(text)), *_term_notes(text)]))


def _all_cards(query: Query, quote: str, told: set[str]) -> list[str]:
    pairs = changes(quote)[:_MOST_CARDS]
    if query.language == "zh":
        return [_change_zh(quote, pair) for pair in pairs]
    shown = {(f.start, f.end) for pair in pairs for f in (pair.before, pair.after)}
    others = [f for f in find_figures(quote) if (f.start, f.end) not in shown]
    figures, terms = _figure_notes(others), _term_notes(quote)
    return [
        *(_change_en(quote, pair) for pair in pairs),
        _listed(FIGURES, figures, told),
        _listed(TERMS, terms, told),
    ]


def _change_zh(quote: str, change: Change) -> str:
    subject = _subject(quote, change)
    high, low = _ordered(change)
    head = f"{subject}：" if subject else ""
    gap = in_chinese(difference(change))
    return f"{head}{change.before.raw} → {change.after.raw}（计算得出：{high.raw} − {low.raw} = {gap}）"


def _change_en(quote: str, change: Change) -> str:
    subject = _subject(quote, change)
    gloss = _gloss(subject)
    head = f"{gloss} ({subject}): " if gloss else f"{subject}: " if subject else ""
    high, low = _ordered(change)
    computed = f"{in_english(high)} − {in_english(low)} = {in_english(difference(change))}"
    return f"{head}{in_english(change.before)} → {in_english(change.after)} (computed: {computed})"


def _subject(quote: str, change: Change) -> str:
    return quote[change.subject[0] : change.subject[1]] if change.subject else ""


def _ordered(change: Change) -> tuple[Figure, Figure]:
    """The larger figure first, so that the difference has no sign to misread."""
    if change.before.value >= change.after.value:
        return change.before, change.after
    return change.after, change.before


def in_chinese(amount: Amount) -> str:
    """Write an amount the way the articles do: 10亿元, 13.79个百分点, 424人."""
    value, scale = amount.value, ""
    for name, factor in (("亿", Decimal(10**8)), ("万", Decimal(10**4))):
        scaled = amount.value / factor
        if abs(scaled) >= 1 and scaled == scaled.quantize(Decimal("0.01")):
            value, scale = scaled, name
            break
    digits = f"{value:f}"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return f"{digits}{scale}{'个' if amount.unit == '百分点' else ''}{amount.unit}"


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


def _gloss(subject: str) -> str:
    """English name of the last reform term in a subject: what a Chinese noun phrase is about stands at its end."""
    names = [m.concept.en[0] for m in find_concepts(subject) if m.concept.kind == "term"]
    return names[-1] if names else ""
