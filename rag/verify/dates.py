"""Whether the claim's dates are the evidence's, and its figures of the same years."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from rag.figures import Figure
from rag.verify.case import Case, counted
from rag.verify.readings import Reading
from rag.verify.reasons import Finding

_RELATIVE_YEARS = {"今年": 0, "本年": 0, "当年": 0, "去年": -1, "上年": -1, "前年": -2, "明年": 1, "后年": 2}
# 基本年薪, 以上年龄, 目前年均, 如今年轻 … hold such a word by accident.
_RELATIVE = re.compile(rf"(?<![基以之目如文过])(?:{'|'.join(_RELATIVE_YEARS)})(?![龄轻])")


def check_dates(case: Case) -> Iterator[Finding]:
    """A date of the claim must be in the evidence or its context, in full or as part of one; then the years of figures."""
    dates = [f for f in case.claim.figures if f.kind in ("date", "year")]
    if not dates:
        return
    known = [f for f in (*case.evidence.figures, *case.context.figures) if f.kind in ("date", "year")]
    years = {_parts(f)[0] for f in known if f.high is None} - {0} | _relative_years(case)
    spans = {(f.value, f.high) for f in known if f.high is not None}
    claimed = {_parts(f)[0] for f in dates}
    # "Between 2019 and 2024" gives both ends of 2019—2024; one of them alone is another claim.
    years |= {int(y) for low, high in spans if {int(low), int(high)} <= claimed for y in (low, high)}
    days = {_parts(f) for f in known}
    for date in dates:
        if not _date_known(date, years, spans, days):
            yield case.finding("date", (date.start, date.end), date.raw)
    yield from _check_figure_years(case)


def _parts(date: Figure) -> tuple[int, int, int]:
    """Year, month and day; 0 for what is not given."""
    digits = f"{int(date.value)}"
    year = int(digits[:4]) if "年" in date.unit else 0
    rest = digits[4:] if year else digits
    if "日" not in date.unit:
        return year, int(rest or 0), 0
    return year, int(rest[:-2] or 0), int(rest[-2:])


def _date_known(
    date: Figure, years: set[int], spans: set[tuple[Decimal, Decimal]], days: set[tuple[int, int, int]]
) -> bool:
    if date.high is not None:
        return (date.value, date.high) in spans or {int(date.value), int(date.high)} <= years
    year, month, day = _parts(date)
    if not month and not day:
        return year in years
    same_day = [y for y, m, d in days if m == month and (d == day or not day)]
    return any(y == year or not year or (not y and year in years) for y in same_day)


def _relative_years(case: Case) -> set[int]:
    """What 今年, 去年 … of the evidence come to, by the years of its context."""
    bases = {_parts(f)[0] for f in case.context.figures if f.kind in ("date", "year")} - {0}
    shifts = {_RELATIVE_YEARS[word] for word in _RELATIVE.findall(case.evidence.folded)}
    return {base + shift for base in bases for shift in shifts}


def _check_figure_years(case: Case) -> Iterator[Finding]:
    """A year and a figure that stand together in the claim must not stand with others in the evidence."""
    for position, figure in counted(case):
        year = _governing_year(case.claim, position)
        known = [_governing_year(case.evidence, p) for p in case.evidence.equals_of(figure)]
        if year and known and all(k and k != year for k in known):
            yield case.finding("figure_year", (figure.start, figure.end), figure.raw, year)


def _governing_year(reading: Reading, position: int) -> int:
    """The year a figure is of: the last one before it in its clause or sentence, else the only one behind it; or 0."""
    figure = reading.figures[position]
    clause, sentence = reading.clause_at(figure.start), reading.sentence_at(figure.start)
    # In English the year of the next clause mostly follows it: only the clause itself tells.
    around = reading.figures_around(position, sentence if reading.has_han else clause)
    dates = [f for f in around if f.kind in ("date", "year")]
    before = [y for y in (_parts(f)[0] for f in dates if f.end <= figure.start) if y]
    behind = [y for y in (_parts(f)[0] for f in dates if figure.end <= f.start < clause[1]) if y]
    return before[-1] if before else behind[0] if len(behind) == 1 else 0
