"""Finds times in folded text: dates of every form, years, reigns and ages, and times told from now (去年, 同月)."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from rag.figures import Figure
from rag.kinds.lexicon import any_of
from rag.kinds.types import Span

_N = "[0-9一二三四五六七八九十百零\u3007两]"
_DAY = r"(?:初一|初[二三四五六七八九十]|[0-3]?[0-9]|[一二三廿卅]?十?[一二三四五六七八九十]) ?[日号]"
_MONTH = r"(?:闰?(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九正腊冬])) ?月(?:份|初|中旬?|底|末|上旬|下旬)?(?![光亮饼球台])"
_YEAR = (
    r"(?:[0-9]{1,4}|[一二三四五六七八九\u3007零○0]{2,4}) ?年(?:代|初|底|末|中|间|春|夏|秋|冬|前后)*(?![级龄])"
)
_ERA = rf"(?:元|{_N}{{1,3}}) ?年(?:间|代|初|末|底|春|夏|秋|冬)*"
_FORMS = (
    rf"(?:公?元?前|西元|公元)? ?{_YEAR}(?: ?{_MONTH})?(?: ?{_DAY})?",
    r"(?<![0-9.,])(?:1[0-9]{3}|20[0-9]{2})(?![0-9]|[.,][0-9]|[万亿人名个元米公吨件]| ?(?:人|名|个|米|公里|元|万|亿|次|件|分|美元|英尺|英里))(?:[-–—~/至到](?:1[0-9]{3}|20[0-9]{2}|[0-9]{2})(?![0-9]))?",
    rf"{_MONTH}(?: ?{_DAY})?",
    r"[0-3]?[0-9] ?[日号](?![线楼机])",
    rf"(?:公元前?|前)? ?{_N}{{1,3}} ?(?:世纪|世紀)(?: ?[0-9一二三四五六七八九十]{{1,3}} ?(?:年代|0年代))?(?:初|中|末|后|前|晚|早|上半|下半)?[期叶]?",
    r"[0-9一二三四五六七八九]{1,2}[0十] ?年代[初中末]?",
    r"(?:今|去|前|明|后|翌|次|同|当|隔|本|往|近|早|晚|每|那|是|新|大前|头|这)年(?:初|底|末|春|夏|秋|冬|间|年底)?(?![级龄轻代画])",
    r"(?:今|昨|明|前|后|当|翌|次|同|隔|即|本|近|连)(?:日|天|晚|晨|早|夜|月)(?![本报])",
    r"上个?月|下个?月|上周|本周|下周|(?:星期|周|礼拜)[一二三四五六日天末]",
    r"(?:上|下|本)半年|(?:第?[一二三四1-4]|首)季度|(?:春|夏|秋|冬)[季天日]|暑假|寒假|春节|国庆|元旦|中秋|端午|清明|圣诞",
    r"[0-2]?[0-9]:[0-5][0-9]|(?:上午|下午|晚上|凌晨|早上|中午|傍晚|清晨|午夜|深夜)|[0-2]?[0-9] ?[时点](?![间代候期段球数])(?:[0-5]?[0-9] ?分|半|许)?",
)
# What says when only in a way: under a reign, at the time when.
_VAGUE = (
    r"(?:战|赛|任|婚|生|死|登基|即位|独立|建国|解放|改革|革命|统治|在位|执政)[前后时]?(?:期间|时期|初期|后期|末期|中期)",
    r"(?:早期|后期|晚期|末期|中期|初期|近代|古代|当代|现代|史前|上古|远古|晚年|早年|青年时期|童年|幼年|少年时)",
    r"[^,。;()、]{2,8}(?:时期|时代|王朝|年间|期间)|[^,。;()]{2,16}时(?=,)",
    r"[夏商周秦汉晋隋唐宋元明清](?:、?[夏商周秦汉晋隋唐宋元明清])*(?:[两三]?代|之?[际间])",
    r"(?<![0-9])[0-9一二三四五六七八九十百千]{1,8}(?:余|多)?(?: ?(?:个)?(?:年|月|天|日|小时|分钟|周|星期))(?:以)?[前后内]",
    r"(?:当|于|在)[^,。;]{2,24}(?:时候|时|之后|之前|期间|后|前)(?=[,。;]|$)|(?:后|以后|之后|以来|起|为止|以前|之前|其间|期间)(?=[,。;]|$)",
)


def find_times(text: str, figures: list[Figure]) -> list[Span]:
    """Find times, the longest form at each place; `figures` are those of the text, with their offsets in it."""
    dates = [
        Span(f.start, f.end, dated(f)) for f in figures if f.kind in ("date", "year") and f.end > f.start
    ]
    spans = sorted([*dates, *_by_form(text)], key=lambda s: (s.start, -s.end, not s.is_sure))
    found: list[Span] = []
    for span in spans:
        if not found or span.start >= found[-1].end:
            found.append(span)
        elif span.end > found[-1].end:
            found[-1] = _merged(text, found[-1], span)
    return found


def _merged(text: str, first: Span, second: Span) -> Span:
    return Span(first.start, second.end, text[first.start : second.end], first.is_sure or second.is_sure)


def dated(figure: Figure) -> str:
    """A date as 2021-06-04, with * for the year that is not said; a span of years as 2019-2021."""
    digits = f"{figure.value:f}"
    if figure.unit == "年":
        return digits if figure.high is None else f"{digits}-{figure.high:f}"
    has_year = "年" in figure.unit
    year, rest = (digits[:-4] if "日" in figure.unit else digits[:-2], digits) if has_year else ("*", digits)
    tail = rest[len(year) :] if has_year else rest
    if "月" not in figure.unit:
        return f"*-*-{int(tail):02}"
    parts = [tail[:-2] or "0", tail[-2:]] if "日" in figure.unit else [tail]
    return "-".join([year, *(f"{int(part):02}" for part in parts)])


def _by_form(text: str) -> Iterator[Span]:
    for is_sure, pattern in _patterns():
        for match in pattern.finditer(text):
            if match[0].strip():
                start = match.end() - len(match[0].lstrip())
                yield Span(start, match.end(), match[0].replace(" ", ""), is_sure)


@functools.cache
def _patterns() -> tuple[tuple[bool, re.Pattern[str]], ...]:
    """The forms, each with whether it surely says when."""
    eras = (
        rf"(?:{any_of('reign')}) ?(?:{_ERA}|年间)(?: ?{_MONTH})?(?: ?{_DAY})?",
        rf"(?:{any_of('dynasty')})(?:初年?|中[期叶]|末年?|晚期|早期|后期|前期|时期|时代|年间|时|以后|之后)?",
    )
    sure = [(True, re.compile(form)) for form in (*eras, *_FORMS)]
    return (*sure, *((False, re.compile(form)) for form in _VAGUE))
