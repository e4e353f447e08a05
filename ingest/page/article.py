"""Chooses which pieces of a page are its article: each is weighed by what surrounds it, then one stretch is taken."""

from __future__ import annotations

import functools
import itertools
import json
from collections.abc import Sequence
from importlib import resources

from ingest.page.signs import is_end_mark, is_prose, says_chrome
from ingest.page.surroundings import FEATURES, Setting, measure
from ingest.page.tree import Piece

_MOST_WEIGHT = 3.0
_MOST_CHARS = 300
_LEAST_KEPT = -1.5
_GAP_LEAST = -2.0
_ENOUGH_BEFORE_MARK = 0.15


def choose(pieces: Sequence[Piece]) -> list[int]:
    """Give the places of the article's pieces, in reading order; none where nothing reads like an article."""
    setting, rows = measure(pieces)
    weights = [sum(a * b for a, b in zip(_model(), row, strict=True)) for row in rows]
    return select(pieces, weights, setting)


def select(pieces: Sequence[Piece], weights: Sequence[float], setting: Setting) -> list[int]:
    """Take the heaviest stretch, grown to all of its container, and leave out what weighs too little."""
    values = _values(pieces, weights, setting)
    start, stop = _first_stretch(values, pieces, setting.marks)
    if start == stop:
        return []
    while start > 0 and _may_join(pieces[start - 1], weights[start - 1], setting):
        start -= 1
    while stop < len(pieces) and _may_join(pieces[stop], weights[stop], setting):
        stop += 1
    return [i for i in range(start, stop) if weights[i] > _LEAST_KEPT or _belongs(pieces[i], setting)]


def _values(pieces: Sequence[Piece], weights: Sequence[float], setting: Setting) -> list[float]:
    """What each piece adds to a stretch; between paragraphs of one container a gap costs little."""
    values = []
    for index, (piece, weight) in enumerate(zip(pieces, weights, strict=True)):
        value = max(-_MOST_WEIGHT, min(_MOST_WEIGHT, weight)) * min(len(piece.block.text), _MOST_CHARS) ** 0.5
        is_gap = value < 0 and setting.first < index < setting.last
        values.append(max(value, _GAP_LEAST) if is_gap else value)
    return values


def _first_stretch(values: Sequence[float], pieces: Sequence[Piece], marks: Sequence[int]) -> tuple[int, int]:
    """The heaviest stretch; one that an end mark cuts ends there, unless next to nothing stands above it."""
    bounds = [0, *marks, len(values)]
    stretches = [_heaviest(values, a, b) for a, b in itertools.pairwise(bounds)]
    most = max((worth for worth, _, _ in stretches), default=0.0)
    for worth, start, stop in stretches:
        if worth > 0 and worth >= most * _ENOUGH_BEFORE_MARK and _has_prose(pieces, start, stop):
            return start, stop
    _, start, stop = max(stretches, default=(0.0, 0, 0))
    return start, stop


def _has_prose(pieces: Sequence[Piece], start: int, stop: int) -> bool:
    return any(is_prose(piece) for piece in pieces[start:stop])


def _heaviest(values: Sequence[float], first: int, end: int) -> tuple[float, int, int]:
    """The stretch with the largest sum between two places, with that sum."""
    best, best_start, best_stop = 0.0, first, first
    running, start = 0.0, first
    for index in range(first, end):
        if running <= 0:
            running, start = 0.0, index
        running += values[index]
        if running > best:
            best, best_start, best_stop = running, start, index + 1
    return best, best_start, best_stop


def _may_join(piece: Piece, weight: float, setting: Setting) -> bool:
    if not _belongs(piece, setting) or is_end_mark(piece):
        return False
    return piece.is_table or (weight > _LEAST_KEPT and not says_chrome(piece.block.text))


def _belongs(piece: Piece, setting: Setting) -> bool:
    """Whether a piece stands among the article's own, and is no link."""
    if piece.is_table:
        return piece.home in setting.inside or piece.home in setting.around
    return not piece.block.is_link and setting.container_of(piece) is setting.best


@functools.cache
def _model() -> tuple[float, ...]:
    source = resources.files("ingest.page").joinpath("weights.json").read_text(encoding="utf-8")
    weights: dict[str, float] = json.loads(source)["weights"]
    return tuple(weights[name] for name in FEATURES)
