"""Whether a bare name of a county (长兴, 无为, 平安) is one, by what stands around it."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from rag.naming.found import Scan, is_within

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_NEAR_CHARS = 200  # how far back a region may stand that a bare name is taken to lie in
_KIND_OF_AREA_CHARS = 2  # 城区, 新区
_WINDOW_CHARS = 12  # how much on either side is cut into words

# What opens and what closes a name: the end of a clause, or a word that places often stand beside.
_OPENS = re.compile(
    rf"(?:^|[^{_HAN}“‘「『]|[在到赴于从对让与和及像如以由是去给跟比那]|来自|位于|走进|学习|借鉴|推广|复制|推介|请问|想问|想知道|介绍"
    r"|说说|谈谈|讲讲|了解|知道|关于|有关|对比|比较|其中|例如|比如|相比|组织|支持|指导|确定|选择|选取)\Z"
)
_CLOSES = re.compile(
    rf"$|[^{_HAN}]|[的和与及跟同等是在将把对从已也则就都怎如何为有没由让推自呢吗么哪多几先把用给能可应靠通]|什么|实施|开展|探索|建[立设成]|实现|率先"
    "|坚持|今年|去年|前年|明年|目前|近年|当地|出台|印发|发布|启动|组织|针对|围绕|聚焦|打造|依托|全面|相比|比较|作为|成为|属于|位于|获|因"
)
_OF_A_PLACE = re.compile(
    r"的?(?:县域|[县市区]?(?:人民|中心|中)医院|第[一二三]人民医院|妇幼保健|疾控中心|卫健|卫生健康|卫生院|医疗保障局|医保局|公立医院|医改|医共体|医联体"
    r"|[县市区]委|[县市区]政府|当地|经验|模式|样本|全[县市区]|[两二三四五六七八九十]?(?:县市区|县区|县|市|区)(?![级域场])|等(?:地|[县市区]))"
)
# Smaller places, places abroad (福山市), firms and people that have the name of a county, or begin with it.
_SOMETHING_ELSE = re.compile(
    "[镇乡村路街岛山河湖江寺桥庄屯铺坪沟港湾峡岭峰泉溪关门宫楼塔园氏]|[市县区省州](?![级域场])|大[道街学厦桥]|古城|水位|流域|水系|机场|高速|铁路|社区|小区|小学|中学|学院|学校|集团|公司|银行|药业|制药|科技|股份|证券"
    "|基金|汽车|保险|人寿|先生|女士|同志|院士|主任|教授|院长|医生|酒店|广场|花园|[东西南北中]路|[东西南北]街"
)
_IS_IN = re.compile("(?:在|赴|位于|来自|走进|走进了)\\Z")
_LISTS = "、和与及跟"


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What stands around a bare name.

    Attributes:
        opens: The left side is where a name can begin.
        closes: The right side is where one can end.
        is_in: It is the object of 在, 赴 and the like.
        has_places_things: Behind it comes what only a place has: its people's hospital, its county committee.
        is_supported: A region around it, its own full name, or another place in one list with it is in the text.
    """

    opens: bool
    closes: bool
    is_in: bool
    has_places_things: bool
    is_supported: bool


def is_bare_place(scan: Scan, start: int, end: int, codes: tuple[str, ...]) -> bool:
    """Whether the bare name at `[start, end)`, which may be that of any of `codes`, is one here."""
    text = scan.text
    if _SOMETHING_ELSE.match(text, end):
        return False
    before = text[max(0, start - 3) : start]
    around = Surroundings(
        opens=_OPENS.search(before) is not None,
        closes=_CLOSES.match(text, end) is not None,
        is_in=_IS_IN.search(before) is not None,
        has_places_things=_OF_A_PLACE.match(text, end) is not None,
        is_supported=_is_supported(scan, start, end, codes),
    )
    judge = _is_asked if scan.is_question else _is_told
    return judge(scan, text[start:end], around, codes) and _is_whole_word(text, start, end)


def _is_asked(scan: Scan, name: str, around: Surroundings, codes: tuple[str, ...]) -> bool:
    """A question is short, and about a place more often than not; an everyday word must be a place that is at hand."""
    clear = around.opens and (around.closes or around.has_places_things)
    if _is_everyday(scan, name):
        return clear and (around.is_supported or bool(scan.are_known(codes)))
    if _is_doubtful(scan, name):
        return clear or ((around.opens or around.closes) and bool(scan.are_known(codes)))
    return around.opens or around.closes or around.has_places_things


def _is_told(scan: Scan, name: str, around: Surroundings, codes: tuple[str, ...]) -> bool:  # noqa: ARG001  # asked alike
    if _is_everyday(scan, name) or name in scan.book.rules["parent"]:
        return False
    closes = around.closes or around.has_places_things
    if _is_doubtful(scan, name):
        return around.opens and (around.has_places_things or (closes and around.is_supported))
    return around.has_places_things or (around.opens and (closes or around.is_in or around.is_supported))


def _is_everyday(scan: Scan, name: str) -> bool:
    rules = scan.book.rules
    is_kind_of_area = name in rules["parent"] and len(name) == _KIND_OF_AREA_CHARS and name.endswith("区")
    return name in rules["word"] or is_kind_of_area or (name in rules["full"] and name not in scan.book.bare)


def _is_doubtful(scan: Scan, name: str) -> bool:
    return any(name in scan.book.rules[kind] for kind in ("doubt", "suffix", "edge", "parent"))


def _is_supported(scan: Scan, start: int, end: int, codes: tuple[str, ...]) -> bool:
    text, found = scan.text, scan.found
    names = {scan.book.regions[code].name for code in codes} - {text[start:end]}
    if any(scan.holds(name) for name in names):
        return True
    if found and found[-1].end == start - 1 and text[start - 1] in _LISTS:
        return True
    if text[end : end + 1] and text[end] in _LISTS and _begins_with_place(scan, end + 1):
        return True
    near = itertools.takewhile(lambda f: start - f.end <= _NEAR_CHARS, reversed(found))
    return any(is_within(code, around.codes[0]) for around in near for code in codes)


def _begins_with_place(scan: Scan, at: int) -> bool:
    """Whether a place that needs no surroundings, or another bare one, begins there."""
    for size in scan.book.sizes.get(scan.text[at : at + 2], ()):
        name = scan.book.names.get(scan.text[at : at + size])
        if name is not None and len(scan.text) >= at + size:
            return bool(name.anywhere or name.behind_parent)
    return False


def _is_whole_word(text: str, start: int, end: int) -> bool:
    """Whether words begin and end with the name: in 长江口岸 neither does so with 江口."""
    from rag.terms import word_bounds  # the dictionary takes a while to load, and few texts need it here

    first = start - len(_run(text[max(0, start - _WINDOW_CHARS) : start][::-1]))
    last = end + len(_run(text[end : end + _WINDOW_CHARS]))
    bounds = word_bounds(text[first:last])
    return {start - first, end - first} <= bounds


def _run(text: str) -> str:
    match = re.match(rf"[{_HAN}]*", text)
    return match[0] if match else ""
