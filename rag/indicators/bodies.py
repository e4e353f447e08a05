"""Bodies whose figures an article tells: hospitals and companies by their names, and places abroad."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from rag.indicators.words import Span
from rag.kinds.lexicon import foreign_places
from rag.regions import resolve
from rag.terms import tag_run

_BODY = re.compile(
    r"[\u4e00-\u9fff]{0,14}?(?:医院|卫生院|公司|集团|大学|学院|研究院|研究所|药业|疾控中心|血液中心|急救中心|医疗中心|保健院)(?![\u4e00-\u9fff]{0,2}(?:等|们))"
)
_GENERIC = re.compile(
    r"的?(?:(?:所有|全部|各级各类|各级|各|多家|一些|部分|大型|公立|民营|社会办|三级|二级|一级|三甲|甲等|乙等|县级|市级|省级|区级|市属|县属|区属|省属|综合|中医|中西医结合|专科|儿童|基层|定点|试点|"
    r"医疗卫生|医疗|医药|卫生|试点|牵头|区域|国家|国有|高水平|紧密型|城市|县域|总|互联网|社区|乡镇|中心|流通|生产|高等|上市|保险|和|与|及|、|二三级|二、三级)*)"
    r"(?:医院|卫生院|公司|集团|大学|学院|研究院|研究所|药业|疾控中心|血液中心|急救中心|医疗中心|保健院)"
)
_NAMED_BODY = re.compile(
    r"(?<![\u4e00-\u9fff])(?:据|日前|近日|以|如|例如|比如|其中)?(?P<name>[\u4e00-\u9fff]{2,8}?(?:药业|制药|医药|生物|股份|集团|公司|医院))(?=[（(：:]|发布|公告|公布|表示|称|回应|实现|营收|上半年|今年|在|的|与|还|也|也|已|则|将)"
)
_LISTED = re.compile(
    r"(?<![\u4e00-\u9fffa-z])(?P<name>[\u4e00-\u9fffa-z]{2,8})(?:-[bu])?(?=[(（](?:\d{6}\.|\d{4,5}\.hk|股票代码|nasdaq|nyse))"
)
_NO_NAME = re.compile(
    r"上市|多家|各|该|本|我|某|一些|不少|大型|外资|本土|跨国|头部|其他|其它|部分|相关|国内|知名|创新|传统|有关|药企|综合|公立|民营|定点|现代|生物医药|医疗机构|三甲|三级|二级|专科|中医医院|国家|社区|基层|儿童|所有|很多|许多|大量|一家|两家|保险公司|子公司|医共体|医联体|紧密|分公司"
)
_NOT_OF_A_NAME = re.compile(r"[的在从将把对被为由是有了以至到等向与和及某]")


def find_bodies(text: str, places: Sequence[Span]) -> Iterator[Span]:
    """Companies and hospitals that are named without a place, where they open a clause."""
    taken = {position for start, end in places for position in range(start, end)}
    for match in (*_LISTED.finditer(text), *_NAMED_BODY.finditer(text)):
        name, start = match["name"], match.start("name")
        if not (_NO_NAME.search(name) or _NOT_OF_A_NAME.search(name) or start in taken):
            yield start, match.end("name")


def find_abroad(text: str) -> Iterator[Span]:
    """Find countries and cities abroad, which have no code here: their figures are not ours."""
    for match in _abroad().finditer(text):
        if resolve(match[0]) is None:  # 德州 is in Shandong too
            yield match.span()


@functools.cache
def _abroad() -> re.Pattern[str]:
    chinese, english = foreign_places()
    return re.compile(
        rf"(?!中国|中华|亚洲|全球|世界)(?:{chinese})(?![文语字餐菜元])|(?<![a-z])(?!china)(?:{english})(?![a-z])"
    )


def body_at(text: str, start: int, end: int) -> str:
    """A hospital, company or school that begins with the place's name: 芜湖市第一人民医院, but not 芜湖市公立医院."""
    match = _BODY.match(text, end)
    if not match or _NOT_OF_A_NAME.search(match[0]) or _GENERIC.fullmatch(match[0]):
        return ""
    if any(tag.startswith("v") for _, tag in tag_run(match[0])):
        return ""  # 芜湖市推进公立医院 is a sentence
    return text[start : match.end()]
