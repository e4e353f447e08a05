from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.table import Cell, Entry, Row, Table
from ui.tables import table_heads, table_lines, table_markdown, wrapped
from ui.widths import display_width

DEBT = Entry(text="绍兴市公立医院的资产负债率为52.3%", sentence=0, citations=(1,))
GAP = Entry(text="绍兴市52.3%，嘉兴市47.8%（计算得出：…）", sentence=2, citations=(1, 2), computed=True)


def table(*entries, columns=("资产负债率",), computed=()):
    rows = (
        Row(item="浙江省绍兴市", cells=(Cell(entries=entries or (DEBT,)),) * len(columns)),
        Row(item="江苏省南京市", cells=(Cell(),) * len(columns)),
    )
    return Table(kind="place", columns=columns, rows=rows, computed=computed)


def test_a_table_lines_up_by_display_width_and_says_where_the_articles_are_silent():
    assert table_lines(table(computed=(GAP,)), "zh", width=60) == [
        "地区          资产负债率",
        "────────────  ────────────────────────────────────",
        "浙江省绍兴市  绍兴市公立医院的资产负债率为52.3%[1]",
        "────────────  ────────────────────────────────────",
        "江苏省南京市  资料中未提及",
        "────────────  ────────────────────────────────────",
        "绍兴市52.3%，嘉兴市47.8%（计算得出：…）[1][2]",
    ]


def test_where_there_is_no_room_for_columns_one_thing_stands_below_the_other():
    assert table_lines(table(columns=("资产负债率", "编制", "薪酬")), "zh", width=30)[:4] == [
        "浙江省绍兴市",
        "  资产负债率: 绍兴市公立医院的",
        "  资产负债率为52.3%[1]",
        "  编制: 绍兴市公立医院的资产负",
    ]


def test_a_column_that_the_question_does_not_name_is_headed_all_the_same():
    assert table_heads(table(columns=("",)), "zh") == ("地区", "文章所说")
    assert table_heads(table(columns=("",)), "en") == ("Place", "What the articles say")


@given(
    st.lists(
        st.text(alphabet="绍兴市的，。（）「」 ab1.%[]\n𠮷", min_size=1, max_size=60), min_size=1, max_size=3
    ),
    st.integers(min_value=30, max_value=100),
)
def test_no_line_is_wider_than_it_may_be_and_no_letter_is_lost(texts, width):
    entries = [Entry(text=text, sentence=0, citations=(1,)) for text in texts]
    lines = table_lines(table(*entries, columns=("甲", "乙")), "zh", width=width)

    assert max(map(display_width, lines)) <= width
    letters = "".join(lines).translate(str.maketrans("", "", " ─"))
    for text in texts:
        assert all(letters.count(ch) >= text.count(ch) for ch in set(text) - set(" \n"))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("一二三四，五六", ["一二三", "四，五", "六"]),
        ("一二三，四五", ["一二", "三，四", "五"]),
        ("one two three", ["one", "two", "three"]),
        ("abcdefghij", ["abcdef", "ghij"]),
        ("", [""]),
        ("一\n二", ["一 二"]),
    ],
)
def test_a_text_is_cut_where_a_typesetter_would(text, lines):
    assert wrapped(text, 6) == lines


def test_markdown_keeps_markers_and_takes_nothing_else_for_markup():
    hostile = Entry(text="a|b <script> *c* [x](javascript:1) `d`\n# e", sentence=0, citations=(1, 2))
    lines = table_markdown(table(hostile, computed=(GAP,)), "zh")

    assert lines[:2] == ["| 地区 | 资产负债率 |", "| --- | --- |"]
    assert lines[2] == (r"| 浙江省绍兴市 | a\|b \<script\> \*c\* \[x\](javascript:1) \`d\` \# e[1][2] |")
    assert lines[3] == "| 江苏省南京市 | 资料中未提及 |"
    assert lines[-1].endswith("[1][2]")


@given(st.text(max_size=60))
def test_whatever_a_cell_holds_a_row_of_markdown_is_one_line_with_its_two_cells(text):
    line = table_markdown(table(Entry(text=text, sentence=0, citations=())), "zh")[2]

    assert "\n" not in line
    assert len([at for at, ch in enumerate(line) if ch == "|" and line[at - 1 : at] != "\\"]) == 3
