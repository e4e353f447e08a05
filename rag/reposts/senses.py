"""Whether one form of a clause denies or turns round what the other says."""

from __future__ import annotations

from rag.opposites import opposite_pairs
from rag.verify.cues import NEGATION


def differ_in_sense(one: str, other: str) -> bool:
    """Tell whether one of two folded clauses is negated (or more often so), or has a word where the other has its opposite."""
    if len(NEGATION.findall(one)) != len(NEGATION.findall(other)):
        return True
    return any(
        (first in one and second in other and first not in other and second not in one)
        or (second in one and first in other and second not in other and first not in one)
        for first, second in opposite_pairs()
    )
