"""What a figure measures, in the article's words: the noun phrase in front of it, or behind it.

「资产负债率从62.59%下降」 names it in front, 「119个县级医疗集团」 behind; where neither does, the clause before tells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.figures import Figure
from rag.figures.units import MEASURED
from rag.indicators.words import Span, Words

LONGEST = 24
"""Characters of a name; what is longer is cut at a word."""

_TAIL = re.compile(
    r"(?:[\s“”\"‘’'：:]|(?:最终|一度|长期|持续|基本|始终|一直|总体)?(?:稳定|保持|维持|控制|压缩|压减|锁定|提升|提高|下降|降低|上升|增长|增加|减少|缩短|缩小|扩大|上涨|回落|攀升|下调|上调|调整|变|恢复|回升|下探|跃升|扩容|延长)(?:在|到|至|为|成|了|近|超|逾|出)*|"
    r"(?:高|多|低|长|远|大)?(?:达到?|至|到|为|是|有|成|约|近|超过?|逾|破|突破|不足|不到|接近|将近|大约|大概|至少|最多|不低于|不少于|不超过|高于|低于|超出|满|共有?|共计|合计|总计|累计|只有|仅有?|仅为|已有?|有着|分别|均|都|也|就|再|又|才|则|便|还|更|却|另|各|净|的|了|在|于|计|占比?|"
    r"由|从|自|原来|原先|最初|此前|目前|现在|如今|大幅度?|显著|明显|逐步|逐年|稳步|进一步|平均|同比|环比|按可比价格计算|"
    r"[增升涨降减缩跌](?:到|至|为|了)?|翻了?|环比|(?:比|较|相比|相较)(?:于|之)?[^，,。；;]{0,10}?(?=$|[增降减提升上下缩扩])))$"
)
_HEAD = re.compile(r"^(?:的|中|内|里|上|下|后|前|等|其|其中|个|名|家|所|方面|以及|及|和|与|或)+(?=.{2})")
_KEEP = re.compile(r"(?:新增|新建|改建|扩建|净增|核增|增设|增加|累计|人均|户均|次均|日均|年均|月均|平均|年均|最高|最低|每人每年|每人每月)(?:投入|获得|达|建成|完成|为|达到|共|了|近|约|超|超过|完成了)*$")
_KEPT = re.compile(r"新增|新建|改建|扩建|净增|核增|增设|累计|人均|户均|次均|日均|年均|月均|平均|最高|最低|每人每年|每人每月")
_DEPENDENT = re.compile(
    r"(?:其?(?:增长率|增长|增幅|增速|降幅|涨幅|跌幅|升幅|占比|比例|比重|占|比率|份额|总数|总量|数量|人数|总额|金额|同比|环比|年均增长|平均增速|增长速度|数|量|规模|总规模|总数量|平均))+$"
)
_AFTER_QUALIFIER = re.compile(r"\s?(?:左右|上下|及?以上|及?以下|以内|之内|多|余)?\s?")
_CLAUSE_STOP = "，,；;。！!？?：:\n"
_ENUMERATION = "、"
_CLOSERS = {"）": "（", ")": "(", "]": "[", "】": "【"}
_NUMERALS = "0123456789一二三四五六七八九十"


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A phrase of the folded sentence that names an indicator: its span, and words that go in front (新增, 人均).

    Attributes:
        is_weak: Whether it holds nothing but a verb's noun (投入), so that a noun elsewhere says more.
    """

    span: Span
    prefix: str = ""
    is_weak: bool = False


