"""Dates and years, Chinese and English."""

from __future__ import annotations

import re
from decimal import Decimal

from rag.figures.amounts import Amount, FigureKind
from rag.figures.numerals import HAN_DIGITS, han_value
from rag.figures.spans import Read

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = r"(?P<mon>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
_Y, _M, _D = r"(?P<y>[12][0-9]{3})", r"(?P<m>1[0-2]|0?[1-9])", r"(?P<d>3[01]|[12][0-9]|0?[1-9])"
_HAN_M = r"(?P<m>十[一二]?|[一二三四五六七八九])"
_HAN_D = r"(?P<d>三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
_DASH = r" ?(?:-|—{1,2}|–|~|至|到) ?"
# By what a date begins with, since the patterns of another beginning cannot match: a year, a month or day, Han numerals.
_YEAR_FIRST, _MONTH_OR_DAY_FIRST, _IN_HAN = (
    tuple(map(re.compile, patterns))
    for patterns in (
        (
            rf"{_Y} ?年?{_DASH}(?P<y2>[12][0-9]{{3}}) ?年(?![代级] ?)",
            rf"{_Y} ?年 ?{_M} ?月(?: ?{_D} ?[日号])?",
            rf"{_Y}(?P<sep>[-/.]){_M}(?P=sep){_D}(?![0-9])",
            rf"{_Y}-(?P<m>0[1-9]|1[0-2])(?![0-9-])",
            rf"{_Y} ?年(?![代级])",
            r"(?P<y>(?:19|20)[0-9]{2})(?:-|—{1,2}|–)(?P<y2>(?:19|20)[0-9]{2})(?![0-9.%]| ?[\u4e00-\u9fff]?[人家个张名次元所项])",
        ),
        (
            rf"{_M} ?月 ?{_D}(?:[日号]?{_DASH}(?P<d2>[0-9]{{1,2}}))? ?[日号]",
            rf"{_D}[日号]?{_DASH}(?P<d2>[0-9]{{1,2}}) ?日(?! ?(?:内|以内|之内|以上|均|间))",
            rf"{_M} ?月(?!饼|嫂|子)",
            rf"{_D} ?日(?! ?(?:内|以内|之内|以上|均|间))",
        ),
        (
            r"(?P<y>[一二][一二三四五六七八九\u3007零○]{3})年(?:" + _HAN_M + "月(?:" + _HAN_D + "[日号])?)?",
            _HAN_M + "月" + _HAN_D + "[日号]",
            _HAN_M + "月(?=份|底|初|末|中旬|上旬|下旬)",
        ),
    )
)
_YEAR = re.compile("[12][0-9]{3}")
_DATE_AHEAD = re.compile(r"(?:[0-9]{1,4}|[一二三四五六七八九十零○\u3007]{1,4}) ?[年月日/.~至到—–\u2212-]")
_LONGER = re.compile(r"(?:近|超过?|约|逾|长达|历时)$")
_DAY_MONTH, _MONTH_DAY, _MONTH_YEAR = (
    re.compile(pattern + r"(?![0-9a-z])")
    for pattern in (
        rf"{_D}(?:st|nd|rd|th)? (?:of )?{_MONTH}\.?(?:,? {_Y})?",
        rf"{_MONTH}\.? {_D}(?:st|nd|rd|th)?(?:,? {_Y})?",
        rf"{_MONTH}\.?,? {_Y}",
    )
)


def read_date(s: str, at: int) -> Read | None:
    """Read a date, a month, a day, a year or a span of years; a year after 近 or 超过 is a duration."""
    if not _DATE_AHEAD.match(s, at):
        return None
    if s[at] not in "0123456789":
        patterns = _IN_HAN
    else:
        patterns = _YEAR_FIRST if _YEAR.match(s, at) else _MONTH_OR_DAY_FIRST
    for pattern in patterns:
        match = pattern.match(s, at)
        if match:
            parts = match.groupdict()
            is_span = not parts.get("m") and not parts.get("d") and _LONGER.search(s[max(0, at - 2) : at])
            return None if is_span and not parts.get("y2") else _date_read(parts, match.start(), match.end())
    return None


def read_english_date(s: str, at: int) -> Read | None:
    """Read 4 June 2021, June 4 or June 2021."""
    if not s[at].isascii():
        return None
    for pattern in (_DAY_MONTH,) if s[at].isdecimal() else (_MONTH_DAY, _MONTH_YEAR):
        match = pattern.match(s, at)
        if match:
            parts = dict(match.groupdict())
            parts["m"] = str(_MONTHS.index(match["mon"][:3]) + 1)
            return _date_read(parts, match.start(), match.end())
    return None


def _date_read(parts: dict[str, str | None], start: int, end: int) -> Read:
    year, month, day = (_date_part(parts.get(name)) for name in ("y", "m", "d"))
    last_year, last_day = _date_part(parts.get("y2")), _date_part(parts.get("d2"))
    unit = "".join(name for name, part in (("年", year), ("月", month), ("日", day)) if part)
    value = 0
    for part, width in ((year, 1), (month, 100), (day, 100)):
        value = value * width + part if part else value
    kind: FigureKind = "year" if unit == "年" else "date"
    last = value - day + last_day if last_day > day else last_year if last_year > year else 0
    high = Decimal(last) if last else None
    return Read(start, end, Amount(value=Decimal(value), high=high, unit=unit, kind=kind))


def _date_part(text: str | None) -> int:
    if not text:
        return 0
    if text.isdecimal():
        return int(text)
    if len(text) == 4:
        return int("".join(str(HAN_DIGITS.get(ch, 0)) for ch in text))
    return int(han_value(text) or 0)
