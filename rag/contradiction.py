"""What an answer says of articles that differ, as plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ConflictSide:
    """What one of the articles says that differ.

    Attributes:
        figure: Its figure, in the words of the answer.
        citation: The number of the citation that it stands in.
    """

    figure: str
    citation: int
    source: str | None
    date: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Articles give different figures for the same thing, and a sentence of the answer says so.

    Attributes:
        sentence: Its position among the sentences of the answer, from 0.
        sides: The newest first; those without a date last.
    """

    sentence: int
    sides: tuple[ConflictSide, ...]
