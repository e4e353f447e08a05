from __future__ import annotations

from dataclasses import replace

import pytest
from briefings import bar, charts, monstrous_briefing, plain_briefing

from rag.briefing.types import Chart, Grid, Line, Section
from ui.exporting.checking import check_briefing, check_chart


def chart_of(*bars, unit="亿元"):
    groups = tuple((f"地{i}", (one,)) for i, one in enumerate(bars))
    return Chart(title="图", unit=unit, series=("值",), groups=groups)


@pytest.mark.parametrize("briefing", [plain_briefing(), plain_briefing("en"), monstrous_briefing()])
def test_an_honest_briefing_passes(briefing):
    check_briefing(briefing)


@pytest.mark.parametrize(
    "section",
    [
        Section(kind="summary", heading="", lines=(Line(text="x", sources=(70, 1)),)),
        Section(
            kind="comparison",
            heading="",
            grid=Grid(columns=("a",), rows=(("r", ((Line(text="x", sources=(70,)),),)),)),
        ),
        Section(kind="changes", heading="", charts=(chart_of(bar("", 1, "1亿元", 70)),)),
        Section(
            kind="practice",
            heading="",
            parts=(Section(kind="practice", heading="", lines=(Line(text="x", sources=(70,)),)),),
        ),
    ],
    ids=["line", "cell", "bar", "part"],
)
def test_a_number_without_a_source_is_refused(section):
    with pytest.raises(ValueError, match=r"\[70\]"):
        check_briefing(replace(plain_briefing(), sections=(section,)))


@pytest.mark.parametrize(
    "bars",
    [
        (bar("", 10, "10亿元", 1), bar("", 12, "12%", 1)),
        (bar("", 10, "10家", 1), bar("", 12, "12%", 1)),
        (bar("", 10, "10%", 1),),
        (bar("", 3, "3公里", 1), bar("", 4, "4分钟", 1)),
    ],
)
def test_units_are_never_mixed(bars):
    with pytest.raises(ValueError, match="mixes units"):
        check_chart(chart_of(*bars))


def test_a_percentage_and_percentage_points_are_two_units():
    with pytest.raises(ValueError, match="mixes units"):
        check_chart(chart_of(bar("", 10, "10%", 1), bar("", 3, "3个百分点", 1), unit="%"))


def test_one_unit_drawn_to_two_scales_is_refused():
    with pytest.raises(ValueError, match="one scale"):
        check_chart(chart_of(bar("", 10, "10亿元", 1), bar("", 5000, "5000万元", 1)))


@pytest.mark.parametrize(
    "bars",
    [
        (bar("", 10, "10亿元", 1), bar("", 0.5, "5000万元", 1)),
        (bar("", 1e9, "10亿元", 1), bar("", 5e7, "5000万元", 1)),
        (bar("", 10, "约10亿元", 1), bar("", 0, "0元", 1)),
        (bar("", 15, "10～20亿元", 1), bar("", 10, "10亿元", 1)),
        (None, bar("", 10, "10亿元", 1)),
    ],
)
def test_one_unit_to_one_scale_passes(bars):
    check_chart(chart_of(*bars))


def test_a_group_with_too_few_bars_is_refused():
    before_after = charts()[0]

    with pytest.raises(ValueError, match="has 1 bars, not 2"):
        check_chart(replace(before_after, groups=(("云泽市", (bar("", 1, "1%", 1),)),)))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_not_drawn(value):
    with pytest.raises(ValueError, match="finite"):
        check_chart(chart_of(bar("", value, "很多", 1)))
