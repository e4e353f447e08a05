"""Reads dates as people and officials write them: in digits, in Chinese numerals, in years of the Republic, in English."""

from __future__ import annotations

import datetime
import re
import unicodedata

_DIGITS = r"(?<!\d)((?:19|20)\d\d)(?:\s?[-/.年]\s?(\d{1,2})(?!\d)(?:\s?[-/.月]\s?(\d{1,2})(?!\d))?|(\d\d)(\d\d)(?!\d)|(?!\d))"
_NUMERAL = "[〇零○一二三四五六七八九十两百]"
_NUMERALS = rf"([一二][〇零○一二三四五六七八九]{{3}})\s?年(?:\s?({_NUMERAL}{{1,3}})\s?月(?:\s?({_NUMERAL}{{1,3}})\s?[日号號])?)?"
_REPUBLIC = rf"(?:中[华華])?[民⺠][國国]\s?(\d{{1,3}}|{_NUMERAL}{{1,5}})\s?年(?:\s?(\d{{1,2}}|{_NUMERAL}{{1,3}})\s?月(?:\s?(\d{{1,2}}|{_NUMERAL}{{1,3}})\s?[日号號])?)?"
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = rf"(?i:({'|'.join(_MONTHS)})[a-z]{{0,6}}\.?)"
_ENGLISH = rf"\b(?:{_MONTH}\s(?:(\d{{1,2}})(?:st|nd|rd|th)?,?\s)?|(\d{{1,2}})(?:st|nd|rd|th)?\s{_MONTH},?\s)((?:19|20)\d\d)\b"
_ANY = re.compile(
    f"(?P<republic>{_REPUBLIC})|(?P<numerals>{_NUMERALS})|(?P<english>{_ENGLISH})|(?P<digits>{_DIGITS})"
)
_KINDS = ("republic", "numerals", "english", "digits")
_READ_CHARS = 200
_FIRST_YEAR_OF_REPUBLIC = 1911
_OURS = range(1900, 2100)
_LINE = re.compile(r"[(（\[]?\s*(?P<date>[^()（）\[\]]{4,24}?)\s*[)）\]]?")


def parse_date(text: str) -> str | None:
    """Read the first date as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; one that no calendar has is None."""
    match = _ANY.search(unicodedata.normalize("NFKC", text[:_READ_CHARS]))
    return _read(match) if match else None


def is_date_line(text: str) -> bool:
    """Whether a line is nothing but a date with its day, in brackets or not."""
    match = _LINE.fullmatch(unicodedata.normalize("NFKC", text)) if len(text) <= 40 else None
    whole = (
        _ANY.fullmatch(match["date"].rstrip("日号號 ")) or _ANY.fullmatch(match["date"]) if match else None
    )
    return whole is not None and len(_read(whole) or "") == len("2000-01-01")


def _read(match: re.Match[str]) -> str | None:
    """The date of a match; each way of writing has its own groups."""
    kind = next(name for name in _KINDS if match[name] is not None)
    first = match.re.groupindex[kind] + 1
    groups = [match[index] for index in range(first, first + 5)]
    if kind == "republic":
        return _made(_FIRST_YEAR_OF_REPUBLIC + _number(groups[0]), groups[1], groups[2])
    if kind == "numerals":
        return _made(int("".join(str(_value(ch)) for ch in groups[0])), groups[1], groups[2])
    if kind == "english":
        month = groups[0] or groups[3]
        return _made(int(groups[4]), str(_MONTHS.index(month.lower()) + 1), groups[1] or groups[2])
    return _made(int(groups[0]), groups[1] or groups[3], groups[2] or groups[4])


def _made(year: int, month: str | None, day: str | None) -> str | None:
    numbers = [year, *(_number(part) for part in (month, day) if part)]
    try:
        datetime.date(*(*numbers, 1, 1)[:3])
    except ValueError:
        return None
    if year not in _OURS:
        return None
    return "-".join(f"{number:02d}" for number in numbers)


def _number(text: str) -> int:
    """A number below a thousand, in digits or Chinese numerals (十五, 一百一十二, 一一二)."""
    if text.isdecimal():
        return int(text)
    total, digits = 0, ""
    for ch in text:
        if ch in "百十":
            total += int(digits or "1") * (100 if ch == "百" else 10)
            digits = ""
        else:
            digits += str(_value(ch))
    return total + int(digits or "0")


def _value(numeral: str) -> int:
    return 2 if numeral == "两" else "〇一二三四五六七八九".find(numeral) if numeral not in "零○" else 0
