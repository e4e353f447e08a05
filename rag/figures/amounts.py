"""What a figure is: a value with its unit, where it stands, and how it changes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Literal

FigureKind = Literal["quantity", "percent", "percentage_point", "money", "ratio", "date", "year", "ordinal"]
Direction = Literal["up", "down", "same"]
EXACT = Context(prec=120)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A value with its unit.

    Attributes:
        value: Scaled (12.3亿元 is 1230000000), exact. Dates: 20210604, 202106, 2021 or 604, as `unit` says.
        high: Upper end of a range, in the same unit, or None.
        unit: Canonical: "元", "%", "百分点", "家次", "人", "公里", "分钟", "倍", "年" …; "" when none. Of a date the parts
            it has ("年月日", "年月", "月日" …); of 三分之二 the divisor ("/3", with value 2).
        qualifier: "", or one of 约 左右 近 余 超 不足 以上 以下 至少 至多.
    """

    value: Decimal
    high: Decimal | None = None
    unit: str = ""
    kind: FigureKind = "quantity"
    qualifier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Amount):
    """A figure in a text: `text[start:end] == raw`, always; a qualifier in front or behind is outside the span.

    Attributes:
        step: What the last written digit is worth: 1000 in 1.2万, 0.1 in 47.8%.
    """

    start: int
    end: int
    raw: str
    step: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A figure before and after; `subject` is the span of what changed, None where that is not plain."""

    before: Figure
    after: Figure
    direction: Direction
    start: int
    end: int
    subject: tuple[int, int] | None


def plain(value: Decimal) -> Decimal:
    """Write out 1.23E+9 as 1230000000; the value is the same."""
    exponent = value.as_tuple().exponent
    return value.quantize(Decimal(1), context=EXACT) if isinstance(exponent, int) and exponent > 0 else value
