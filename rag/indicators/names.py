"""What a figure measures, in the article's words: the noun phrase in front of it, or behind it.

「资产负债率从62.59%下降」 names it in front, 「119个县级医疗集团」 behind; where neither does, the clause before tells.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass

from rag.figures import Figure
from rag.figures.units import DURATIONS, MEASURED
from rag.indicators.gathered import Phrases
from rag.indicators.phrases import (
    LONGEST,
    is_clause_stop,
    is_copula,
    trimmed,
)
from rag.indicators.words import Span, Words

_COMPARISON = re.compile(
    r"在[^，,。；;]{2,30}基础上[^，,。；;]{0,6}$|(?:(?<![占之对])比(?![例重率价值])|较(?![为好大高低多少])|相比|相较|同比)(?:于|之)?[^，,。；;]{0,14}?(?:增|降|减|提|上升|上涨|下|缩|扩|高|低|多|少|翻|回落)[^，,。；;]{0,5}$"
)
_KEPT = re.compile(
    r"(新增|新建|改建|扩建|净增|核增|增设|累计|人均|户均|次均|日均|年均|月均|平均|最高|最低|首次|首批)"
    r"(?:投入|获得|达|建成|完成|为|达到|共|了|近|约|超|超过|完成了|可|不超过)*$"
)
_AFTER_QUALIFIER = re.compile(
    r"(?:/[\u4e00-\u9fff]{1,3})*\s?(?:左右|上下|及?以上|及?以下|以内|之内|多|余)?\s?"
)
_DEPENDENT = re.compile(
    r"(?:其?(?:增长率|增长|增幅|增速|降幅|涨幅|跌幅|升幅|占比|比例|比重|占|比率|份额|总数|总量|数量|人数|总额|金额|同比|环比|增长速度|数|量|规模|分别|平均|年均|净))+"
)
_CLAUSES_BACK = 3
_SHORTEST_VERB = 2
_DEICTIC = re.compile(r"其|该|这")
_OBJECT_LEAD = re.compile(r"了?(?:[一两]\S)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A phrase of the folded sentence that names an indicator: its span, and words that go in front (新增) or behind.

    Attributes:
        is_weak: Whether it holds nothing but a verb's noun (投入), so that a noun elsewhere says more.
    """

    span: Span
    prefix: str = ""
    suffix: str = ""
    is_weak: bool = False


