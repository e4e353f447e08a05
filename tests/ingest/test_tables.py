from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.tables import MAX_CELLS, MAX_COLUMNS, Spread, caption_above, grid, repeated, table_rows
from tests.support.effort import effort_below

HEADER = ["地区", "资产负债率(%)", "债务（亿元）"]


def merged(text: str, columns: int) -> list[str]:
    return [text, *[Spread(text)] * (columns - 1)]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([HEADER, ["芜湖市", "48.8", "10"]], ["地区：芜湖市，资产负债率48.8%，债务10亿元"]),
        ([HEADER, ["芜湖市", "４８.８", "1,010"]], ["地区：芜湖市，资产负债率４８.８%，债务1,010亿元"]),
        ([HEADER, ["芜湖市", "—", "10亿元"]], ["地区：芜湖市，资产负债率(%)：—，债务10亿元"]),
        ([HEADER, ["芜湖市", "", "10"]], ["地区：芜湖市，债务10亿元"]),
        ([HEADER, ["芜湖市", "约五成", "无"]], ["地区：芜湖市，资产负债率(%)：约五成，债务（亿元）：无"]),
        ([["地區", "債務（億元）"], ["蕪湖市", "10"]], ["地區：蕪湖市，債務10億元"]),
        (
            [["序号", "医院", "床位（张）"], ["1", "甲", "8"], ["2", "乙", "9"]],
            ["1. 医院：甲，床位8张", "2. 医院：乙，床位9张"],
        ),
        (
            [["指标", "单位", "2019年"], ["床位", "张", "8"], ["医师", "人", "9"]],
            ["指标：床位，2019年：8张", "指标：医师，2019年：9人"],
        ),
        (
            [["指标", "2019", "2020"], ["床位（万张）", "8", "9"]],
            ["指标：床位，2019年：8万张，2020年：9万张"],
        ),
        (
            [["职责", "说明"], ["医保局", "负责制定药品和医用耗材的招标采购政策并监督实施。"]],
            ["职责：医保局，说明：负责制定药品和医用耗材的招标采购政策并监督实施。"],
        ),
        ([["甲", "乙"], ["丙", "丁"]], ["甲 | 乙", "丙 | 丁"]),
        ([["甲", "5"], ["乙", "6"]], ["甲 | 5", "乙 | 6"]),
        ([HEADER], ["地区 | 资产负债率(%) | 债务（亿元）"]),
        ([["只有一格"]], ["只有一格"]),
        ([["", ""], []], []),
        ([], []),
    ],
)
def test_rows_are_written_with_their_header_and_units(rows, expected):
    assert table_rows(rows) == expected


def test_a_header_of_two_rows_is_joined_over_each_column():
    header = [["地区", *merged("床位（张）", 2)], ["地区", "2019年", "2020年"]]

    assert table_rows([*header, ["甲县", "8", "9"]]) == ["地区：甲县，床位2019年：8张，床位2020年：9张"]


def test_a_row_that_spans_the_table_leads_the_rows_below_it_until_the_next():
    rows = [HEADER, merged("皖南", 3), ["芜湖市", "1", "2"], merged("皖北", 3), ["亳州市", "3", "4"]]

    assert table_rows(rows) == [
        "皖南",
        "皖南，地区：芜湖市，资产负债率1%，债务2亿元",
        "皖北",
        "皖北，地区：亳州市，资产负债率3%，债务4亿元",
    ]


def test_a_title_row_and_its_unit_hold_for_all_rows_but_not_for_shares_and_counts():
    rows = [merged("财政投入（单位：亿元）", 4), ["地区", "投入", "增长率", "户数"], ["甲县", "8", "9", "7"]]

    assert table_rows(rows) == ["财政投入（单位：亿元）", "财政投入，地区：甲县，投入8亿元，增长率9，户数7"]


def test_the_caption_leads_every_row_and_gives_its_unit():
    rows = [["地区", "投入"], ["甲县", "8"]]

    assert table_rows(rows, caption="表1 财政投入 单位：万元") == ["表1 财政投入，地区：甲县，投入8万元"]


def test_a_stated_header_is_believed_unless_its_texts_could_not_stand_in_every_row():
    rows = [["甲", "乙"], ["丙", "丁"]]

    assert table_rows(rows, header_rows=1) == ["甲：丙，乙：丁"]
    assert table_rows([["甲" * 500, "乙"], ["丙", "丁"]], header_rows=1) == [f"{'甲' * 500} | 乙", "丙 | 丁"]
    assert table_rows(rows, header_rows=2) == ["甲 | 乙", "丙 | 丁"]
    assert table_rows(rows, header_rows=0) == ["甲 | 乙", "丙 | 丁"]


