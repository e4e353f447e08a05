"""What was read for a question, and what of it answers; for a comparison, side by side."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

from rag.assess import Assessment, Scored
from rag.evidence import Candidate
from rag.types import Hit
from rag.understand import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Passages found for a query, best first, the sentences they were cut into, and the judgement on these."""

    query: Query
    hits: tuple[Hit, ...]
    candidates: tuple[Candidate, ...]
    assessment: Assessment


def with_sides(whole: Reading, sides: Sequence[Reading]) -> Reading:
    """Put the sides of a comparison together, each with its share; unless one has no answer: then the whole stands."""
    if not sides or not all(side.assessment.answering for side in sides):
        return whole
    turns = itertools.zip_longest(*(side.assessment.answering for side in sides))
    answering: dict[tuple[str, int], Scored] = {}
    for scored in itertools.chain.from_iterable(turns):
        if scored is not None:
            answering.setdefault(_place(scored.candidate), scored)
    together = merged_readings(whole, sides)
    return dataclasses.replace(together, assessment=Assessment(answering=tuple(answering.values())))


def merged_readings(whole: Reading, parts: Sequence[Reading]) -> Reading:
    """The whole with all that was read for its parts, those of the parts first, in turns."""
    if not parts:
        return whole
    read = {_place(one): one for reading in (*parts, whole) for one in reading.candidates}
    return dataclasses.replace(whole, hits=_merged([*parts, whole]), candidates=tuple(read.values()))


def _place(candidate: Candidate) -> tuple[str, int]:
    return candidate.article.article_id, candidate.start


def _merged(readings: Sequence[Reading]) -> tuple[Hit, ...]:
    """All hits, each once, in turns, ranked anew."""
    turns = itertools.zip_longest(*(reading.hits for reading in readings))
    hits = {hit.passage.passage_id: hit for hit in itertools.chain.from_iterable(turns) if hit is not None}
    return tuple(dataclasses.replace(hit, rank=rank) for rank, hit in enumerate(hits.values(), start=1))
