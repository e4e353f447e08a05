"""Whether a clause of the claim says the opposite of the evidence's clause that it otherwise repeats."""

from __future__ import annotations

import functools
from collections.abc import Iterator

from rag.normalise import fold
from rag.opposites import opposite_pairs
from rag.verify.case import Case
from rag.verify.cues import NEGATION
from rag.verify.reasons import Finding


def check_opposites(case: Case) -> Iterator[Finding]:
    """A word must not stand where the evidence has its opposite: 放缓 for 加快, 更少 for 更多."""
    if case.is_cross or not case.evidence.has_han:
        return
    for start, end in case.prose.clauses:
        clause = fold(case.prose.text[start:end])
        words = [word for word in _opposites() if word in clause]
        alike = case.matcher.most_alike(case.prose.text[start:end]) if words else None
        if alike is None:
            continue
        known = fold(case.evidence.text[slice(*alike)])
        # 不再增加 is no opposite of 减少; what is denied is compared by its negation.
        if NEGATION.search(clause) or NEGATION.search(known):
            continue
        turned = next((word for word in words if _is_turned(word, clause, known)), None)
        if turned:
            yield case.finding("direction", (start, end), case.prose.text[start:end])


def _is_turned(word: str, clause: str, known: str) -> bool:
    """Whether the evidence's clause has an opposite of the word, and neither clause has both."""
    return word not in known and any(
        opposite in known and opposite not in clause for opposite in _opposites()[word]
    )


@functools.cache
def _opposites() -> dict[str, tuple[str, ...]]:
    """The opposites of each word."""
    found: dict[str, list[str]] = {}
    for one, other in opposite_pairs():
        found.setdefault(one, []).append(other)
        found.setdefault(other, []).append(one)
    return {word: tuple(opposites) for word, opposites in found.items()}