class Namer:
    """Finds the names of a sentence's figures; each look goes back or ahead a bounded number of characters."""

    def __init__(self, text: str, words: Words) -> None:
        self.text, self.words = text, words

    def name(self, figure: Span, kind: Figure, floor: int, ceiling: int) -> Name | None:
        """Name a figure at a span of the folded sentence, between the figures beside it."""
        left = self.in_front(figure[0], floor)
        right = self.behind(figure[1], ceiling, is_share=kind.kind in ("percent", "ratio"))
        counts = kind.kind == "quantity" and kind.unit and kind.unit not in MEASURED
        if right is not None and (counts or left is None or (left.is_weak and not right.is_weak)):
            return self._with_kept(right, figure[0], floor)
        if right is not None and kind.unit in ("%", "‰") and self._opens_with_of(figure[1]):
            return right
        return left

    def in_front(self, end: int, floor: int) -> Name | None:
        """The phrase that ends in front of a position, verbs and adverbs between them left out."""
        start = max(floor, self._clause_start(end, floor), end - 3 * LONGEST)
        kept = ""
        while match := _TAIL.search(self.text, start, end):
            if match.start() == match.end():
                break
            found = _KEPT.search(match[0])
            kept = found[0] if found else kept
            end = match.start()
        span, has_noun = self._gathered_back(start, end)
        if span is None:
            return None
        return Name(span=span, prefix=kept if kept in ("累计", "人均", "平均") else "", is_weak=not has_noun)

    def behind(self, start: int, ceiling: int, *, is_share: bool = False) -> Name | None:
        """The phrase that begins right behind a position; of a share (65%的患者…) with what is said of it."""
        match = _AFTER_QUALIFIER.match(self.text, start)
        at = self.words.after(match.end() if match else start)
        if at < len(self.words.words) and self.words.words[at].start > (match.end() if match else start) + 1:
            return None
        opens_with_of = at < len(self.words.words) and self.words.words[at].part == "of"
        at += opens_with_of
        end, has_noun = self._gathered_ahead(at, min(ceiling, start + LONGEST + 2))
        if end is None:
            return None
        if is_share and opens_with_of:
            end = self._said_of_it(end, min(ceiling, start + LONGEST))
        return Name(span=(self.words.words[at].start, end), is_weak=not has_noun)

    def clause_before(self, position: int, floor: int = 0) -> Name | None:
        """The phrase of the clause before the one that a position stands in: 「反应时间明显缩短，由34分钟…」."""
        start = self._clause_start(position, floor)
        return self.in_front(start - 1, floor) if start > floor + 1 else None

    def is_dependent(self, name: Name) -> bool:
        """Whether a name says only how something is counted (增长率, 占比), not what."""
        return _DEPENDENT.fullmatch(self.text[slice(*name.span)]) is not None

    def _opens_with_of(self, position: int) -> bool:
        match = _AFTER_QUALIFIER.match(self.text, position)
        at = match.end() if match else position
        return self.text[at : at + 1] == "的"

    def _with_kept(self, name: Name, start: int, floor: int) -> Name:
        """Add 新增, 累计 and their kind where they stand in front of the figure."""
        match = _KEEP.search(self.text, max(floor, start - 12), start)
        kept = _KEPT.search(match[0]) if match else None
        return Name(span=name.span, prefix=kept[0], is_weak=name.is_weak) if kept else name

    def _clause_start(self, end: int, floor: int) -> int:
        """Where the clause begins that ends at a position; 、 parts clauses but inside of a term and between numerals."""
        at = self.words.before(end)
        while at >= 0 and self.words.words[at].start >= floor:
            word = self.words.words[at]
            sign = self.text[word.start : word.end]
            if word.part == "stop" and (sign in _CLAUSE_STOP or self._parts_here(sign, word.start)):
                return word.end
            if word.end < end - 3 * LONGEST:
                return word.start
            at -= 1
        return floor

    def _parts_here(self, sign: str, at: int) -> bool:
        return sign == _ENUMERATION and not (
            self.text[at - 1 : at] in _NUMERALS and self.text[at + 1 : at + 2] in _NUMERALS
        )

    def _gathered_back(self, start: int, end: int) -> tuple[Span | None, bool]:
        """Gather what belongs to the phrase that ends at `end`, going back to `start`."""
        words, at = self.words.words, self.words.before(end)
        if at >= 0 and words[at].end < end and self.text[words[at].end : end].strip():
            # A word was cut by the tail: what is left of it is read by itself.
            at += 1
        first, last, has_noun, has_any = end, end, False, False
        while at >= 0 and words[at].start >= start:
            word = words[at]
            sign = self.text[word.start : word.end]
            if sign in _CLOSERS and (opening := self.text.rfind(_CLOSERS[sign], start, word.start)) >= 0:
                at = self.words.before(opening)
                last = opening if not has_any else last
                continue
            if not self._goes_back(word.part, sign) or (has_any and last - word.start > LONGEST):
                break
            has_noun = has_noun or word.part == "noun"
            has_any = has_any or word.part in ("noun", "either")
            first = word.start
            at -= 1
        return self._trimmed(first, last) if has_any else None, has_noun

    @staticmethod
    def _goes_back(part: str, sign: str) -> bool:
        return part in ("noun", "either", "of", "side", "quote") or sign in ("占", "/", "+") or (
            len(sign) == 1 and sign in _NUMERALS + _ENUMERATION
        )

    def _trimmed(self, first: int, last: int) -> Span | None:
        """Without particles and quotation marks at its ends."""
        while first < last and (self.text[first] in "“”\"‘’'「」『』·的、 -—占+/"):
            first += 1
        head = _HEAD.match(self.text[first:last])
        first += head.end() if head else 0
        while first < last and self.text[last - 1] in "“”\"‘’'「」『』·的、 -—+/":
            last -= 1
        return (first, last) if last - first > 1 else None

    def _gathered_ahead(self, at: int, limit: int) -> tuple[int | None, bool]:
        """Where the phrase ends that begins at a word; a relative clause (普遍推广的经验) is part of it."""
        words, end, has_noun = self.words.words, None, False
        while at < len(words) and words[at].start < limit:
            word = words[at]
            if word.part == "noun" or (word.part in ("quote", "side") and end is not None):
                if word.part == "noun":
                    end, has_noun = word.end, True
                at += 1
                continue
            if word.part == "either" and (not has_noun or self._ends_phrase(at)):
                end = word.end
                at += 1
                continue
            skipped = self._relative(at, limit)
            if skipped is None:
                break
            at = skipped
        return end, has_noun

    def _ends_phrase(self, at: int) -> bool:
        """Whether a word that may be a verb has no object: it is a noun, then."""
        following = self.words.words[at + 1] if at + 1 < len(self.words.words) else None
        return following is None or following.part in ("stop", "noun", "either", "of", "link") and not (
            following.part == "noun" and self.text[following.start : following.end].isdigit()
        )

    def _relative(self, at: int, limit: int) -> int | None:
        """Index behind the 的 that closes a relative clause beginning at a word, if a noun follows."""
        words = self.words.words
        for ahead in range(at, min(at + 4, len(words) - 1)):
            part = words[ahead].part
            if part == "of":
                follows = words[ahead + 1]
                return ahead + 1 if follows.part in ("noun", "either") and follows.start < limit else None
            if part not in ("verb", "noun", "either", "side"):
                return None
        return None

    def _said_of_it(self, end: int, limit: int) -> int:
        """To the end of the clause, where that is near."""
        at = self.words.after(end)
        words = self.words.words
        stop = end
        while at < len(words) and words[at].start < limit and self.text[words[at].start] not in _CLAUSE_STOP + _ENUMERATION:
            if words[at].part == "figure":
                return end
            stop = words[at].end
            at += 1
        return stop