class Namer:
    """Finds the names of a sentence's figures; each look goes back or ahead a bounded number of characters."""

    def __init__(self, text: str, words: Words) -> None:
        self.text, self.words = text, words
        self.phrases = Phrases(text, words)

    def name(self, span: Span, figure: Figure, floor: int, ceiling: int) -> Name | None:
        """Name a figure at a span of the folded sentence, between the figures beside it."""
        left = self.in_front(span[0], floor)
        right = self.behind(span[1], ceiling, figure)
        if right is not None and self._says_more(right, left, figure=figure, at=span):
            return self._with_kept(right, span[0], floor)
        return (
            left or self._object_of_verb(span[1], ceiling) or self.in_front(span[0], floor, past_verbs=True)
        )

    def in_front(self, end: int, floor: int, *, past_verbs: bool = False) -> Name | None:
        """The phrase that ends in front of a position, what says that it reaches the figure (达到, 同比增长) left out.

        Args:
            end: Where the figure begins.
            floor: Where the figure before it ends.
            past_verbs: Also look behind verbs that say what was done (财政拿出).
        """
        start = max(floor, self.phrases.clause_start(end, floor), end - 3 * LONGEST)
        kept = self._with_kept(Name(span=(end, end)), end, start).prefix
        compared = _COMPARISON.search(self.text, start, end)
        at = self.words.before(compared.start() if compared and compared.start() > start else end)
        while at >= 0 and self.words.words[at].start >= start and self._is_skipped(at, past_verbs=past_verbs):
            at -= 1
        span, has_noun = self.phrases.back(at, start)
        if span is None:
            return None
        return Name(span=span, prefix="" if kept in self.text[slice(*span)] else kept, is_weak=not has_noun)

    def behind(self, start: int, ceiling: int, figure: Figure) -> Name | None:
        """The phrase that begins right behind a position; of a share (65%的患者…) with what is said of it."""
        match = _AFTER_QUALIFIER.match(self.text, start)
        begin = match.end() if match else start
        at = self.words.after(begin)
        words = self.words.words
        while at < len(words) and (
            words[at].part in ("place", "quote") or self.phrases.said(words[at]) == "个"
        ):
            at += 1
        if at >= len(words) or (words[at].start > begin + 1 and words[at - 1].end < begin):
            return None
        opens_with_of = words[at].part == "of"
        at += opens_with_of
        limit = min(ceiling, start + LONGEST + 2)
        end, has_noun = self.phrases.ahead(at, limit)
        if end is None:
            return None
        if opens_with_of and figure.kind in ("percent", "ratio"):
            end = self._said_of_it(end, min(ceiling, start + LONGEST))
        span = trimmed(self.text, words[at].start, end)
        return Name(span=span, is_weak=not has_noun) if span else None

    def clause_before(self, position: int, floor: int = 0) -> Name | None:
        """The phrase of the clause before the one that a position stands in: 「反应时间明显缩短，由34分钟…」."""
        for _ in range(_CLAUSES_BACK):
            position = self.phrases.clause_start(position, floor) - 1
            if position <= floor:
                return None
            name = self.in_front(position, floor)
            if name is not None:
                return name
        return None

    def verb_in_front(self, position: int) -> Name | None:
        """The verb that leads up to a figure, where nothing else names it: 「认真讲解167人次」."""
        at = self.words.before(position)
        words = self.words.words
        while at >= 0 and position - words[at].end <= 4 and self._is_skipped(at, past_verbs=False):
            at -= 1
        if at < 0 or words[at].part != "verb" or words[at].end - words[at].start < _SHORTEST_VERB:
            return None
        return Name(span=(words[at].start, words[at].end), is_weak=True)

    def is_dependent(self, name: Name) -> bool:
        """Whether a name says only how something is counted (增长率, 占比), not what."""
        return _DEPENDENT.fullmatch(_DEICTIC.sub("", self.text[slice(*name.span)])) is not None

    def _says_more(self, right: Name, left: Name | None, *, figure: Figure, at: Span) -> bool:
        """Whether what is behind names the figure rather than what is in front."""
        if left is None:
            return True
        counts = figure.kind == "quantity" and figure.unit not in MEASURED
        is_duration = figure.unit in DURATIONS
        if counts and self.text.startswith("等", at[0] - 1):
            return True
        if counts:
            starts_with_verb = self.words.words[self.words.after(right.span[0])].part in ("verb", "either")
            return not (starts_with_verb and not left.is_weak) and not (right.is_weak and not left.is_weak)
        match = _AFTER_QUALIFIER.match(self.text, at[1])
        opens_with_of = self.text[match.end() if match else at[1] :][:1] == "的"
        return (left.is_weak and not right.is_weak) or (
            opens_with_of and (self.text[at[1] - 1] in "%‰" or is_duration)
        )

    def _object_of_verb(self, start: int, ceiling: int) -> Name | None:
        """What the verb behind a sum is about: 「3520万元购入一台直线加速器」."""
        at = self.words.after(start)
        words = self.words.words
        if at >= len(words) or words[at].part not in ("verb", "either") or words[at].start > start + 1:
            return None
        match = _OBJECT_LEAD.match(self.text, words[at].end)
        begin = self.words.after(match.end() if match else words[at].end)
        end, has_noun = self.phrases.ahead(begin, min(ceiling, start + LONGEST))
        return Name(span=(words[begin].start, end)) if end is not None and has_noun else None

    def _with_kept(self, name: Name, end: int, floor: int) -> Name:
        """Add 新增, 累计 and their kind where they stand in front of the figure."""
        match = _KEPT.search(self.text, max(floor, end - 12), end)
        if match and self.text.startswith(match[1], name.span[0]):
            return name
        return dataclasses.replace(name, prefix=match[1]) if match else name

    def _is_skipped(self, at: int, *, past_verbs: bool) -> bool:
        """Whether a word only leads up to the figure."""
        word = self.words.words[at]
        said = self.phrases.said(word)
        if word.part == "stop":
            return not is_clause_stop(said) and said not in ")）]】"
        if word.part == "verb":
            return past_verbs or (is_copula(said) and not self.phrases.is_suffix_at(at))
        return word.part in ("time", "of", "side", "quote") or is_copula(
            said
        )  # 明显 is tagged as an adjective

    def _said_of_it(self, end: int, limit: int) -> int:
        """To the end of the clause, where that is near."""
        at, stop = self.words.after(end), end
        words = self.words.words
        while at < len(words) and words[at].start < limit and not is_clause_stop(self.text[words[at].start]):
            if words[at].part == "figure":
                return end
            stop = words[at].end
            at += 1
        return stop
