"""The time a figure is of: what its sentence says nearest before it, else a year of its headings."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from rag.evidence import named_years
from rag.indicators.types import When
from rag.indicators.words import Span
from rag.years import find_years

_HAN = "一二三四五六七八九十两"
_PART = rf"(?:底|末|初|度|[上下]半年|[第前]?[{_HAN}\d]季度|\d{{1,2}}(?:[-—~至到]\d{{1,2}})?月(?:底|末|初|份|\d{{1,2}}日)?)"
_TIME = re.compile(
    rf"(?:19|20)[\dx]{{2}}(?:年?\s?[-—–~至到]{{1,2}}\s?(?:19|20)?\d{{2}})?年{_PART}?(?:以来|以后|期间)?"
    rf"|(?:去年|今年|前年|明年|上年|本年)(?:{_PART}|同期)?(?:以来)?"
    rf"|(?:近|过去|最近|未来|今后)的?[{_HAN}\d]{{1,3}}(?:多|余)?(?:年|个月|天|周)(?:[来间内里]|以来|时间)?"
    rf"|(?<![\d每])[{_HAN}\d]{{1,2}}年(?:来|间|以来|多来)"
    rf"|[“\"「]?十[{_HAN}]五[”\"」]?(?:期间|时期|末|以来|期末)?"
    rf"|(?<![\d年])1?\d月(?:底|末|初|份|\d{{1,2}}日)?(?![\d个])|[上下]半年|前[一二三]季度|截至目前|目前|如今"
    r"|(?:(?:in|by|since|during|until) )?(?:the end of )?(?<![\d.,])(?:19|20)\d{2}(?![\d,.]*\d|年| ?(?:people|beds|hospitals))|(?:over|in) the past \w+ years|last year|this year"
)
_COMPARED = re.compile(r"(?:比|较|相比|相比于|相较|相较于|同|与|从|由|自|than|from|since)\s?$")
_NOW = frozenset(("目前", "如今", "截至目前"))
_YEAR = re.compile(r"(?:19|20)\d{2}年?")
_SOON_CHARS = 12
_LOOK_BACK = 6


class Times:
    """The times that a folded sentence names, in order.

    Args:
        text: The folded sentence, with blanks for its figures.
        shown: The sentence in its own words, as long as `text`.
    """

    def __init__(self, text: str, shown: str) -> None:
        self.text, self.shown = text, shown
        self.spans: list[Span] = [match.span() for match in _TIME.finditer(text)]
        self._ends = [end for _, end in self.spans]

    def when(self, position: int, *, date: str | None, is_before: bool, headings: Sequence[str]) -> When:
        """The time of a figure at a position; one that is only compared with counts for the start of a change alone."""
        own = self._nearest(position, is_before=is_before)
        if own:
            return _resolved(self.shown[slice(*own)], date)
        for heading in reversed(headings):
            match = _YEAR.search(heading)
            if match:
                return When(text=match[0], years=find_years(match[0]))
        return When()

    def _nearest(self, position: int, *, is_before: bool) -> Span | None:
        at = bisect_right(self._ends, position)
        now = None
        for start, end in reversed(self.spans[max(0, at - _LOOK_BACK) : at]):
            if not is_before and _COMPARED.search(self.text[max(0, start - 6) : start]):
                continue
            if self.text[start:end] not in _NOW:
                return start, end
            now = now or (start, end)
        return now or self._in_brackets_behind(position, at)

    def _in_brackets_behind(self, position: int, at: int) -> Span | None:
        if at >= len(self.spans):
            return None
        start, end = self.spans[at]
        is_near = position < start <= position + _SOON_CHARS
        return (start, end) if is_near and self.text[start - 1] in "(（" else None


def _resolved(text: str, date: str | None) -> When:
    years = find_years(text)
    if years:
        return When(text=text, years=years)
    by_date = named_years(text, date)
    return When(text=text, years=by_date, is_resolved=bool(by_date))
