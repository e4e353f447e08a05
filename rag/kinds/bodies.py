"""Finds bodies in folded text: departments, companies, hospitals, schools, teams and the like."""

from __future__ import annotations

import functools
import re

from rag.kinds.lexicon import any_of
from rag.kinds.named_by_ending import find_by_ending
from rag.kinds.types import Span


def find_bodies(text: str) -> list[Span]:
    """Find bodies by how their names end, and those known by a short name (国家卫健委, 央视)."""
    spans = find_by_ending(text, "body")
    known = [Span(*m.span(), m[0]) for m in _known().finditer(text)]
    for span in known:
        if not any(span.start < other.end and other.start < span.end for other in spans):
            spans.append(span)
    return sorted(spans)


@functools.cache
def _known() -> re.Pattern[str]:
    return re.compile(any_of("bodyname"))
