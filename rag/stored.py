"""An answer as plain values, whole: what JSON can hold, and back again without a loss."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from rag.contradiction import Conflict, ConflictSide
from rag.schema import answer_document
from rag.table import Cell, Entry, Row, Table
from rag.types import Answer, Citation, Hit, Passage, Refusal, Sentence, Usage, Verdict

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Kind = TypeVar("Kind", bound=DataclassInstance)


def stored_answer(answer: Answer) -> dict[str, Any]:
    """Return the public document of an answer, with the passages that were read and the verdicts on what was dropped."""
    return {
        **answer_document(answer),
        "retrieved": [_hit_document(hit) for hit in answer.retrieved],
        "dropped": [dataclasses.asdict(verdict) for verdict in answer.dropped],
    }


def answer_from(document: Mapping[str, Any]) -> Answer:
    """Return the answer that `stored_answer` made plain.

    Fields that this version does not know are ignored; those that earlier ones did not have are as good as empty.
    """
    refusal, usage, table = document["refusal"], document.get("usage"), document.get("table")
    return Answer(
        question=document["question"],
        language=document["language"],
        sentences=tuple(read_fields(Sentence, sentence) for sentence in document["sentences"]),
        citations=tuple(read_fields(Citation, citation) for citation in document["citations"]),
        refusal=None if refusal is None else read_fields(Refusal, refusal),
        composer=document["composer"],
        retrieved=tuple(_hit_from(hit) for hit in document["retrieved"]),
        dropped=tuple(read_fields(Verdict, verdict) for verdict in document["dropped"]),
        timings_ms=dict(document["timings_ms"]),
        understood=document.get("understood", ""),
        fallback_reason=document.get("fallback_reason"),
        usage=None if usage is None else read_fields(Usage, usage),
        conflicts=tuple(_conflict_from(conflict) for conflict in document.get("conflicts", ())),
        table=None if table is None else _table_from(table),
    )


def _conflict_from(document: Mapping[str, Any]) -> Conflict:
    sides = tuple(read_fields(ConflictSide, side) for side in document["sides"])
    return Conflict(sentence=document["sentence"], sides=sides)


def _table_from(document: Mapping[str, Any]) -> Table:
    rows = tuple(
        Row(
            item=row["item"],
            cells=tuple(Cell(entries=_entries_from(cell["entries"])) for cell in row["cells"]),
        )
        for row in document["rows"]
    )
    return Table(
        kind=document["kind"],
        columns=tuple(document["columns"]),
        rows=rows,
        computed=_entries_from(document["computed"]),
    )


def _entries_from(documents: Sequence[Mapping[str, Any]]) -> tuple[Entry, ...]:
    return tuple(read_fields(Entry, document) for document in documents)


def read_fields(kind: type[Kind], document: Mapping[str, Any]) -> Kind:
    """Make a value of the fields of its kind that the document has; its lists become tuples."""
    names = {field.name for field in dataclasses.fields(kind)}
    return kind(
        **{
            name: tuple(value) if isinstance(value, list) else value
            for name, value in document.items()
            if name in names
        }
    )


def _hit_document(hit: Hit) -> dict[str, Any]:
    passage = dataclasses.asdict(hit.passage)
    return {**passage, "score": hit.score, "rank": hit.rank, "origin": hit.origin}


def _hit_from(document: Mapping[str, Any]) -> Hit:
    return Hit(
        passage=read_fields(Passage, document),
        score=document["score"],
        rank=document["rank"],
        origin=document["origin"],
    )
