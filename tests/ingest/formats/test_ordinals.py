from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.ordinals import as_lead, chinese, opendocument_ordinal, ordinal

DIGITS = {ch: n for n, ch in enumerate("零一二三四五六七八九")}
UNITS = {"十": 10, "百": 100, "千": 1000}


def value_of(text: str) -> int:
    total, digit = 0, 1 if text.startswith("十") else 0
    for ch in text:
        if ch in UNITS:
            total, digit = total + digit * UNITS[ch], 0
        else:
            digit = DIGITS[ch]
    return total + digit


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (101, "一百零一"),
        (110, "一百一十"),
        (1005, "一千零五"),
        (1050, "一千零五十"),
    ],
)
def test_chinese_numbers_are_written_as_they_are_counted(number, expected):
    assert chinese(number) == expected


@given(st.integers(1, 9999))
def test_a_chinese_number_means_its_number(number):
    assert value_of(chinese(number)) == number


@pytest.mark.parametrize(
    "form",
    ["chineseCounting", "lowerRoman", "upperLetter", "ideographTraditional", "decimalEnclosedCircle", "none"],
)
@pytest.mark.parametrize("number", [0, -3, 10_000, 9_999_999])
def test_a_number_that_a_form_does_not_have_is_written_shortly(form, number):
    assert 0 < len(ordinal(number, form)) <= 10


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("一, 二, 三, ...", "二"),
        ("甲, 乙, 丙, ...", "乙"),
        ("①, ②, ③, ...", "②"),
        ("i", "ii"),
        ("A", "B"),
        ("1", "2"),
        ("?", "2"),
    ],
)
def test_opendocument_names_a_form_by_its_first_numbers(form, expected):
    assert opendocument_ordinal(2, form) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("一、", "一、"),
        ("（一）", "（一）"),
        ("①", "①"),
        ("第一条", "第一条 "),
        ("1.", "1. "),
        ("1.1", "1.1 "),
        (" ", ""),
    ],
)
def test_a_number_that_ends_openly_is_parted_from_its_paragraph(number, expected):
    assert as_lead(number) == expected