def test_a_long_row_is_several_lines_that_each_name_their_subject():
    row = ["甲县", *[f"第{n}项工作的进展情况良好" for n in range(40)]]
    lines = table_rows([["地区", *[f"事项{n}" for n in range(40)]], row], header_rows=1)

    assert len(lines) > 2
    assert all(line.startswith("地区：甲县，") for line in lines)
    assert all(len(line) <= 230 for line in lines)
    assert all("".join(lines).count(cell) == 1 for cell in row[1:])


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("医\n改", "医改"),
        ("one\ntwo", "one two"),
        (" 医 \r\n\r\n  改\u3000", "医改"),
        ("a\u2028b", "a b"),
        ("a  \t b", "a b"),
        ("医\nA", "医A"),
    ],
)
def test_a_line_break_in_a_cell_is_a_blank_between_latin_words_only(cell, expected):
    assert table_rows([[cell, "x"]]) == [f"{expected} | x"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["正文一段。", "表1 各市债务"], "表1 各市债务"),
        (["各市债务情况表", "单位：亿元"], "各市债务情况表 单位：亿元"),
        (["各市债务情况表（2020年）"], "各市债务情况表（2020年）"),
        (["正文一段。", "（单位：万元）"], "（单位：万元）"),
        (["具体情况如下表"], ""),
        (["各市债务情况如下："], ""),
        (["完善下列统计表。"], ""),
        (["一、总体进展"], ""),
        (["长" * 90 + "情况表"], ""),
        ([], ""),
    ],
)
def test_the_caption_is_what_stands_above_and_names_the_table(lines, expected):
    assert caption_above(lines) == expected


def test_spans_fill_every_place_that_they_cover():
    laid = grid([[("甲", 1, 2), ("乙", 2, 1)], [("丙", 1, 1), ("丁", 1, 1)]])

    assert laid == [["甲", "乙", "乙"], ["甲", "丙", "丁"]]
    assert [isinstance(text, Spread) for text in laid[0]] == [False, False, True]


def test_a_span_below_one_counts_as_one_and_ends_with_the_table():
    assert grid([[("甲", 0, -5), ("乙", 1, 9)], [("丙", 1, 1)]]) == [["甲", "乙"], ["丙", "乙"]]


def test_a_long_text_stands_once_however_far_it_spans():
    text = "长" * 500

    assert grid([[(text, 2, 2), ("乙", 1, 1)], [("丙", 1, 1)]]) == [[text, "", "乙"], ["", "", "丙"]]
    assert repeated("短") == "短"


SPANS = st.integers(-2, 12) | st.sampled_from([10**6, 10**9])
CELLS = st.tuples(st.text("甲乙1", max_size=3), SPANS, SPANS)
TEXTS = st.text("甲乙丙亿元（）()%：年0123456789. 　\n|,", max_size=12)
RAGGED = st.lists(st.lists(TEXTS, max_size=6), max_size=8)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(CELLS, max_size=5), max_size=8))
def test_a_grid_holds_every_cell_within_its_bounds(rows):
    laid = grid(rows)

    assert len(laid) == len(rows)
    assert all(len(row) <= MAX_COLUMNS + 5 * 12 for row in laid)
    for row, cells in zip(laid, rows, strict=True):
        own = iter(row)
        assert all(any(text == place for place in own) for text, _, _ in cells)


@settings(max_examples=200, deadline=None)
@given(RAGGED, st.none() | st.integers(0, 5), st.sampled_from(["", "表1 投入", "单位：亿元"]))
def test_ragged_rows_lose_no_cell_of_the_body(rows, header_rows, caption):
    lines = table_rows(rows, header_rows=header_rows, caption=caption)

    assert all(line.strip() and "\n" not in line for line in lines)
    written = "".join("".join(lines).split())
    count = len([row for row in rows if any(cell.strip() for cell in row)])
    last = next((row for row in reversed(rows) if any(cell.strip() for cell in row)), [])
    if count:
        figures = re.findall(r"\d+", " ".join("".join(cell.split()) for cell in last))
        assert all(figure in written for figure in figures)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 999)), min_size=1, max_size=6))
def test_every_figure_stands_once_behind_its_label_and_before_its_unit(figures):
    rows = [HEADER, *([f"某{n}市", f"{debt}", f"{share / 10}"] for n, (debt, share) in enumerate(figures))]

    lines = table_rows(rows)

    assert lines == [
        f"地区：某{n}市，资产负债率{debt}%，债务{share / 10}亿元" for n, (debt, share) in enumerate(figures)
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [["a" * 3 + " " * 300_000 + "b", "x"]],
        [["\n" * 300_000, "x"], ["1", "2"]],
        [["（" * 100_000, "x"], ["1", "2"]],
        [["地区", "数"], *[["甲" * 5_000, "1", *["字" * 150] * 40]] * 50],
        [merged("组" * 50_000, 3), ["甲", "乙", "丙"], *[["1", "2", "3"]] * 2_000],
        [["地区", "数", "率"], merged("组" * 50_000, 3), *[["1", "2", "3"]] * 2_000],
    ],
    ids=["blanks", "breaks", "brackets", "subject", "title", "group"],
)
def test_cells_made_to_be_slow_or_to_swell_do_neither(rows):
    with effort_below(3):
        lines = table_rows(rows)
    assert sum(map(len, lines)) < 1_500_000


def test_spans_made_to_swell_are_bounded():
    laid = grid([[("甲", 10**9, 10**9)]] * 20_000)

    assert sum(map(len, laid)) <= MAX_CELLS + 2 * 20_000 + MAX_COLUMNS
