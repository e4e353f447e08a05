"""From answering sentences to an answer: composers behind one interface."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rag.assess import Scored
from rag.types import Article
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """One sentence of an answer before it is numbered and checked.

    Attributes:
        is_lead: Whether it speaks for itself; a card only explains the sentence of the same quotes before it.
        quotes: What proves it; a draft without any states only that something is not mentioned.
    """

    text: str
    quotes: tuple[Quote, ...]
    is_lead: bool = True


class Composer(Protocol):
    """Turns answering sentences, best first and never empty, into drafts in reading order."""

    name: str

    def compose(self, query: Query, answering: Sequence[Scored]) -> list[Draft]:
        """Compose the drafts; the caller numbers and verifies them."""
        ...
