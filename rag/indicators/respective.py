"""Lists told of one by one: 「门诊量、住院量分别增长10%、20%」 is two figures of two things."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from rag.indicators.words import Span

_RESPECTIVELY = re.compile(r"分别|依次|各自|respectively")
_AND = re.compile(r"\s?(?:、|和|与|及|以及|,|，)\s?")
_LIST_LINK = re.compile(r"\s?(?:左右|以上|以下)?\s?(?:、|和|与|及|以及)\s?[\u4e00-\u9fff]{0,4}?")
_CLAUSE = re.compile(r"[，,；;。！!？?：:\n]")
_WHOLE = re.compile(r".*(?:[量率数额费入出度次院师士床额值比幅期间积价金本力]|时间|标准|水平|人员)")
_HEAD = re.compile(
    r"(?:支付|报销|缴费|补助|起付|参保|使用|平均|住院|门诊|筹资)?(?:比例|比率|标准|限额|费用|占比|率|人数|次数|人次|数量|金额|时间|价格|收入|支出|额|量|数)$"
)
_LONGEST_LIST = 80
_MOST_ITEMS = 12


class Item(NamedTuple):
    """An item of a list, and the last item of that list, which may say more for all."""

    span: Span
    last: Span


def respective_items(text: str, figures: Sequence[Span]) -> dict[int, Item]:
    """Which item of a list each figure is of, by the figure's index.

    Only where 「分别」 stands between as many items as figures; both lists are joined by 、 or 和.
    """
    items_by_figure: dict[int, Item] = {}
    starts = [start for start, _ in figures]
    for match in _RESPECTIVELY.finditer(text):
        run = _run_behind(text, match.end(), figures, bisect_left(starts, match.end()))
        items = _items_before(text, match.start())
        if len(run) > 1 and len(items) == len(run):
            items_by_figure.update(zip(run, (Item(item, items[-1]) for item in items), strict=True))
    return items_by_figure


def shared_head(first: str, last: str) -> str:
    """What an item leaves to the last one to say: 「职工医保和居民医保支付比例」 has 支付比例 for both."""
    head = _HEAD.search(last)
    return head[0] if head and head.start() > 0 and not _WHOLE.fullmatch(first) else ""


def _run_behind(text: str, start: int, figures: Sequence[Span], first: int) -> list[int]:
    """Indices of the figures from `first` on that follow, joined as a list no longer than people write."""
    run: list[int] = []
    for index in range(first, min(len(figures), first + _MOST_ITEMS)):
        begin, end = figures[index]
        between = text[start : min(begin, start + _LONGEST_LIST)]
        is_joined = (
            _LIST_LINK.fullmatch(between) if run else not _CLAUSE.search(between) and len(between) <= 12
        )
        if not is_joined:
            break
        run.append(index)
        start = end
    return run


def _items_before(text: str, end: int) -> list[Span]:
    begin = max(0, end - _LONGEST_LIST)
    for match in _CLAUSE.finditer(text, begin, end):
        begin = match.end()
    spans, position = [], begin
    for match in _AND.finditer(text, begin, end):
        spans.append((position, match.start()))
        position = match.end()
    return [*spans, (position, end)] if spans else []
