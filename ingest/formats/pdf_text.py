"""Joins the lines of a paragraph as Chinese and Latin text are written: no blank beside Han, one between words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence, Set

_BEFORE_MARK = r"[（(《〈“‘「『〔【\[]*"  # brackets of both widths begin lines
_AFTER_MARK = r"[，。、；：？！）》〉”’」』〕】,.;:?!)\]%\uff05]*"  # and end them
_FIRST_UNIT = re.compile(rf"{_BEFORE_MARK}(?:[A-Za-z0-9.,:/%+\-]+|[^\sA-Za-z0-9]|\s){_AFTER_MARK}(?:[—…]+)?")
_NEAR = 8
_LATIN_WORD = re.compile(r"[A-Za-z]{1,60}")
_LATIN_END = re.compile(r"([A-Za-z]{2,40})-$")
_MAX_WORD = 48
_MANY_WORDS = 200
_EAST_ASIAN = "\u2e80"


def is_wide(char: str) -> bool:
    """Whether a character is one that takes the place of a Han character and needs no blank beside it."""
    return char >= _EAST_ASIAN or char in "“”‘’—…·《》〈〉"  # quotes are full-width in Chinese type


def seam(before: str, after: str) -> str:
    """What to write between the end of one line and the start of the next: a blank between Latin words only."""
    if not before or not after or is_wide(before[-1]) or is_wide(after[0]):
        return ""
    if before[-1].isdigit() and after[0].isdigit():  # Chinese text may be broken inside a number
        return "" if _has_han(before[-_NEAR:]) and _has_han(after[:_NEAR]) else " "
    return "" if before[-1] in "-/\u00ad" and before[-2:-1].isalnum() else " "


def _has_han(text: str) -> bool:
    return any("\u3400" <= char <= "\u9fff" for char in text)


def join_lines(lines: Sequence[str], words: Set[str] = frozenset()) -> str:
    """Join lines to one.

    Args:
        lines: The lines of a paragraph or cell.
        words: The Latin words of the whole text, in small letters; they tell a word parted at a line's end from one
            that is written with a hyphen.
    """
    joined = ""
    for line in lines:
        text = line.strip()
        if joined.endswith("-") and _is_parted(joined, text, words):
            joined = joined[:-1] + text
        else:
            joined += seam(joined, text) + text
    return joined


def latin_words(lines: Iterable[str]) -> frozenset[str]:
    """The Latin words of lines in reading order, in small letters; not the pieces on both sides of a hyphen at an end."""
    words: set[str] = set()
    was_parted = False
    for line in lines:
        found = [match.group().lower() for match in _LATIN_WORD.finditer(line)]
        is_parted = line.rstrip().endswith("-")
        words.update(found[int(was_parted) : len(found) - int(is_parted)])
        was_parted = is_parted
    return frozenset(words)


def _is_parted(before: str, after: str, words: Set[str]) -> bool:
    """Whether a hyphen at a line's end parts one word: the text has that word, or neither part among many words."""
    end, start = _LATIN_END.search(before[-_MAX_WORD:]), _LATIN_WORD.match(after)
    if end is None or start is None or not start.group().islower():
        return False
    parts = (end[1].lower(), start.group())
    return "".join(parts) in words or (len(words) >= _MANY_WORDS and words.isdisjoint(parts))


def first_unit_width(text: str, size: float) -> float:
    """The width of what cannot be parted at a line's start: a word or number, or a character with the marks that cling to it."""
    match = _FIRST_UNIT.match(text[:80])
    unit = match.group() if match else text[:1]
    return sum(size if is_wide(char) else 0.55 * size for char in unit)
