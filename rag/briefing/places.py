"""Of which place a sentence tells: names that only belong to an experience (「三明医改经验」) tell of none."""

from __future__ import annotations

import re

from rag.evidence import Candidate, paragraph_start
from rag.normalise import fold
from rag.regions import find_regions

_AHEAD_CHARS = 16
_MODEL = re.compile(r"(?:[市省县区])?(?:的)?(?:综合)?(?:医改|卫生|改革|做法)?(?:的)?(?:经验|模式|样板)")
_MANY = re.compile(
    r"(?:^|[，,；;：:])(?:目前|当前|近年来|如今|而)?[，,]?(?:不少|许多|很多|一些|多数|各|有的|有些|其他|其它)(?:地区|地方|城市|省份|地市|市县|县市|地(?!级))"
)


_DATELINE = re.compile(r"(?:\d{1,2}月)?\d{1,2}日(?:电|讯|消息|报道)|(?:电|讯)[ (（]")
_INSTITUTION = re.compile(
    r"[\u4e00-\u9fff]{0,8}?(?:医院|卫生院|保健院|大学|学院|医学院|医科大学)|第?[一二三四五六七八九十]{1,3}(?:人民|中心)?医院"
)


def place_of(candidate: Candidate) -> str:
    """The code of the place that a sentence tells of: its own, else its paragraph's, headings' or article's; or "".

    What is said of 「不少地区」 is said of no place, whatever the paragraph is about. Where a report was sent from
    (「北京8月15日电」) is none, nor, for the sentences after it, the place in a hospital's name.
    """
    if not candidate.own_regions and _MANY.search(candidate.folded):
        return ""
    text = candidate.article.text
    before = text[paragraph_start(text, candidate.start) : candidate.start]
    around = [*reversed(candidate.heading_path)]
    is_alone = len(candidate.regions) == 1
    for code in candidate.regions:
        is_own = _is_told_of(code, candidate.text, hospitals=is_alone) or _is_told_of(code, before)
        if is_own or any(_is_told_of(code, words) for words in around):
            return code
    of_article = candidate.article.regions
    is_left = not candidate.own_regions or not any(
        _is_placed(code, candidate.text) for code in candidate.regions
    )
    return of_article[0] if len(of_article) == 1 and is_left else ""


def _is_told_of(code: str, words: str, *, hospitals: bool = False) -> bool:
    """Whether a place is named otherwise than by what it is a model of, a dateline, or a hospital's name."""
    return any(
        m.region.code == code
        and not _is_aside(fold(words[m.end : m.end + _AHEAD_CHARS]), hospitals=hospitals)
        for m in find_regions(words)
    )


def _is_aside(after: str, *, hospitals: bool) -> bool:
    if _MODEL.match(after) or _DATELINE.match(after):
        return True
    return not hospitals and _INSTITUTION.match(after) is not None


def _is_placed(code: str, words: str) -> bool:
    """Whether a place is named as one that others learn from: what is said there is not said of the article's place."""
    return any(
        m.region.code == code and _MODEL.match(fold(words[m.end : m.end + _AHEAD_CHARS]))
        for m in find_regions(words)
    )
