"""What a figure of a sentence measures: its indicator in words, of which place, of what time, planned or reached.

sentence ─ find_figures ─▶ figure ─ window: its own clause, short of the figures beside it ─▶ words, scope, place, period
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from rag.evidence import named_years
from rag.figures import Change, Figure, changes, find_figures
from rag.figures.units import words
from rag.glossary import find_concepts
from rag.normalise import contains_han, fold
from rag.regions import find_regions, full_name
from rag.terms import tagged_words
from rag.verify.cues import NEGATION, directions_in, modality_of
from rag.verify.manner import manner_of
from rag.verify.readings import Reading
from rag.years import find_years

Role = Literal["from", "to"]

_CLAUSE_END = re.compile(r"[，,；;。！!？?：:\n]")
_LISTING = "、"
_NEUTRAL_CONCEPTS = frozenset(words("increase decrease reach change plan_to plan say"))
_NEUTRAL = frozenset(
    words(
        "达 达到 降 升 增 减 降至 降到 升至 增至 增到 减至 减到 提高 提升 增长 增加 上升 扩大 下降 降低 减少 缩短 缩小 压缩 "
        "有 共有 拥有 现有 设有 共 全年 全市 全省 全县 全区 全国 全州 我市 我省 我县 我区 数据 显示 水平 总数 总量 数量 人数 总体 整体 "
        "目前 现在 如今 截至 截止 至今 已 年底 年末 年初 以来 期间 控制 保持 稳定 变为 成为 左右 以上 以下 超过 不足 接近 大约 累计 总计 合计 "
        "市 县 省 区 当地 改革 改革后 显著 大幅 明显 逐步 进一步 成功 实现 通过 全部 据悉 介绍 报道 记者 了解 "
        "计划 规划 目标 力争 预计 争取 拟 同比 环比 平均 数 得分 评分 该市 该县 该省 该区 该州"
    )
)
_SAME_WORD = {
    **dict.fromkeys(("投入", "拿出", "出资"), "投入"),
    **dict.fromkeys(("设立", "设置", "成立", "建立", "设"), "设立"),
}
_SAME_CONCEPT = {"set_up": "build", "complete": "build"}
GENERIC_WORDS = frozenset(
    words(
        "#funds #invest #finance #fiscal_subsidy #spend #hospital #medical_institution #medical_service #department #price "
        "费用 投入 机构 单位 人员 患者 病人 群众 居民 人口 项目 医疗 服务 工作 安排 补助 补贴 其他 "
        "#build #add_new #implement #cover #provide #adjust #optimise #recruit #allocate #reform"
    )
)
_LEVEL_AT_END = re.compile(r"[仅只已也都均就约近超达到为是有至占了的共逾]+(?=\s|$)")
_SCOPE = re.compile(
    r"其中|[国省市县区乡镇村]属|[国省市县区乡镇村]级|本级|基层|城乡|城镇|农村|居民|职工|[一二三]级|三甲|二甲|门诊|住院|新增|新建|改建|扩建|"
    r"累计|总计|合计|[人次户例床日月年]均|每|首批|试点|中央|公立|民营|社会办|中医|综合|专科|在编|编外|最[高低多少]|同比|环比|"
    r"增[幅速]|降幅|政策范围内|实际|男性|女性|儿童|老年|其余|(?:比|较|相比)[^，,。；;]{1,8}?(?=[增减降升提上下缩])"
)
_TOTAL = dict.fromkeys(("总计", "合计"), "累计")
_BASELINE_YEAR = re.compile(r"(?:从|由|自|比|较|相比|相较于?)(?:19|20)[0-9]{2}年(?:底|末|初)?")
_COMPARED_YEAR = re.compile(r"(?:比|较|相比|相较于?)(?:19|20)[0-9]{2}年")
_PART_OF_YEAR = re.compile(
    r"(?<![0-9])1?[0-9]月|[上下]半年|[一二三四]季度|前[一二三]季度|年初|年中|"
    r"(?:近|过去|最近)[一二两三四五六七八九十0-9]{1,3}年|[一二两三四五六七八九十0-9]{1,3}年[来间]|[“\"]?十[一二三四五]五[”\"]?"
)
_NO_OTHER_YEAR_PART = frozenset({"12月"})
_SOON_CHARS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """The time that a figure is of, as its sentence says it.

    Attributes:
        years: Those that govern it; empty where the sentence names none.
        parts: What narrows or widens them: 「上半年」, 「近5年」.
    """

    years: frozenset[int]
    parts: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """A figure and what it measures.

    Attributes:
        words: Words and concepts (`#id`) that say what is measured; verbs of rising and falling are left out.
        scope: Words that narrow it to a part, or say how it was counted: 「市属」, 「新增」, 「平均」.
        ground: Matching form of all that may say it: the sentence without what belongs to other figures.
        places: Full names, or empty where none is named before it.
        manner: "by" for what something changed by, and then in which direction; empty for a value.
        clause: The text around it that belongs to it.
    """

    figure: Figure
    clause: str
    role: Role
    words: frozenset[str]
    scope: frozenset[str]
    ground: str
    places: frozenset[str]
    period: Period
    is_planned: bool
    is_denied: bool
    manner: str


def measures(text: str, *, date: str | None) -> list[Measure]:
    """Say of every figure of a sentence, dates aside, what it measures."""
    return _Sentence(text, date).measures()


class _Sentence:
    def __init__(self, text: str, date: str | None) -> None:
        self.text, self.date = text, date
        found = find_figures(text)
        self.figures = [f for f in found if f.kind not in ("date", "year", "ordinal")]
        places = find_regions(text)
        self.places = [(m.start, full_name(m.region.code)) for m in places]
        self.dated = _blanked(text, [(f.start, f.end) for f in self.figures])  # 2000家 names no year
        self.bare = _blanked(text, [(f.start, f.end) for f in found] + [(m.start, m.end) for m in places])

    @cached_property
    def changes(self) -> dict[int, tuple[Role, Change]]:
        """Which end of which change a figure is, by its start."""
        ends: dict[int, tuple[Role, Change]] = {}
        for change in changes(self.text):
            ends[change.before.start] = ("from", change)
            ends[change.after.start] = ("to", change)
        return ends

    @cached_property
    def windows(self) -> list[tuple[tuple[int, int], tuple[int, int]]]:
        """What belongs to each figure: the spans on its left and on its right."""
        return [(self._left(i), self._right(i)) for i in range(len(self.figures))]

    def measures(self) -> list[Measure]:
        return [self._measure(i) for i in range(len(self.figures))]

    def _measure(self, position: int) -> Measure:
        figure = self.figures[position]
        spans = self.windows[position]
        own = " ".join(self.bare[a:b] for a, b in spans)
        around = self.text[spans[0][0] : max(figure.end, spans[1][1])]
        others = [w for i, window in enumerate(self.windows) if i != position for w in window]
        manner = manner_of(Reading(self.text), figure)
        # A plan reaches on to what follows it, a demand or an effort to its own clause alone.
        planned = modality_of(self.text[: figure.end])[0] or modality_of(around)[1]
        return Measure(
            figure=figure,
            clause=around,
            role=self.changes[figure.start][0] if figure.start in self.changes else "to",
            words=indicator_words(own),
            scope=scope_words(own),
            ground=fold(_kept(_blanked(self.bare, others), self.bare, spans)),
            places=self._places_of(figure, spans[0][0]),
            period=self._period(position, around),
            is_planned=planned,
            is_denied=NEGATION.search(fold(around)) is not None,
            manner="by " + " ".join(sorted(directions_in(around))) if manner == "by" else "",
        )

    def _left(self, position: int) -> tuple[int, int]:
        """From the clause in front that has a noun; what stands right behind the figure before belongs to that one."""
        figure = self.figures[position]
        end = figure.start
        role, change = self.changes.get(figure.start, ("to", None))
        if role == "to" and change is not None and change.before.start < figure.start:
            before = next((i for i, f in enumerate(self.figures) if f.start == change.before.start), position)
            return self._left(before) if before < position else (end, end)
        floor = self._floor(position)
        bounds = [m.end() for m in _CLAUSE_END.finditer(self.bare, floor, end)]
        if position and self.bare.find(_LISTING, self.figures[position - 1].end, end) >= floor - 1 >= 0:
            bounds = sorted([*bounds, floor])
        starts = [floor, *bounds]
        has_right = bool(indicator_words(self.bare[slice(*self._right(position))]))
        for start in reversed(starts):
            if has_right or indicator_words(self.bare[start:end]):
                return start, end
        return floor, end

    def _floor(self, position: int) -> int:
        if not position:
            return 0
        last = self.figures[position - 1].end
        match = re.compile(f"{_CLAUSE_END.pattern}|{_LISTING}").search(
            self.bare, last, self.figures[position].start
        )
        return match.end() if match else last

    def _right(self, position: int) -> tuple[int, int]:
        figure = self.figures[position]
        if self.changes.get(figure.start, ("to", None))[0] == "from":
            return figure.end, figure.end
        following = self.figures[position + 1].start if position + 1 < len(self.figures) else len(self.text)
        match = re.compile(f"{_CLAUSE_END.pattern}|{_LISTING}").search(self.bare, figure.end, following)
        return figure.end, match.start() if match else following

    def _places_of(self, figure: Figure, left: int) -> frozenset[str]:
        """The places named with it, else the last one before it."""
        near = [name for start, name in self.places if left <= start < figure.start]
        before = [name for start, name in self.places if start < figure.start]
        return frozenset(near or before[-1:])

    def _period(self, position: int, clause: str) -> Period:
        figure = self.figures[position]
        parts = {part.strip('“”"') for part in _PART_OF_YEAR.findall(fold(self.text))} - _NO_OTHER_YEAR_PART
        parts |= set(_COMPARED_YEAR.findall(fold(clause)))
        return Period(years=frozenset(self._years(position, figure)), parts=frozenset(parts))

    def _years(self, position: int, figure: Figure) -> Sequence[int]:
        """Years that stand nearest before it, or right behind it in brackets; not one that is only compared with."""
        stops = [0, *(f.end for f in self.figures[:position])]
        is_from = self.changes.get(figure.start, ("to", None))[0] == "from"
        end = figure.start
        stops += [m.end() for m in _CLAUSE_END.finditer(self.bare, 0, end)]
        for start in sorted(stops, reverse=True):
            chunk = self.dated[start:end]
            years = named_years(chunk if is_from else _BASELINE_YEAR.sub(" ", fold(chunk)), self.date)
            if years:
                return years
            end = start
        behind = self.dated[figure.end : figure.end + _SOON_CHARS]
        return find_years(behind) if behind[:1] in ("（", "(") else ()


def years_in(text: str) -> frozenset[int]:
    """Years that a text names; a count such as 2000家 is none."""
    figures = [f for f in find_figures(text) if f.kind not in ("date", "year")]
    return frozenset(find_years(_blanked(text, [(f.start, f.end) for f in figures])))


def indicator_words(text: str) -> frozenset[str]:
    """Words and concepts of a stretch of text that say what is measured."""
    text = _LEVEL_AT_END.sub(lambda m: " " * len(m[0]), text.replace("已", " "))
    mentions = [m for m in find_concepts(text) if m.concept.kind != "general"]
    rest = _blanked(text, [(m.start, m.end) for m in mentions])
    narrowing = scope_words(text)
    concepts = {
        f"#{_SAME_CONCEPT.get(m.concept.id, m.concept.id)}"
        for m in mentions
        if m.concept.id not in _NEUTRAL_CONCEPTS and fold(text[m.start : m.end]) not in narrowing
    }
    plain = {_SAME_WORD.get(word, word) for word, _ in tagged_words(rest)}
    return frozenset(concepts | (plain - _NEUTRAL - narrowing))


def scope_words(text: str) -> frozenset[str]:
    """Words that narrow what is measured to a part, or say how it is counted."""
    return frozenset(_TOTAL.get(word, word) for word in _SCOPE.findall(fold(text)))


def is_telling(word: str) -> bool:
    """Whether a word of an indicator tells it from others: 资产负债率 does, 资金 does not."""
    return len(word) > 1 and (word.startswith("#") or contains_han(word)) and word not in GENERIC_WORDS


def _blanked(text: str, spans: Sequence[tuple[int, int]]) -> str:
    letters = list(text)
    for start, end in spans:
        letters[start:end] = " " * (end - start)
    return "".join(letters)


def _kept(blanked: str, whole: str, spans: Sequence[tuple[int, int]]) -> str:
    """Put spans back that were blanked with others."""
    letters = list(blanked)
    for start, end in spans:
        letters[start:end] = whole[start:end]
    return "".join(letters)
