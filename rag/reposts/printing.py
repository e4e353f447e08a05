"""A text as it is compared with others: folded, cut into clauses, without what printings differ in."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.normalise import fold

# Folded, an ellipsis is a row of full stops; a blank between Han characters stands for punctuation.
_CUT = re.compile(
    r"(?<!\d)[,:]|[,:](?!\d)|[、。!?;\n]|\.{2,}|\.(?=\s|$)|(?<=[\u4e00-\u9fff])[^\S\n]+(?=[\u4e00-\u9fff])"
)
# Punctuation, white space and the commas inside numbers; 62.59 and 5% stay what they are.
_LEFT_OUT = re.compile(r"(?!(?<=\d)\.(?=\d))[^\w%]+|_+")

_NUMBER = re.compile(r"[\d.〇零一二两三四五六七八九十百千万亿]{2}")
_DIGITS = re.compile(r"\d\d+")
_KEPT_CHARS = 20_000  # of texts that are read once for many comparisons; a longer one takes up to 10 MB
_MOST_PLACES = 1000  # at which a key is looked for: a text that repeats itself on purpose has very many


@dataclass(frozen=True, slots=True, kw_only=True)
class Printing:
    """A text ready to be compared.

    Attributes:
        clauses: The folded clauses with their punctuation; those of punctuation only are left out.
        keys: Of each clause its letters, digits and Han characters: what two printings of it have in common.
        text: All keys, joined.
        edges: Offsets into `text` at which a clause starts, or the last one ends.
        numbers: Its numbers of two digits or more.
    """

    clauses: tuple[str, ...]
    keys: tuple[str, ...]
    text: str
    edges: frozenset[int]
    numbers: frozenset[str]


def key_of(text: str) -> str:
    """Return the letters, digits and Han characters of a text, folded."""
    return _LEFT_OUT.sub("", fold(text))


def read_printing(text: str) -> Printing:
    """Fold a text and cut it into clauses; time linear in the text."""
    return _kept(text) if len(text) <= _KEPT_CHARS else _read(text)


def _read(text: str) -> Printing:
    clauses, keys = [], []
    edges = {0}
    length = 0
    for piece in _CUT.split(fold(text)):
        if key := _LEFT_OUT.sub("", piece):
            clauses.append(piece.strip())
            keys.append(key)
            length += len(key)
            edges.add(length)
    return Printing(
        clauses=tuple(clauses),
        keys=tuple(keys),
        text="".join(keys),
        edges=frozenset(edges),
        numbers=frozenset(number for key in keys for number in _DIGITS.findall(key)),
    )


_kept = functools.lru_cache(maxsize=256)(_read)


def has_clause(printing: Printing, key: str) -> bool:
    """Whether the key stands in a printing from one clause's start to a clause's end."""
    return any(at in printing.edges and at + len(key) in printing.edges for at in _places(printing, key))


def stands_in(printing: Printing, key: str) -> bool:
    """Whether the key stands in a printing without cutting a number in two: 3万人 does not stand in 13万人."""
    return any(
        not _cuts_number(printing, at) and not _cuts_number(printing, at + len(key))
        for at in _places(printing, key)
    )


def _places(printing: Printing, key: str) -> Iterator[int]:
    at = -1
    for _ in range(_MOST_PLACES):
        at = printing.text.find(key, at + 1)
        if at < 0:
            return
        yield at


def _cuts_number(printing: Printing, at: int) -> bool:
    """Whether a number goes on across a place at which no clause ends."""
    return at not in printing.edges and _NUMBER.fullmatch(printing.text[at - 1 : at + 1]) is not None
