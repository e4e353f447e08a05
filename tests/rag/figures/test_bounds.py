from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.figures import differ, find_figures


def figure(text):
    (found,) = find_figures(text)
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("48.8%", "49.2%"),
        ("10家", "11家"),
        ("10亿元", "12亿元"),
        ("2小时", "80分钟"),  # two hours, rounded, are at least 90 minutes
        ("约4亿元", "4.6亿元"),  # more than a tenth away
        ("不足100家", "120家"),
        ("20%—30%", "35%"),
        ("10余家", "25家"),
    ],
)
def test_figures_that_cannot_both_be_right_differ(one, other):
    assert differ(figure(one), figure(other))
    assert differ(figure(other), figure(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("约4亿元", "4.02亿元"),
        ("4亿元", "4.02亿元"),  # rounded
        ("12.3亿元", "12.34亿元"),
        ("超过100家", "120家"),
        ("100家以上", "120家"),
        ("近5万人", "4.8万人"),
        ("10余家", "16家"),
        ("三成", "30%"),
        ("1.2万人", "12000人"),
        ("2小时", "120分钟"),
        ("20%—30%", "25%"),
    ],
)
def test_figures_of_which_one_is_rounded_or_a_bound_may_both_be_right(one, other):
    assert not differ(figure(one), figure(other))
    assert not differ(figure(other), figure(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12%", "15个百分点"),
        ("10家", "12个"),
        ("10家", "12家次"),
        ("1.2万人", "12万人"),  # ten times as much is of another thing, or misprinted
        ("2021年", "2022年"),
        ("第3", "第4"),
    ],
)
def test_figures_that_cannot_be_compared_do_not_differ(one, other):
    assert not differ(figure(one), figure(other))


@given(st.integers(1, 10**9), st.sampled_from(["家", "人", "元", "%", "分钟"]))
def test_no_figure_differs_from_itself_however_it_is_qualified(value, unit):
    plain = figure(f"{value}{unit}")

    for qualified in (f"约{value}{unit}", f"超过{value}{unit}", f"近{value}{unit}", f"{value}{unit}以上"):
        assert not differ(plain, figure(qualified))
