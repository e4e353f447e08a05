"""The years that a text names: as figures, in Chinese numerals, as a five-year plan; and in a question, by 去年 or "since 2019"."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from rag.normalise import fold, fold_aligned

_HAN_DIGITS = "〇零○一二三四五六七八九"
_YEAR = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(?!\d)"
    r"(?:\s*+年?+\s*+(?:[-—–~至到]|to\b)\s*((?:19|20)\d{2}(?!\d)|\d{2}(?=年)|(?<=[-—–])(?:1[3-9]|[2-9]\d)(?![-\d./%年月\u4e00-\u9fff])))?"
    rf"|((?:一九|二[〇零○])[{_HAN_DIGITS}]{{2}})(?=年(?!级))"
)
# "Between 2019 and 2021" is three years, "2019 and 2021" are two.
_BETWEEN = re.compile(r"\bbetween ((?:19|20)\d{2}) and ((?:19|20)\d{2})(?!\d)")
_PLAN = re.compile(
    r"(?<![一二三四五六七八九\d])(十[一二三四五六七八九]?|[六七八九])五[”\"」』’]?(?:期间|时期|以来|期末|末|中期|后期|前期)"
    r"|\b(1?\d)(?:st|nd|rd|th) five[- ]year plan period\b"
)
_SIXTH_PLAN, _SIXTH_PLAN_YEAR, _PLAN_YEARS = 6, 1981, 5
_SINCE = re.compile(
    r"(?<!\d)((?:19|20)\d{2})年?(?:以来|以后|起|后(?![期续勤]))|\bsince ((?:19|20)\d{2})(?!\d)|\bfrom ((?:19|20)\d{2}) on(?:wards?)?\b"
)
# 基本年薪, 以上年龄, 目前年均, 如今年轻 … hold such a word by accident.
_RELATIVE = re.compile(
    r"(?<![基以之目如文过])(前年|去年|上年|今年|本年|明年)(?![龄轻])|\b(last|this|next) year\b(?! of| \d)"
)
_STEPS = {
    "前年": -2,
    "去年": -1,
    "上年": -1,
    "今年": 0,
    "本年": 0,
    "明年": 1,
    "last": -1,
    "this": 0,
    "next": 1,
}


def find_years(text: str) -> tuple[int, ...]:
    """Every year a text names outright, ranges filled in; ascending."""
    folded = fold(text)
    years: set[int] = set()
    for match in _YEAR.finditer(folded):
        years.update(_between(*_ends(match)))
    for match in _BETWEEN.finditer(folded):
        years.update(_between(int(match[1]), int(match[2])))
    for match in _PLAN.finditer(folded):
        years.update(_plan_years(match))
    return tuple(sorted(years))


def asked_years(question: str, this_year: int | None) -> tuple[int, ...]:
    """Every year a question asks about; 去年 and "since 2019" by the year it is asked in, where that is given.

    「近三年」 stays a matter of words: articles tell of their own last three years.
    """
    years = set(find_years(question))
    if this_year is not None:
        folded = fold(question)
        for match in _SINCE.finditer(folded):
            years.update(range(int(match[match.lastindex or 1]), this_year + 1))
        years.update(this_year + _STEPS[m[1] or m[2]] for m in _RELATIVE.finditer(folded))
    return tuple(sorted(years))


def year_spans(text: str) -> list[tuple[int, int]]:
    """Where a text names years in digits, ranges whole and with the 年 behind them."""
    folded = fold_aligned(text)
    return [
        folded.span(m.start(), _with_year_sign(folded.text, m.end())) for m in _YEAR.finditer(folded.text)
    ]


def bare_year_spans(text: str) -> list[tuple[int, int]]:
    """Where a text names years, without the 年 behind them."""
    folded = fold_aligned(text)
    return [folded.span(*match.span()) for match in _YEAR.finditer(folded.text)]


def year_ranges(years: Sequence[int]) -> list[str]:
    """Put years into words, runs of three and more as a range: 2019—2022."""
    ranges: list[str] = []
    runs = itertools.groupby(enumerate(sorted(set(years))), key=lambda pair: pair[1] - pair[0])
    for _, run in runs:
        each = [year for _, year in run]
        ranges += [f"{each[0]}—{each[-1]}"] if len(each) > 2 else [str(year) for year in each]
    return ranges


def _ends(match: re.Match[str]) -> tuple[int, int]:
    if match[3]:
        year = int("".join(str(max(0, _HAN_DIGITS.index(ch) - 2)) for ch in match[3]))
        return year, year
    first = int(match[1])
    last = match[2] or match[1]
    if len(last) == 4:
        return first, int(last)
    last_in_century = first - first % 100 + int(last)
    return first, last_in_century if last_in_century > first else first


def _between(one: int, other: int) -> range:
    first, last = sorted((one, other))
    return range(first, last + 1)


def _plan_years(match: re.Match[str]) -> range:
    if match[2]:
        number = int(match[2])
    else:
        _, _, ones = match[1].rpartition("十")
        number = 10 * ("十" in match[1]) + (_HAN_DIGITS.index(ones) - 2 if ones else 0)
    first = _SIXTH_PLAN_YEAR + _PLAN_YEARS * (number - _SIXTH_PLAN)
    return range(first, first + _PLAN_YEARS) if number >= _SIXTH_PLAN else range(0)


def _with_year_sign(text: str, end: int) -> int:
    return end + (text[end : end + 1] == "年" and text[end + 1 : end + 2] != "薪")
