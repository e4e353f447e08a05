"""By how much, or to how much? A value that something fell to is no amount that it fell by."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from rag.figures import Figure
from rag.normalise import fold
from rag.verify.case import Case, counted
from rag.verify.readings import Reading
from rag.verify.reasons import Finding

Manner = Literal["by", "level", ""]

_NEAR_CHARS = 24
_ABOUT = r"(?:约|近|超过?|逾|不足|将近|大约|共|合计|累计|平均|分别|整整|\s|about |nearly |some |over |more than |roughly |almost |as much as )*"
_CHANGES = (
    "缩小|缩短|缩减|压缩|压减|下降|降低|减少|减轻|下调|下跌|下滑|回落|减|降|"
    "上升|上涨|上调|增长|增加|提高|提升|扩大|攀升|升|涨"
)
_CHANGES_EN = (
    r"(?:rose|risen|ris(?:e|es|ing)|increas\w*|grew|grow\w*|rais\w*|expand\w*|fell|fall\w*|drop\w*|declin\w*|decreas\w*"
    r"|reduc\w*|cut|lower\w*|shorten\w*|shr[aiu]nk\w*|narrow\w*|up|down)"
)
_BY = re.compile(
    rf"(?:(?:{_CHANGES})了?|[降增升跌涨减]幅(?:为|达到?|是)?|\bby){_ABOUT}\Z|\b(?:increase|decrease|rise|fall|drop|cut|decline|growth) of {_ABOUT}\Z"
)
_LEVEL = re.compile(
    rf"(?:(?:{_CHANGES}|压|控制|稳定|保持|回升|变)(?:为|至|到|成)|(?:从|由|自)(?:原来的?|最初的?|20\d\d年的?)?|(?<!\w)(?:from|to)){_ABOUT}\Z"
)
_IS_CHANGE_EN = re.compile(rf"\b{_CHANGES_EN}\b[^.;]*\Z")


def check_manner(case: Case) -> Iterator[Finding]:
    """A figure must be an amount of change where the evidence has one, and a value reached or left where it has that."""
    for _, figure in counted(case):
        own = manner_of(case.claim, figure)
        if not own or figure.kind in ("ordinal", "percentage_point"):
            continue
        others = [manner_of(case.evidence, case.evidence.figures[p]) for p in case.evidence.equals_of(figure)]
        if others and all(other and other != own for other in others):
            yield case.finding(f"manner_{own}", (figure.start, figure.end), figure.raw)


def manner_of(reading: Reading, figure: Figure) -> Manner:
    """Whether a figure is what something changed by, a value before or after the change, or neither."""
    before = fold(reading.text[max(0, figure.start - _NEAR_CHARS) : figure.start])
    if _LEVEL.search(before):
        is_english = before.rstrip().endswith(("to", "from"))
        return "level" if not is_english or _IS_CHANGE_EN.search(_clause_before(reading, figure)) else ""
    return "by" if _BY.search(before) else ""


def _clause_before(reading: Reading, figure: Figure) -> str:
    start = reading.clause_at(figure.start)[0]
    return fold(reading.text[max(start, figure.start - 80) : figure.start])
