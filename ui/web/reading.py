"""An article's text cut for the page: every cut is by offsets, and the pieces put together are the text again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.types import Heading

AROUND_CHARS = 240
"""Of a paragraph, shown on either side of a clause on its card; the article itself is always shown whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A clause inside its paragraph; `is_cut_before`/`is_cut_after`: the paragraph goes on there."""

    before: str
    text: str
    after: str
    is_cut_before: bool = False
    is_cut_after: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of a paragraph, inside the marked clause or outside."""

    text: str
    is_marked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """A line of the article in pieces; `level` is that of a heading, 0 for body text."""

    pieces: tuple[Piece, ...]
    level: int = 0


def clause_in_paragraph(text: str, start: int, end: int, *, around: int = AROUND_CHARS) -> Clause:
    """Cut the clause `text[start:end]` out of its paragraph, with at most `around` characters on either side."""
    start, end = _within(start, end, len(text))
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    left, right = max(first, start - around), min(last, end + around)
    return Clause(
        before=text[left:start],
        text=text[start:end],
        after=text[end:right],
        is_cut_before=left > first,
        is_cut_after=right < last,
    )


def paragraphs(text: str, headings: Sequence[Heading], *, start: int = 0, end: int = 0) -> list[Paragraph]:
    """Cut a text into its lines, and mark what lies in `text[start:end]`; joined by newlines it is the text again."""
    start, end = _within(start, end, len(text))
    levels = {heading.start: heading.level for heading in headings if heading.kind == "heading"}
    cut: list[Paragraph] = []
    at = 0
    for line in text.split("\n"):
        pieces = tuple(_pieces(line, start - at, end - at))
        cut.append(Paragraph(pieces=pieces, level=levels.get(at, 0)))
        at += len(line) + 1
    return cut


def _within(start: int, end: int, length: int) -> tuple[int, int]:
    """Offsets may come from an address that anyone can type: the nearest ones inside, never backwards."""
    start = max(0, min(start, length))
    return start, max(start, min(end, length))


def _pieces(line: str, start: int, end: int) -> Iterator[Piece]:
    start, end = _within(start, end, len(line))
    for text, is_marked in ((line[:start], False), (line[start:end], True), (line[end:], False)):
        if text:
            yield Piece(text=text, is_marked=is_marked)
