"""Amounts said in Chinese, the way the articles do."""

from __future__ import annotations

from decimal import Decimal

from rag.figures.amounts import Amount, Figure

_BEHIND = frozenset({"左右", "以上", "以下"})
_IN_FRONT = {"超": "超过", "余": ""}  # 余 and 多 stand inside the figure


def in_chinese(amount: Amount) -> str:
    """Write an amount: 10亿元, 13.79个百分点, 约424人."""
    value, scale = amount.value, ""
    for name, factor in (("亿", Decimal(10**8)), ("万", Decimal(10**4))):
        scaled = amount.value / factor
        if abs(scaled) >= 1 and scaled == scaled.quantize(Decimal("0.01")):
            value, scale = scaled, name
            break
    digits = f"{value:f}"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    written = f"{digits}{scale}{'个' if amount.unit == '百分点' else ''}{amount.unit}"
    return _qualified(written, amount.qualifier)


def as_written(figure: Figure) -> str:
    """A figure as its text writes it, with what qualifies it: 超过100家, 40%以上."""
    return _qualified(figure.raw, figure.qualifier)


def _qualified(written: str, qualifier: str) -> str:
    if qualifier in _BEHIND:
        return f"{written}{qualifier}"
    return f"{_IN_FRONT.get(qualifier, qualifier)}{written}"
