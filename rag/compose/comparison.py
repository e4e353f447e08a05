"""An answer that compares: each side with the same room, silence said, and the table that is a view of its sentences."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from rag.absence import absence_of, can_be_absent
from rag.assess import Scored
from rag.compose import Draft
from rag.compose.cards import COMPUTED, FIGURES, TERMS
from rag.compose.differences import differences
from rag.regions import english_name, full_name
from rag.sides import Comparison, Side, is_named
from rag.table import Cell, Entry, Row, Table
from rag.types import Citation, Language, Said
from rag.understand import Query

Choose = Callable[[Query, Sequence[Scored], int], list[Scored]]
"""Picks the sentences of a side: at least so many, where there are."""
Word = Callable[[Query, Sequence[Scored]], list[Draft]]
"""Puts the sentences picked for a side into words."""

_MOST_SIDES_AT_LENGTH = 4
_MOST_NAMES = 3
_GLOSS = " = "
_SOFT_ENDS = "，,、：:；;。 "


def compared_drafts(comparison: Comparison, *, choose: Choose, word: Word) -> list[Draft]:
    """Answer each side in its own right, none with more room than another that has as much to say."""
    chosen = _choose_equally(comparison.sides, choose)
    drafts: list[Draft] = []
    for number in range(len(comparison.rows)):
        drafts += _row(comparison, number, chosen, word)
    told = _each_once(drafts)
    return [*told, *differences(comparison, told, names=row_names(comparison))]


def row_names(comparison: Comparison) -> tuple[str, ...]:
    """Name the things compared in the language of the answer."""
    language = comparison.sides[0].query.language
    return tuple(_row_name(comparison, row, language) for row in comparison.rows)


def _row_name(comparison: Comparison, row: str, language: Language) -> str:
    if comparison.kind == "place":
        return english_name(row) if language == "en" else full_name(row)
    return f"{row}年" if comparison.kind == "year" and language == "zh" else row


def _choose_equally(sides: Sequence[Side], choose: Choose) -> list[list[Scored]]:
    first = [choose(s.query, s.answering, 1) if s.answering else [] for s in sides]
    is_brief = len(sides) > _MOST_SIDES_AT_LENGTH or (sides[0].names and sides[0].query.asked.kind)
    most = 1 if is_brief else max(map(len, first))
    return [choose(side.query, side.answering, most)[:most] if side.answering else [] for side in sides]


def _row(comparison: Comparison, number: int, chosen: Sequence[list[Scored]], word: Word) -> list[Draft]:
    """What is said of one thing; that it is not mentioned at all is said once, not for every column."""
    places, name = comparison.row(number), row_names(comparison)[number]
    language = comparison.sides[0].query.language
    if not any(chosen[at] for at in places):
        topic = comparison.sides[places[0]].topic
        parts = (name, topic) if can_be_absent(topic) else (name,)
        silent = (Draft(text=absence_of(parts, language), quotes=(), sides=places),)
        return list(silent) if comparison.kind == "place" or can_be_absent(name) else []
    drafts: list[Draft] = []
    for at, column in zip(places, comparison.columns, strict=True):
        if chosen[at]:
            worded = word(comparison.sides[at].query, chosen[at])
            drafts += [dataclasses.replace(draft, sides=(at,)) for draft in worded]
        elif can_be_absent(column):
            drafts.append(Draft(text=absence_of((name, column), language), quotes=(), sides=(at,)))
    return drafts


def _each_once(drafts: Sequence[Draft]) -> list[Draft]:
    """What answers two sides is said once, and counts for both."""
    said: dict[tuple[object, ...], Draft] = {}
    for draft in drafts:
        quotes = tuple((q.article.article_id, q.start, q.end) for q in draft.quotes)
        key = (draft.is_lead, quotes, draft.text if not (draft.is_lead and quotes) else "")
        known = said.get(key, draft)
        said[key] = dataclasses.replace(known, sides=tuple(dict.fromkeys((*known.sides, *draft.sides))))
    return list(said.values())


def table_of(comparison: Comparison, said: Sequence[Said], language: Language) -> Table | None:
    """Set the sentences of an answer out in a table: those written for a side there, others where their quotes belong.

    None where somebody else worded the answer and left out a side of which the articles speak: they are not silent.
    """
    citations = {c.number: c for one in said for c in one.citations}
    entries: list[list[Entry]] = [[] for _ in comparison.sides]
    computed: list[Entry] = []
    for number, one in enumerate(said):
        cited = [citations[n] for n in one.sentence.citations]
        if not cited or one.sentence.text.startswith(TERMS):
            continue
        entry = _entry(one, number, cited)
        sides = _narrowed(comparison, one.sides or _sides_of(comparison, cited), entry)
        if entry.computed and len(sides) > 1:
            computed.append(entry)
            continue
        for at in sides:
            entries[at] += _in_cell(entry, comparison, at, entries[at]) if len(sides) > 1 else [entry]
    is_by_rules = any(one.sides for one in said)
    if not is_by_rules and any(s.answering and not e for s, e in zip(comparison.sides, entries, strict=True)):
        return None
    cells = [Cell(entries=tuple(found)) for found in entries]
    rows = tuple(
        Row(item=name, cells=tuple(cells[at] for at in comparison.row(number)))
        for number, name in enumerate(row_names(comparison))
    )
    columns = tuple(name or _heading(comparison, language) for name in comparison.columns)
    return Table(kind=comparison.kind, columns=columns, rows=rows, computed=tuple(computed))


def _narrowed(comparison: Comparison, sides: tuple[int, ...], entry: Entry) -> tuple[int, ...]:
    """Of the sides that a computed change may be of, the one that it names."""
    if not entry.computed or len(sides) < 2:
        return sides
    named = tuple(at for at in sides if is_named(comparison.sides[at].names, entry.text))
    return named if len(named) == 1 else sides


def _in_cell(entry: Entry, comparison: Comparison, at: int, before: Sequence[Entry]) -> list[Entry]:
    """Of a sentence about several sides, what it says of one; of its glosses, those of what the cell holds."""
    if _GLOSS in entry.text:
        shown = [gloss.rstrip(".") for gloss in entry.text.split("; ")]
        held = "".join(one.text for one in before)
        return [
            dataclasses.replace(entry, text=gloss) for gloss in shown if gloss.partition(_GLOSS)[0] in held
        ]
    return [dataclasses.replace(entry, text=comparison.part(entry.text, at).rstrip(_SOFT_ENDS))]


def _sides_of(comparison: Comparison, cited: Sequence[Citation]) -> tuple[int, ...]:
    """The sides of which a citation holds a sentence that answers."""
    return tuple(
        at
        for at, side in enumerate(comparison.sides)
        if any(_holds(citation, scored) for citation in cited for scored in side.answering)
    )


def _holds(citation: Citation, scored: Scored) -> bool:
    other = scored.candidate
    return (
        citation.article_id == other.article.article_id
        and citation.start < other.end
        and other.start < citation.end
    )


def _entry(one: Said, number: int, cited: Sequence[Citation]) -> Entry:
    """Shorten a sentence to what it quotes; a card, or what was worded otherwise, stays whole."""
    text = one.sentence.text
    quoted = cited[0].quote.rstrip(_SOFT_ENDS)
    is_computed = any(mark in text for mark in COMPUTED)
    if len(cited) == 1 and quoted and quoted in text:
        text = quoted
    return Entry(
        text=text.removeprefix(FIGURES),
        sentence=number,
        citations=one.sentence.citations,
        computed=is_computed,
    )


def _heading(comparison: Comparison, language: Language) -> str:
    """What is asked of every side, in the order of the question; empty where that has no name."""
    queries = [side.query for side in comparison.sides]
    shared = [a for a in queries[0].aspects if a.is_subject and all(a.name in _names(q) for q in queries)]
    names = [a.english or a.name if language == "en" else a.name for a in shared]
    together = "".join(names)
    if language == "zh" and together in queries[0].text:
        return together
    return ("、" if language == "zh" else ", ").join(names[:_MOST_NAMES])


def _names(query: Query) -> set[str]:
    return {aspect.name for aspect in query.aspects}
