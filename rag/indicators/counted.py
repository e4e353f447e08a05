"""Which figures are data: not a period (近5年), an age limit (65岁以上), a number inside a name (“六项投入”)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from rag.figures import Figure
from rag.figures.units import DURATIONS
from rag.indicators.words import Span

_PERIOD_BEFORE = re.compile(
    r"(?:近|过去的?|最近|未来|今后|此后|连续|这|那|头|前|后|后续|每|第|接下来的?|不出|历经|历时|经过|时隔|往后|长达|每隔|在之前的?|从事.{0,6}|工作|行医|执业|从医|扎根|坚守|成立|创办|建院|满|(?:19|20)\d{2}年?|past|last|next|every|each)$"
)
_PERIOD_AFTER = re.compile(
    r"(?:多|余)?(?:来|间|以来|以内|之内|内|里|期|前|后|之前|之后|以前|以后|时间里|一次|一度|一届|中|级|制|(?:的)?(?:新生|女|男|老|孩子|男子|女子|患者))"
)
_SAID_BEFORE = re.compile(r"(?:这|那|上述|前述|以上|上面|此)$")
_ONE = re.compile(r"一(?:年|天|周|个?月|个?小时|分钟)")
_LASTS = re.compile(r"(?:为|达到?|至|到|延长|缩短|少于|低于|超过|满|至少|减少|提前|持续|约|近)$")
_FIGURE_BEHIND = re.compile(r"[\u4e00-\u9fff]{0,2}?(?:近|约|超|超过|共|要|可|需|能)?\s?\d")
_SLOGAN_BEHIND = re.compile(r"[“\"「]?(?:全|化|字)(?![身科程员额部])|[“\"「][^”\"」\n]{1,3}[”\"」]")
_QUOTED_NAME = re.compile(r"[^”」\"\n，,。；;]{2,9}[”」\"]")
_AGE_OF = re.compile(r"寿命|年龄|平均|life expectancy|age of")
_NO_UNIT_BEFORE = re.compile(r"(?:为|达到?|至|到|是|有|共|[:：]|约|近|超过?|of|to|from|at|is|was)\s?$")
_ENGLISH_NOUN_BEHIND = re.compile(
    r" (?!and |or |of |in |on |at |to |the |per |by |with |from |as |a |an )[a-z]{3,}"
)
_LONGEST_NUMBER = 12
_FEW = 10


def is_data(text: str, figure: Figure, span: Span) -> bool:
    """Whether a figure at a span of the folded text tells a value of something."""
    if figure.kind in ("date", "year", "ordinal"):
        return False
    before, after = text[max(0, span[0] - 8) : span[0]], text[span[1] : span[1] + 8]
    if _is_named_already(text, figure, span):
        return False
    if figure.unit in DURATIONS and (
        _PERIOD_BEFORE.search(before)
        or _PERIOD_AFTER.match(after)
        or (figure.unit in ("年", "天") and _FIGURE_BEHIND.match(after))
    ):
        return False
    if text[span[0] - 1 : span[0]] in ("“", "「", '"') and _QUOTED_NAME.match(text, span[1]):
        return False
    if figure.unit == "个" and _SLOGAN_BEHIND.match(after):
        return False
    if figure.unit in ("岁", "周岁"):
        return _AGE_OF.search(text[max(0, span[0] - 16) : span[0]]) is not None
    return (
        bool(figure.unit)
        or _ENGLISH_NOUN_BEHIND.match(text, span[1]) is not None
        or (
            span[1] - span[0] <= _LONGEST_NUMBER
            and _NO_UNIT_BEFORE.search(before) is not None
            and figure.value >= 1
        )
    )


def _is_named_already(text: str, figure: Figure, span: Span) -> bool:
    """Whether a numeral refers to what was told (这两项费用), or 一年 is a stretch of time and no measure."""
    before = text[max(0, span[0] - 4) : span[0]]
    if _ONE.fullmatch(text, span[0], span[1]):
        return _LASTS.search(before) is None
    return figure.value <= _FEW and _SAID_BEFORE.search(before) is not None


class Spans:
    """Spans in order that do not overlap, and whether another is a part of one of them, as 六项 is of a term."""

    def __init__(self, spans: Sequence[Span]) -> None:
        self._spans = spans
        self._starts = [start for start, _ in spans]

    def hold(self, span: Span) -> bool:
        """Whether a span lies within one of these, and is not the whole of it."""
        at = bisect_right(self._starts, span[0]) - 1
        return at >= 0 and span[1] <= self._spans[at][1] and self._spans[at] != span


TITLES = re.compile(r"《[^》\n]{1,60}》")
"""Titles of documents, whose numbers are no data."""
