from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.measured import is_telling, measures


def measure(text, raw, date=None):
    return next(m for m in measures(text, date=date) if m.figure.raw == raw)


def test_a_figure_is_of_the_words_of_its_own_clause():
    text = "农村的合格率为80%，城市的合格率为85%"

    assert "合格率" in measure(text, "80%").words
    assert "城市" not in measure(text, "80%").ground
    assert "农村" not in measure(text, "85%").ground


def test_what_stands_behind_a_figure_belongs_to_it():
    text = "建设3家县级医院、34个乡镇卫生院"

    assert measure(text, "3家").words != measure(text, "34个").words
    assert "乡镇卫生院" in measure(text, "34个").ground
    assert "乡镇卫生院" not in measure(text, "3家").ground


def test_both_ends_of_a_change_share_its_subject():
    text = "合肥市的签约率从41.5%提高到63.2%"

    before, after = measure(text, "41.5%"), measure(text, "63.2%")
    assert before.words == after.words
    assert (before.role, after.role) == ("from", "to")


def test_a_clause_without_a_noun_takes_its_subject_from_the_one_before():
    assert any(map(is_telling, measure("资产负债率连年下降，已降到48.8%", "48.8%").words))


@pytest.mark.parametrize(
    ("text", "raw", "years"),
    [
        ("2022年，签约率为63%", "63%", {2022}),
        ("签约率从2019年的41%提高到2022年的63%", "41%", {2019}),
        ("签约率从2019年的41%提高到2022年的63%", "63%", {2022}),
        ("签约率由2019年的41%提高到63%", "63%", set()),
        ("2022年，签约率由2019年的41%提高到63%", "63%", {2022}),
        ("签约率为63%（2022年）", "63%", {2022}),
        ("去年，签约率为63%", "63%", {2022}),
        ("2020年启动，签约率为63%，比2019年高", "63%", {2020}),
        ("签约率为63%", "63%", set()),
    ],
)
def test_the_year_of_a_figure_is_the_one_that_governs_it(text, raw, years):
    assert measure(text, raw, date="2023-05-01").period.years == years


@pytest.mark.parametrize(
    ("text", "part"),
    [("2022年上半年签约20人", "上半年"), ("近5年投入3亿元", "近5年"), ("“十四五”期间新增床位30张", "十四五")],
)
def test_what_narrows_or_widens_a_period_is_part_of_it(text, part):
    assert part in measures(text, date=None)[-1].period.parts


def test_a_part_of_a_whole_is_told_by_its_scope():
    whole, part = measure("全市公立医院的负债率为48%", "48%"), measure("市属公立医院的负债率为48%", "48%")

    assert "市属" in part.scope - whole.scope


def test_a_plan_is_told_from_what_was_reached():
    assert measure("计划到2025年签约率达到70%", "70%").is_planned
    assert not measure("签约率达到70%", "70%").is_planned


def test_what_something_changed_by_is_told_from_what_it_changed_to():
    assert measure("门诊量增长12%", "12%").manner == "by up"
    assert measure("占比增长到12%", "12%").manner == ""


@given(
    st.text(
        alphabet="。，、；0123456789%万亿元家个由从降至到2年月（）比较同芜湖市医院\n \u3000Ａa𠮷", max_size=60
    )
)
def test_any_text_can_be_measured_and_every_figure_stands_where_it_says(text):
    for found in measures(text, date="2023-05-01"):
        assert text[found.figure.start : found.figure.end] == found.figure.raw
        assert found.figure.raw in found.clause
