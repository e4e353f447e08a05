from __future__ import annotations

import pytest

from rag.absence import absence, absence_of, can_be_absent, is_absence, place_of_absence


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", ["340200", "110000", "520600", "360100"])
def test_what_is_said_of_a_silent_place_names_it(code, language):
    assert place_of_absence(absence(code, language), language) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "（安徽省芜湖市）资料中未提及。还有10家。",
        "资料中未提及。",
        "（某地）资料中未提及。",
        "芜湖市拿出10亿元。",
    ],
)
def test_anything_else_is_no_silence(text):
    assert place_of_absence(text, "zh") is None


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    "parts", [("2021年",), ("2021",), ("耗材集采",), ("安徽省芜湖市", "社康机构"), ("Wuhu", "drugs")]
)
def test_years_topics_and_both_of_a_place_may_be_silent(parts, language):
    assert is_absence(absence_of(parts, language), language)
    assert place_of_absence(absence_of(parts, language), language) is None


@pytest.mark.parametrize(
    "name", ["投入10亿元", "降到48.8%", "一。二", "甲（乙）", "", "x" * 41, "甲，乙", "\n"]
)
def test_what_states_something_is_no_name_of_what_is_silent(name):
    assert not can_be_absent(name)
    assert not is_absence(absence_of((name,), "zh"), "zh")
