"""A comparison as a table: a view of an answer's sentences, in which nothing stands that they do not say."""

from __future__ import annotations

from dataclasses import dataclass

from rag.items import ItemKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one sentence of the answer says in a cell.

    Attributes:
        text: Word for word a part of the sentence, or all of it.
        sentence: Which of the answer's sentences, from 0.
        citations: Those of the sentence.
        computed: Whether the sentence holds a difference that was computed from the figures it cites.
    """

    text: str
    sentence: int
    citations: tuple[int, ...]
    computed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What the answer says of one thing compared; no entries where the articles are silent."""

    entries: tuple[Entry, ...] = ()

    @property
    def mentioned(self) -> bool:
        """Whether the articles say anything."""
        return bool(self.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing compared, by its name in the answer's language, with a cell for each column."""

    item: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Things compared, a row each.

    Attributes:
        kind: What the rows are.
        columns: What is told of each; a single empty name where the question names nothing in particular.
        computed: Sentences that set figures of several rows against each other.
    """

    kind: ItemKind
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    computed: tuple[Entry, ...] = ()
