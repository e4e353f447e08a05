"""When a clause says that something happened: dates in the text, and 去年 reckoned from the article's date."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.normalise import fold_aligned
from rag.years import find_years

_DIGITAL = re.compile(
    r"(?<![\d.\-—–~至到])(?P<year>(?:19|20)\d{2})年(?!级|版|薪|代)"
    r"(?:(?P<month>1[0-2]|0?[1-9])月(?:(?P<day>3[01]|[12]\d|0?[1-9])[日号])?)?(?P<part>年?[初底末中]|上半年|下半年|第?[一二三四]季度)?"
)
_SPAN = re.compile(r"(?P<first>(?:19|20)\d{2})年?(?:-|—{1,2}|–|~|至|到)(?P<last>(?:19|20)\d{2})年(?!级|版)")
_PLAN = re.compile(r"[“「]?十[一二三四五六]五[”」]?(?:期间|时期|以来|期末|末)")
_RELATIVE = re.compile(
    r"(?<![基以之目如文过])(?P<word>前年|去年|上年|今年|本年|明年)(?:(?P<month>1[0-2]|[1-9])月(?:份)?(?:(?P<day>3[01]|[12]\d|[1-9])[日号])?)?"
    r"(?P<part>年?[初底末]|上半年|下半年|第?[一二三四]季度)?(?![龄轻薪])"
)
_STEPS = {"前年": -2, "去年": -1, "上年": -1, "今年": 0, "本年": 0, "明年": 1}
_HALVES = {"初": 1, "中": 6, "上": 6, "下": 12, "底": 12, "末": 12, "一": 3, "二": 6, "三": 9, "四": 12}
_TITLE = re.compile(r"《[^》]*》|〔[^〕]*〕|[（(][^（）()]*[)）]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A date that a text names at `[start, end)`.

    Attributes:
        order: Year, month and day to sort by; 0 where none is given.
        shown: As a heading: 「2017年10月」; the years of a relative date are worked out.
        text: As the article has it.
        is_reckoned: Whether the year comes from the article's date.
        is_plan: Whether it is a five-year plan by its name.
    """

    start: int
    end: int
    order: tuple[int, int, int]
    shown: str
    text: str
    is_reckoned: bool = False
    is_plan: bool = False


def find_events(text: str, article_date: str | None) -> list[Event]:
    """Find the dates of a text, in its order; those in titles of documents and in brackets date no event.

    Args:
        text: Words of an article.
        article_date: `YYYY…`; without it 去年 is of no year.
    """
    folded = fold_aligned(_without_titles(text))
    found: list[Event] = []
    for pattern, read in ((_SPAN, _span), (_DIGITAL, _digital), (_PLAN, _plan)):
        found += [event for m in pattern.finditer(folded.text) if (event := read(m))]
    if article_date:
        found += [_relative(m, int(article_date[:4])) for m in _RELATIVE.finditer(folded.text)]
    placed = [_in_original(event, text, folded.span(event.start, event.end)) for event in found]
    return _apart(sorted(placed, key=lambda e: (e.start, -e.end)))


def _without_titles(text: str) -> str:
    return _TITLE.sub(lambda m: " " * len(m[0]), text)


def _in_original(event: Event, text: str, span: tuple[int, int]) -> Event:
    start, end = span
    return Event(
        start=start,
        end=end,
        order=event.order,
        shown=event.shown,
        text=text[start:end],
        is_reckoned=event.is_reckoned,
        is_plan=event.is_plan,
    )


def _apart(events: list[Event]) -> list[Event]:
    kept: list[Event] = []
    for event in events:
        if not kept or event.start >= kept[-1].end:
            kept.append(event)
    return kept


def _span(match: re.Match[str]) -> Event | None:
    first, last = int(match["first"]), int(match["last"])
    return _event(match, (first, 0, 0), f"{first}—{last}年") if first < last else None


def _digital(match: re.Match[str]) -> Event:
    return _event(match, _order(int(match["year"]), match), f"{match['year']}年{_rest(match)}")


def _plan(match: re.Match[str]) -> Event | None:
    years = find_years(match[0])
    shown = f"{years[0]}—{years[-1]}年" if years else ""
    return _event(match, (years[0], 0, 0), shown, is_plan=True) if years else None


def _relative(match: re.Match[str], year: int) -> Event:
    year += _STEPS[match["word"]]
    return _event(match, _order(year, match), f"{year}年{_rest(match)}", is_reckoned=True)


def _event(
    match: re.Match[str],
    order: tuple[int, int, int],
    shown: str,
    *,
    is_reckoned: bool = False,
    is_plan: bool = False,
) -> Event:
    return Event(
        start=match.start(),
        end=match.end(),
        order=order,
        shown=shown,
        text=match[0],
        is_reckoned=is_reckoned,
        is_plan=is_plan,
    )


def _order(year: int, match: re.Match[str]) -> tuple[int, int, int]:
    month, day = int(match["month"] or 0), int(match["day"] or 0)
    part = match["part"] or ""
    return year, month or next((_HALVES[ch] for ch in part if ch in _HALVES), 0), day


def _rest(match: re.Match[str]) -> str:
    month = f"{int(match['month'])}月" if match["month"] else ""
    day = f"{int(match['day'])}日" if match["day"] else ""
    return f"{month}{day}{(match['part'] or '').removeprefix('年')}"
