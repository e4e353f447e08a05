"""What must hold of a briefing before it is written: every number cites a source, and no chart mixes units."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal

from rag.briefing.citing import cited_in
from rag.briefing.types import Bar, Briefing, Chart
from rag.figures import Amount, find_figures
from ui.exporting.outline import walk

_ROUNDING = 0.006  # what is drawn may be rounded: 1.2 for 1.195


def check_briefing(briefing: Briefing) -> None:
    """Check sources and charts.

    Raises:
        ValueError: A line or bar cites a number that no source has, or a chart cannot be drawn honestly.
    """
    known = {source.number for source in briefing.sources}
    if missing := sorted(set(cited_in(briefing.sections)) - known):
        raise ValueError(f"The briefing cites sources that it does not have: {missing[:8]}.")
    for _, section in walk(briefing.sections):
        for chart in section.charts:
            check_chart(chart)


def check_chart(chart: Chart) -> None:
    """Check that the bars of a chart may stand beside each other.

    Raises:
        ValueError: A group has not one place for each series, a value is no number, or the values shown are not in
            one unit (or not drawn to one scale: 10 for 10亿元 beside 5000 for 5000万元).
    """
    for name, bars in chart.groups:
        if len(bars) != len(chart.series):
            raise ValueError(
                f"Chart {chart.title!r}: {name!r} has {len(bars)} bars, not {len(chart.series)}."
            )
    drawn = list(_bars(chart))
    if any(not math.isfinite(bar.value) for bar in drawn):
        raise ValueError(f"Chart {chart.title!r}: a value is not a finite number.")
    unit = _amount(f"1{chart.unit}")
    read = [(bar, amount) for bar in drawn if (amount := _amount(bar.shown))]
    units = {amount.unit for _, amount in read} | ({unit.unit} if unit and read else set())
    if len(units) > 1:
        raise ValueError(f"Chart {chart.title!r} mixes units: {', '.join(sorted(map(repr, units)))}.")
    if not _is_one_scale(read):
        raise ValueError(f"Chart {chart.title!r}: what is shown and what is drawn are not to one scale.")


def _bars(chart: Chart) -> Iterator[Bar]:
    for _, bars in chart.groups:
        yield from (bar for bar in bars if bar is not None)


def _amount(text: str) -> Amount | None:
    """The one figure of a text; None where it has none or several, as 10—20 and 2小时15分 have."""
    found = find_figures(text)
    return found[0] if len(found) == 1 and found[0].high is None else None


def _is_one_scale(read: list[tuple[Bar, Amount]]) -> bool:
    scales = [Decimal(repr(abs(bar.value))) / abs(amount.value) for bar, amount in read if amount.value]
    return not scales or max(scales) - min(scales) <= max(scales) * Decimal(str(_ROUNDING))
