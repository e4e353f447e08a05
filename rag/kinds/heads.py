"""The noun that asking words go with: 国家 in 哪个国家, 导演 in 导演是谁, city in which city."""

from __future__ import annotations

import functools
import re
from typing import NamedTuple

from rag.kinds.lexicon import heads
from rag.kinds.types import Kind

_LONGEST_NOUN = 6
_WINDOW = 12
_FARTHEST = 4
_WINDOW_ENDS = re.compile(r"[^\u4e00-\u9fffa-z0-9]|的|是|在|有|被|了|将|与|和|对|从|向|由|会|能|来|于")
_PLURALS = (("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("sses", "ss"), ("men", "man"), ("s", ""))


class Noun(NamedTuple):
    """A noun that is known, where it stands in a text, and what kind of thing it names, if any."""

    text: str
    end: int
    kind: Kind | None


def noun_at(text: str, at: int) -> Noun | None:
    """The noun of the phrase that begins at a position: its first known one; of a compound (大学校长) the last part."""
    end = _WINDOW_ENDS.search(text, at)
    stop = min(end.start() if end else len(text), at + _WINDOW)
    nouns = _nouns(text, at, stop)
    first = nouns[0] if nouns and nouns[0].end - len(nouns[0].text) - at <= _FARTHEST else None
    for following in nouns[1:]:
        if first and following.end - len(following.text) == first.end:
            first = following
    return first


def _nouns(text: str, at: int, stop: int) -> list[Noun]:
    """Known nouns one after the other; one of a single character opens the phrase, or closes one of three or more."""
    nouns = []
    start = at
    while start < stop:
        noun = _longest(text, start, stop)
        if noun and (len(noun.text) > 1 or start == at or (noun.end == stop and start >= at + 2)):
            nouns.append(noun)
            start = noun.end
        else:
            start += 1
    return nouns


def _longest(text: str, start: int, stop: int) -> Noun | None:
    for end in range(min(stop, start + _LONGEST_NOUN), start, -1):
        form = text[start:end]
        if form in heads():
            return Noun(form, end, heads()[form])
    return None


def noun_before(text: str, end: int) -> Noun | None:
    """The longest known noun that ends at a position."""
    for start in range(max(0, end - _LONGEST_NOUN), end):
        form = text[start:end]
        if form in heads():
            return Noun(form, end, heads()[form])
    return None


@functools.lru_cache(maxsize=4096)
def singular(word: str) -> str:
    """An English noun that is known, without its plural ending; any other word as it is."""
    if word in heads():
        return word
    for ending, instead in _PLURALS:
        stem = word.removesuffix(ending) + instead
        if word.endswith(ending) and stem in heads():
            return stem
    return word
