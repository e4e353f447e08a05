"""Figure cards: the figures of a quoted clause, set out so that a reader sees them at a glance, and what they say in English."""

from __future__ import annotations

from rag.figures import Change, Figure, changes, difference, find_figures, in_english
from rag.glossary import ConceptMention, find_concepts
from rag.understand import Query

_MOST_CARDS = 3
_MOST_TERMS = 4


def figure_cards(query: Query, quote: str) -> list[str]:
    """Cards for a quote, most telling first: before and after; then, in English, other figures and the terms."""
    pairs = changes(quote)[:_MOST_CARDS]
    cards = [change_card(query, quote, change) for change in pairs]
    if query.language == "en":
        shown = [span for c in pairs for span in ((c.before.start, c.before.end), (c.after.start, c.after.end))]
        cards += _figure_glosses(quote, [f for f in find_figures(quote) if (f.start, f.end) not in shown])
        cards += _term_glosses(quote)
    return cards


def change_card(query: Query, quote: str, change: Change) -> str:
    """「资产负债率：62.59% → 48.8%（计算得出：…）」: before and after as written, the difference as computed."""
    before, after = change.before, change.after
    subject = quote[change.subject[0] : change.subject[1]] if change.subject else ""
    gap = difference(change)
    if query.language == "zh":
        head = f"{subject}：" if subject else ""
        return f"{head}{before.raw} → {after.raw}（计算得出：{after.raw} − {before.raw} = {gap.raw}）"
    gloss = _gloss(subject)
    head = f"{gloss} ({subject}): " if gloss else f"{subject}: " if subject else ""
    return f"{head}{in_english(before)} → {in_english(after)} (computed: {in_english(gap)})"


def _figure_glosses(quote: str, figures: list[Figure]) -> list[str]:
    """「Figures: 10亿元 = CNY 1 billion」 for figures that an English reader cannot read."""
    notes = [f"{f.raw} = {in_english(f)}" for f in figures if in_english(f) != f.raw]
    return [f"Figures: {'; '.join(dict.fromkeys(notes))}."] if notes else []


def _term_glosses(quote: str) -> list[str]:
    """「Terms: 编制周转池 = staffing-quota pool」 for the reform terms of the quote."""
    terms: dict[str, ConceptMention] = {}
    for mention in find_concepts(quote):
        if mention.concept.kind == "term":
            terms.setdefault(mention.concept.id, mention)
    notes = [f"{quote[m.start : m.end]} = {m.concept.en[0]}" for m in list(terms.values())[:_MOST_TERMS]]
    return [f"Terms: {'; '.join(notes)}."] if notes else []


def _gloss(subject: str) -> str:
    """English name of the most telling concept in a subject: the last one, which Chinese noun phrases end in."""
    mentions = [m for m in find_concepts(subject) if m.concept.kind == "term"]
    return mentions[-1].concept.en[0] if mentions else ""
