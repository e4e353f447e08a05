"""Figures in Chinese and English text: found, compared, paired into changes, and put into English. Exact arithmetic."""

from __future__ import annotations

import dataclasses
import functools
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Literal

from rag.normalise import Folded, fold, fold_aligned

FigureKind = Literal["quantity", "percent", "percentage_point", "money", "ratio", "date", "year", "ordinal"]
AskedKind = Literal[
    "", "any", "count", "percent", "percentage_point", "money", "date", "duration", "length", "ordinal"
]
Direction = Literal["up", "down", "same"]

_EXACT = Context(prec=120)
_ONE = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A value with its unit.

    Attributes:
        value: Scaled (12.3亿元 is 1230000000), exact. Dates: 20210604, 202106, 2021, 604 (month and day) …, as `unit` says.
        high: Upper end of a range, in the same unit, or None.
        unit: Canonical: "元", "%", "百分点", "家次", "人", "公里", "分钟", "倍", "年" …; "" when none. For dates the parts
            that are there ("年月日", "年月", "月日", "年"); for 三分之二 the divisor ("/3", value 2).
        qualifier: "", or one of 约 左右 近 余 超 不足 以上 以下 至少 至多.
    """

    value: Decimal
    high: Decimal | None = None
    unit: str = ""
    kind: FigureKind = "quantity"
    qualifier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Amount):
    """A figure in a text: `text[start:end] == raw`, always; qualifiers that stand around it are outside.

    Attributes:
        step: What the last written digit is worth: 1000 for 1.2万, 0.1 for 47.8%.
    """

    start: int
    end: int
    raw: str
    step: Decimal = _ONE


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A figure before and after; `subject` is the span of what changed, None where that is not plain."""

    before: Figure
    after: Figure
    direction: Direction
    start: int
    end: int
    subject: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What kind of figure a question asks for: kind "" when none, "any" when its unit is open.

    Attributes:
        units: Canonical units that would answer; empty when any unit of the kind would.
    """

    kind: AskedKind = ""
    units: frozenset[str] = frozenset()

    def accepts(self, figure: Amount) -> bool:
        """Whether a figure is of the kind asked for (false for a question that asks for none)."""
        return _accepts(self, figure)


def answers_with(asked: Asked, figure: Amount) -> bool:
    """Whether a figure is of the kind asked for; see `Asked.accepts`."""
    return asked.accepts(figure)
