"""Numerals in digits and in Han characters, read by their grammar."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from rag.figures.amounts import EXACT, plain

HAN_DIGITS = {
    ch: n
    for n, chars in enumerate(("零\u3007", "一", "二两", "三", "四", "五", "六", "七", "八", "九"))
    for ch in chars
}
_HAN_TENS = {"十": 1, "百": 2, "千": 3, "万": 4, "亿": 8}
_SCALES = {
    **{
        word: sum(_HAN_TENS[ch] for ch in word)
        for word in ("万亿", "千亿", "百亿", "十亿", "千万", "百万", "十万", "亿", "万", "千", "百")
    },
    "thousand": 3,
    "million": 6,
    "mn": 6,
    "billion": 9,
    "bn": 9,
    "trillion": 12,
}
_ARABIC = re.compile(r"((?:[0-9]{1,3}(?:,[0-9]{3}){1,6}|[0-9]{1,24})(?:\.[0-9]{1,12})?)(?!\.?[0-9])")
_HAN_RUN = re.compile(
    r"[零\u3007一二两三四五六七八九十百千万亿]{1,24}(?:点[零\u3007一二三四五六七八九]{1,12})?"
)
_SCALE = re.compile(
    r" ?([多余])?(万亿|千亿|百亿|十亿|千万|百万|十万|亿|万|千(?![米克瓦卡帕赫家])|百(?![姓强货])|(?:thousand|[mb]illion|trillion|[mb]n)(?![a-z]))"
    r"(?:([0-9]{1,4})(千万|百万|万))?"
)


@dataclass(frozen=True, slots=True)
class Numeral:
    """A numeral as read, without unit: `scale` is the power of ten of 万, million."""

    value: Decimal
    step: Decimal
    end: int
    scale: int = 0
    is_han: bool = False
    qualifier: str = ""


def read_number(s: str, at: int) -> Numeral | None:
    """Read a numeral in digits or Han characters, with 万, 亿, million and the like."""
    arabic = _ARABIC.match(s, at)
    if not arabic:
        return _read_han_number(s, at)
    digits = arabic[1].replace(",", "")
    value, step = Decimal(digits), Decimal(1).scaleb(-len(digits.partition(".")[2]))
    match = _SCALE.match(s, arabic.end())
    if not match:
        return Numeral(value, step, arabic.end())
    scale = _SCALES[match[2]]
    value, step = value.scaleb(scale, context=EXACT), step.scaleb(scale)
    if match[3] and scale == 8:
        value, step = (
            value + Decimal(match[3]).scaleb(_SCALES[match[4]]),
            Decimal(1).scaleb(_SCALES[match[4]]),
        )
    end = match.end() if match[3] is None or scale == 8 else match.end(2)
    return Numeral(plain(value), plain(step), end, scale, qualifier="余" if match[1] else "")


def _read_han_number(s: str, at: int) -> Numeral | None:
    match = _HAN_RUN.match(s, at)
    value = han_value(match[0]) if match else None
    if match is None or value is None:
        return None
    run = match[0]
    step = Decimal(1).scaleb(sum(_HAN_TENS[ch] for ch in run[len(run.rstrip("十百千万亿")) :]))
    if "点" in run:
        step = Decimal(1).scaleb(-len(run.partition("点")[2]))
    more = re.compile(r"([多余])(万|亿)").match(s, match.end())
    if more:
        scale = _HAN_TENS[more[2]]
        return Numeral(
            plain(value.scaleb(scale)), plain(step.scaleb(scale)), more.end(), is_han=True, qualifier="余"
        )
    return Numeral(value, plain(step), match.end(), is_han=True)


def han_value(run: str) -> Decimal | None:
    """Read a Han numeral by its grammar; None for what is none, such as 二三十, 十四五 or a bare 百."""
    whole, point, fraction = run.partition("点")
    number = _han_integer(whole)
    if number is None or (point and not fraction):
        return None
    return (
        Decimal(f"{number}.{''.join(str(HAN_DIGITS[ch]) for ch in fraction)}") if point else Decimal(number)
    )


def _han_integer(run: str) -> int | None:
    for unit, power in (("亿", 10**8), ("万", 10**4)):
        high, found, low = run.rpartition(unit)
        if found:
            above, below = _han_integer(high) if high else None, _han_integer(low) if low else 0
            # 一万二 may mean 12000 or 10002: not ours to guess.
            is_short = len(low) == 1
            return (
                None
                if above is None or below is None or is_short or below >= power
                else above * power + below
            )
    return _han_section(run)


def _han_section(run: str) -> int | None:
    """Read a numeral below ten thousand."""
    total, digit, last, zero = 0, 0, 10000, False
    for ch in run:
        if ch in "零\u3007":
            if digit:
                return None
            zero = True
        elif ch in HAN_DIGITS:
            if digit:
                return None
            digit = HAN_DIGITS[ch]
        else:
            unit = 10 ** _HAN_TENS[ch]
            if unit >= last or (not digit and (unit != 10 or total)):
                return None
            total, digit, last, zero = total + (digit or 1) * unit, 0, unit, False
    if digit and last in (100, 1000) and not zero:
        return None
    return total + digit if total + digit or run in ("零", "\u3007") else None
