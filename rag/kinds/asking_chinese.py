"""Reads what a Chinese question asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from rag.figures import expected_units
from rag.figures.units import unit_at
from rag.kinds.heads import Noun, noun_at, noun_before
from rag.kinds.types import Kind, Precision, Read

_END = r"[?。!\s”」』]*$"
_MEASURES = "个位名家所间座种类项条部本首场支只艘架份篇幅段款根届任次批级期处件张台块颗层路门片辆棵股栋幢套"
_COUNTED = "岁年月天周人号点分倍米元公厘毫里平亿万千百十度寸尺斤吨秒小胎口楼厢轮声集章节格对双组列排回顿遍卷行字代车把枚大"
_BECOMES = "类称名作成变分封视誉译定任认列评选化改取易叫读写记当转订编拆升降判释命标印指奉尊设"
_RULES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("yes_no", rf"[吗嘛]{_END}"),
        (
            "time",
            r"何时|何年(?:何月)?(?:何日)?|何月|何日|几时|什么时候|什么时间|啥时候?|哪一?[年天日](?![赛届])|哪一?个?月份?|几月(?:份|几[日号])?|几[日号](?![线楼机球院馆])|几点(?![建意要])",
        ),
        (
            "open",
            r"(?:[好难差错新强弱短贵高低]|短腿|问题|关键|重点|区别|优势|特色|差距)(?:主要|就|又|究竟|到底)?(?:是|体现)?在哪(?:里|儿)?",
        ),
        ("place", r"哪里人|哪一?国(?![家际])|哪个国家的?人|何国"),
        ("number", r"百分之(?:多少|几)|第几|多少|[几哪]成(?![立功为])|几分之几|几倍|几何(?=[?]|$)"),
        (
            "number",
            r"(?<![很最许太不甚更])多(?:大(?![的学])|高(?!的)|长(?!的)|远|久|深|宽|厚|重(?!要)|快|低)",
        ),
        ("number", rf"(?<![十百千万亿近这那前后好茶无哪])几(?=[{_MEASURES}{_COUNTED}])"),
        ("person", r"谁(?![知料])|何人|哪一?[位名]|什么人(?![口类物格])|哪一?个人(?![物口])"),
        (
            "place",
            r"哪里|哪儿|(?<!如)何处(?!理)|何地|何方|何国|什么地方|啥地方|哪个地方|(?<=[在于往自从到去])哪(?=[?,举出发上开进成召工任教就执生度建]|$)",
        ),
        (
            "reason",
            rf"(?<![{_BECOMES}])为什么(?!{_END}|[书奖])|(?:^|[,;这是])为什么(?={_END})|为何(?![物人])|为啥|何以|缘何|何故|因何|怎么会|凭什么|因为什么|由于什么",
        ),
        (
            "definition",
            r"(?:^|(?<=[,。?:]))什么(?:是|叫做?)|何谓|[是指]的?什么意思|是指什么|指的是什么",
        ),
        ("which", rf"哪(?P<many>些|[几两三四五六七八九十])?一?(?:[{_MEASURES}](?!队|作|室|员))?"),
        ("which", r"(?:什么|啥|何种|何等)(?P<sort>样的?|类型的?|种类的?|性质的?)?(?:方面的)?(?P<many>)"),
        ("manner", r"如何|怎么样?|怎样|咋样?"),
        (
            "yes_no",
            r"是否|是不是|有没有|能否|可否|会不会|能不能|可不可以|要不要|有无|算不算|需不需要|是\w{1,12}还是",
        ),
    )
)
_LINK = re.compile(
    r"(?:分别|主要|一共|总共|具体|大约|大概|约|都|到底|究竟|又)*(?:是|为|有|达到?|叫做?|在|包括|了|位于|:)*\s*$"
)
_CALLED = re.compile(
    r"(?:叫做?|称为?|称作|名为|命名为|取名为?|改名为?|更名为|改称|称之为|译为|译作|俗称|又称|简称)$"
)
_DEFINED = re.compile(r"^[^的,]{1,30}[是即]$")
_PRECISIONS: tuple[tuple[Precision, str], ...] = (("day", "日天号"), ("month", "月"), ("year", "年"))
_SEARCHED = ("time", "number")
"""Kinds of nouns that ask by themselves; 「合肥的医院」 may be asked anything about."""
_LINK_REACH = 16
_LONGEST_UNIT = 4
_VERBAL = re.compile(r"^[降升增减涨在来才能可会]|[到了成给得过来去出]$")
_DATE_NOUNS = frozenset(("年", "年份", "月", "月份", "日", "天", "日期"))
_EDGE = "?,。、;:!的了 "


def read_chinese(text: str) -> Read | None:
    """Read a folded question; None where it has no asking words. The first rule that fits wins, not the first word."""
    for name, pattern in _RULES:
        match = pattern.search(text)
        if match:
            return _READERS[name](text, match)
    return None


def read_tail(text: str) -> Read | None:
    """Read a question that leaves its asking word out: 「…的编号是？」, or 「…发布时间」 as typed into a search box."""
    end = _link_start(text.rstrip("? "))
    noun = noun_before(text, end)
    if noun is None:
        return None
    is_put = text.rstrip().endswith("?") or end < len(text.rstrip())
    is_searched = noun.kind in _SEARCHED and end > len(noun.text)
    return _of_noun(end - len(noun.text), end, noun) if is_put or is_searched else None


def _open(_: str, match: re.Match[str]) -> Read:
    return Read(*match.span(), None)


def _yes_no(_: str, match: re.Match[str]) -> Read:
    return Read(*match.span(), "yes_no")


def _person(_: str, match: re.Match[str]) -> Read:
    return Read(*match.span(), "person", head_kind="person")


def _place(_: str, match: re.Match[str]) -> Read:
    return Read(*match.span(), "place", head_kind="place")


def _reason(_: str, match: re.Match[str]) -> Read:
    return Read(*match.span(), "reason")


def _manner(_: str, match: re.Match[str]) -> Read:
    return Read(*match.span(), "manner")


def _definition(_: str, match: re.Match[str]) -> Read:
    return Read(*match.span(), "definition")


def _time(_: str, match: re.Match[str]) -> Read:
    return Read(*match.span(), "time", head_kind="time", precision=precision_of(match[0]))


def precision_of(words: str) -> Precision | None:
    """The finest part of a date that asking words name: 年 in 哪一年, 日 in 几月几日."""
    return next((fine for fine, signs in _PRECISIONS if any(sign in words for sign in signs)), None)


def _number(text: str, match: re.Match[str]) -> Read:
    before = noun_before(text, _link_start(text[: match.start()]))
    head = before.text if before and before.kind == "number" else None
    return Read(*match.span(), "number", head=head, head_kind="number", unit=_unit(text, match))


def _unit(text: str, match: re.Match[str]) -> str | None:
    """The noun behind 多少个, else the measure: 城市 of 几个城市, 公里 of 多少公里."""
    if expected_units(text).kind == "percent":
        return "%"
    if match[0][0] == "多" and match[0] != "多少":
        return None
    at = match.end()
    surface = unit_at(text, at)
    if surface and surface[0] != "个":
        return surface[0]
    at += surface is not None
    noun = noun_at(text, at)
    if noun and noun.end - at <= _LONGEST_UNIT:
        return text[at : noun.end]
    rest = re.split(rf"[{_EDGE}]", text[at : at + _LONGEST_UNIT + 1])[0]
    return rest if 0 < len(rest) <= _LONGEST_UNIT and not _VERBAL.search(rest) else None


def _which(text: str, match: re.Match[str]) -> Read:
    noun = noun_at(text, match.end())
    if match.groupdict().get("sort") or (match[0][-1] in "种类" and not match["many"]):
        return Read(match.start(), match.end(), None, head=noun.text if noun else None)
    if noun is None:
        return _without_noun(text, match)
    if match["many"]:
        return Read(match.start(), noun.end, "list", head=noun.text, head_kind=noun.kind)
    if noun.kind == "person" and text[match.start() - 1 : match.start() + 2] == "是什么":
        return Read(
            match.start(), noun.end, None, head=noun.text
        )  # 是什么运动员 asks for the sort, not the name
    return _of_noun(match.start(), noun.end, noun)


def _of_noun(start: int, end: int, noun: Noun) -> Read:
    fine = precision_of(noun.text) if noun.text in _DATE_NOUNS else None
    return Read(start, end, noun.kind, head=noun.text, head_kind=noun.kind, precision=fine)


def _without_noun(text: str, match: re.Match[str]) -> Read:
    """Read 什么 and 哪些 without a known noun behind them: what they stand for may be named in front (导演是什么人)."""
    start, end = match.span()
    before, is_last = text[:start], not text[end:].strip(_EDGE)
    kind: Kind | None = "list" if match["many"] else None
    if not is_last:
        return Read(start, end, kind, head=_unknown_noun(text, end))
    if _CALLED.search(before, max(0, start - _LINK_REACH)):
        return Read(start, end, "title", head="名字", head_kind="title")
    noun = noun_before(text, _link_start(before))
    if noun is not None:
        return Read(start, end, kind or noun.kind, head=noun.text, head_kind=noun.kind)
    if _DEFINED.match(before):
        return Read(start, end, "definition")
    return Read(start, end, kind)


def _unknown_noun(text: str, at: int) -> str | None:
    """The two characters behind 什么: most nouns that no list has are that long."""
    rest = re.split(rf"[{_EDGE}]", text[at : at + 4])[0]
    return rest[:2] if len(rest) >= 2 else None


def _link_start(before: str) -> int:
    """Where the words between a noun and its asking word begin: 是 in 导演是, 一共有 in 人口一共有."""
    near = max(0, len(before) - _LINK_REACH)
    link = _LINK.search(before, near)
    return link.start() if link else len(before)


_READERS: Mapping[str, Callable[[str, re.Match[str]], Read]] = {
    "open": _open,
    "yes_no": _yes_no,
    "time": _time,
    "number": _number,
    "person": _person,
    "place": _place,
    "reason": _reason,
    "manner": _manner,
    "definition": _definition,
    "which": _which,
}
