from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.figures import find_figures, same_value

SAME = [
    ("12.3亿元", "123000万元"),
    ("1.2万人次", "12000人次"),
    ("47.8%", "百分之四十七点八"),
    ("三成", "30%"),
    ("34%", "34 per cent"),
    ("12分钟", "12 minutes"),
    ("2小时", "120分钟"),
    ("21公里", "21千米"),
    ("10亿元", "CNY 1 billion"),
    ("35名", "35人"),
    ("1209个", "1,209"),
    ("8个", "8家"),
    ("2021年6月4日", "4 June 2021"),
    ("2—3个", "2至3个"),
    ("约500家", "500家左右"),
]
DIFFERENT = [
    ("9.3%", "9.3个百分点"),
    ("58家次", "58家"),
    ("58人次", "58个"),
    ("1.2万", "1.2亿"),
    ("10亿元", "10亿美元"),
    ("2—3个", "2个"),
    ("2—3个", "2—4个"),
    ("5年", "2005年"),
    ("3个", "第3个"),
    ("35名", "35个"),
    ("12分钟", "12公里"),
    ("12分钟", "12"),
    ("2021年6月", "2021年6月4日"),
    ("9部", "9张"),
]


def only(text):
    (figure,) = find_figures(text)
    return figure


@pytest.mark.parametrize(("a", "b"), SAME)
def test_amounts_that_say_the_same_are_equal(a, b):
    assert same_value(only(a), only(b))
    assert same_value(only(b), only(a))


@pytest.mark.parametrize(("a", "b"), DIFFERENT)
def test_amounts_that_say_something_else_are_not_equal(a, b):
    assert not same_value(only(a), only(b))
    assert not same_value(only(b), only(a))


@given(
    st.decimals(min_value=Decimal("0.01"), max_value=10**9, places=2),
    st.sampled_from(["家", "元", "%", "个百分点", "人次", "公里", "分钟", "张"]),
    st.sampled_from(["", "约", "近", "超过"]),
)
def test_a_figure_written_in_digits_is_read_back(value, unit, before):
    plain = only(f"{before}{value:f}{unit}，")
    grouped = only(f"{before}{value:,f}{unit}，")

    assert plain.value == grouped.value == value
    assert same_value(plain, grouped)


@given(st.integers(min_value=1, max_value=9999), st.sampled_from(["万元", "亿元"]))
def test_scaled_money_equals_the_sum_written_out(count, unit):
    scale = {"万元": 10**4, "亿元": 10**8}[unit]

    assert same_value(only(f"投入{count}{unit}"), only(f"投入{count * scale}元"))
