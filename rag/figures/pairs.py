"""Figures paired into changes: from A to B, B up from A; and how much each change is."""

from __future__ import annotations

import dataclasses
import itertools
import re
from collections.abc import Sequence

from rag.figures.amounts import EXACT, Amount, Change, Direction, Figure, plain
from rag.figures.reading import find_figures
from rag.figures.subjects import subject_before, subject_of_clause_before
from rag.figures.units import base_value, factor_of, same_unit, same_value
from rag.normalise import fold

_UP = "增长|增加|提高|提升|上升|增|升|扩大|扩展|扩|攀升|上涨|涨|多"
_DOWN = "下降|降低|减少|缩小|缩短|缩减|压缩|压减|下调|回落|下跌|降|减|缩|跌|少"
_ADVERB = "(?:大幅|逐步|稳步|进一步|逐年|持续|快速|迅速|已经?|也|显著|明显|再|均)*"
_WHEN = "(?:[12][0-9x]{3}年(?:底|末|初)?的?|目前的?|现在的?|如今的?|原来的?|原先的?|过去的?|之前的?|此前的?|最初的?|改革[前后]的?|每[年月天人户床件次](?:平均)?|年均|平均|人均)?"
_NEARLY = "(?:约|大约|近|将近|超过?|逾|不足|不到|至少|了)?"
_PER = "(?:/[\u4e00-\u9fff]{1,2})?"
_FROM_MARK = re.compile(rf"(?:从|由|自){_WHEN}{_NEARLY} ?$|\bfrom (?:about |nearly |around |over )?$")
_TO_AFTER_FROM = re.compile(
    rf"{_PER}(?:左右|以上|以下|多)?,?{_ADVERB}(?:{_UP}|{_DOWN}|变化?|调整|发展)?(?:到|至|为|成)了?{_WHEN}{_NEARLY}"
    r"| ?(?:→|->|⟶|=>|⇒) ?|(?: in [12][0-9]{3})?,? to (?:about |nearly |around |over )?"
)
_TO = re.compile(
    rf"{_PER}(?:,(?:[到至]?[12][0-9x]{{3}}年(?:底|末)?|目前|如今|现在))?"
    rf"{_ADVERB}(?:{_UP}|{_DOWN}|变)(?:到|至|为|成)了?{_WHEN}{_NEARLY}| ?(?:→|->|⟶|=>|⇒) ?"
)
_COMPARED = re.compile(r",?(?:相较于?|相比于?|对比|比|较)[^,;。\n]{0,10}")
_BY = re.compile(rf"(?:相比)?,?(?:共|净|累计|已)?(?:{_UP}|{_DOWN})了?")
_LINK_CHARS = 32
_ROUGHLY = frozenset({"约", "左右", "近", "余"})


def changes(text: str) -> list[Change]:
    """Find pairs of a figure before and after: 从A下降至B, A增至B, B，相较于A增加了C, from A to B, A → B."""
    return changes_among(text, find_figures(text))


def changes_among(text: str, found_before: Sequence[Figure]) -> list[Change]:
    """Pair figures of a text that were found before; see `changes`."""
    figures = [
        f for f in found_before if f.kind in ("quantity", "percent", "percentage_point", "money", "ratio")
    ]
    found = []
    for index, (first, second) in enumerate(itertools.pairwise(figures)):
        third = figures[index + 2] if index + 2 < len(figures) else None
        change = _from_to(text, first, second) or _compared(text, first, second, third)
        if change is not None:
            found.append(change)
    return found


def _between(text: str, first: Figure, second: Figure) -> str:
    """The matching form of what stands between two figures; what is too long for a link is cut to a non-link."""
    return fold(text[first.end : min(second.start, first.end + _LINK_CHARS)]) + (
        "…" * (second.start - first.end > _LINK_CHARS)
    )


def _from_to(text: str, before: Figure, after: Figure) -> Change | None:
    mark = _FROM_MARK.search(fold(text[max(0, before.start - 16) : before.start]))
    link = (_TO_AFTER_FROM if mark else _TO).fullmatch(_between(text, before, after))
    if not before.unit and after.unit and after.step < 1000:
        before = dataclasses.replace(before, unit=after.unit, kind=after.kind)
    if not link or not _comparable(before, after):
        return None
    stop = before.start - (len(mark[0]) if mark else 0)
    return _change(text, before, after, stop)


def _compared(text: str, after: Figure, before: Figure, step: Figure | None) -> Change | None:
    """Read "B, compared with A up by C", believed only where C is the difference."""
    if (
        step is None
        or not _COMPARED.fullmatch(_between(text, after, before))
        or not _BY.fullmatch(_between(text, before, step))
    ):
        return None
    if not _comparable(before, after) or before.high or after.high:
        return None
    change = _change(text, before, after, after.start)
    return change if same_value(difference(change), step) else None


def _comparable(a: Figure, b: Figure) -> bool:
    return a.kind == b.kind and same_unit(a, b)


def _change(text: str, before: Figure, after: Figure, stop: int) -> Change:
    low, high = base_value(before)[0], base_value(after)[0]
    direction: Direction = "same" if low == high else "up" if high > low else "down"
    start, end = min(before.start, after.start), max(before.end, after.end)
    return Change(
        before=before,
        after=after,
        direction=direction,
        start=start,
        end=end,
        subject=subject_before(text, stop) or subject_of_clause_before(text, stop),
    )


def is_fraction(figure: Amount) -> bool:
    """Whether a figure is a part of a whole in words, such as 三分之二, which has no difference that people would know."""
    return figure.unit.startswith("/")


def is_computable(change: Change) -> bool:
    """Whether the difference of both ends is a figure, exact or rough: that of 不足10家 and 20家 is none."""
    ends = (change.before, change.after)
    return all(e.high is None and e.qualifier in {"", *_ROUGHLY} and not is_fraction(e) for e in ends)


def rough_difference(change: Change) -> Amount:
    """The difference of a change that has one, said to be rough where an end is."""
    is_rough = bool(change.before.qualifier or change.after.qualifier)
    return dataclasses.replace(difference(change), qualifier="约" if is_rough else "")


def difference(change: Change) -> Amount:
    """How much a change is, exactly and without sign; percent minus percent gives percentage points; not for ranges.

    Of two units of one dimension the smaller is used: 2小时 to 30分钟 is 90分钟.
    """
    (before, _), (after, _) = base_value(change.before), base_value(change.after)
    apart = abs(EXACT.subtract(after, before))
    if change.after.kind == "percent":
        return Amount(value=apart, unit="百分点", kind="percentage_point")
    units = [unit for unit in (change.after.unit, change.before.unit) if unit] or [""]
    unit = min(units, key=factor_of)
    return Amount(value=plain(EXACT.divide(apart, factor_of(unit))), unit=unit, kind=change.after.kind)
