"""Things of a kind in a text."""

from __future__ import annotations

import functools
import re

from rag.figures import Figure, find_figures
from rag.kinds.bodies import find_bodies
from rag.kinds.numbers import find_numbers
from rag.kinds.persons import find_persons
from rag.kinds.places import find_places
from rag.kinds.times import find_times
from rag.kinds.titles import find_titles
from rag.kinds.types import Kind, Span, Thing
from rag.normalise import Folded, fold_aligned

_UPPER, _LOWER = "A-Z\uff21-\uff3a\u00c0-\u00de", "a-z\uff41-\uff5a\u00df-\u024f"
_LATIN_NAME = re.compile(
    rf"[{_UPPER}][{_LOWER}'\u2019-]+(?:[ \u3000](?:[{_UPPER}]\.?(?=[ \u3000])|de|van|von|da|of|and|for|the|bin|al|[{_UPPER}][{_LOWER}'\u2019-]+|[0-9]{{1,3}})){{1,5}}"
)
_LATIN_BODY = re.compile(
    r"(?:company|corporation|inc|ltd|group|university|college|institute|school|hospital|ministry|commission|bureau|department|administration|agency|"
    r"association|society|bank|council|committee|union|club|court|party|foundation|organi[sz]ation)\b"
)
_LISTING_COMMA = re.compile("(?<=[0-9\uff10-\uff19])\uff0c(?=[0-9\uff10-\uff19])")
_NAMED: tuple[Kind, ...] = ("person", "body", "title", "place")


@functools.lru_cache(maxsize=16384)
def find_things(text: str, kind: Kind) -> tuple[Thing, ...]:
    """Find the things of a kind in a text, in order, without overlaps; kinds that no name stands for have none.

    Latin names are found as people, bodies, places and titles alike, surely only those that say they are a body: nothing else in them tells which.
    """
    folded = fold_aligned(
        _LISTING_COMMA.sub("、", text)
    )  # folded, this comma would join the numbers it parts
    spans = [
        Span(*folded.span(s.start, s.end), s.value, s.is_sure)
        for s in _spans(folded.text, kind)
        if s.start < s.end
    ]
    if kind in _NAMED:
        for match in _LATIN_NAME.finditer(text):
            if not any(match.start() < s.end and s.start < match.end() for s in spans):
                name = fold_aligned(match[0]).text
                is_body = kind == "body" and _LATIN_BODY.search(name) is not None
                spans.append(Span(*match.span(), name, is_body))
    return tuple(
        Thing(start=s.start, end=s.end, text=text[s.start : s.end], value=s.value, is_sure=s.is_sure)
        for s in sorted(spans)
        if s.start < s.end
    )


@functools.lru_cache(maxsize=4096)
def folded_form(text: str) -> Folded:
    """The matching form, made once for all kinds; its commas never join the numbers that a full-width one parted."""
    return fold_aligned(_LISTING_COMMA.sub("、", text))


def _spans(folded: str, kind: Kind) -> list[Span]:
    if kind == "time":
        return find_times(folded, figures_of(folded))
    if kind == "number":
        return find_numbers(folded, figures_of(folded))
    finder = {"person": find_persons, "body": find_bodies, "place": find_places, "title": find_titles}.get(
        kind
    )
    return finder(folded) if finder else []


@functools.lru_cache(maxsize=2048)
def figures_of(folded: str) -> list[Figure]:
    """The figures of a folded text, read once for both times and numbers."""
    return find_figures(folded)
