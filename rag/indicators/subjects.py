"""Whose figure it is: the place named last before it, else what its paragraph, headings and article are about.

A place is not every place named: 「推广三明医改经验」 tells of a model, 「在杭州市召开」 of a meeting, 「北京、上海等5个省份」 of a list.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rag.evidence import subject_codes
from rag.indicators.bodies import body_at, find_abroad, find_bodies
from rag.indicators.types import Subject
from rag.indicators.words import Span
from rag.regions import ancestors, full_name, region

NATION = "全国"

_Level = Literal["province", "city", "county", "nation"]
_MARK = re.compile(
    r"(?P<home>(?:(?<=在)|(?<![\u4e00-\u9fff]))中国(?=大陆|境内|市场|[，,的每已共有]))|(?P<state>国家层面|国务院|国家卫生健康委|国家卫健委|国家医保局|国家药监局|中央财政|财政部)|(?<![占居比较于向为成获选列在])(?P<nation>全国(?!首|第|率先|领先|前列|先进|百强|优秀|劳动|最|平均|文明|紧密|试点|示范|政协|人大|人民代表|两会|各地|医改|.{0,8}(?:大会|会议|论坛|培训班|现场会))|我国|\bchina\b|\bnational(?:ly|wide)\b)"
    r"|(?P<province>全省|我省|该省|全区(?=各市|各地市))|(?P<city>全市|我市|该市)|(?P<body>(?<![\u4e00-\u9fff])(?:公司|该公司|本公司|该院|我院|该企业|集团)(?![\u4e00-\u9fff]{0,3}(?:公司|集团))|(?<=[该本我])公司)|(?P<county>全县|我县|该县|全区|我区|该区)"
)
_AS_MODEL = re.compile(
    r"(?:市|省|县)?(?:综合|县域)?(?:医改|改革|医药卫生体制改革)?的?(?:经验|模式|做法|样板|路径|精神)|\s?\d{1,2}月\d{1,2}日电|电(?=[\s(（])"
)
_AWAY = re.compile(
    r"(?:学习|借鉴|推广|复制|学|赶|对标|比|较|高于|低于|占|居|赴|前往|飞往|面向|辐射|援助|支援|来自|毕业于|对口帮扶|对口支援)(?:了)?$"
)
_MEETING = re.compile(r"[^，,。；;]{0,12}(?:召开|举行|举办|召集|开幕|闭幕|落幕)")
_AT = re.compile(r"(?:在|于)[^，,。；;]{0,6}$")
_LIST_LINK = re.compile(r"\s?(?:、|和|与|及|以及|,|，|and)\s?")
_AND_OTHERS = re.compile(r"(?:等地?|等地区|等省份?|等市)[、，,]?(?:共|共计|一共|这)?")
_CLAUSE_OPENING = re.compile(
    r"(?:^|[，,。；;：:！!？?\n\s“”\"（(])(?:[^，,。；;：:！!？?\n]{0,4}(?:比如|例如|目前|近日|其中|此前|如|在|据|以|由|从|对|将|今年|去年|近年来|日前|年|月|日|底))?$"
)
_SENTENCE_END = re.compile(r"[。！!？?；;\n]")
_HEAD_CHARS = 300
_LOOK_BACK = 8
"""Marks of a sentence that are looked at for one figure: a list of places in front of it is rarely longer."""

_MUNICIPALITIES = frozenset(("110000", "120000", "310000", "500000"))


@dataclass(frozen=True, slots=True)
class Mark:
    """A place, or a word for one (全省, 全国), at `[start, end)` of the folded article."""

    start: int
    end: int
    code: str = ""
    level: str = ""
    is_topic: bool = False
    body: str = ""
    is_abroad: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """Where a figure stands: its sentence, its paragraph's start, the headings above it (outermost first)."""

    sentence: Span
    paragraph_start: int
    headings: tuple[str, ...] = ()


