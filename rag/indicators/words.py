"""The words of a sentence as parts of noun phrases: what the name of an indicator may be made of, and where it ends."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.figures.units import words
from rag.glossary import ConceptMention
from rag.terms import tag_run

Part = Literal[
    "noun", "modifier", "either", "verb", "of", "side", "link", "time", "place", "figure", "quote", "stop"
]
"""What a word does in a noun phrase; "either" is a verb or the noun made of it (投入, 诊疗)."""

Span = tuple[int, int]

_RUN = re.compile(
    r"(?P<han>[\u3007\u4e00-\u9fff]+)|(?P<latin>[a-z][a-z0-9+\-]*)|(?P<blank>\s+)|(?P<sign>.)", re.S
)
_GLUED = re.compile(r"[价率数额费量比值][为达至到是]")
_QUOTES = frozenset("“”\"‘’'「」『』·-—")
_NOUN_TAGS = frozenset(
    (
        "n",
        "j",
        "l",
        "i",
        "z",
        "k",
        "h",
        "s",
        "nr",
        "ns",
        "nt",
        "nz",
        "nrt",
        "nrfg",
        "ng",
        "eng",
        "an",
        "g",
        "x",
    )
)
_EITHER = frozenset(
    words(
        "收入 支出 补助 编制 投入 投资 服务 建设 检查 治疗 住院 手术 报销 结算 就诊 诊疗 培训 参保 签约 接种 死亡 出生 负债 结余 采购 筹资 缴费 "
        "补贴 奖励 募集 营收 销售 出口 进口 交易 增加值 感染 发病 出院 出诊 急救 康复 护理 互认 评审 挂号 融资 成交 保障 管理 管护 编外 就业 招生 捐赠 要求 规定 安排 部署 试验 研究 调查 突破 创新 应用 合作 改造 考核 支付 报名 结余 检测 监测 抽查"
    )
)
_PREDICATES = frozenset(
    words(
        "时 期间 辖区 境内 轮流 全部 全面 重点 率先 先后 现场 共同 一起 顺利 成功 正式 已 均 达标 高于 低于 占 较 比 无法 容易 多于 少于 位居 居 有效 同比 环比 来自 分布 "
        "全国 全省 全市 全县 全区 全州 我国 我省 我市 我县 我区 本市 本省 本县 该市 该省 该县 各地 当地 目前 截至 共计 总计 总共 大约 约 近 超 超过 每人每年 每人每月 每人每次 每人 每年 每月 每日 每次 每例 每户 人均 户均 次均 日均 年均 月均 平均 最高 最低 首次 首批"
    )
)
"""Words tagged as nouns or adjectives that belong to what is said of a thing, not to its name."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word at `[start, end)` of the folded sentence."""

    start: int
    end: int
    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """What is read before words are cut: a figure, a time, a place."""

    span: Span
    part: Part


class Words:
    """The words of a folded sentence in order, without blanks."""

    def __init__(self, text: str, fixed: Sequence[Fixed], concepts: Sequence[ConceptMention]) -> None:
        self.text = text
        self.words = _cut(text, _not_overlapping([*fixed, *_terms(text, concepts)]))
        self._starts = [word.start for word in self.words]
        self._ends = [word.end for word in self.words]

    def before(self, position: int) -> int:
        """Index of the last word that ends at or before a position; -1 where there is none."""
        return bisect_right(self._ends, position) - 1

    def after(self, position: int) -> int:
        """Index of the first word that starts at or behind a position."""
        return bisect_left(self._starts, position)


def _terms(text: str, concepts: Sequence[ConceptMention]) -> list[Fixed]:
    """Terms of the glossary stay whole; one that is a verb as well is "either"."""
    fixed = []
    for mention in concepts:
        word = text[mention.start : mention.end]
        if mention.concept.kind == "term" and len(word) > 1:
            tagged = tag_run(word)
            is_verb = all(tag.startswith(("v", "d")) for _, tag in tagged)
            fixed.append(Fixed(span=(mention.start, mention.end), part="either" if is_verb else "noun"))
    return fixed


def _not_overlapping(fixed: Sequence[Fixed]) -> list[Fixed]:
    """In order; of two that overlap the one that was given first counts."""
    taken: list[Fixed] = []
    reached = 0
    order = sorted(range(len(fixed)), key=lambda i: (fixed[i].span[0], i))
    for index in order:
        if fixed[index].span[0] >= reached:
            taken.append(fixed[index])
            reached = fixed[index].span[1]
    return taken


def _cut(text: str, fixed: Sequence[Fixed]) -> list[Word]:
    found: list[Word] = []
    position = 0
    for one in fixed:
        found += _words_of(text, position, one.span[0])
        found.append(Word(*one.span, one.part))
        position = one.span[1]
    return [*found, *_words_of(text, position, len(text))]


def _words_of(text: str, start: int, end: int) -> list[Word]:
    words: list[Word] = []
    for match in _RUN.finditer(text, start, end):
        at = match.start()
        if match["han"]:
            for word, tag in _parted(tag_run(match["han"])):
                words.append(Word(at, at + len(word), _part(word, tag)))
                at += len(word)
        elif match["latin"]:
            words.append(Word(at, match.end(), _LATIN.get(match["latin"], "noun")))
        elif match["sign"]:
            words.append(Word(at, match.end(), "quote" if match["sign"] in _QUOTES else "stop"))
    return words


def _parted(tagged: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Part what jieba takes for one word: 价为 is 价 and 为."""
    for word, tag in tagged:
        if _GLUED.fullmatch(word):
            yield word[0], "n"
            yield word[1], "v"
        else:
            yield word, tag


def _part(word: str, tag: str) -> Part:
    if word in _PREDICATES:
        return "stop"
    if word in _EITHER or tag == "vn":
        return "either"
    if word == "的":
        return "of"
    if tag == "m" and word[-1] in "级甲类型":
        return "noun"
    return _BY_TAG.get(tag, "noun" if tag in _NOUN_TAGS else "verb" if tag.startswith("v") else "stop")


_LATIN: dict[str, Part] = {
    **dict.fromkeys(words("of"), "of"),
    **dict.fromkeys(words("and or"), "link"),
    **dict.fromkeys(
        words(
            "fell fallen falls rose risen rises dropped drops declined decreased increased grew grown reached reaches cut reduced shortened lowered "
            "raised expanded narrowed totalled totaled stood amounted accounted exceeded went climbed shrank was were is are been be being has have "
            "had invested invests spent spends built builds added set covers covered serves served received provided trained hired recruited will "
            "would can may must should allocated earmarked completed opened created includes included"
        ),
        "verb",
    ),
    **dict.fromkeys(
        words(
            "the a an in on at by to from with that which it its their this these those than as for into over about nearly almost around "
            "some more less up down there here where when while who whom per all only also not no but so such both each every total"
        ),
        "stop",
    ),
}
_BY_TAG: dict[str, Part] = {
    "f": "side",
    "c": "link",
    "t": "time",
    **dict.fromkeys(("a", "ad", "ag", "b"), "modifier"),
}
