"""Small words that change what is said and that no other check reads: grades, vague numbers, how often, items of a list."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.normalise import contains_han, fold
from rag.verify.case import Case
from rag.verify.cues import NEGATION
from rag.verify.forms import terms_of
from rag.verify.meaning import character_share
from rag.verify.reasons import Finding

_NUMERAL = "一二三四五六七八九十"
_GRADE = re.compile(rf"(?<![{_NUMERAL}第、])([{_NUMERAL}])([级甲])(?![{_NUMERAL}])")
_VAGUE = re.compile(r"(?:几|数|上|成)[十百千万亿]+(?![多余几]?[年月])")
_OFTEN = {
    "每年": r"每年|每一年|年度|年均|逐年|一年",
    "每季度?": r"每季|每个季|季度|按季",
    "每月": r"每月|每个月|按月|月度|逐月|一个?月",
    "每周": r"每周|每星期|每个星期|按周",
    "每[天日]": r"每[天日]|每一天|按日|日均|逐日",
}
_ITEM = re.compile(
    r"(?<=[、])([\u4e00-\u9fff]{2,8})(?=[、。，；]|[和与及][\u4e00-\u9fff])|(?<=[和与及])([\u4e00-\u9fff]{2,6})(?=[。；，]|$)"
)
_ENDED = re.compile(
    r"取消|停止|终止|暂停|废止|叫停|撤销|撤消|关闭|关停|停办|停业|解散|中断|作废|倒闭|"
    r"\b(?:abolish\w*|cancel\w*|scrap(?:ped|s)?|clos(?:ed|es|ing|ure)|shut|suspend\w*|terminat\w*|dissolv\w*|stopp(?:ed|ing)|ended)\b"
)
"""That something was brought to an end: no small thing to add."""
_FEWEST_ITEMS = 3


def check_tokens(case: Case) -> Iterator[Finding]:
    """A hospital's grade, a vague number and how often something is done must be the evidence's."""
    if case.is_cross or not case.evidence.has_han:
        return
    claimed, known = fold(case.prose.text), f"{case.evidence.folded}\n{case.context.folded}"
    for match in _GRADE.finditer(claimed):
        # 二、三级 names both grades.
        if not re.search(rf"{match[1]}(?:[、和及或至到-][{_NUMERAL}]){{0,3}}{match[2]}", known):
            yield _finding(case, match, "token")
    for match in _VAGUE.finditer(claimed):
        if not re.search(rf"{re.escape(match[0])}(?![十百千万亿])", known):
            yield _finding(case, match, "figure")
    for pattern, known_forms in _OFTEN.items():
        often = re.search(rf"(?:{pattern})(?![都个])", claimed)
        if often and not re.search(known_forms, known) and _speaks_of_frequency(known):
            yield _finding(case, often, "token")


def check_endings(case: Case) -> Iterator[Finding]:
    """That something was abolished, stopped or closed must be the evidence's."""
    ended = _ENDED.search(fold(case.prose.text))
    known = f"{case.evidence.folded}\n{case.context.folded}"
    if ended and not _ENDED.search(known) and not NEGATION.search(known):
        yield _finding(case, ended, "token")


def check_items(case: Case) -> Iterator[Finding]:
    """An item of a list must not be one that the evidence has nothing of."""
    if case.is_cross or not case.evidence.has_han:
        return
    for start, end in case.prose.sentences:
        sentence = case.prose.text[start:end]
        if sentence.count("、") + 1 < _FEWEST_ITEMS:
            continue
        for match in _ITEM.finditer(sentence):
            item = match[1] or match[2]
            if not terms_of(item) & case.terms_all and character_share(item, case.evidence.text) < 0.5:
                low, high = match.span(1 if match[1] else 2)
                yield case.finding("token", (start + low, start + high), item)


def _speaks_of_frequency(known: str) -> bool:
    return any(re.search(forms, known) for forms in _OFTEN.values())


def _finding(case: Case, match: re.Match[str], reason: str) -> Finding:
    span = case.prose.unfolded(*match.span())
    text = case.prose.text[slice(*span)]
    return case.finding(reason, span, text if contains_han(text) else match[0])
