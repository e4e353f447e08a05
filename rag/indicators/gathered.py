"""Noun phrases of a sentence: gathered word by word, back from a position or on from one."""

from __future__ import annotations

from rag.indicators.phrases import (
    LONGEST,
    has_attribute_head,
    is_article,
    is_attribute,
    is_clause_stop,
    is_copula,
    is_rate,
    is_rather_noun,
    is_suffix,
    trimmed,
)
from rag.indicators.words import Span, Word, Words

_JOINING = frozenset(("of", "side", "quote", "stop"))


class Phrases:
    """The noun phrases of a folded sentence; each look goes over a bounded number of characters."""

    def __init__(self, text: str, words: Words) -> None:
        self.text, self.words = text, words

    def is_suffix_at(self, at: int) -> bool:
        """Whether a single character that is tagged as a verb ends a noun: 参保率, 基础包."""
        word = self.words.words[at]
        return (
            at > 0
            and is_suffix(self.said(word))
            and self.is_name_at(at - 1)
            and self.words.words[at - 1].end == word.start
        )

    def _is_part_of_noun(self, at: int) -> bool:
        """Whether a verb behind a noun goes on with it: 县级肿瘤诊治中心."""
        word = self.words.words[at]
        if word.part != "verb":
            return False
        return self.is_suffix_at(at) or (
            is_attribute(self.said(word)) and has_attribute_head(self.text[word.end : word.end + 4])
        )

    def is_name_at(self, at: int) -> bool:
        """Whether a word may name a thing by itself."""
        return self.words.words[at].part in ("noun", "either")

    def clause_start(self, end: int, floor: int) -> int:
        """Where the clause begins that ends at a position; 、 parts clauses but inside of a term and between numerals."""
        at = self.words.before(end)
        while at >= 0 and self.words.words[at].start >= floor:
            word = self.words.words[at]
            opening = self._opening(word, floor)
            if opening is not None:
                at = self.words.before(opening)
                continue
            if word.part == "stop" and is_clause_stop(self.said(word)) and not self._joins(word):
                return word.end
            if word.end < end - 3 * LONGEST:
                return word.start
            at -= 1
        return floor

    def _opening(self, word: Word, floor: int) -> int | None:
        """Where the bracket opens that a word closes: what stands in it is passed over."""
        if self.said(word) != ")":
            return None
        opening = self.text.rfind("(", max(floor, word.start - LONGEST), word.start)
        return opening if opening > floor else None

    def _joins(self, word: Word) -> bool:
        """Whether a 、 stands between numerals, as in 二、三级."""
        around = self.text[word.start - 1 : word.start] + self.text[word.end : word.end + 1]
        return self.said(word) == "、" and all(ch in "0123456789一二三四五六七八九十" for ch in around)

    def back(self, at: int, start: int) -> tuple[Span | None, bool]:
        """Gather what belongs to the phrase whose last word is at `at`, going back to `start`."""
        words = self.words.words
        last, first, has_noun, has_any = 0, 0, False, False
        while at >= 0 and words[at].start >= start:
            word = words[at]
            opening = self._opening(word, start)
            if opening is not None:
                at = self.words.before(opening)
                continue
            if not self._belongs(at, has_any) or (has_any and last - word.start > self._most(word)):
                break
            has_noun = has_noun or word.part == "noun"
            has_any = has_any or self.is_name_at(at) or word.part == "verb"
            if word.part not in _JOINING or is_rate(self.said(word)):
                first, last = word.start, last or word.end
            at -= 1
        span = trimmed(self.text, first, last) if has_any else None
        return (span if span and span[1] - span[0] > 1 else None), has_noun

    def _most(self, word: Word) -> int:
        """Characters that a name may have; Latin letters say less each."""
        return 2 * LONGEST if self.said(word).isascii() else LONGEST

    def _belongs(self, at: int, has_any: bool) -> bool:
        """Whether a word is a part of the phrase whose later words were gathered."""
        word = self.words.words[at]
        said = self.said(word)
        if word.part == "verb":
            return self.is_suffix_at(at) or (
                has_any and not is_copula(said) and has_attribute_head(self.text[word.end : word.end + 4])
            )
        if word.part == "stop":
            return (
                said in ("占", "/", "+")
                or (has_any and is_article(said))
                or (has_any and is_rate(said))
                or (said == "、" and self._joins(word))
            )
        return word.part in ("noun", "either", "modifier", "of", "side", "quote")

    def ahead(self, at: int, limit: int) -> tuple[int | None, bool]:
        """Where the phrase ends that begins at a word; a relative clause (普遍推广的经验) is part of it."""
        words = self.words.words
        end, has_noun, verbs = None, False, 0
        while at < len(words) and words[at].start < limit:
            word = words[at]
            following = words[at + 1] if at + 1 < len(words) else None
            if word.part == "noun" or (end is not None and self._is_part_of_noun(at)):
                end, has_noun = word.end, True
            elif word.part == "either" and (
                not has_noun or is_rather_noun(self.said(word)) or self._ends_phrase(following)
            ):
                end = word.end
            elif (
                word.part == "verb"
                and not has_noun
                and verbs < 2
                and not is_copula(self.said(word))
                and (
                    following is not None
                    and following.part in ("noun", "either", "verb", "modifier")
                    and following.start == word.end
                )
            ):
                verbs += 1
            elif word.part != "modifier" and not (word.part in ("quote", "side") and end is not None):
                skipped = self._relative(at, limit)
                if skipped is None:
                    break
                at, has_noun = skipped - 1, False  # what follows 的 is the noun
            at += 1
        return end, has_noun

    def _relative(self, at: int, limit: int) -> int | None:
        """Index behind the 的 that closes a relative clause beginning at a word, if a noun follows."""
        words = self.words.words
        for ahead in range(at, min(at + 4, len(words) - 1)):
            part = words[ahead].part
            if part == "of":
                follows = words[ahead + 1]
                goes_on = follows.part in ("noun", "either", "modifier", "quote")
                return ahead + 1 if goes_on and follows.start < limit else None
            if part not in ("verb", "noun", "either", "side", "modifier"):
                return None
        return None

    def said(self, word: Word) -> str:
        """The word itself."""
        return self.text[word.start : word.end]

    def _ends_phrase(self, following: Word | None) -> bool:
        """Whether a word that may be a verb has no object behind it: it is a noun, then."""
        if following is None or following.part in ("stop", "of", "link"):
            return True
        return following.part in ("noun", "either", "modifier") and has_attribute_head(
            self.text[following.start : following.start + 4]
        )
