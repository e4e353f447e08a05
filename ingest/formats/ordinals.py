"""Numbers as word processors write them in front of paragraphs: 一 壹 甲 ① iv b 01."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_ENDS_CLOSED = re.compile(r"[、）)】》：:．。，]$|[\u2460-\u249b\u3280-\u3289]$")  # noqa: RUF001  # as numbers end
_DIGITS = "零一二三四五六七八九"
_LEGAL_SIMPLIFIED = str.maketrans("零一二三四五六七八九十百千", "零壹贰叁肆伍陆柒捌玖拾佰仟")
_LEGAL_TRADITIONAL = str.maketrans("零一二三四五六七八九十百千", "零壹貳參肆伍陸柒捌玖拾佰仟")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
)
_MOST = 9999


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """What stands in front of a paragraph: a number with what follows it, or a bullet, which has no text."""

    text: str
    is_bullet: bool


def as_lead(number: str) -> str:
    """Write a number as it stands in front of its paragraph: one that does not end like one is parted by a blank."""
    text = number.strip()
    return f"{text} " if text and not _ENDS_CLOSED.search(text) else text


def chinese(number: int) -> str:
    """Write 1 to 9999 as counted: 十二, 一百零五."""
    if not 0 < number <= _MOST:
        return str(number)
    written = ""
    is_gap = False
    for power, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            written += ("零" if is_gap and written else "") + _DIGITS[digit] + unit
        is_gap = not digit
    return written[1:] if 10 <= number < 20 else written


def _roman(number: int) -> str:
    if not 0 < number <= _MOST:
        return str(number)
    written = ""
    for value, letters in _ROMAN:
        written += letters * (number // value)
        number %= value
    return written


def _letters(number: int) -> str:
    """A to z, then aa, bb: a letter is repeated and not carried."""
    if not 0 < number <= 26 * 10:
        return str(number)
    return chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)


def _from(first: str, most: int) -> Callable[[int], str]:
    """Count in characters that stand in a row from a first one; above the last of them, in digits."""
    return lambda number: chr(ord(first) + number - 1) if 0 < number <= most else str(number)


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda number: signs[(number - 1) % len(signs)] if number > 0 else str(number)


def _digit_by_digit(number: int) -> str:
    return str(number).translate(str.maketrans("0123456789", "〇一二三四五六七八九"))


def _full_width(number: int) -> str:
    return str(number).translate({ord("0") + i: 0xFF10 + i for i in range(10)})


_FORMATS: Mapping[str, Callable[[int], str]] = {
    **dict.fromkeys(
        (
            "chineseCounting",
            "chineseCountingThousand",
            "taiwaneseCounting",
            "taiwaneseCountingThousand",
            "japaneseCounting",
            "koreanCounting",
        ),
        chinese,
    ),
    "chineseLegalSimplified": lambda number: chinese(number).translate(_LEGAL_SIMPLIFIED),
    **dict.fromkeys(
        ("ideographLegalTraditional", "japaneseLegal"),
        lambda number: chinese(number).translate(_LEGAL_TRADITIONAL),
    ),
    **dict.fromkeys(("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand"), _digit_by_digit),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "ideographEnclosedCircle": _from("\u3280", 10),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _from("\u2460", 20)),
    "decimalEnclosedParen": _from("\u2474", 20),
    "decimalEnclosedFullstop": _from("\u2488", 20),
    **dict.fromkeys(("decimalFullWidth", "decimalFullWidth2"), _full_width),
    "decimalZero": lambda number: f"{number:02d}",
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerLetter": _letters,
    "upperLetter": lambda number: _letters(number).upper(),
}
# What OpenDocument calls them: the first numbers themselves.
_OPENDOCUMENT = {
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "一, 二, 三, ...": "chineseCounting",
    "壹, 贰, 叁, ...": "chineseLegalSimplified",
    "壹, 貳, 參, ...": "ideographLegalTraditional",
    "甲, 乙, 丙, ...": "ideographTraditional",
    "子, 丑, 寅, ...": "ideographZodiac",
    "①, ②, ③, ...": "decimalEnclosedCircle",
    "１, ２, ３, ...": "decimalFullWidth",  # noqa: RUF001  # as the standard spells it
    "〇, 一, 二, ...": "ideographDigital",
}


def ordinal(number: int, number_format: str) -> str:
    """Write a number in one of WordprocessingML's formats; one that is not known is written in digits."""
    return _FORMATS.get(number_format, str)(number)


def opendocument_ordinal(number: int, number_format: str) -> str:
    """Write a number in one of OpenDocument's formats."""
    return ordinal(number, _OPENDOCUMENT.get(number_format, "decimal"))
