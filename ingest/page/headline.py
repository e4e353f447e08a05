"""Finds an article's headline: what its page's title repeats, or else the line that stands above the text as one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from ingest.page.tree import Piece

_TITLE_CUTS = re.compile(
    r"\s*(?:[_|\uff5c»]+|[-–—]{2,}|\s[-–—]\s|(?<![A-Za-z0-9])-(?![A-Za-z0-9])|—+|<+|>+)\s*"
)
_BLANKS = re.compile(r"\s+")
_ODD = re.compile(r"[\W_]+")
_DATE = re.compile(r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}|\d{1,2}[-/]\d{1,2}[-/](?:19|20)\d\d|\d{1,2}:\d\d")
_LABELLED = re.compile(
    r"\w{0,6}[:：]\s?\S{0,12}$|来\s?源|发布|浏览|字[号体]|分享|打印|.{0,6}位置|首页|作者|https?:|[（(【\[].{0,8}[)）】\]]$"
)
_SENTENCE_END = re.compile(r"[。；]|[，,、：:]$")
_CRUMBS = re.compile(r"[>»\u203a|]")
_MIN_CHARS = 6
_MAX_CHARS = 120
_MAX_LINE_CHARS = 80
_MOST_ABOVE = 40
_NEAR = 12
_NEXT_TO = 5
_MOST_READ = 60
_MOST_READ_CHARS = 6_000
_LEAD = 0.3


def find_headline(stated: str, root: HtmlElement, pieces: Sequence[Piece], *, start: int) -> str:
    """Give the headline, or "" where nothing says it.

    Args:
        stated: What the metadata says that it is.
        root: The page.
        pieces: All of its pieces.
        start: Where the article's pieces start.
    """
    title = _BLANKS.sub(" ", root.findtext(".//title") or "").strip()
    for whole in (stated, title):
        repeated = _repeated(whole, pieces, start)
        if repeated:
            return repeated
    if stated:
        return stated.split("_")[0].strip()
    part = next((part for part in _parts(title) if len(part) >= _MIN_CHARS), "")
    line, is_sure = _line_above(pieces, start)
    if not part or not line:
        return part or line
    text = _pairs(
        "".join(piece.block.text for piece in pieces[start : start + _MOST_READ])[:_MOST_READ_CHARS]
    )
    lead = 0.0 if is_sure else _LEAD
    return line if _share(line, text) > _share(part, text) + lead else part


def _share(line: str, text: set[str]) -> float:
    """How much of a line's wording the text has as well: a headline's, and hardly a site's name."""
    pairs = _pairs(line)
    return len(pairs & text) / max(len(pairs), 1)


def _repeated(whole: str, pieces: Sequence[Piece], start: int) -> str:
    """The text above the article that the page's title begins with, or else one near it that is most of the title."""
    folded = _folded(whole)
    opening = near = ""
    for place in range(max(0, start - _MOST_ABOVE), min(len(pieces), start + 2)):
        text = pieces[place].block.text
        own = _folded(text)
        if not 2 <= len(own) <= _MAX_CHARS or own not in folded:
            continue
        if len(own) < _MIN_CHARS and not pieces[place].block.level:
            continue
        if folded.startswith(own):
            opening = max(opening, text, key=len)
        elif start - _NEAR <= place < start and len(own) * 2 >= len(folded):
            near = max(near, text, key=len)
    is_enough = len(_folded(opening)) * 3 >= len(_folded(_first_part(whole))) and len(near) <= len(opening)
    return opening if is_enough else near


def _line_above(pieces: Sequence[Piece], start: int) -> tuple[str, bool]:
    """The nearest line above the text (or its first) that could be its headline, and whether its place says so."""
    for place in (*range(start - 1, max(-1, start - 1 - _NEXT_TO), -1), start):
        if place >= len(pieces) or not _is_headline_like(pieces[place], is_next=place >= start - 2):
            continue
        below = pieces[place + 1].block.text if place + 1 < len(pieces) else ""
        return pieces[place].block.text, bool(pieces[place].block.level) or _DATE.search(
            below[:160]
        ) is not None
    return "", False


def _is_headline_like(piece: Piece, *, is_next: bool) -> bool:
    """Whether a line could be a headline; a link could be one only next to the text, or as a heading."""
    text = piece.block.text
    if not _MIN_CHARS <= len(text) <= _MAX_LINE_CHARS:
        return False
    if piece.block.is_link and not (is_next or piece.block.level):
        return False
    return not any(
        (_DATE.search(text), _LABELLED.match(text), _SENTENCE_END.search(text), _CRUMBS.search(text))
    )


def _folded(text: str) -> str:
    return _ODD.sub("", text).casefold()


def _parts(title: str) -> list[str]:
    return [part for part in (part.strip() for part in _TITLE_CUTS.split(title)) if part]


def _first_part(title: str) -> str:
    return next(iter(_parts(title)), title)


def _pairs(text: str) -> set[str]:
    folded = _folded(text)
    return {folded[i : i + 2] for i in range(len(folded) - 1)}
