"""Equations that a claim gives as computed: taken out of it, and recomputed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, DecimalException

from rag.figures import Amount, Figure, base_value, find_figures, same_unit
from rag.normalise import fold

_COMPUTED = re.compile(
    r"[（(] ?(?:computed|calculated|计算得出|計算得出) ?[:：]([^（）()\n]{1,200})[)）]", re.IGNORECASE
)
_OPERATOR = re.compile(r" [-–] |[\u2212\uff0b+\u00d7÷*]| / |减去?|加上?|minus|plus")
_SIGNS = {
    "-": "-",
    "–": "-",
    "\u2212": "-",
    "减": "-",
    "减去": "-",
    "minus": "-",
    "\u00d7": "*",
    "*": "*",
    "÷": "/",
    "/": "/",
}


@dataclass(frozen=True, slots=True)
class Computation:
    """An equation that a claim gives as computed, `claim[start:…]`; `operands` have to stand in the evidence."""

    text: str
    start: int
    operands: tuple[Figure, ...]
    result: Figure | None
    holds: bool


def split_computations(claim: str) -> tuple[str, list[Computation]]:
    """Take the "(computed: A − B = C)" parts out of a claim, offsets kept."""
    computations = [_computation(match[1].strip(), match.start(1)) for match in _COMPUTED.finditer(claim)]
    return _COMPUTED.sub(lambda m: " " * len(m[0]), claim), computations


def _computation(text: str, start: int) -> Computation:
    left, _, right = fold(text).partition("=")
    signs = [_SIGNS.get(m[0].strip(), "+") for m in _OPERATOR.finditer(left)]
    operands = [find_figures(part.strip()) for part in _OPERATOR.split(left)]
    results = find_figures(right.strip())
    flat = tuple(found[0] for found in operands if len(found) == 1)
    if len(results) != 1 or len(flat) != len(operands) or not signs:
        return Computation(text, start, flat, None, holds=False)
    return Computation(text, start, flat, results[0], holds=_holds(flat, signs, results[0]))


def _holds(operands: tuple[Figure, ...], signs: list[str], result: Figure) -> bool:
    """Recompute, to the last digit that the result is written with."""
    try:
        value = base_value(operands[0])[0]
        for sign, operand in zip(signs, operands[1:], strict=True):
            value = _apply(sign, value, base_value(operand)[0])
    except DecimalException:
        return False
    if "/" in signs and result.kind == "percent":
        value *= 100
    factor = Decimal(1) if result.value == 0 else base_value(result)[0] / result.value
    tolerance = result.step * factor / 2 if "/" in signs else Decimal(0)
    return abs(value - base_value(result)[0]) <= tolerance and _unit_follows(operands, signs, result)


def _apply(sign: str, a: Decimal, b: Decimal) -> Decimal:
    if sign == "-":
        return a - b
    if sign == "+":
        return a + b
    return a * b if sign == "*" else a / b


def _unit_follows(operands: tuple[Figure, ...], signs: list[str], result: Amount) -> bool:
    """Whether the result has the unit that the operation gives: percent minus percent gives percentage points."""
    if set(signs) & {"*", "/"}:
        return True
    first = operands[0]
    if first.kind == "percent" and "-" in signs:
        return result.kind == "percentage_point" and all(o.kind == "percent" for o in operands)
    return all(o.kind == result.kind and same_unit(o, result) for o in operands)
