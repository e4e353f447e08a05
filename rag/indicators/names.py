"""What a figure measures, in the article's words: the noun phrase in front of it, or behind it.

「资产负债率从62.59%下降」 names it in front, 「119个县级医疗集团」 behind; where neither does, the clause before tells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.figures import Figure
from rag.figures.units import MEASURED
from rag.indicators.phrases import (
    LONGEST,
    has_attribute_head,
    is_attribute,
    is_clause_stop,
    is_copula,
    is_rate,
    is_suffix,
    trimmed,
)
from rag.indicators.words import Span, Word, Words

_COMPARISON = re.compile(
    r"(?:比|较|相比|相较|同比|与)(?:于|之)?[^，,。；;]{0,14}?(?:增|降|减|提|上升|上涨|下|缩|扩|高|低|多|少|翻|回落)[^，,。；;]{0,5}$"
)
_KEPT = re.compile(
    r"(新增|新建|改建|扩建|净增|核增|增设|累计|人均|户均|次均|日均|年均|月均|平均|最高|最低|首次|首批)"
    r"(?:投入|获得|达|建成|完成|为|达到|共|了|近|约|超|超过|完成了|可|不超过)*$"
)
_AFTER_QUALIFIER = re.compile(r"(?:/[\u4e00-\u9fff]{1,3})*\s?(?:左右|上下|及?以上|及?以下|以内|之内|多|余)?\s?")
_DEPENDENT = re.compile(
    r"(?:其?(?:增长率|增长|增幅|增速|降幅|涨幅|跌幅|升幅|占比|比例|比重|占|比率|份额|总数|总量|数量|人数|总额|金额|同比|环比|增长速度|数|量|规模|分别|平均|年均|净))+"
)
_DEICTIC = re.compile(r"其|该|这")
_OBJECT_LEAD = re.compile(r"了?(?:[一两]\S)?")


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

    def name(self, span: Span, figure: Figure, floor: int, ceiling: int) -> Name | None:
        """Name a figure at a span of the folded sentence, between the figures beside it."""
        left = self.in_front(span[0], floor)
        right = self.behind(span[1], ceiling, figure)
        counts = figure.kind == "quantity" and figure.unit not in MEASURED
        if right is not None and self._says_more(right, left, counts=counts, at=span[1]):
            return self._with_kept(right, span[0], floor)
        return left or self._object_of_verb(span[1], ceiling) or self.in_front(span[0], floor, past_verbs=True)

    def in_front(self, end: int, floor: int, *, past_verbs: bool = False) -> Name | None:
        """The phrase that ends in front of a position, what says that it reaches the figure (达到, 同比增长) left out.

        Args:
            end: Where the figure begins.
            floor: Where the figure before it ends.
            past_verbs: Also look behind verbs that say what was done (财政拿出).
        """
        start = max(floor, self._clause_start(end, floor), end - 3 * LONGEST)
        kept = self._with_kept(Name(span=(end, end)), end, start).prefix
        compared = _COMPARISON.search(self.text, start, end)
        at = self.words.before(compared.start() if compared and compared.start() > start else end)
        while at >= 0 and self.words.words[at].start >= start and self._is_skipped(at, past_verbs=past_verbs):
            at -= 1
        span, has_noun = self._gathered_back(at, start)
        if span is None:
            return None
        return Name(span=span, prefix="" if kept in self.text[slice(*span)] else kept, is_weak=not has_noun)

    def behind(self, start: int, ceiling: int, figure: Figure) -> Name | None:
        """The phrase that begins right behind a position; of a share (65%的患者…) with what is said of it."""
        match = _AFTER_QUALIFIER.match(self.text, start)
        begin = match.end() if match else start
        at = self.words.after(begin)
        words = self.words.words
        while at < len(words) and (words[at].part == "place" or self._said(words[at]) == "个"):
            at += 1
        if at >= len(words) or (words[at].start > begin + 1 and words[at - 1].end < begin):
            return None
        opens_with_of = words[at].part == "of"
        at += opens_with_of
        limit = min(ceiling, start + LONGEST + 2)
        end, has_noun = self._gathered_ahead(at, limit)
        if end is None:
            return None
        if opens_with_of and figure.kind in ("percent", "ratio"):
            end = self._said_of_it(end, min(ceiling, start + LONGEST))
        return Name(span=(words[at].start, end), is_weak=not has_noun)

    def clause_before(self, position: int, floor: int = 0) -> Name | None:
        """The phrase of the clause before the one that a position stands in: 「反应时间明显缩短，由34分钟…」."""
        start = self._clause_start(position, floor)
        return self.in_front(start - 1, floor) if start > floor + 1 else None

    def is_dependent(self, name: Name) -> bool:
        """Whether a name says only how something is counted (增长率, 占比), not what."""
        return _DEPENDENT.fullmatch(_DEICTIC.sub("", self.text[slice(*name.span)])) is not None

    def _says_more(self, right: Name, left: Name | None, *, counts: bool, at: int) -> bool:
        """Whether what is behind names the figure rather than what is in front."""
        if left is None:
            return True
        if counts:
            starts_with_verb = self.words.words[self.words.after(right.span[0])].part in ("verb", "either")
            return not (starts_with_verb and not left.is_weak) and not (right.is_weak and not left.is_weak)
        match = _AFTER_QUALIFIER.match(self.text, at)
        opens_with_of = self.text[match.end() if match else at :][:1] == "的"
        return (left.is_weak and not right.is_weak) or (opens_with_of and self.text[at - 1] in "%‰")

    def _object_of_verb(self, start: int, ceiling: int) -> Name | None:
        """What the verb behind a sum is about: 「3520万元购入一台直线加速器」."""
        at = self.words.after(start)
        words = self.words.words
        if at >= len(words) or words[at].part not in ("verb", "either") or words[at].start > start + 1:
            return None
        match = _OBJECT_LEAD.match(self.text, words[at].end)
        begin = self.words.after(match.end() if match else words[at].end)
        end, has_noun = self._gathered_ahead(begin, min(ceiling, start + LONGEST))
        return Name(span=(words[begin].start, end)) if end is not None and has_noun else None

    def _with_kept(self, name: Name, end: int, floor: int) -> Name:
        """Add 新增, 累计 and their kind where they stand in front of the figure."""
        match = _KEPT.search(self.text, max(floor, end - 12), end)
        if match and self.text.startswith(match[1], name.span[0]):
            return name
        return Name(span=name.span, prefix=match[1], is_weak=name.is_weak) if match else name

    def _said(self, word: Word) -> str:
        return self.text[word.start : word.end]

    def _is_skipped(self, at: int, *, past_verbs: bool) -> bool:
        """Whether a word only leads up to the figure."""
        word = self.words.words[at]
        said = self._said(word)
        if word.part == "stop":
            return not is_clause_stop(said) and said not in ")）]】"
        if word.part == "verb":
            return past_verbs or (is_copula(said) and not self._is_suffix(at))
        return word.part in ("time", "of", "side", "quote") or is_copula(said)

    def _is_suffix(self, at: int) -> bool:
        """Whether a single character that is tagged as a verb ends a noun: 参保率, 基础包."""
        word = self.words.words[at]
        return at > 0 and is_suffix(self._said(word)) and self._is_name(at - 1) and self.words.words[at - 1].end == word.start

    def _is_part_of_noun(self, at: int) -> bool:
        """Whether a verb behind a noun goes on with it: 县级肿瘤诊治中心."""
        word = self.words.words[at]
        if word.part != "verb":
            return False
        return self._is_suffix(at) or (
            is_attribute(self._said(word)) and has_attribute_head(self.text[word.end : word.end + 4])
        )

    def _is_name(self, at: int) -> bool:
        return self.words.words[at].part in ("noun", "either")

    def _clause_start(self, end: int, floor: int) -> int:
        """Where the clause begins that ends at a position; 、 parts clauses but inside of a term and between numerals."""
        at = self.words.before(end)
        while at >= 0 and self.words.words[at].start >= floor:
            word = self.words.words[at]
            opening = self._opening(word, floor)
            if opening is not None:
                at = self.words.before(opening)
                continue
            if word.part == "stop" and is_clause_stop(self._said(word)) and not self._joins(word):
                return word.end
            if word.end < end - 3 * LONGEST:
                return word.start
            at -= 1
        return floor

    def _opening(self, word: Word, floor: int) -> int | None:
        """Where the bracket opens that a word closes: what stands in it is passed over."""
        if self._said(word) != ")":
            return None
        opening = self.text.rfind("(", max(floor, word.start - LONGEST), word.start)
        return opening if opening > floor else None

    def _joins(self, word: Word) -> bool:
        """Whether a 、 stands between numerals, as in 二、三级."""
        around = self.text[word.start - 1 : word.start] + self.text[word.end : word.end + 1]
        return self._said(word) == "、" and all(ch in "0123456789一二三四五六七八九十" for ch in around)

    def _gathered_back(self, at: int, start: int) -> tuple[Span | None, bool]:
        """Gather what belongs to the phrase whose last word is at `at`, going back to `start`."""
        words = self.words.words
        last, first, has_noun, has_any = 0, 0, False, False
        while at >= 0 and words[at].start >= start:
            word = words[at]
            opening = self._opening(word, start)
            if opening is not None:
                at = self.words.before(opening)
                continue
            if not self._belongs(at, has_any) or (has_any and last - word.start > LONGEST):
                break
            last = last or word.end
            has_noun = has_noun or word.part == "noun"
            has_any = has_any or self._is_name(at) or word.part == "verb"
            first = word.start
            at -= 1
        span = trimmed(self.text, first, last) if has_any else None
        return span, has_noun

    def _belongs(self, at: int, has_any: bool) -> bool:
        """Whether a word is a part of the phrase whose later words were gathered."""
        word = self.words.words[at]
        said = self._said(word)
        if word.part == "verb":
            return self._is_suffix(at) or (
                has_any and not is_copula(said) and has_attribute_head(self.text[word.end : word.end + 4])
            )
        if word.part == "stop":
            return said in ("占", "/", "+") or (has_any and is_rate(said)) or (said == "、" and self._joins(word))
        return word.part in ("noun", "either", "of", "side", "quote")

    def _gathered_ahead(self, at: int, limit: int) -> tuple[int | None, bool]:
        """Where the phrase ends that begins at a word; a relative clause (普遍推广的经验) is part of it."""
        words = self.words.words
        end, has_noun, verbs = None, False, 0
        while at < len(words) and words[at].start < limit:
            word = words[at]
            following = words[at + 1] if at + 1 < len(words) else None
            if word.part == "noun" or (end is not None and self._is_part_of_noun(at)):
                end, has_noun = word.end, True
            elif word.part == "either" and (not has_noun or _ends_phrase(following)):
                end = word.end
            elif word.part == "verb" and not has_noun and verbs < 2 and not is_copula(self._said(word)) and (
                following is not None and following.part in ("noun", "either", "verb") and following.start == word.end
            ):
                verbs += 1
            elif not (word.part in ("quote", "side") and end is not None):
                skipped = self._relative(at, limit)
                if skipped is None:
                    break
                at = skipped - 1
            at += 1
        return end, has_noun

    def _relative(self, at: int, limit: int) -> int | None:
        """Index behind the 的 that closes a relative clause beginning at a word, if a noun follows."""
        words = self.words.words
        for ahead in range(at, min(at + 4, len(words) - 1)):
            part = words[ahead].part
            if part == "of":
                follows = words[ahead + 1]
                return ahead + 1 if self._is_name(ahead + 1) and follows.start < limit else None
            if part not in ("verb", "noun", "either", "side"):
                return None
        return None

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


def _ends_phrase(following: Word | None) -> bool:
    """Whether a word that may be a verb has no object behind it: it is a noun, then."""
    return following is None or following.part in ("stop", "noun", "either", "of", "link")
