"""Forms in which two texts are compared: terms, and text without blanks and punctuation; quotations found."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.normalise import fold, fold_aligned

Span = tuple[int, int]
_QUOTE_MARKS = {"“": "”", "「": "」", "『": "』", "‘": "’"}
_HAN_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_WORD = re.compile(r"[a-z][a-z0-9'-]*[a-z0-9]")


def terms_of(text: str) -> frozenset[str]:
    """Terms by which two texts are compared: pairs of neighbouring Han characters, and Latin words."""
    folded = fold(text)
    pairs = (run[i : i + 2] for run in _HAN_RUN.findall(folded) for i in range(max(1, len(run) - 1)))
    return frozenset(pairs) | frozenset(_WORD.findall(folded))


def compact(text: str) -> str:
    """Return the matching form without blanks and punctuation; between digits these leave a mark, as they matter there."""
    return compact_aligned(text)[0]


def compact_aligned(text: str) -> tuple[str, list[int]]:
    """Return the compact form and, for each of its characters, the offset in the text."""
    folded = fold_aligned(text)
    characters: list[str] = []
    offsets: list[int] = []
    gap = ""
    for ch, offset in zip(folded.text, folded.starts, strict=False):
        if not (ch.isalnum() or ch in "%‰"):
            gap += ch
            continue
        mark = _gap_mark(characters[-1] if characters else "", gap.strip(), ch)
        if mark:
            characters.append(mark)
            offsets.append(offset)
        characters.append(ch)
        offsets.append(offset)
        gap = ""
    return "".join(characters), offsets


def _gap_mark(before: str, gap: str, after: str) -> str:
    """Keep what separates two digits, and a minus sign; a comma between digits is taken for a thousands separator."""
    if before.isdecimal() and after.isdecimal() and gap not in ("", ","):
        return "." if gap == "." else "~"
    return "-" if gap and gap[-1] in "-\u2212" and after.isdecimal() and not before.isascii() else ""


def quotations(text: str) -> Iterator[Span]:
    """Yield the inside of every outermost quotation in “”, 「」, 『』 and ‘’."""
    start, closer, opener, depth = 0, "", "", 0
    for offset, ch in enumerate(text):
        if not closer and ch in _QUOTE_MARKS:
            start, opener, closer, depth = offset + 1, ch, _QUOTE_MARKS[ch], 0
        elif closer and ch == opener:
            depth += 1
        elif closer and ch == closer:
            depth -= 1
            if depth < 0:
                yield start, offset
                closer = ""


def without_quotations(text: str) -> str:
    """Blank out every quotation, offsets kept."""
    pieces, position = [], 0
    for start, end in quotations(text):
        pieces += [text[position:start], " " * (end - start)]
        position = end
    return "".join([*pieces, text[position:]])
