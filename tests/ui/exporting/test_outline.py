from __future__ import annotations

import pytest
from briefings import bar, briefings, charts, plain_briefing
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.briefing.citing import cited_in
from rag.briefing.types import Chart, Grid, Line, Section
from ui.exporting.outline import (
    articles_of,
    asides,
    bar_name,
    is_bare,
    is_web_address,
    lay_out,
    split_columns,
    split_groups,
    walk,
)

CELL = (Line(text="有"),)


def grid(columns, *widths):
    return Grid(columns=columns, rows=tuple((f"行{i}", (CELL,) * width) for i, width in enumerate(widths)))


def test_sections_are_walked_before_their_parts():
    found = [(depth, section.heading) for depth, section in walk(plain_briefing().sections)]

    assert found[:4] == [(1, "要点"), (1, "各地做法"), (2, "云泽市"), (2, "临溪市")]


def test_citations_are_in_reading_order_from_lines_cells_bars_and_parts():
    sections = plain_briefing().sections

    assert list(cited_in(sections[:1])) == [1, 2, 4]
    assert list(cited_in(sections[1:2])) == [1, 2, 6, 3, 4, 5]
    assert list(cited_in(sections[3:4])) == [2, 2, 2, 2, 2, 4, 4, 5, 1, 3]


@pytest.mark.parametrize(
    ("columns", "widths", "head"),
    [
        (("甲", "乙"), (2,), ("地区", "甲", "乙")),
        (("地方", "甲", "乙"), (2,), ("地方", "甲", "乙")),
        (("甲",), (2, 1), ("地区", "甲", "")),
        (("甲", "乙", "丙"), (1,), ("地区", "甲", "乙", "丙")),
    ],
)
def test_a_table_has_a_heading_and_a_cell_everywhere(columns, widths, head):
    table = lay_out(grid(columns, *widths), "comparison", "zh")

    assert table.head == head
    assert {len(cells) for _, cells in table.rows} == {len(head) - 1}


@given(columns=st.integers(1, 30), most=st.integers(2, 9))
def test_split_columns_keep_every_cell_in_order_and_the_names_of_rows(columns, most):
    table = lay_out(
        Grid(
            columns=tuple(map(str, range(columns))),
            rows=(("r", tuple((Line(text=str(c)),) for c in range(columns))),),
        ),
        "comparison",
        "en",
    )

    parts = split_columns(table, most)

    assert [name for part in parts for name in part.head[1:]] == list(table.head[1:])
    assert [cell for part in parts for cell in part.rows[0][1]] == list(table.rows[0][1])
    assert all(len(part.head) <= most and part.rows[0][0] == "r" for part in parts)
    assert max(len(p.head) for p in parts) - min(len(p.head) for p in parts) <= 1


@given(groups=st.integers(0, 40), most=st.integers(1, 12))
def test_split_groups_keep_every_group_in_order(groups, most):
    chart = Chart(title="", unit="", series=("a",), groups=tuple((str(g), (None,)) for g in range(groups)))

    parts = split_groups(chart, most)

    assert [name for part in parts for name, _ in part.groups] == [str(g) for g in range(groups)]
    assert all(1 <= len(part.groups) <= most for part in parts)


@pytest.mark.parametrize(
    ("group", "series", "label", "name"),
    [
        ("云泽市", "改革前", "2021年", "云泽市 · 改革前 · 2021年"),
        ("云泽市", "改革前", "云泽市 2021年", "改革前 · 云泽市 2021年"),
        ("云泽市", "改革前", "改革前", "云泽市 · 改革前"),
        ("云泽市", "改革前", "", "云泽市 · 改革前"),
        ("", "改革前", "", "改革前"),
    ],
)
def test_a_bar_is_named_without_saying_anything_twice(group, series, label, name):
    assert bar_name(group, series, bar(label, 1, "1%", 1), charts()[0]) == name


def test_a_missing_bar_has_a_name_too():
    assert bar_name("白石县", "改革前", None, charts()[0]) == "白石县 · 改革前"


@pytest.mark.parametrize(
    ("line", "language", "told"),
    [
        (Line(text="x"), "zh", ""),
        (Line(text="x", is_computed=True), "zh", "（据所引数字计算）"),
        (Line(text="x", note="按文章日期推算", is_computed=True), "zh", "（据所引数字计算；按文章日期推算）"),
        (Line(text="x", note="n"), "en", " (n)"),
        (Line(text="（计算得出：3 − 1 = 2）", is_computed=True), "zh", ""),
        (Line(text="(computed: 3 − 1 = 2)", is_computed=True), "en", ""),
    ],
)
def test_what_must_be_known_of_a_line_is_said(line, language, told):
    assert asides(line, language) == told


def test_a_section_with_only_an_empty_table_or_chart_is_bare():
    chart = Chart(title="", unit="", series=("a",), groups=(("g", (None,)),))

    assert is_bare(Section(kind="changes", heading="", grid=Grid(columns=("a",), rows=()), charts=(chart,)))
    assert not is_bare(Section(kind="changes", heading="", lines=(Line(text="x"),)))


def test_articles_are_listed_once_with_all_their_numbers():
    assert [numbers for _, numbers in articles_of(plain_briefing().sources)] == [[1, 2], [3, 4], [5], [6]]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(briefings())
def test_every_source_is_with_one_article(briefing):
    numbers = [n for _, found in articles_of(briefing.sources) for n in found]

    assert sorted(numbers) == [s.number for s in briefing.sources]


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://a.example", True),
        ("HTTP://a.example", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("", False),
        (None, False),
    ],
)
def test_only_addresses_of_the_web_are_led_to(url, is_one):
    assert is_web_address(url) is is_one
