"""Shares written out in words: 百分之四十七点八, 三分之二, 三成五."""

from __future__ import annotations

import re
from decimal import Decimal

from rag.figures.amounts import Amount, plain
from rag.figures.numerals import HAN_DIGITS, Numeral, han_value, read_number
from rag.figures.qualifiers import qualifier_of
from rag.figures.spans import Read

_PARTS_OF = re.compile(r"(百|千|十?万|10{0,2}万|[2-9]|[0-9]{2,4}|[二三四五六七八九十]{1,3})分之")
_TENTHS = re.compile(
    r"([1-9](?:\.5)?|[一二两三四五六七八九十]) ?成(?!立|为|员|功|都|熟|效|果|本|人|年|绩|长|交|品|分|就|型|才|家|教|套|像|不)([一二三四五六七八九](?![十百千万家个成]))?"
)


def read_share(s: str, at: int) -> Read | None:
    """Read 百分之四十七点八, 三分之二 and 三成五."""
    match = _PARTS_OF.match(s, at)
    if match:
        number = read_number(s, match.end())
        return _parts_read(match[1], at, number, s) if number else Read(at, match.end(), None)
    tenths = _TENTHS.match(s, at)
    if not tenths:
        return None
    count = Decimal(tenths[1]) if tenths[1][0].isascii() else han_value(tenths[1]) or Decimal(0)
    half = HAN_DIGITS[tenths[2]] if tenths[2] else 0
    amount = Amount(
        value=plain((count * 10 + half).normalize()),
        unit="%",
        kind="percent",
        qualifier=qualifier_of(s, at, tenths.end()),
    )
    return Read(at, tenths.end(), amount, Decimal(1 if half else 10))


def _parts_read(divisor: str, at: int, number: Numeral, s: str) -> Read:
    qualifier = number.qualifier or qualifier_of(s, at, number.end)
    if divisor in ("百", "千", "100", "1000"):
        unit = "%" if divisor in ("百", "100") else "‰"
        amount = Amount(value=number.value, unit=unit, kind="percent", qualifier=qualifier)
        return Read(at, number.end, amount, number.step)
    whole = _divisor(divisor)
    if whole < 2:
        return Read(at, number.end, None)
    amount = Amount(value=number.value, unit=f"/{whole}", kind="ratio", qualifier=qualifier)
    return Read(at, number.end, amount, number.step)


def _divisor(written: str) -> int:
    """Read 三, 12, 万, 十万 or 10万."""
    if written.isdecimal():
        return int(written)
    if written[:1].isdecimal():
        return int(written[:-1]) * 10**4
    return int(han_value(written) or (10**4 if written == "万" else 0))
