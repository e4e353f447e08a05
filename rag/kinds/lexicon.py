"""The word lists behind `rag.kinds`, read once from rag/data when first needed."""

from __future__ import annotations

import functools
import importlib.resources
import re
from collections.abc import Iterable, Iterator, Mapping

from rag.kinds.types import Kind
from rag.normalise import fold

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
    """A pattern for any of some words, the longest first."""
    return "|".join(map(re.escape, sorted(forms, key=lambda form: (-len(form), form))))


@functools.cache
def foreign_places() -> tuple[str, str]:
    """Patterns for the countries, parts of the world and cities abroad: Chinese names, English names (folded)."""
    chinese: list[str] = []
    english: list[str] = []
    for _, zh, en in _rows("countries.tsv"):
        chinese += zh.split(";")
        english += [fold(name) for name in en.split(";")]
    return alternatives(chinese), alternatives(english)
