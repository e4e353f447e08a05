from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.compose.change_card import Around, change_card
from rag.figures import changes
from rag.verify import verify


def card(quote, language="zh", **around):
    (change,) = changes(quote)
    return change_card(language, quote, change, Around(**around))


def computed(card):
    return "计算得出" in card or "computed" in card


CARDS = [
    # 62.59 − 48.8 = 13.79
    ("负债率由62.59%降到48.8%（2022年）", "负债率：62.59% → 2022年48.8%（计算得出：62.59% − 48.8% = 13.79个百分点）"),
    # 26.4 − 12 = 14.4
    ("院长年薪从2012年的12万元提高到2021年的26.4万元", "院长年薪：2012年12万元 → 2021年26.4万元（计算得出：26.4万元 − 12万元 = 14.4万元）"),
    ("2015年，药占比为46.2%，2020年降至30.1%", "药占比：2015年46.2% → 2020年30.1%（计算得出：46.2% − 30.1% = 16.1个百分点）"),
    ("平均住院日由2019年的9.8天下降到2022年的7.6天", "平均住院日：2019年9.8天 → 2022年7.6天（计算得出：9.8天 − 7.6天 = 2.2天）"),
    ("2023年，就诊率从85%升至90.2%", "就诊率（2023年）：85% → 90.2%（计算得出：90.2% − 85% = 5.2个百分点）"),
    ("2019年至2023年，床位由51张增加到68张", "床位（2019—2023年）：51张 → 68张（计算得出：68张 − 51张 = 17张）"),
    ("近5年，卫生支出由31.2亿元增长到45.6亿元", "卫生支出（近5年）：31.2亿元 → 45.6亿元（计算得出：45.6亿元 − 31.2亿元 = 14.4亿元）"),
    ("“十三五”期间，编制由4509名增至4933名", "编制（“十三五”期间）：4509名 → 4933名（计算得出：4933名 − 4509名 = 424名）"),
    ("三年来，村卫生室从420间增至510间", "村卫生室（三年来）：420间 → 510间（计算得出：510间 − 420间 = 90间）"),
    ("村医收入翻一番，由2.4万元增加到4.8万元", "村医收入：2.4万元 → 4.8万元（计算得出：4.8万元 − 2.4万元 = 2.4万元）"),
    # 2 hours are 120 minutes, 120 − 30 = 90
    ("等候时间从2小时缩短到30分钟", "等候时间：2小时 → 30分钟（计算得出：2小时 − 30分钟 = 90分钟）"),
    ("面积从120平方公里扩大到340平方公里", "面积：120平方公里 → 340平方公里（计算得出：340平方公里 − 120平方公里 = 220平方公里）"),
    ("签约居民由约3.2万人增加到近5万人", "签约居民：约3.2万人 → 近5万人（计算得出：5万人 − 3.2万人 = 约1.8万人）"),
    ("薪酬占比从25%提高到40%以上", "薪酬占比：25% → 40%以上"),
    ("参保人数由不足200万人增加到超过230万人", "参保人数：不足200万人 → 超过230万人"),
    ("自付比例从30%—40%降到20%—30%", "自付比例：30%—40% → 20%—30%"),
    ("就诊率由三分之一提高到三分之二", "就诊率：三分之一 → 三分之二"),
    ("死亡率由10万分之18.6下降到10万分之9.2", "死亡率：10万分之18.6 → 10万分之9.2"),
    ("检查价格由300元/次降至220元/次", "检查价格：300元 → 220元（计算得出：300元 − 220元 = 80元）"),
    ("占比从2成提高到3.5成", "占比：2成 → 3.5成（计算得出：3.5成 − 2成 = 15个百分点）"),
    ("床位由２００张增加到３５０张", "床位：２００张 → ３５０张（计算得出：３５０张 − ２００张 = 150张）"),
    ("设备投入从 1.5亿元 → 2.3亿元", "设备投入：1.5亿元 → 2.3亿元（计算得出：2.3亿元 − 1.5亿元 = 8000万元）"),
    ("医疗纠纷由每年120起减少到45起", "医疗纠纷：120起 → 45起（计算得出：120起 − 45起 = 75起）"),
    ("人员占比由最初的38%下降到目前的12%", "人员占比：38% → 12%（计算得出：38% − 12% = 26个百分点）"),
]  # fmt: skip


