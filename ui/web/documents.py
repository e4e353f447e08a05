"""The documents of the HTTP interface as its description (/docs) shows them; what is sent is made by `rag.schema`."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from rag.items import ItemKind
from rag.types import FallbackReason, Language, RefusalCode, RepostRelation


class _Document(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SentenceDocument(_Document):
    """A sentence of an answer."""

    text: str
    citations: list[int] = Field(description="Numbers of the citations that prove it, ascending.")
    supported: bool = Field(
        description="False: a language model wrote it and nothing proves it. It must be shown as unverified, and cites nothing."
    )


class RepostDocument(_Document):
    """Another printing of an article: the same text elsewhere, or, as a `correction`, with corrections."""

    article_id: str
    title: str | None
    source: str | None
    date: str | None
    url: str | None
    relation: RepostRelation


class CitationDocument(_Document):
    """The exact clause that proves something: `text[start:end] == quote` in the article, in code points."""

    number: int
    article_id: str
    title: str | None
    source: str | None
    date: str | None
    url: str | None
    regions: list[str]
    heading_path: list[str]
    start: int
    end: int
    quote: str
    reposts: list[RepostDocument] = Field(description="Other printings of the article in the library.")


class ConflictSideDocument(_Document):
    """What one of the articles says that differ."""

    figure: str = Field(description="Its figure, in the words of the answer.")
    citation: int = Field(description="The number of the citation that it stands in.")
    source: str | None
    date: str | None


class ConflictDocument(_Document):
    """Articles give different figures for the same thing, and a sentence of the answer says so."""

    sentence: int = Field(description="Its position among the sentences, from 0.")
    sides: list[ConflictSideDocument] = Field(description="The newest first; those without a date last.")


class RefusalDocument(_Document):
    """Why there is no answer."""

    code: RefusalCode
    message: str


class UsageDocument(_Document):
    """What a language model read and wrote for the answer, in tokens."""

    model: str
    prompt_tokens: int
    completion_tokens: int
    estimated: bool = Field(description="Whether they are our count, as the model gave none.")
    left_out: int = Field(description="Sentences of the evidence that it was not shown, as they did not fit.")


class EntryDocument(_Document):
    """What one sentence of the answer says in a cell, word for word."""

    text: str
    sentence: int = Field(description="Which of `sentences`, from 0.")
    citations: list[int] = Field(description="Those of the sentence.")
    computed: bool = Field(description="Whether it holds a difference computed from the figures it cites.")


class CellDocument(_Document):
    """What the articles say of one thing compared."""

    mentioned: bool = Field(description="False: the articles are silent, and nothing may be filled in.")
    entries: list[EntryDocument]


class RowDocument(_Document):
    """One thing compared, with a cell for each column."""

    item: str
    cells: list[CellDocument]


class TableDocument(_Document):
    """A comparison side by side: a view of the answer's sentences, in which nothing stands that they do not say."""

    kind: ItemKind = Field(description="What the rows are.")
    columns: list[str] = Field(description="What is told of each; empty where the question names nothing.")
    rows: list[RowDocument]
    computed: list[EntryDocument] = Field(
        description="Sentences that set figures of several rows side by side."
    )


class AnswerDocument(_Document):
    """An answer, or a refusal."""

    schema_version: Literal[1] = Field(alias="schema")
    question: str
    language: Language
    answered: bool
    text: str = Field(description="The sentences with their markers, or the refusal's message.")
    understood: str = Field(
        description="What a follow-up was taken to ask, complete in itself; empty where that is the question itself."
    )
    sentences: list[SentenceDocument]
    citations: list[CitationDocument]
    conflicts: list[ConflictDocument] = Field(
        description="Where articles differ in a figure; empty where none was seen to."
    )
    refusal: RefusalDocument | None
    composer: str = Field(
        description="`extractive`: the articles' own sentences; `llm`: worded by a language model; "
        "`llm+extractive`: the model's sentences that are proven first, the articles' own after them."
    )
    fallback_reason: FallbackReason | None = Field(
        description="Why a language model that was asked did not give the (whole) answer; null where it did, or was not asked."
    )
    usage: UsageDocument | None
    table: TableDocument | None = Field(
        description="A comparison side by side; null where nothing is compared."
    )
    timings_ms: dict[str, float]
    answer_id: str = Field(description="What it is kept as; empty where it could not be kept.")


class SaidDocument(SentenceDocument):
    """The event `sentence`: one that has passed the check, while the answer is being made."""

    new_citations: list[CitationDocument] = Field(description="Those that it is the first to use.")


EVENTS_DESCRIPTION = """Server-sent events, each with one JSON document:
- `waiting`: `{"ahead": 2}`, how many are before you
- `step`: `{"name": "retrieve"}`, then `assess`, `compose`, `verify`; composing may take long where a language model does it
- `sentence`: a `SaidDocument`; what was said stays said
- `answer`: the `AnswerDocument`, which ends the stream
- `error`: a `Problem`, which ends it instead"""

EVENTS_EXAMPLE = """event: step
data: {"name": "compose"}

event: sentence
data: {"text": "…", "citations": [1], "supported": true, "new_citations": [{"number": 1, "quote": "…"}]}

event: answer
data: {"schema": 1, "answered": true, "composer": "llm", "fallback_reason": null, "answer_id": "…"}
"""


def event_stream_content() -> dict[str, Any]:
    """Describe the events for OpenAPI."""
    schema = {"type": "string", "description": EVENTS_DESCRIPTION}
    return {"text/event-stream": {"schema": schema, "example": EVENTS_EXAMPLE}}