class Places:
    """The places of one article, as whose a figure may be told.

    Args:
        text: The folded article.
        mentions: Places named in it: start, end, code.
        regions: What the article as a whole is about.
    """

    def __init__(self, text: str, mentions: Sequence[tuple[int, int, str]], regions: Sequence[str]) -> None:
        self.text, self.regions = text, tuple(regions)
        marks = [
            _region_mark(text, *mention) for mention in mentions if not _is_elsewhere(text, *mention[:2])
        ]
        marks += [mark for match in _MARK.finditer(text) if (mark := _word_mark(text, match)) is not None]
        marks += [
            Mark(start, end, is_topic=True, body=text[start:end])
            for start, end in find_bodies(text, [mention[:2] for mention in mentions])
        ]
        marks += [
            Mark(start, end, is_topic=_opens_clause(text, start), body=text[start:end], is_abroad=True)
            for start, end in find_abroad(text)
            if not _is_elsewhere(text, start, end)
        ]
        self.marks = sorted(marks, key=lambda mark: mark.start)
        self._starts = [mark.start for mark in self.marks]
        self._bodies = [mark for mark in self.marks if mark.body and not mark.is_abroad]
        self._body_starts = [mark.start for mark in self._bodies]
        self._words_by_level: dict[str, str] = {}
        self._codes_by_heading: dict[str, tuple[str, ...]] = {}
        self._by_level: dict[str, list[tuple[int, str]]] = {"province": [], "city": [], "county": []}
        for mark in self.marks:
            for level, code in _levels(mark.code):
                self._by_level[level].append((mark.start, code))
        self.spans = [
            (mark.start, max(mark.end, mark.start + len(mark.body))) for mark in self.marks if not mark.level
        ]
        """Where places and bodies are named: no part of an indicator's name."""
        self._default = self._of_article()

    def subject(self, position: int, around: Around) -> Subject:
        """Whose the figure at a position of the folded article is."""
        own = self._own(position, around)
        return own or self._inherited(around)

    def _own(self, position: int, around: Around) -> Subject | None:
        at = bisect_left(self._starts, position) - 1
        edge = position
        for mark in reversed(self.marks[max(0, at - _LOOK_BACK) : at + 1]):
            if mark.start < around.sentence[0]:
                break
            link = self.text[mark.end : edge]
            is_listed = _AND_OTHERS.fullmatch(link) if edge == position else _LIST_LINK.fullmatch(link)
            if is_listed and not mark.level:
                edge = mark.start
                continue
            if mark.level != "body":
                return self._told(mark, around)
            named = self._last_body(mark.start)
            if named is not None:
                return self._told(named, around)
        return None

    def _last_body(self, position: int) -> Mark | None:
        """Which company or hospital 公司 or 该院 means: the one named last."""
        at = bisect_left(self._body_starts, position) - 1
        return self._bodies[at] if at >= 0 else None

    def _told(self, mark: Mark, around: Around, *, is_inherited: bool = False) -> Subject:
        if mark.body:
            return Subject(name=mark.body, region=mark.code or None, is_inherited=is_inherited)
        if mark.code:
            return _of_place(mark.code, is_inherited=is_inherited)
        if mark.level == "nation":
            return Subject(name=NATION, is_inherited=is_inherited)
        code = self._meant(mark, around)
        if code:
            return _of_place(code, is_inherited=is_inherited)
        return Subject(name=self._own_words(mark), is_inherited=is_inherited)

    def _meant(self, mark: Mark, around: Around) -> str:
        """Which place 全市 means: the last one named of that level, else that of the headings, else of the article."""
        earlier = self._by_level[mark.level]
        at = bisect_left(earlier, (mark.start, ""))
        if at and earlier[at - 1][0] >= around.paragraph_start:
            return earlier[at - 1][1]
        above = [code for heading in reversed(around.headings) for code in self._codes_of(heading)]
        for code in (*above, *self.regions):
            for level, found in _levels(code):
                if level == mark.level:
                    return found
        return earlier[at - 1][1] if at else ""

    def _own_words(self, mark: Mark) -> str:
        """How the article calls a place that it does not name: 我县 for 全县 too."""
        if mark.level not in self._words_by_level:
            words = Counter(self.text[m.start : m.end] for m in self.marks if m.level == mark.level)
            told = max(words, key=lambda word: (word.startswith("我"), words[word]))
            self._words_by_level[mark.level] = told
        return self._words_by_level[mark.level]

    def _inherited(self, around: Around) -> Subject:
        first = bisect_left(self._starts, around.paragraph_start)
        last = bisect_left(self._starts, around.sentence[0])
        for mark in reversed(self.marks[max(first, last - 4 * _LOOK_BACK) : last]):
            may_be_passing = mark.is_abroad or (mark.level == "nation" and self.regions)
            if may_be_passing and self._is_far(mark, around):
                continue
            if (mark.is_topic or mark.level) and mark.level != "body":
                return self._told(mark, around, is_inherited=True)
        for heading in reversed(around.headings):
            codes = self._codes_of(heading)
            if codes:
                return _of_place(codes[0], is_inherited=True)
        return self._default

    def _codes_of(self, heading: str) -> tuple[str, ...]:
        if heading not in self._codes_by_heading:
            self._codes_by_heading[heading] = subject_codes(heading)
        return self._codes_by_heading[heading]

    def _is_far(self, mark: Mark, around: Around) -> bool:
        """Whether a mark stands before the sentence in front."""
        return len(_SENTENCE_END.findall(self.text, mark.end, around.sentence[0])) > 1

    def _of_article(self) -> Subject:
        if self.regions:
            return _of_place(self.regions[0], is_inherited=True)
        ours = [
            mark
            for mark in self.marks
            if mark.level not in ("", "nation", "body") and self.text[mark.start] == "我"
        ]
        if ours:
            return Subject(name=self._own_words(ours[0]), is_inherited=True)
        if any(mark.level == "nation" and mark.is_topic for mark in self.marks if mark.start < _HEAD_CHARS):
            return Subject(name=NATION, is_inherited=True)
        return Subject(name="", is_inherited=True)