@pytest.mark.parametrize(("quote", "told"), CARDS, ids=[quote for quote, _ in CARDS])
def test_a_change_is_set_out_with_its_time_its_bounds_and_what_can_be_computed(quote, told):
    assert card(quote) == told


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("quote", [quote for quote, _ in CARDS])
def test_every_card_is_borne_out_by_its_quote(quote, language):
    verdict = verify(card(quote, language), quote)

    assert verdict.supported, verdict.reason


@pytest.mark.parametrize(
    ("quote", "told"),
    [
        (
            "院长年薪从2012年的12万元提高到2021年的26.4万元",
            "annual-salary system (院长年薪): 2012: CNY 120,000 → 2021: CNY 264,000 (computed: CNY 264,000 − CNY 120,000 = CNY 144,000)",
        ),
        (
            "2023年，就诊率从85%升至90.2%",
            "visit rate (就诊率), 2023: 85% → 90.2% (computed: 90.2% − 85% = 5.2 percentage points)",
        ),
        ("近5年，村卫生室从420间增至510间以上", "village clinic (村卫生室, 近5年): 420 → 510 or more"),
        ("面积从120平方公里扩大到340平方公里", "「面积」: 120 sq km → 340 sq km (computed: 340 sq km − 120 sq km = 220 sq km)"),
        ("期望寿命从77.2岁提高到79.6岁", "「期望寿命」: 77.2 years of age → 79.6 years of age (computed: 79.6 years of age − 77.2 years of age = 2.4 years of age)"),
        ("就诊率由三分之一提高到三分之二", "「就诊率」: 三分之一 → 三分之二"),
    ],
)  # fmt: skip
def test_the_same_in_english(quote, told):
    assert card(quote, "en") == told


@pytest.mark.parametrize(
    ("around", "period"),
    [
        ({"headings": ("2021年工作回顾", "签约")}, "（2021年）"),
        ({"headings": ("2019—2021年工作回顾",)}, "（2019—2021年）"),
        ({"headings": ("2015年和2021年",)}, ""),  # of either
        ({"headings": ("签约",)}, ""),
        ({"date": "2022-03-01"}, ""),  # when it was published, which is not when it was so
    ],
)
def test_a_period_may_stand_in_the_headings(around, period):
    assert card("签约率从41.5%提高到63.2%", **around).startswith(f"签约率{period}：")


def test_the_year_of_a_sentence_counts_more_than_that_of_its_headings():
    assert "（2020年）" in card("2020年，签约率从41.5%提高到63.2%", headings=("2021年工作回顾",))


@pytest.mark.parametrize(("word", "year"), [("去年", 2021), ("今年", 2022), ("前年", 2020)])
def test_a_relative_year_is_told_by_the_date_of_the_article(word, year):
    quote = f"{word}，签约率从41.5%提高到63.2%"

    told = card(quote, date="2022-03-01")
    assert f"（{year}年）" in told
    assert verify(told, quote, context="2022-03-01").supported
    assert "年" not in card(quote)


def test_half_a_year_is_told_with_its_year():
    assert card("2023年上半年，签约率从41.5%提高到63.2%").startswith("签约率（2023年上半年）：")


@given(st.integers(1, 9999), st.integers(1, 9999), st.sampled_from(["家", "人", "万元", "分钟", "张", "平方公里"]),
       st.sampled_from(["", "2021年，", "近3年，"]), st.sampled_from(["", "约", "超过", "不足", "近"]))  # fmt: skip
def test_whatever_the_figures_a_card_is_borne_out_and_bounds_are_not_computed_with(a, b, unit, when, bound):
    quote = f"{when}总数由{a}{unit}调整为{bound}{b}{unit}"

    for language in ("zh", "en"):
        told = card(quote, language)
        verdict = verify(told, quote)
        assert verdict.supported, (told, verdict.reason)
        assert computed(told) == (bound not in ("超过", "不足"))
