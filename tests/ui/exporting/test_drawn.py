from __future__ import annotations

from briefings import bar, charts
from hypothesis import given
from hypothesis import strategies as st

from rag.briefing.types import Chart
from ui.exporting.drawn import SIZE, WIDTH, draw
from ui.exporting.measure import ems
from ui.exporting.outline import ends_of, split_groups

VALUES = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8)


@given(VALUES)
def test_bars_begin_at_zero_are_to_one_scale_and_inside_the_drawing(values):
    groups = tuple((f"地{at}", (bar("", value, f"{value:g}元", 1),)) for at, value in enumerate(values))
    drawing = draw(Chart(title="", unit="元", series=("a",), groups=groups), "zh")
    longest = max(drawing.bars, key=lambda b: b.width)

    for drawn, value in zip(drawing.bars, values, strict=True):
        edge = drawn.x + drawn.width if value < 0 else drawn.x
        assert abs(edge - drawing.zero) < 1e-6
        assert 0 <= drawn.x <= drawn.x + drawn.width <= WIDTH
        assert drawn.y + drawn.height <= drawing.height
        assert (
            abs(drawn.width * abs(longest.bar.value) - longest.width * abs(value))
            <= 1e-6 * (1 + abs(longest.bar.value)) * WIDTH
        )


@given(label=st.text(alphabet="云泽W1", max_size=80), name=st.text(alphabet="云泽W1", max_size=200))
def test_no_text_runs_out_of_the_drawing(label, name):
    one = bar(label, 5, "5元", 1)
    drawing = draw(Chart(title="", unit="元", series=("甲" * 20, "乙"), groups=((name, (one, None)),)), "zh")

    for text in (*drawing.names, *(b.label for b in drawing.bars)):
        assert text.x + ems(text.text) * SIZE <= WIDTH


def test_a_part_of_a_chart_is_drawn_to_the_scale_of_the_whole():
    whole = charts()[1]
    first, second = split_groups(whole, 1)

    apart = [draw(part, "zh", ends_of(whole)).bars[0].width for part in (first, second)]

    assert apart == [drawn.width for drawn in draw(whole, "zh").bars]


def test_what_is_not_mentioned_has_no_bar_but_a_label():
    (silent,) = [b for b in draw(charts()[0], "zh").bars if b.bar is None]

    assert silent.width == 0
    assert silent.label.text == "改革前 资料中未提及"
