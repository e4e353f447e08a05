"""The word lists behind `rag.kinds`, read once from rag/data when first needed."""

from __future__ import annotations

import functools
import importlib.resources
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from rag.kinds.types import Kind
from rag.normalise import fold

_LONGEST_WORD = 5
_KINDS: dict[str, Kind] = {
    "person": "person",
    "body": "body",
    "place": "place",
    "time": "time",
    "number": "number",
    "work": "title",
    "name": "title",
    "reason": "reason",
    "manner": "manner",
    "definition": "definition",
}


def _rows(file_name: str) -> Iterator[list[str]]:
    text = (importlib.resources.files("rag") / "data" / file_name).read_text(encoding="utf-8")
    for line in text.split("\n"):
        if line and not line.startswith("#"):
            yield line.split("\t")


@functools.cache
def heads() -> Mapping[str, Kind | None]:
    """The kind that each noun names; None for a noun that names none of them."""
    kinds: dict[str, Kind | None] = {}
    for group, nouns in _rows("kind_heads.tsv"):
        for noun in nouns.split() if group != "strict" else ():
            kinds.setdefault(noun, _KINDS.get(group))
    return kinds


@functools.cache
def heads_of(group: str) -> frozenset[str]:
    """The nouns of one group of kind_heads.tsv, such as work: those whose titles stand in quotes or 《》."""
    return frozenset(n for name, nouns in _rows("kind_heads.tsv") if name == group for n in nouns.split())


@functools.cache
def words(group: str) -> frozenset[str]:
    """The words of a group of kind_words.tsv."""
    return frozenset(w for name, row in _rows("kind_words.tsv") if name == group for w in row.split())


@functools.cache
def any_of(group: str) -> str:
    """A pattern for the words of a group, the longest first."""
    return alternatives(words(group))


def alternatives(forms: Iterable[str]) -> str:
    """A pattern for any of some words, the longest first, which looks at their first characters before it tries any."""
    by_first: dict[str, list[str]] = defaultdict(list)
    for form in sorted(forms, key=lambda form: (-len(form), form)):
        by_first[form[0]].append(re.escape(form[1:]))
    branches = (re.escape(first) + f"(?:{'|'.join(rest)})" for first, rest in by_first.items())
    return f"(?=[{re.escape(''.join(by_first))}])(?:{'|'.join(branches)})"


def ends_in(group: str, text: str, at: int) -> bool:
    """Whether a word of a group ends at a position."""
    known = words(group)
    return any(text[max(0, at - size) : at] in known for size in range(1, _LONGEST_WORD + 1))


def begins_with(group: str, text: str, at: int) -> bool:
    """Whether a word of a group begins at a position."""
    known = words(group)
    return any(text[at : at + size] in known for size in range(1, _LONGEST_WORD + 1))


@functools.cache
def foreign_places() -> tuple[str, str]:
    """Patterns for the countries, parts of the world and cities abroad: Chinese names, English names (folded)."""
    chinese: list[str] = []
    english: list[str] = []
    for _, zh, en in _rows("countries.tsv"):
        chinese += zh.split(";")
        english += [fold(name) for name in en.split(";")]
    return alternatives(chinese), alternatives(english)
