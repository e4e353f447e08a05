"""From answering sentences to an answer: composers behind one interface."""

from __future__ import annotations

import threading
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from rag.assess import Scored
from rag.evidence import Candidate
from rag.sides import Comparison
from rag.types import Article, FallbackReason, Usage, Verdict
from rag.understand import Query


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A clause to cite, `article.text[start:end]`, with the headings it stands under."""

    article: Article
    start: int
    end: int
    heading_path: tuple[str, ...]
    regions: tuple[str, ...]

    @property
    def text(self) -> str:
        """The article's own words."""
        return self.article.text[self.start : self.end]

    def overlaps(self, article: Article, start: int, end: int) -> bool:
        """Whether it shares words with `article.text[start:end]`."""
        return self.article.article_id == article.article_id and self.start < end and start < self.end


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One sentence of an answer before it is numbered and checked.

    Attributes:
        is_lead: Whether it speaks for itself; a card only explains the sentence of the same quotes before it.
        is_kept: Whether it is shown, plainly marked, where its quotes do not prove it.
        quotes: What proves it; a draft without any states only that something is not mentioned.
        sides: Of a comparison, for which of its sides it was written; empty where it was written for none.
    """

    text: str
    quotes: tuple[Quote, ...]
    is_lead: bool = True
    is_kept: bool = False
    sides: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What an answer is made from.

    Attributes:
        answering: Sentences that answer, best first, never empty.
        read: Every sentence that was read.
        stop: Set by whoever no longer waits for the answer.
        comparison: The sides, where things are compared.
    """

    query: Query
    answering: Sequence[Scored]
    read: Sequence[Candidate] = ()
    stop: threading.Event | None = None
    comparison: Comparison | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """How an answer came to be worded.

    Attributes:
        composer: What wrote the sentences: "extractive", "llm", or both.
        fallback_reason: Why a model that was asked did not write (all of) it.
        is_declined: A model found no answer in the material, and nothing speaks against it.
        timings_ms: Of the composer's own steps.
    """

    composer: str
    fallback_reason: FallbackReason | None = None
    is_declined: bool = False
    usage: Usage | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)


Composing = Generator[Draft | Verdict, None, Composition]
"""Drafts in reading order, each as soon as it is there; a verdict stands for a sentence that is not even worth a check."""


class Composer(Protocol):
    """Turns material into drafts; the caller numbers and verifies them."""

    name: str

    def compose(self, material: Material) -> Composing:
        """Compose the drafts.

        Raises:
            StoppedError: Nobody waits for the answer any more.
        """
        ...