def _of_place(code: str, *, is_inherited: bool) -> Subject:
    return Subject(name=full_name(code), region=code, is_inherited=is_inherited)


def _levels(code: str) -> list[tuple[str, str]]:
    """The levels that a place stands for or lies in: a county also tells of its city and its province."""
    found = []
    for one in (*ancestors(code), code) if code else ():
        level = region(one).level
        if level == 1:
            found.append(("province", one))
        if level == 2 or one in _MUNICIPALITIES:
            found.append(("city", one))
        if level == 3:
            found.append(("county", one))
    return found


def _is_elsewhere(text: str, start: int, end: int) -> bool:
    """Whether a place is named as a model, as where a meeting was, or as what something is compared with."""
    before = text[max(0, start - 12) : start]
    return bool(
        _AS_MODEL.match(text, end)
        or _AWAY.search(before)
        or (_AT.search(before) and _MEETING.match(text, end))
    )


def _region_mark(text: str, start: int, end: int, code: str) -> Mark:
    return Mark(start, end, code, "", _opens_clause(text, start), body_at(text, start, end))


def _word_mark(text: str, match: re.Match[str]) -> Mark | None:
    """A word for a place or a body; a national body counts where it opens a clause, as the one who tells or does."""
    opens = _opens_clause(text, match.start())
    level = match.lastgroup or ""
    if level == "home":
        return Mark(match.start(), match.end(), level="nation", is_topic=opens)
    if level == "state":
        return Mark(match.start(), match.end(), level="nation", is_topic=True) if opens else None
    return Mark(match.start(), match.end(), level=level, is_topic=opens)


def _opens_clause(text: str, start: int) -> bool:
    return _CLAUSE_OPENING.search(text[max(0, start - 12) : start]) is not None
