"""Terms for the BM25 index and for questions: folded words, numbers kept whole. The one module that imports rjieba."""

from __future__ import annotations

import functools
import importlib.resources
import itertools
import re
from collections.abc import Iterator

import rjieba

from rag.normalise import fold

_HAN = "[\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002ebe0]"
# At most six groups, possessively: unbounded, a long run of groups that fails at its end is tried from each of them.
_NUMBER = r"\d{1,3}(?:,\d{3}){1,6}+(?:\.\d+)?%?(?![\d,])|\d+(?:\.\d+)?%?"
# Letters outside the BMP but Han, and a few that SQLite takes for marks, would not be one token of the index.
_LETTER = rf"(?:(?!{_HAN}|[\u19b0-\u19c9\u1cf2\u1cf3\U00010000-\U0010ffff])[^\W\d_])"
_TOKEN = re.compile(rf"(?P<han>{_HAN}+)|(?P<number>{_NUMBER})|(?P<word>{_LETTER}+)")
_LISTING_COMMA = re.compile("(?<=[0-9])\uff0c(?=[0-9])")


def index_terms(text: str) -> list[str]:
    """Return the terms of a text in order, repeats included: what a BM25 index should hold, and nothing else.

    Chinese words come with the shorter words inside them. Function words, punctuation and white space are left out;
    `1,200` is `1200`, and `62.59%` stays one term. A term holds letters, digits, `.` and `%` only.
    """
    stop_words = _stop_words()
    return [term for term in _split(_folded(text)) if term not in stop_words]


def content_terms(question: str) -> list[str]:
    """Return the distinct terms of a question that say what it is about, in order: no function or question words."""
    return list(dict.fromkeys(index_terms(question)))


def tagged_words(text: str) -> list[tuple[str, str]]:
    """Return the whole words of a question with jieba's part-of-speech tags, function words left out; Latin is `eng`."""
    stop_words = _stop_words()
    words: list[tuple[str, str]] = []
    for match in _TOKEN.finditer(fold(text)):
        if match["han"]:
            words += rjieba.tag(match["han"])
        elif match["word"]:
            words.append((match["word"], "eng"))
    return [(word, tag) for word, tag in words if word not in stop_words]


def tag_run(run: str) -> list[tuple[str, str]]:
    """Return all words of a run of Simplified Chinese characters with jieba's part-of-speech tags; together they are it."""
    return [(word, tag) for word, tag in rjieba.tag(run)]


def word_bounds(text: str) -> frozenset[int]:
    """Return the offsets in a text of Chinese characters where its words begin or end."""
    bounds = itertools.accumulate(map(len, rjieba.cut(text)), initial=0)
    return frozenset(bounds)


def pairs(text: str) -> list[str]:
    """Return a text's Chinese characters two by two, its Latin words and its numbers, in order; no function words.

    They need no dictionary: a word that was cut one way in a question and another way in a text shares them.
    """
    stop_words = _stop_words()
    pieces: list[str] = []
    for match in _TOKEN.finditer(_folded(text)):
        run = match["han"]
        if run and len(run) > 1:
            pieces += [
                run[i : i + 2] for i in range(len(run) - 1) if not stop_words.issuperset(run[i : i + 2])
            ]
        else:
            pieces.append(run or _foreign(match))
    return [piece for piece in pieces if piece not in stop_words]


def foreign_terms(folded: str) -> list[str]:
    """Return the Latin words and the numbers of a text in its matching form, in order, repeats included."""
    return [_foreign(match) for match in _TOKEN.finditer(folded) if not match["han"]]


def _split(folded: str) -> Iterator[str]:
    for match in _TOKEN.finditer(folded):
        if match["han"]:
            yield from rjieba.cut_for_search(match["han"])
        else:
            yield _foreign(match)


def _foreign(match: re.Match[str]) -> str:
    return match["word"] or match["number"].replace(",", "")


def _folded(text: str) -> str:
    # Full width, this comma lists (12，200家); folding would make it a thousands separator.
    return fold(_LISTING_COMMA.sub("、", text))


@functools.cache
def _stop_words() -> frozenset[str]:
    words: set[str] = set()
    for name in ("stopwords_zh.txt", "stopwords_en.txt"):
        text = (importlib.resources.files("rag") / "data" / name).read_text(encoding="utf-8")
        for line in text.split("\n"):
            if not line.startswith("#"):
                words.update(line.split())
    return frozenset(words)
