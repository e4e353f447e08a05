"""Cuts a site's chrome from around an article: rules are data (chrome.toml), and in doubt a block stays."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.blocks import Block
from ingest.glued import CutBlock, Piece, cut_inside, peel_end, peel_start, split_at_gaps
from ingest.rulebook import Fact, facts_in, folded_line, match_line
from rag.normalise import Folded

__all__ = ["Cleaned", "CutBlock", "Fact", "clean_blocks", "is_body", "tidy"]

_BLANKS = re.compile(r"[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_SENTENCE_END = re.compile(r"[。！？!?；;…]")
_KEPT_TAIL = re.compile(r"(?:附件|附表|附录|附:|注:|备注|联系|电话|[((]?[一二三四五六七八九十\d]+[))、.])")
_MAX_HEAD_BLOCKS = 30
_SHORT_CHARS = 40
_BODY_CHARS = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """The article's blocks, what was cut in the order it stood, and the facts found there, nearest the top first.

    Attributes:
        title_index: The kept block that stood directly above a publish line, which is where a title stands.
    """

    blocks: tuple[Block, ...]
    cut: tuple[CutBlock, ...]
    facts: tuple[Fact, ...]
    title_index: int | None = None


class _UnreadCharacters(dict[int, str | None]):
    """A translation table that drops what cannot be seen: controls, zero-width and bidirectional marks, half pairs."""

    def __missing__(self, code: int) -> str | int | None:
        unseen = unicodedata.category(chr(code)) in {"Cc", "Cf", "Cs"} and code not in (9, 10)
        self[code] = None if unseen else chr(code)
        return self[code]


_UNREAD = _UnreadCharacters()


def tidy(text: str) -> str:
    """Drop invisible characters, trim, and fold runs of blanks; one line break stays one. Nothing else changes."""
    text = text.translate(_UNREAD)
    return "\n".join(_BLANKS.sub(_blank, line).strip() for line in text.split("\n") if line.strip())


def _blank(match: re.Match[str]) -> str:
    return match.group() if match.group() == "\u3000" else " "


def clean_blocks(blocks: Sequence[Block], *, before: Sequence[Block] = ()) -> Cleaned:
    """Cut chrome from the head, the tail and between, and what is glued to a paragraph; the rest keeps its order.

    Args:
        blocks: The blocks of the file in reading order.
        before: Lines above the article that are not part of it, looked through for facts only.
    """
    tidied = [
        replace(part, text=text)
        for block in blocks
        for part in split_at_gaps(block)
        if (text := tidy(part.text))
    ]
    folded = [folded_line(block.text) for block in tidied]
    reasons: list[str | None] = [match_line(line, "any") for line in folded]
    head_end = _mark_head(tidied, folded, reasons)
    _mark_tail(tidied, folded, reasons, head_end)
    facts = [fact for block in before for fact in _facts_above(tidy(block.text))]
    pieces, title_facts = _take_apart(tidied, reasons)
    kept: list[Block] = []
    cut: list[CutBlock] = []
    title_index = None
    for index, block in enumerate(tidied):
        reason = reasons[index]
        if reason == "publish line" and kept and title_index is None:
            title_index = len(kept) - 1
        for piece in pieces.get(index, [Piece(text=block.text, reason=reason)]):
            if piece.reason is None:
                kept.append(replace(block, text=piece.text))
                continue
            cut.append(CutBlock(text=piece.text, reason=piece.reason))
            origin = piece.reason if index < head_end or index in pieces else f"{piece.reason} below the text"
            facts += facts_in(folded_line(piece.text), piece.text, origin)
    return Cleaned(blocks=tuple(kept), cut=tuple(cut), facts=(*facts, *title_facts), title_index=title_index)


def _take_apart(
    blocks: Sequence[Block], reasons: Sequence[str | None]
) -> tuple[dict[int, list[Piece]], list[Fact]]:
    """Cut what is glued to the kept blocks: at the start of the first, at the end of the last, and in brackets between.

    Returns:
        The pieces of each block that something was cut from, and the titles found at the start.
    """
    pieces: dict[int, list[Piece]] = {}
    kept = [index for index, reason in enumerate(reasons) if reason is None]
    is_reached = any(reasons[index] for index in range(kept[-1] + 1, len(reasons))) if kept else False
    for index in reversed(kept):
        pieces[index] = peel_end(blocks[index].text, is_reached=is_reached)
        if pieces[index][0].reason is None:
            break
        is_reached = True
    titles: list[Fact] = []
    for index in kept:
        parts = pieces.get(index) or [Piece(text=blocks[index].text)]
        if parts[0].reason is not None:
            continue
        opened: list[Piece] = []
        if index == kept[0]:
            opened, facts = peel_start(parts[0].text)
            titles += [fact for fact in facts if fact.name == "title"]
        opened = [inner for part in (opened or parts[:1]) for inner in _inside(part)]
        pieces[index] = [*opened, *parts[1:]]
    return {index: parts for index, parts in pieces.items() if len(parts) > 1 or parts[0].reason}, titles


def _inside(piece: Piece) -> list[Piece]:
    """Cut chrome out of a kept piece, and join what stood around it: a paragraph stays one paragraph."""
    if piece.reason is not None:
        return [piece]
    parts = cut_inside(piece.text)
    kept = "".join(part.text for part in parts if part.reason is None)
    return [*([Piece(text=kept.strip())] if kept.strip() else []), *(part for part in parts if part.reason)]


def is_body(text: str) -> bool:
    """Whether a block reads like a paragraph of running text rather than like a label."""
    return len(text) > 2 * _SHORT_CHARS or (
        len(text) >= _BODY_CHARS and _SENTENCE_END.search(text) is not None
    )


def _mark_head(blocks: Sequence[Block], folded: Sequence[Folded | None], reasons: list[str | None]) -> int:
    """Mark chrome above the first body paragraph; give that paragraph's index."""
    previous: str | None = None
    for index, block in enumerate(blocks[:_MAX_HEAD_BLOCKS]):
        reason = reasons[index] or match_line(folded[index], "head", previous)
        if reason is None and is_body(block.text):
            return index
        reasons[index] = previous = reason
    return min(len(blocks), _MAX_HEAD_BLOCKS)


