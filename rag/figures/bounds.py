"""Between what a figure leaves its value open, and whether two figures cannot both be right."""

from __future__ import annotations

from decimal import Decimal

from rag.figures.amounts import Figure
from rag.figures.units import MEASURED, base_value, factor_of, same_unit

_COMPARED_KINDS = frozenset({"quantity", "percent", "percentage_point", "money", "ratio"})
_MOST_APART = 3
"""Figures further apart than so many times are of two things, or one is misprinted: nobody can tell which."""

_ABOUT = Decimal("0.1")
_NEARLY = Decimal("0.15")
_MANY = Decimal(10) ** 30


def differ(a: Figure, b: Figure) -> bool:
    """Whether two figures can be compared and cannot both be right: not for 约4亿 and 4.02亿, nor for 超过100 and 120."""
    if a.kind != b.kind or a.kind not in _COMPARED_KINDS or not _is_same_unit(a, b):
        return False
    (low, high), (other_low, other_high) = _bounds(a), _bounds(b)
    if low < other_high and other_low < high:
        return False
    small, large = sorted((base_value(a)[0], base_value(b)[0]))
    return small > 0 and large <= _MOST_APART * small


def _is_same_unit(a: Figure, b: Figure) -> bool:
    """Whether both are counted in the same: 家 and 个 may count two things, hours and minutes measure one."""
    return bool(a.unit) and (
        a.unit == b.unit or (a.unit in MEASURED and b.unit in MEASURED and same_unit(a, b))
    )


def _bounds(figure: Figure) -> tuple[Decimal, Decimal]:
    """Between what the value lies, in base units, as far as the figure was rounded and qualified."""
    value, high = base_value(figure)
    half = figure.step * factor_of(figure.unit) / 2
    top = value if high is None else high
    low, up = value - half, top + half
    bounds = {
        "约": (min(low, value * (1 - _ABOUT)), max(up, top * (1 + _ABOUT))),
        "左右": (min(low, value * (1 - _ABOUT)), max(up, top * (1 + _ABOUT))),
        "近": (value * (1 - _NEARLY), up),
        "余": (low, top * 2),
        "不足": (-_MANY, up),
        "以下": (-_MANY, up),
        "至多": (-_MANY, up),
        "超": (low, _MANY),
        "以上": (low, _MANY),
        "至少": (low, _MANY),
    }
    return bounds.get(figure.qualifier, (low, up))
