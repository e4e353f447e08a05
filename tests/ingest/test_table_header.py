from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.table_header import count_header_rows, is_number, is_period, split_unit


@pytest.mark.parametrize("text", ["8", "48.8", "-3", "−3", "1,234,567.8", "１２．５", " 7 ", "12 345"])
def test_bare_numbers(text):
    assert is_number(text)


@pytest.mark.parametrize("text", ["", "8%", "约8", "1,23", "8-9", "八", "8年", "1.2.3", "9" * 60, "—", "."])
def test_what_is_no_bare_number(text):
    assert not is_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "2019年",
        "2019",
        "2019年6月",
        "上半年",
        "第一季度",
        "2018—2020年",
        "期末",
        "同期",
        "２０２０年",
        "2020年 12月",
    ],
)
def test_periods(text):
    assert is_period(text)


@pytest.mark.parametrize("text", ["", "地区", "1819年", "2019年增长", "十年", "2019年" * 9])
def test_what_is_no_period(text):
    assert not is_period(text)


@pytest.mark.parametrize(
    ("label", "name", "unit"),
    [
        ("债务（亿元）", "债务", "亿元"),
        ("债务(亿元)", "债务", "亿元"),
        ("債務（億元）", "債務", "億元"),
        ("资产负债率(%)", "资产负债率", "%"),
        ("资产负债率（％）", "资产负债率", "％"),
        ("床位（单位：张）", "床位", "张"),
        ("单位：万元", "", "万元"),
        ("各市投入（单位：万人次）", "各市投入", "万人次"),
        ("床位（张/千人）", "床位", "张/千人"),
        ("计量单位：人", "", "人"),
        ("债务（其中：县级）", "债务（其中：县级）", ""),
        ("医院（甲）", "医院（甲）", ""),
        ("债务", "债务", ""),
        ("（", "（", ""),
        ("", "", ""),
        ("（" * 300, "（" * 300, ""),
    ],
)
def test_a_label_is_parted_from_its_unit(label, name, unit):
    assert split_unit(label) == (name, unit)


@pytest.mark.parametrize(
    ("rows", "count"),
    [
        ([["地区", "床位"], ["甲县", "8"]], 1),
        ([["地区", "床位"], ["甲县", "8张"]], 1),
        ([["地区", "2019年"], ["甲县", "8"]], 1),
        ([["地区", "床位", "床位"], ["地区", "2019年", "2020年"], ["甲县", "8", "9"]], 2),
        ([["甲", "乙"], ["丙", "丁"]], 0),
        ([["甲县", "8"], ["乙县", "9"]], 0),
        ([["姓名", "职责"], ["张三", "负责全县医共体建设的统筹推进工作"]], 1),
        ([["地区", "床位"]], 0),
        ([["这一行是一句完整的话。", "床位"], ["甲县", "8"]], 0),
        ([["", "床位"], ["甲县", "8"]], 0),
        ([[], ["甲县", "8"]], 0),
        ([], 0),
    ],
)
def test_the_header_is_told_from_the_body(rows, count):
    assert count_header_rows(rows) == count


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(st.text("甲乙亿元()（）%1234567890年.，。", max_size=15), max_size=5), max_size=8))
def test_a_header_leaves_a_body_and_no_text_breaks_it(rows):
    count = count_header_rows(rows)

    assert 0 <= count <= max(0, len(rows) - 1)
    for cell in (cell for row in rows for cell in row):
        name, unit = split_unit(cell)
        assert unit in cell
        assert not unit or len(name) < len(cell)
