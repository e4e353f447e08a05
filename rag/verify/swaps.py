"""Whether two figures, or two places, of a claim have changed places: each stands in the other one's surroundings."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.figures import same_unit, same_value
from rag.verify.case import Case, counted
from rag.verify.forms import Span, terms_of
from rag.verify.readings import Reading
from rag.verify.reasons import Finding

_NEAR_CHARS = 16
_MOST_ANCHORS = 12
_CLEAR = 2
"""Terms by which each must fit the other's surroundings better than its own."""

_Sided = frozenset[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _Anchor:
    """A figure or place of the claim: what stands around it there, and around it in the evidence."""

    span: Span
    text: str
    around: _Sided
    known: tuple[_Sided, ...]

    def fits(self, surroundings: Sequence[_Sided]) -> int:
        return max((len(self.around & known) for known in surroundings), default=0)


def check_swaps(case: Case) -> Iterator[Finding]:
    """Two of a kind must not have changed places."""
    if case.is_cross or not case.evidence.has_han:
        return
    for one, other in _pairs(case):
        if _lead(one, other) >= _CLEAR and _lead(other, one) >= _CLEAR:
            yield case.finding("subject", one.span, one.text)
            yield case.finding("subject", other.span, other.text)


def _lead(one: _Anchor, other: _Anchor) -> int:
    return one.fits(other.known) - one.fits(one.known)


def _pairs(case: Case) -> Iterator[tuple[_Anchor, _Anchor]]:
    figures = [(p, f) for p, f in counted(case) if f.kind != "ordinal"][:_MOST_ANCHORS]
    anchors = {p: _figure_anchor(case, p) for p, _ in figures}
    for (p, f), (q, g) in itertools.combinations(figures, 2):
        if f.kind == g.kind and same_unit(f, g) and not same_value(f, g):
            yield anchors[p], anchors[q]
    yield from itertools.combinations(_place_anchors(case), 2)


def _figure_anchor(case: Case, position: int) -> _Anchor:
    figure = case.claim.figures[position]
    return _Anchor(
        (figure.start, figure.end),
        figure.raw,
        _of_figure(case.claim, position),
        tuple(_of_figure(case.evidence, p) for p in case.evidence.equals_of(figure)[:10]),
    )


def _of_figure(reading: Reading, position: int) -> _Sided:
    around = reading.surroundings(position)
    return _sided(around.left, around.right)


def _place_anchors(case: Case) -> list[_Anchor]:
    """The places of the claim that the evidence names too, each once in either."""
    claimed, known = _by_code(case.prose), _by_code(case.evidence)
    return [
        _Anchor(
            spans[0],
            case.prose.text[slice(*spans[0])],
            _of_span(case.prose, spans[0]),
            tuple(_of_span(case.evidence, span) for span in known[code]),
        )
        for code, spans in claimed.items()
        if len(spans) == 1 and len(known.get(code, ())) == 1
    ][:_MOST_ANCHORS]


def _by_code(reading: Reading) -> dict[str, list[Span]]:
    from rag.regions import find_regions

    spans: dict[str, list[Span]] = {}
    for mention in find_regions(reading.text):
        spans.setdefault(mention.region.code, []).append((mention.start, mention.end))
    return spans


def _of_span(reading: Reading, span: Span) -> _Sided:
    """Terms close to a place, inside its sentence; what stands right behind a place is mostly about it."""
    low, high = reading.sentence_at(span[0])
    left = reading.text[max(low, span[0] - _NEAR_CHARS) : span[0]]
    right = reading.text[span[1] : min(high, span[1] + _NEAR_CHARS)]
    return _sided(terms_of(left), terms_of(right))


def _sided(left: frozenset[str], right: frozenset[str]) -> _Sided:
    return frozenset({("left", term) for term in left} | {("right", term) for term in right})
