from __future__ import annotations

import pytest

from rag.figures import expected_units, find_figures

ASKED = [
    ("建了多少家医院？", "count", "9家", "9%"),
    ("一共有几家醫院", "count", "9家", "9名"),
    ("调整了多少家次？", "count", "58家次", "58家"),
    ("增加到多少人？", "count", "4933名", "34分钟"),
    ("选几个城市？", "count", "2—3个", "2倍"),
    ("How many hospitals are there?", "count", "26个", "26%"),
    ("稳定收入占多少？", "percent", "55%", "55个"),
    ("基层就诊的比例是多少？", "percent", "65%", "65个百分点"),
    ("资产负债率是多少？", "percent", "48.8%", "48.8亿元"),
    ("百分之多少的患者？", "percent", "三成", "3家"),
    ("What share of revenue comes from services?", "percent", "39.17%", "39.17"),
    ("资产负债率从多少降到了多少？", "percent", "48.8%", "3个"),
    ("反应时间从多少缩短到多少？", "any", "12分钟", "第三批"),
    ("床位从多少张增到多少张？", "count", "3911张", "3个"),
    ("提高了几个百分点？", "percentage_point", "9.3个百分点", "9家"),
    ("投入了多少资金？", "money", "10亿元", "10%"),
    ("花了多少钱？", "money", "10亿元", "10家"),
    ("How much money was invested?", "money", "CNY 5 million", "5 km"),
    ("是哪天发布的？", "date", "2021年6月4日", "4天"),
    ("什么时候完成？", "date", "2025年", "5年"),
    ("When was it published?", "date", "4 June 2021", "4 days"),
    ("需要多长时间？", "duration", "34分钟", "34公里"),
    ("How long does it take?", "duration", "12 minutes", "12 km"),
    ("离县城多远？", "length", "60公里", "60分钟"),
    ("是第几批试点？", "ordinal", "第三批", "3批"),
    ("参保人数是多少？", "count", "1.2万人", "1020元"),
    ("签约人数达到多少？", "count", "4933名", "63%"),
    ("种植牙集采后价格降了多少？", "price", "83.13%", "四项"),
    ("药品平均降价多少？", "price", "53%", "19种"),
    ("耗材價格下降了多少？", "price", "300元", "3批"),
    ("By how much did the prices fall?", "price", "53%", "19个"),
    ("急救半径缩小了多少？", "any", "9公里", "2024年"),
    ("How much did the radius shrink?", "any", "9 km", "2024年"),
]


def only(text):
    (figure,) = find_figures(text)
    return figure


@pytest.mark.parametrize(("question", "kind", "answer", "other"), ASKED)
def test_a_question_tells_the_kind_of_figure_it_asks_for(question, kind, answer, other):
    asked = expected_units(question)

    assert asked.kind == kind
    assert asked.accepts(only(answer))
    assert not asked.accepts(only(other))


@pytest.mark.parametrize(
    "question", ["芜湖怎么化解债务？", "how did Wuhu reduce debt", "什么情况下可以转诊？", ""]
)
def test_a_question_that_asks_for_no_figure_accepts_none(question):
    asked = expected_units(question)

    assert asked.kind == ""
    assert not asked.accepts(only("48.8%"))
