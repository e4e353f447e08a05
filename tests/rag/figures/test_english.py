from __future__ import annotations

from decimal import Decimal

import pytest

from rag.figures import Amount, changes, difference, find_figures, in_english

ENGLISH = {
    "10亿元": "CNY 1 billion",
    "669.14亿元": "CNY 66.914 billion",
    "13300万元": "CNY 133 million",
    "5元": "CNY 5",
    "近200亿元": "nearly CNY 20 billion",
    "1.2万人次": "12,000",
    "48.8%": "48.8%",
    "20%以上": "20% or more",
    "9.3个百分点": "9.3 percentage points",
    "12公里": "12 km",
    "34分钟": "34 minutes",
    "1年": "1 year",
    "5年": "5 years",
    "1200人": "1,200 people",
    "1000余名": "more than 1,000",
    "58家次": "58",
    "2—3个": "2–3",
    "三分之二": "2/3",
    "第三批": "no. 3",
    "2021年6月4日": "4 June 2021",
    "2021年6月": "June 2021",
    "2019—2024年": "2019–2024",
    "6月4日": "4 June",
    "8月18—19日": "18–19 August",
    "5月": "May",
}


def only(text):
    (figure,) = find_figures(text)
    return figure


@pytest.mark.parametrize(("text", "english"), ENGLISH.items())
def test_an_amount_is_said_in_english(text, english):
    assert in_english(only(text)) == english


def test_a_difference_is_said_in_english():
    (change,) = changes("资产负债率从58.4%下降至41.2%")

    assert in_english(difference(change)) == "17.2 percentage points"


def test_an_amount_of_one_is_singular_in_english():
    assert in_english(Amount(value=Decimal(1), unit="小时")) == "1 hour"
