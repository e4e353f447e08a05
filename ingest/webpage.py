"""Reads HTML: the blocks of a page's article, the lines above it, and what the page says about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from ingest.blocks import Block
from ingest.page.article import choose
from ingest.page.facts import page_facts
from ingest.page.signs import is_prose
from ingest.page.tree import HTML_BREAK, Piece, parse, pieces_of

__all__ = ["HTML_BREAK", "Page", "fragment_blocks", "read_page"]

_MAX_PIECES = 50_000
_FEW_CHARS = 60
_MARGIN = 6
_MOST_ABOVE = 25
_MAX_LINE_CHARS = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The article's blocks, the lines above them, and what the page says about itself (title, date, source, ...)."""

    blocks: tuple[Block, ...]
    before: tuple[Block, ...]
    facts: Mapping[str, str]


def fragment_blocks(markup: str) -> list[Block]:
    """Read a piece of HTML as it stands, without looking for the article in it."""
    root = parse(markup)
    return [] if root is None else [piece.block for piece in pieces_of(root)]


def read_page(markup: str) -> Page:
    """Read a whole page, however truncated.

    A page on which nothing reads like an article is read from its first paragraph to its last, without its links.
    """
    root = parse(markup)
    if root is None:
        return Page(blocks=(), before=(), facts={})
    pieces = list(islice(pieces_of(root), _MAX_PIECES))
    chosen = choose(pieces)
    if sum(len(pieces[place].block.text) for place in chosen) < _FEW_CHARS:
        chosen = _around_prose(pieces)
    start, stop = (chosen[0], chosen[-1] + 1) if chosen else (0, 0)
    facts, record = page_facts(root, pieces, start=start, stop=stop)
    title = "".join(facts.get("title", "").split())
    kept = [place for place in chosen if place not in record]
    blocks = [pieces[place].block for place in kept]
    while title and len(blocks) > 1 and "".join(blocks[0].text.split()) == title:
        del blocks[0]
    return Page(blocks=tuple(blocks), before=_above(pieces, start), facts=facts)


def _around_prose(pieces: Sequence[Piece]) -> list[int]:
    """From a few pieces above the page's first paragraph to as many below its last; without links."""
    prose = [place for place, piece in enumerate(pieces) if is_prose(piece)]
    first, last = (prose[0], prose[-1]) if prose else (0, len(pieces))
    window = range(max(0, first - _MARGIN), min(len(pieces), last + _MARGIN + 1))
    return [place for place in window if not pieces[place].block.is_link or pieces[place].block.level]


def _above(pieces: Sequence[Piece], start: int) -> tuple[Block, ...]:
    """The page's short lines just above the article, the article's title and links left out."""
    lines = [piece.block for piece in pieces[max(0, start - _MOST_ABOVE) : start]]
    return tuple(block for block in lines if len(block.text) <= _MAX_LINE_CHARS)