def _mark_tail(
    blocks: Sequence[Block], folded: Sequence[Folded | None], reasons: list[str | None], head_end: int
) -> None:
    """Mark chrome below the last body paragraph, and the short lines among it."""
    first = len(blocks)
    lowest = head_end + 1 if head_end < len(blocks) else 0
    while first > lowest and (reasons[first - 1] or _could_be_tail(blocks[first - 1], folded[first - 1])):
        first -= 1
    is_chrome_reached = False
    for index in range(first, len(blocks)):
        line = folded[index]
        reason = match_line(line, "tail") or (
            "link" if blocks[index].is_link and not blocks[index].level else None
        )
        if reason is not None:
            is_chrome_reached = True
        elif is_chrome_reached and reasons[index] is None:
            reason = match_line(line, "after")
            if reason is None and _is_short(blocks[index]) and not _KEPT_TAIL.match(blocks[index].text):
                reason = "among site lines"
        reasons[index] = reason or reasons[index]


def _could_be_tail(block: Block, line: Folded | None) -> bool:
    return _is_short(block) or block.is_link or any(match_line(line, place) for place in ("tail", "after"))


def _is_short(block: Block) -> bool:
    return len(block.text) <= _SHORT_CHARS and _SENTENCE_END.search(block.text) is None


def _facts_above(text: str) -> list[Fact]:
    """Read the facts of a line above the article, if it is one that states them (a page may show today's date)."""
    line = folded_line(text)
    reason = match_line(line, "head")
    return facts_in(line, text, reason) if reason in {"publish line", "byline"} else []
