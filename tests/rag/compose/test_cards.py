from __future__ import annotations

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.compose.cards import figure_cards
from rag.figures import Amount, find_figures, in_chinese
from rag.understand import understand
from rag.verify import verify


def equally_rare(forms):
    return 0.5 if forms else 1.0


ZH = understand("签约率是多少?", rarity=equally_rare)
EN = understand("What is the contract rate?", rarity=equally_rare)


def cards(query, quote):
    return figure_cards(query, quote, told=set())


@pytest.mark.parametrize(
    ("quote", "card"),
    [
        # 63.2 − 41.5 = 21.7; two percentages differ by percentage points.
        ("签约率从41.5%提高到63.2%", "签约率：41.5% → 63.2%（计算得出：63.2% − 41.5% = 21.7个百分点）"),
        # 62.59 − 48.8 = 13.79: exact, where floats give 13.790000000000006.
        ("资产负债率由62.59%降到48.8%", "资产负债率：62.59% → 48.8%（计算得出：62.59% − 48.8% = 13.79个百分点）"),
        # 28 − 15 = 13
        ("急救反应时间从28分钟缩短到15分钟", "急救反应时间：28分钟 → 15分钟（计算得出：28分钟 − 15分钟 = 13分钟）"),
        # 3亿 − 2.4亿 = 0.6亿 = 6000万
        ("全年投入由2.4亿元增至3亿元", "投入：2.4亿元 → 3亿元（计算得出：3亿元 − 2.4亿元 = 6000万元）"),
        # 4933 − 4509 = 424
        ("工作人员从4509人增至4933人", "工作人员：4509人 → 4933人（计算得出：4933人 − 4509人 = 424人）"),
    ],
)  # fmt: skip
def test_a_change_is_set_out_with_its_difference_in_chinese(quote, card):
    assert cards(ZH, quote) == [card]


@pytest.mark.parametrize(
    ("quote", "card"),
    [
        (
            "资产负债率由62.59%降到48.8%",
            "asset–liability ratio (资产负债率): 62.59% → 48.8% (computed: 62.59% − 48.8% = 13.79 percentage points)",
        ),
        (
            "急救反应时间从28分钟缩短到15分钟",
            "emergency response time (急救反应时间): 28 minutes → 15 minutes "
            "(computed: 28 minutes − 15 minutes = 13 minutes)",
        ),
        (
            "投入由2.4亿元增至3亿元",
            "investment (投入): CNY 240 million → CNY 300 million "
            "(computed: CNY 300 million − CNY 240 million = CNY 60 million)",
        ),
    ],
)
def test_a_change_is_set_out_with_its_difference_in_english(quote, card):
    assert cards(EN, quote)[0] == card


def test_two_changes_of_a_sentence_have_a_card_each():
    found = cards(ZH, "签约率从41.5%提高到63.2%，反应时间从28分钟缩短到15分钟")

    assert [card.split("：")[0] for card in found] == ["签约率", "反应时间"]


@pytest.mark.parametrize(
    "quote",
    ["签约率为63.2%", "合肥市核增编制300个，今年再核增120个", "没有数字的句子", "", "2019年至2021年的支出"],
)
def test_there_is_no_card_without_a_change(quote):
    assert cards(ZH, quote) == []


def test_a_figure_that_a_reader_of_english_cannot_read_is_glossed():
    assert "Figures: 2.4亿元 = CNY 240 million." in cards(EN, "赣州市为急救站投入2.4亿元")


def test_a_figure_that_anyone_can_read_is_not():
    assert not any(card.startswith("Figures") for card in cards(EN, "签约率为63.2%"))


def test_the_figures_of_a_change_are_not_glossed_again():
    found = cards(EN, "投入由2.4亿元增至3亿元，建成急救站1.2万个")

    glosses = next(card for card in found if card.startswith("Figures"))
    assert glosses == "Figures: 1.2万个 = 12,000."


def test_the_terms_of_a_quote_are_glossed_as_they_are_written():
    (terms,) = (c for c in cards(EN, "蘇州市設立編制周轉池") if c.startswith("Terms"))

    assert terms == "Terms: 編制周轉池 = staffing-quota pool."


def test_what_was_told_once_is_not_told_again():
    told = set()

    first = figure_cards(EN, "编制周转池放入编制560个", told=told)
    second = figure_cards(EN, "编制周转池另有编制560个，由村医使用", told=told)

    assert any("staffing-quota pool" in card for card in first)
    assert not any("staffing-quota pool" in card or "560" in card for card in second)
    assert any("village doctor" in card for card in second)


def test_a_chinese_answer_has_no_english_glosses():
    assert not any(
        re.search("[A-Za-z]{3}", card) for card in cards(ZH, "编制周转池从30个增加到50个，投入2.4亿元")
    )


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        ("1000000000", "元", "10亿元"),
        ("123456789", "元", "123456789元"),  # 12345.6789万元 would hide what the number is
        ("66914000000", "元", "669.14亿元"),
        ("60000000", "元", "6000万元"),
        ("424", "人", "424人"),
        ("13.79", "百分点", "13.79个百分点"),
        ("0.50", "公里", "0.5公里"),
        ("100", "家", "100家"),
        ("0", "家", "0家"),
    ],
)
def test_an_amount_is_written_as_articles_write_it(value, unit, written):
    assert in_chinese(Amount(value=Decimal(value), unit=unit)) == written


@given(
    st.decimals(min_value="0.01", max_value="99.99", places=2),
    st.decimals(min_value="0.01", max_value="99.99", places=2),
)
def test_the_difference_is_exact_and_passes_verification(before, after):
    quote = f"合肥市的签约率从{before}%{'提高' if after > before else '下降'}到{after}%。"

    for card in cards(ZH, quote):
        (gap,) = re.findall(r"= ([\d.]+)个百分点", card)
        assert Decimal(gap) == abs(after - before)
        assert verify(card, quote).supported


@given(st.integers(1, 10**13))
def test_an_amount_of_money_keeps_its_value_however_it_is_written(value):
    (figure,) = find_figures(f"投入{in_chinese(Amount(value=Decimal(value), unit='元'))}")

    assert figure.value == value
