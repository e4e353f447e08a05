"""Finds places in folded text: China's divisions, countries and cities abroad, and what ends as places do."""

from __future__ import annotations

import functools
import re

from rag.kinds.lexicon import foreign_places
from rag.kinds.named_by_ending import find_by_ending
from rag.kinds.types import Span
from rag.regions import find_regions

# 今年 and 明日 are in no country, 中国 in 中国人 is still one; a Latin name must be a word of its own.
_NOT_BEHIND = "(?![文语字餐菜])"


def find_places(text: str) -> list[Span]:
    """Find places; names that stand side by side (墨西哥南部) are one, sure where one of its parts is."""
    regions = [Span(m.start, m.end, text[m.start : m.end]) for m in find_regions(text)]
    known = [Span(*m.span(), m[0]) for m in _foreign().finditer(text)]
    return _joined(text, sorted(regions + known + find_by_ending(text, "place")))


@functools.cache
def _foreign() -> re.Pattern[str]:
    chinese, english = foreign_places()
    return re.compile(rf"(?:{chinese}){_NOT_BEHIND}|(?<![a-z])(?:{english})(?![a-z])")


def _joined(text: str, spans: list[Span]) -> list[Span]:
    joined: list[Span] = []
    for span in spans:
        if joined and span.start <= joined[-1].end:
            last = joined.pop()
            end = max(last.end, span.end)
            span = Span(last.start, end, text[last.start : end], last.is_sure or span.is_sure)
        joined.append(span)
    return joined
