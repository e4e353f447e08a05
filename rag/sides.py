"""A comparison set out: for each thing compared, and each thing asked of it, the sentences that answer."""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass

from rag.aspects import Aspect
from rag.assess import Assessment, Scored, is_in_place
from rag.items import Item, ItemKind
from rag.normalise import clause_spans, fold, sentence_spans
from rag.reading import Reading, merged_readings
from rag.regions import is_within
from rag.understand import Intent, Query

_INSIDE_COST = 0.8
_APART_WEIGHT = 1.0
_TOGETHER = math.log(0.1)
"""A sentence that says all at once must be this likely beside the best one of every side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One cell of a comparison: what is asked of one thing, and the sentences that answer, best first; maybe none.

    Attributes:
        names: Matching forms by which a clause says that it is about this year or topic; empty for a place.
        topic: What is asked of this place and of no other, in the question's words; empty where all are asked the same.
    """

    query: Query
    answering: tuple[Scored, ...]
    names: tuple[str, ...] = ()
    topic: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Things side by side, each with the same room.

    Attributes:
        kind: What the rows are.
        rows: A division code, four digits of a year, or a topic in the question's words.
        columns: What is asked of each: topics or years; a single empty name where the question asks one thing.
        sides: Row by row.
    """

    kind: ItemKind
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    sides: tuple[Side, ...]

    def row(self, number: int) -> tuple[int, ...]:
        """Where the sides of a row are."""
        width = len(self.columns)
        return tuple(range(number * width, (number + 1) * width))

    def part(self, text: str, at: int) -> str:
        """Of what is said of several sides at once, what is said of one: from where it is named to where another is."""
        own = self.sides[at].names
        others = [name for side in self.sides if side.names != own for name in side.names]
        whole = [span for span in sentence_spans(text) if is_named(own, text[slice(*span)])]
        if not whole:
            return text
        spans = clause_spans(text, whole[0][0], whole[-1][1])
        first = next((i for i, span in enumerate(spans) if is_named(own, text[slice(*span)])), 0)
        rest = range(first + 1, len(spans))
        last = next((i for i in rest if is_named(others, text[slice(*spans[i])])), len(spans))
        return text[spans[first][0] : spans[last - 1][1]]


def is_named(names: Sequence[str], text: str) -> bool:
    """Whether any of the matching forms stands in a text."""
    folded = fold(text)
    return any(name in folded for name in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Column:
    """What answers one year or topic, wherever; `otherwise` where nothing does in a place."""

    name: str
    query: Query
    answering: Sequence[Scored]
    otherwise: Sequence[Scored] = ()
    names: tuple[str, ...] = ()


def by_place(query: Query, answering: Sequence[Scored]) -> Comparison:
    """Set the places of a query side by side; see `set_out`."""
    return _by_place(query, [_Column(name="", query=query, answering=answering)])


def told_apart(queries: Sequence[Query], intent: Intent) -> list[Query]:
    """What is asked of each item alone: what sets it apart from the others is what each is mostly about.

    「第三方阵的任务」 is not answered by the task of the first, however much that is about tasks.
    """
    names = [{aspect.name for aspect in query.aspects} for query in queries]
    return [
        dataclasses.replace(
            query,
            intent=intent,
            aspects=tuple(
                dataclasses.replace(a, weight=max(a.weight, _APART_WEIGHT))
                if not any(a.name in other for other in (*names[:at], *names[at + 1 :]))
                else a
                for a in query.aspects
            ),
        )
        for at, query in enumerate(queries)
    ]


def set_out(whole: Reading, parts: Sequence[tuple[Item, Reading]]) -> tuple[Reading, Comparison | None]:
    """Put a comparison together; none where nothing is compared, or no side is answered.

    Args:
        whole: What was read for the question.
        parts: What was read for it, asked of one of its years or topics alone.

    Returns:
        What was read in all, its assessment that of the sides; and the sides.
    """
    comparison = _compared(whole, [_column(at, parts, whole) for at in range(len(parts))], parts)
    if comparison is None or not any(side.answering for side in comparison.sides):
        return whole, None
    turns = itertools.zip_longest(*(side.answering for side in comparison.sides))
    answering: dict[tuple[str, int], Scored] = {}
    for scored in itertools.chain.from_iterable(turns):
        if scored is not None:
            answering.setdefault(_place(scored), scored)
    together = merged_readings(whole, [reading for _, reading in parts])
    assessment = Assessment(answering=tuple(answering.values()))
    return dataclasses.replace(together, assessment=assessment), comparison


def _place(scored: Scored) -> tuple[str, int]:
    return scored.candidate.article.article_id, scored.candidate.start


def _compared(
    whole: Reading, columns: Sequence[_Column], parts: Sequence[tuple[Item, Reading]]
) -> Comparison | None:
    query = whole.query
    is_paired = any(item.kind == "place" for item, _ in parts)
    if len(query.regions) > 1 and not is_paired:
        comparison = _by_place(query, columns) if columns else None
        if comparison is None or not any(side.answering for side in comparison.sides):
            comparison = by_place(query, whole.assessment.answering)
        return comparison
    if not columns:
        return None
    sides = [
        Side(
            query=c.query,
            answering=tuple(c.answering or c.otherwise),
            names=c.names,
            topic=item.mark if is_paired else "",
        )
        for c, (item, _) in zip(columns, parts, strict=True)
    ]
    return Comparison(
        kind=parts[0][0].kind,
        rows=tuple(c.name for c in columns),
        columns=("",),
        sides=tuple(_said_together(sides)),
    )


def _said_together(sides: Sequence[Side]) -> Sequence[Side]:
    """Where one sentence says of every side what is asked (「半径从…，时间从…」), it alone answers them all."""
    for scored in sides[0].answering:
        same = [next((s for s in side.answering if _place(s) == _place(scored)), None) for side in sides]
        if all(
            own is not None
            and own.score >= side.answering[0].score + _TOGETHER
            and is_named(side.names, own.candidate.text)
            for own, side in zip(same, sides, strict=True)
        ):
            return [
                dataclasses.replace(side, answering=(own,))
                for own, side in zip(same, sides, strict=True)
                if own is not None
            ]
    return sides


def _by_place(query: Query, columns: Sequence[_Column]) -> Comparison:
    sides = []
    for group in query.regions:
        others = [code for other in query.regions if other != group for code in other]
        for column in columns:
            narrowed = dataclasses.replace(column.query, regions=(group,))
            there = _there(narrowed, column.answering, others) or _there(narrowed, column.otherwise, others)
            sides.append(Side(query=narrowed, answering=tuple(there), names=column.names))
    return Comparison(
        kind="place",
        rows=tuple(group[0] for group in query.regions),
        columns=tuple(column.name for column in columns),
        sides=tuple(sides),
    )


def _there(narrowed: Query, answering: Sequence[Scored], others: Sequence[str]) -> list[Scored]:
    """What answers for one place, best first: nothing that is of a compared place inside it (Shenzhen, of Guangdong).

    What is said of any place inside tells less than what is said of the place itself.
    """
    codes = narrowed.region_codes
    inner = [other for other in others if any(is_within(other, code) for code in codes)]
    own = [
        s for s in answering if is_in_place(narrowed, s.candidate) and not _is_of(s.candidate.regions, inner)
    ]
    return sorted(own, key=lambda s: -s.score + _INSIDE_COST * (not set(s.candidate.regions) & set(codes)))


def _is_of(codes: Sequence[str], places: Sequence[str]) -> bool:
    return bool(codes) and all(any(is_within(code, place) for place in places) for code in codes)


def _column(at: int, parts: Sequence[tuple[Item, Reading]], whole: Reading) -> _Column:
    """What answers one part; of a topic, only what speaks of it: names of one concept (药品集采, 耗材集采) cover each other."""
    item, reading = parts[at]
    found = reading.assessment.answering
    if item.kind != "topic":
        own_name = (item.name,) if item.kind == "year" else ()
        return _Column(name=item.name, query=reading.query, answering=found, names=own_name)
    rest = [part for part in parts if part[0] != item]
    alike = {aspect.name for _, other in rest for aspect in other.query.aspects}
    own = [aspect for aspect in reading.query.aspects if aspect.name not in alike]
    others = [fold(other.name) for other, _ in rest]

    is_marked = item.mark != item.name
    forms = () if is_marked else tuple(form for aspect in own for form in aspect.exact)
    names = tuple(dict.fromkeys((fold(item.name), *forms)))

    def speaks(scored: Scored) -> bool:
        stands_for_another = any(other in scored.candidate.folded for other in others)
        is_named = any(name in scored.candidate.folded for name in names)
        return (is_named or not stands_for_another) and _speaks(item, own, scored)

    return _Column(
        name=item.name,
        query=reading.query,
        answering=[s for s in found if speaks(s)],
        otherwise=[s for s in whole.assessment.answering if speaks(s)],
        names=names,
    )


def _speaks(item: Item, own: Sequence[Aspect], scored: Scored) -> bool:
    candidate = scored.candidate
    if item.mark != item.name:
        return fold(item.mark) in f"{candidate.folded} {candidate.context}"
    text = f"{candidate.folded} {candidate.before} {candidate.context}"
    return not own or any(aspect.strength(text) for aspect in own)
