"""Reads the text on a picture with RapidOCR, an optional extra whose Chinese models are inside its wheel."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

_MIN_SCORE = 0.5
_SETTINGS = {
    "Global.log_level": "critical",
    # Lines are looked for on a smaller picture, and read on the whole one: that takes half the time.
    "Det.limit_type": "max",
    "Det.limit_side_len": 1216,
    # Several lines at once would be padded to the longest.
    "Rec.rec_batch_num": 1,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of text, its box in pixels (to the right and downwards), and how sure its reading is, 0 to 1."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    score: float


class _Reading(Protocol):
    """What the library gives: a box of four corners, a text and a score a line, or nothing at all."""

    boxes: Sequence[Sequence[Sequence[float]]] | None
    txts: Sequence[str] | None
    scores: Sequence[float] | None


def has_ocr() -> bool:
    """Whether the `ocr` extra is installed."""
    return importlib.util.find_spec("rapidocr") is not None


def read_picture(picture: bytes) -> tuple[Line, ...]:
    """Read a PNG; the lines stand in no promised order, and unsure ones are left out. `has_ocr` must hold."""
    found = _engine()(picture)
    if found.boxes is None or found.txts is None or found.scores is None:
        return ()
    lines = []
    for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
        if score < _MIN_SCORE or not text.strip():
            continue
        xs, ys = [float(point[0]) for point in box], [float(point[1]) for point in box]
        lines.append(
            Line(text=text, left=min(xs), top=min(ys), right=max(xs), bottom=max(ys), score=float(score))
        )
    return tuple(lines)


@functools.cache
def _engine() -> Callable[[bytes], _Reading]:
    """Load the models, once a process."""
    from rapidocr import RapidOCR

    return cast("Callable[[bytes], _Reading]", RapidOCR(params=_SETTINGS))
