"""Of which place a sentence tells: names that only belong to an experience (「三明医改经验」) tell of none."""

from __future__ import annotations

import re

from rag.evidence import Candidate, paragraph_start
from rag.normalise import fold
from rag.regions import find_regions

_MODEL = re.compile(
    r"(?:[市省县区])?(?:的)?(?:综合)?(?:医改|卫生|改革|做法)?(?:的)?(?:经验|模式|样板|医改(?!工作|任务|中|取得|要|成效))"
)
_MANY = re.compile(
    r"(?:^|[，,；;：:])(?:目前|当前|近年来|如今|而)?[，,]?(?:不少|许多|很多|一些|多数|各|有的|有些|其他|其它)(?:地区|地方|城市|省份|地市|市县|县市|地(?!级))"
)


def place_of(candidate: Candidate) -> str:
    """The code of the place that a sentence tells of: its own, else its paragraph's, headings' or article's; or "".

    What is said of 「不少地区」 is said of no place, whatever the paragraph is about.
    """
    if not candidate.own_regions and _MANY.search(candidate.folded):
        return ""
    text = candidate.article.text
    before = text[paragraph_start(text, candidate.start) : candidate.start]
    around = (candidate.text, before, *reversed(candidate.heading_path))
    for code in candidate.regions:
        if any(_is_told_of(code, words) for words in around):
            return code
    unnamed = not any(_names(code, words) for code in candidate.regions for words in around)
    is_of_one = len(candidate.regions) == 1 and unnamed
    return candidate.regions[0] if is_of_one else ""


def _names(code: str, words: str) -> bool:
    return any(m.region.code == code for m in find_regions(words))


def _is_told_of(code: str, words: str) -> bool:
    """Whether a place is named otherwise than by what it is a model of."""
    folded = fold(words)
    return any(
        m.region.code == code and not (len(folded) == len(words) and _MODEL.match(folded, m.end))
        for m in find_regions(words)
    )
