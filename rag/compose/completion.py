"""What the articles add to a model's words: changes set out and computed, answers to what it left open, and what contradicts it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from rag.absence import absence
from rag.compose import Draft, Material
from rag.compose.cards import change_cards
from rag.compose.change_card import Around
from rag.compose.disputes import dispute, whole
from rag.compose.extractive import ExtractiveComposer, trimmed, worded
from rag.compose.soundness import of_place, overlaps, unanswered
from rag.conflicts import find_conflicts


def supplement(material: Material, proven: Sequence[Draft], *, is_broken: bool) -> list[Draft]:
    """Return the articles' own sentences for what is not answered.

    Args:
        material: What the answer is made from.
        proven: What is told already.
        is_broken: Something went wrong on the way: what the articles say besides is told as well.
    """
    query, answering, extractive = material.query, material.answering, ExtractiveComposer()
    if not proven:
        return [draft for draft in extractive.drafts(query, answering) if draft.quotes]
    missing = unanswered(query, answering, proven)
    drafts: list[Draft] = []
    for group in missing:
        narrowed = dataclasses.replace(query, regions=(group,) if group else ())
        drafts += extractive.drafts(narrowed, of_place(query, group, answering))
    if is_broken and not missing:
        whole = extractive.drafts(query, answering)
        drafts = [draft for draft in whole if draft.quotes and not _is_told(draft, proven)]
    return drafts


def computed(material: Material, proven: Sequence[Draft]) -> Iterator[Draft]:
    """Set out before and after of the sentences that were drawn on, where these do not tell both themselves."""
    query, told = material.query, "\n".join(draft.text for draft in proven)
    used = [s for draft in proven for s in material.answering if any(overlaps(q, s) for q in draft.quotes)]
    for scored in dict.fromkeys(used):
        quote = trimmed(query, scored)
        around = Around(headings=quote.heading_path, date=quote.article.date)
        for card in change_cards(query, quote.text, told=told, around=around):
            told += card
            yield Draft(text=card, quotes=(quote,), is_lead=False)


def silences(material: Material) -> Iterator[Draft]:
    """Say of each place that is asked about, where the articles are silent about it, that they are."""
    query = material.query
    for group in query.regions if len(query.regions) > 1 else ():
        if not of_place(query, group, material.answering):
            yield Draft(text=absence(group[0], query.language), quotes=())


def contradicted(material: Material, told: Sequence[Draft]) -> Iterator[Draft]:
    """Set other articles against the sentences that were drawn on, where these give another figure."""
    query, quotes = material.query, [quote for draft in told for quote in draft.quotes]
    used = [s for s in material.answering if any(overlaps(quote, s) for quote in quotes)]
    said = {draft.text for draft in told}
    for sides in find_conflicts(query, used, material.answering):
        statement = dispute(query, sides)
        if statement.text in said:
            continue
        yield statement
        for side in sides:
            quote = whole(side.scored)
            if not any(overlaps(other, side.scored) for other in quotes):
                yield Draft(text=worded(query, quote, None), quotes=(quote,))


def _is_told(draft: Draft, proven: Sequence[Draft]) -> bool:
    """Whether what a draft quotes has been used already."""
    used = [quote for one in proven for quote in one.quotes]
    return any(q.overlaps(other.article, other.start, other.end) for q in draft.quotes for other in used)
