from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.facts import Said, whole_figure


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("累计化债10亿元。", "10亿元"),
        ("累計化債十億元。", "10亿元"),
        ("共服务1.2万人。", "12000人"),
        ("占比为５５％。", "55%"),
        ("占三成。", "30%"),
        ("2021年6月4日发布", "2021年6月4日"),
        ("新增500家左右社区医院", "约500家"),
        ("分布在8个省份", "8个省"),
        ("由 同级 财政承担", "同级财政"),
        ("衛生健康和醫療保障局", "卫生健康和医疗保障局"),
        ("CNY 1 billion", "10亿元"),
        ("五个下沉", ("四个下沉", "五个下沉")),
    ],
)
def test_a_fact_is_found_however_it_is_written(text, fact):
    assert Said(text).holds(fact)


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("再提高15元。", "5元"),
        ("降到148.8%。", "48.8%"),
        ("下降9.3个百分点。", "9.3%"),
        ("58家医院", "58家次"),
        ("分布在18个省份", "8个省"),
        ("10亿元", "10万元"),
        ("1.35名", "35名"),
        ("", "10亿元"),
    ],
)
def test_what_only_looks_like_the_fact_is_not_the_fact(text, fact):
    assert not Said(text).holds(fact)


def test_missing_facts_are_named_as_they_are_written():
    assert Said("资产负债率降到48.8%").missing(["48.8%", "62.59%", ("甲", "乙")]) == ("62.59%", "甲")


@pytest.mark.parametrize(
    ("text", "is_figure"),
    [("10亿元", True), ("约500家", True), ("8个省", False), ("六统一", False), ("", False)],
)
def test_only_what_is_nothing_but_a_figure_is_compared_as_one(text, is_figure):
    assert (whole_figure(text) is not None) is is_figure


@given(st.text(max_size=40), st.text(min_size=1, max_size=10))
def test_any_text_can_be_asked_for_any_fact(text, fact):
    assert Said(text).holds(fact) in (True, False)
