"""Whether the claim tells of rise and fall, denial and plan as the evidence does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from rag.figures import changes
from rag.normalise import contains_han, fold
from rag.verify.case import Case
from rag.verify.cues import NEGATION, directions_in, modality_of, tells_of_nothing_done
from rag.verify.forms import Span
from rag.verify.readings import Reading
from rag.verify.reasons import Finding

_EITHER_WAY = re.compile(r"([\u4e00-\u9fff])[不没]\1")
_DENIED = re.compile(rf"(?:{NEGATION.pattern})([\u4e00-\u9fff]{{0,5}})")


def check_direction(case: Case) -> Iterator[Finding]:
    """What rises in the evidence must not fall in the claim: figure by figure, then clause by clause."""
    changed = {change.direction for change in changes(case.evidence.text)}
    everywhere = directions_in(case.evidence.text) | directions_in(case.context.text) | changed
    for start, end in case.prose.clauses:
        clause = case.prose.text[start:end]
        claimed = directions_in(clause)
        known = _known_directions(case, (start, end)) if claimed else set()
        if claimed and (not claimed & everywhere or (known and not claimed & known)):
            yield case.finding("direction", (start, end), clause)


def _known_directions(case: Case, span: Span) -> set[str]:
    """Directions of the evidence's clauses that hold the same figures, or else of the clause most alike."""
    spans: set[Span] = set()
    for figure in [f for f in case.claim.figures if span[0] <= f.start < span[1]][:20]:
        matches = case.evidence.equals_of(figure)
        spans |= {case.evidence.clause_at(case.evidence.figures[p].start) for p in matches}
    if not spans and not case.is_cross:
        alike = case.matcher.most_alike(case.prose.text[span[0] : span[1]])
        spans = {alike} if alike else set()
    return {d for known in spans for d in case.matcher.directions_in(known)}


@dataclass(frozen=True)
class _Polarity:
    """Pairs of characters that a text denies, one set per negation, and those that it affirms."""

    scopes: list[set[str]]
    affirmed: set[str]

    @cached_property
    def denied(self) -> set[str]:
        return {pair for scope in self.scopes for pair in scope}

    def turned_by(self, other: _Polarity) -> Iterator[str]:
        """Yield the pairs that this text only denies, and the other one only affirms."""
        for scope in self.scopes:
            if not scope & other.denied:
                yield from scope & (other.affirmed - self.affirmed)


def _polarity(reading: Reading) -> _Polarity:
    polarity = _Polarity([], set())
    for start, end in reading.clauses:
        # 有没有, 成不成功 ask or leave open; they deny nothing.
        clause = _EITHER_WAY.sub(r"\1", fold(reading.text[start:end]))
        scopes = [m.span(1) for m in _DENIED.finditer(clause)]
        polarity.scopes.extend(set(_pairs(clause[low:high])) for low, high in scopes)
        bounds = [0, *(bound for scope in scopes for bound in scope), len(clause)]
        for low, high in zip(bounds[::2], bounds[1::2], strict=True):
            polarity.affirmed.update(_pairs(clause[low:high]))
    return polarity


def _pairs(text: str) -> Iterator[str]:
    return (
        text[i : i + 2] for i in range(len(text) - 1) if contains_han(text[i]) and contains_han(text[i + 1])
    )


def check_negation(case: Case) -> Iterator[Finding]:
    """What the evidence only denies the claim must not only affirm, nor the reverse."""
    if case.is_cross or not case.evidence.has_han:
        return
    claimed, known = _polarity(case.claim), _polarity(case.evidence)
    turned = {*known.turned_by(claimed), *claimed.turned_by(known)}
    if claimed.scopes and not known.scopes:
        turned |= claimed.denied
    pair = min(turned, key=case.claim.folded.find, default=None)
    if pair:
        start = case.claim.folded.find(pair)
        span = case.claim.unfolded(start, start + len(pair)) if start >= 0 else (0, len(case.claim.text))
        yield case.finding("negation", span, pair)


def check_modality(case: Case) -> Iterator[Finding]:
    """A plan must not be told as a fact, nor a fact as a plan."""
    if case.is_cross:
        return
    seen: dict[Span, tuple[bool, bool, bool]] = {}
    for start, end in case.prose.clauses:
        clause = case.prose.text[start:end]
        alike = case.matcher.most_alike(clause)
        if not alike:
            if modality_of(clause)[2] and tells_of_nothing_done(case.evidence.text):
                yield case.finding("modality", (start, end), clause)
            continue
        # A plan governs what follows it: 「计划建设A，引进B」, but not what stands before.
        reach = (case.evidence.sentence_at(alike[0])[0], alike[1])
        if reach not in seen:
            seen[reach] = modality_of(case.evidence.text[slice(*reach)])
        planned, _, done = modality_of(clause)
        known_planned, known_wanted, known_done = seen[reach]
        if (planned and not known_planned) or (done and not planned and known_wanted and not known_done):
            yield case.finding("modality", (start, end), clause)
