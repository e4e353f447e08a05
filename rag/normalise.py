"""Matching forms of text, and where sentences and clauses end. What a person sees is never made here."""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from typing import Protocol

from rag.types import Language

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_SENTENCE_ENDS = "。！？!?；;…"
_CLAUSE_ENDS = "，,、：:" + _SENTENCE_ENDS
_CLOSERS = "”’」』）)】》〉\"'"
_SENTENCE = re.compile(
    r"(?:[^。！？!?；;…\n.]|\.(?!\s|$))*"  # a full stop ends a sentence only before white space: 62.59 does not
    r"(?:[。！？!?；;…]+[”’」』）)】》〉\"']*|\.+(?=\s|$)|\n|$)"
)
_CLAUSE = re.compile(
    r"[^，,：:。！？!?；;…\n]*(?:(?<=\d)[,:](?=\d)[^，,：:。！？!?；;…\n]*)*(?:[，,：:。！？!?；;…]+[”’」』）)】》〉\"']*|\n|$)"
)


@dataclass(frozen=True, slots=True)
class Folded:
    """A matching form and, for each of its characters plus the end, the offset in the original text."""

    text: str
    starts: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Map `[start, end)` of the folded text to the span of the original that it came from."""
        return self.starts[start], self.starts[end]


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@functools.cache
def _to_simplified() -> _Converter:
    import opencc

    converter: _Converter = opencc.OpenCC("t2s")
    return converter


def simplify(text: str) -> str:
    """Turn Traditional characters into Simplified ones, never changing the length."""
    converted = _to_simplified().convert(text)
    if len(converted) == len(text):
        return converted
    return "".join(_simplify_character(ch) for ch in text)


@functools.lru_cache(maxsize=16384)
def _simplify_character(ch: str) -> str:
    converted = _to_simplified().convert(ch)
    return converted if len(converted) == 1 else ch


def fold(text: str) -> str:
    """Return the matching form: NFKC, lower case, Simplified."""
    return text.lower() if text.isascii() else simplify("".join(map(_fold_character, text)))


def fold_aligned(text: str) -> Folded:
    """Return the matching form with the way back to the original's offsets.

    Characters are normalised one by one, so that each folded character comes from exactly one original one.
    """
    pieces: list[str] = []
    starts: list[int] = []
    for offset, ch in enumerate(text):
        piece = _fold_character(ch)
        pieces.append(piece)
        starts.extend([offset] * len(piece))
    starts.append(len(text))
    return Folded(simplify("".join(pieces)), tuple(starts))


@functools.lru_cache(maxsize=65536)
def _fold_character(ch: str) -> str:
    return unicodedata.normalize("NFKC", ch).lower()


def contains_han(text: str) -> bool:
    """Whether any Han character is in the text."""
    return _HAN.search(text) is not None


def count_han(text: str) -> int:
    """Count the Han characters."""
    return len(_HAN.findall(text))


def detect_language(text: str) -> Language:
    """Chinese where Han characters say at least as much as Latin words do; a lone Chinese name leaves English English."""
    return "zh" if count_han(text) >= 2 * len(_LATIN_WORD.findall(text)) and contains_han(text) else "en"


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Cut `text[start:end]` into sentences without the white space around them; empty ones are left out."""
    return _spans(_SENTENCE, text, start, len(text) if end is None else end)


def clause_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Cut `text[start:end]` at commas, colons and sentence ends; `1,200` and `9:30` stay whole."""
    return _spans(_CLAUSE, text, start, len(text) if end is None else end)


def _spans(pattern: re.Pattern[str], text: str, start: int, end: int) -> list[tuple[int, int]]:
    spans = []
    position = start
    while position < end:
        match = pattern.match(text, position, end)
        stop = match.end() if match and match.end() > position else position + 1
        left, right = position, stop
        while left < right and text[left].isspace():
            left += 1
        while right > left and text[right - 1].isspace():
            right -= 1
        if left < right:
            spans.append((left, right))
        position = stop
    return spans
