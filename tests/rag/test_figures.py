from __future__ import annotations

import itertools
import time
from decimal import Decimal

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.figures import (
    Amount,
    changes,
    difference,
    expected_units,
    find_figures,
    in_english,
    same_value,
)

ALPHABET = "。！？；，、“”（）%％.．,-—~至到约近超余多0123456789０１２３４５６７８９零一二两三四十百千万亿萬億點年月日号个個家次人元公里分成之第号名张張從从由降增 \n\u3000\u3007①½𠮷ﷺabkmGx+:/$¥"
TO_TRADITIONAL = opencc.OpenCC("s2t")
TO_FULL_WIDTH = {ord(ch): ord(ch) + 0xFEE0 for ch in "0123456789%."}

# text: value, upper end, unit, kind, qualifier
FOUND = {
    "投资12.3亿元": ("1230000000", None, "元", "money", ""),
    "投资123000万元": ("1230000000", None, "元", "money", ""),
    "投资1230000000元": ("1230000000", None, "元", "money", ""),
    "投资3亿2000万元": ("320000000", None, "元", "money", ""),
    "罚款3000多万元": ("30000000", None, "元", "money", "余"),
    "罚款两千多万元": ("20000000", None, "元", "money", "余"),
    "补助¥5000": ("5000", None, "元", "money", ""),
    "化债资金10亿元化解债务": ("1000000000", None, "元", "money", ""),
    "CNY 1 billion of funds": ("1000000000", None, "元", "money", ""),
    "spent 5 million yuan": ("5000000", None, "元", "money", ""),
    "占47.8%": ("47.8", None, "%", "percent", ""),
    "占47.8％": ("47.8", None, "%", "percent", ""),
    "占４７．８％": ("47.8", None, "%", "percent", ""),
    "占百分之四十七点八": ("47.8", None, "%", "percent", ""),
    "占三成": ("30", None, "%", "percent", ""),
    "占三成五": ("35", None, "%", "percent", ""),
    "占六成以上": ("60", None, "%", "percent", "以上"),
    "千分之三": ("3", None, "‰", "percent", ""),
    "a share of 34 per cent": ("34", None, "%", "percent", ""),
    "13.48 percent": ("13.48", None, "%", "percent", ""),
    "同比-5.3%": ("-5.3", None, "%", "percent", ""),
    "增长+5.2%": ("5.2", None, "%", "percent", ""),
    "20%-30%之间": ("20", "30", "%", "percent", ""),
    "提高9.3个百分点": ("9.3", None, "百分点", "percentage_point", ""),
    "by 9.3 percentage points": ("9.3", None, "百分点", "percentage_point", ""),
    "三分之二的县": ("2", None, "/3", "ratio", ""),
    "是前年的2.5倍": ("2.5", None, "倍", "ratio", ""),
    "人口二十二亿": ("2200000000", None, "", "quantity", ""),
    "一千二百名医生": ("1200", None, "名", "quantity", ""),
    "两百家医院": ("200", None, "家", "quantity", ""),
    "三千零五名": ("3005", None, "名", "quantity", ""),
    "十五家": ("15", None, "家", "quantity", ""),
    "1.2萬人次": ("12000", None, "人次", "quantity", ""),
    "386万人次": ("3860000", None, "人次", "quantity", ""),
    "1,200.5公斤": ("1200.5", None, "公斤", "quantity", ""),
    "１２００张": ("1200", None, "张", "quantity", ""),
    "１，２００张": ("1200", None, "张", "quantity", ""),
    "选2—3个": ("2", "3", "个", "quantity", ""),
    "选2-3个": ("2", "3", "个", "quantity", ""),
    "选2至3个": ("2", "3", "个", "quantity", ""),
    "奖励3-5万元": ("30000", "50000", "元", "money", ""),
    "建成500家左右": ("500", None, "家", "quantity", "左右"),
    "投入近200亿元": ("20000000000", None, "元", "money", "近"),
    "1000余名护士": ("1000", None, "名", "quantity", "余"),
    "60余名医务人员": ("60", None, "名", "quantity", "余"),
    "24多个县": ("24", None, "个", "quantity", "余"),
    "约80个县市": ("80", None, "个", "quantity", "约"),
    "预约80个号": ("80", None, "个", "quantity", ""),
    "附近3家医院": ("3", None, "家", "quantity", ""),
    "不低于640元": ("640", None, "元", "money", "至少"),
    "不超过30分钟": ("30", None, "分钟", "quantity", "至多"),
    "不足5分钟": ("5", None, "分钟", "quantity", "不足"),
    "more than 1,000 people": ("1000", None, "人", "quantity", "超"),
    "公立医院58家次": ("58", None, "家次", "quantity", ""),
    "1209个": ("1209", None, "个", "quantity", ""),
    "9部法规": ("9", None, "部", "quantity", ""),
    "14部门联合": ("14", None, "", "quantity", ""),
    "50 家醫院": ("50", None, "家", "quantity", ""),
    "每村3家庭医生": ("3", None, "", "quantity", ""),
    "半径20km": ("20", None, "公里", "quantity", ""),
    "20 km away": ("20", None, "公里", "quantity", ""),
    "12 minutes": ("12", None, "分钟", "quantity", ""),
    "a 5-year plan": ("5", None, "年", "quantity", ""),
    "1.2 million visits": ("1200000", None, "人次", "quantity", ""),
    "近5年来": ("5", None, "年", "quantity", ""),
    "试点3年": ("3", None, "年", "quantity", ""),
    "历时6个多月": ("6", None, "个月", "quantity", "余"),
    "30日内": ("30", None, "天", "quantity", ""),
    "走了两个小时": ("2", None, "小时", "quantity", ""),
    "到2017年": ("2017", None, "年", "year", ""),
    "2020年底": ("2020", None, "年", "year", ""),
    "2019—2024年": ("2019", "2024", "年", "year", ""),
    "2021年至2025年": ("2021", "2025", "年", "year", ""),
    "2025全国会议": ("2025", None, "年", "year", ""),
    "in 2019 the county": ("2019", None, "年", "year", ""),
    "二〇二一年": ("2021", None, "年", "year", ""),
    "2021年6月4日": ("20210604", None, "年月日", "date", ""),
    "2021 年 6 月 4 日": ("20210604", None, "年月日", "date", ""),
    "二〇二一年六月四日": ("20210604", None, "年月日", "date", ""),
    "4 June 2021": ("20210604", None, "年月日", "date", ""),
    "June 4, 2021": ("20210604", None, "年月日", "date", ""),
    "2022-06-02": ("20220602", None, "年月日", "date", ""),
    "2022.6.2": ("20220602", None, "年月日", "date", ""),
    "2021年6月": ("202106", None, "年月", "date", ""),
    "8月18—19日": ("818", "819", "月日", "date", ""),
    "18-19日": ("18", "19", "日", "date", ""),
    "8月18日": ("818", None, "月日", "date", ""),
    "今年5月": ("5", None, "月", "date", ""),
    "第3个": ("3", None, "个", "ordinal", ""),
    "第三批": ("3", None, "批", "ordinal", ""),
    "the 21st group": ("21", None, "", "ordinal", ""),
    "2型糖尿病": ("2", None, "型", "ordinal", ""),
}

NO_FIGURE = [
    "一是压实责任，二是强化督查",
    "一些地方",
    "一把手工程",
    "一体化管理",
    "三医联动改革",
    "六统一管理",
    "“4+1”改革机制",
    "三位一体",
    "六位一体的平台",
    "一老一小",
    "一院一策",
    "十四五规划",
    "“两个允许”政策",
    "“五个下沉”",
    "二、三级医院",
    "三甲医院",
    "百余名院长",
    "一个问题",
    "每一年",
    "三四百家",
    "千家万户",
    "20xx年",
    "〔*〕县",
    "DRG2.0版",
    "CMI指数",
    "G20峰会",
    "COVID-19",
    "H1N1流感",
    "PM2.5",
    "5G网络",
    "v1.2.3",
    "上午09:30开会",
    "拨打010-12345678",
    "手机13800138000",
    "“120”急救",
    "见 https://example.org/2021/12345.html",
    "①加强领导",
    "1. 加强领导",
    "2、完善机制",
    "(3)狠抓落实",
    "七台河市",
    "1精心组织",
    "服务群众“最后一公里”",
    "新一年，最后一公里",
    "证券代码688235.SH",
]

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

CHANGES = [
    (
        "市级医院资产负债率从58.4%下降至41.2%",
        "58.4%",
        "41.2%",
        "down",
        "市级医院资产负债率",
        "17.2",
        "百分点",
    ),
    ("改革让平均急救半径由18公里缩短到9公里", "18公里", "9公里", "down", "平均急救半径", "9", "公里"),
    ("床位数达到3780张，相较于2018年的3150张，增加了630张", "3150张", "3780张", "up", "床位数", "630", "张"),
    ("藥占比由2015年的38%降至2020年的29.5%", "38%", "29.5%", "down", "藥占比", "8.5", "百分点"),
    ("其中护士从2044人增加到2469人", "2044人", "2469人", "up", "护士", "425", "人"),
    ("门诊量1.2万人次增至1.5万人次", "1.2万人次", "1.5万人次", "up", "门诊量", "3000", "人次"),
    ("从21缩小至12公里", "21", "12公里", "down", None, "9", "公里"),
    ("二、三级医院患者从10人增加到20人", "10人", "20人", "up", None, "10", "人"),
    ("The average radius fell from 18 km to 9 km", "18 km", "9 km", "down", "average radius", "9", "公里"),
    (
        "They cut the waiting time from 2 hours to 30 minutes",
        "2 hours",
        "30 minutes",
        "down",
        "waiting time",
        "90",
        "分钟",
    ),
    ("58.4% → 41.2%", "58.4%", "41.2%", "down", None, "17.2", "百分点"),
    ("比例从20%调整为20%", "20%", "20%", "same", "比例", "0", "百分点"),
]
NO_CHANGE = [
    "从2019年到2024年",
    "10家医院和20家诊所",
    "建成10家，增加20张床位",
    "费用从100元降到3个百分点",
    "达到3911张，相较于往年的3240张，增加了100张",
]

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
    ("急救半径缩小了多少？", "any", "9公里", "2024年"),
    ("How much did the radius shrink?", "any", "9 km", "2024年"),
]


def only(text):
    figures = find_figures(text)
    assert len(figures) == 1, [f.raw for f in figures]
    return figures[0]


@pytest.mark.parametrize(("text", "expected"), FOUND.items())
def test_a_figure_is_read_with_value_unit_kind_and_qualifier(text, expected):
    value, high, unit, kind, qualifier = expected

    figure = only(text)

    assert figure.value == Decimal(value)
    assert figure.high == (None if high is None else Decimal(high))
    assert (figure.unit, figure.kind, figure.qualifier) == (unit, kind, qualifier)


@pytest.mark.parametrize("text", NO_FIGURE)
def test_what_counts_nothing_is_no_figure(text):
    assert find_figures(text) == []


def test_the_step_tells_how_precisely_a_figure_is_written():
    steps = {text: only(text).step for text in ("1.2万", "12000张", "47.8%", "三十家", "23亿元")}

    assert steps == {
        "1.2万": Decimal(1000),
        "12000张": Decimal(1),
        "47.8%": Decimal("0.1"),
        "三十家": Decimal(10),
        "23亿元": Decimal(10) ** 8,
    }


def test_figures_come_in_order_with_the_qualifiers_left_outside():
    text = "2024年投入近200亿元，建成500家左右社区医院，占比超过20%。"

    assert [f.raw for f in find_figures(text)] == ["2024年", "200亿元", "500家", "20%"]


def test_a_comma_between_clauses_does_not_join_two_figures():
    assert [f.value for f in find_figures("到2020年达到1，200家参与")] == [2020, 1, 200]
    assert [f.value for f in find_figures("增至20家,300人受益")] == [20, 300]


def test_two_ends_of_a_change_are_not_a_range():
    assert [f.high for f in find_figures("从3个到5个")] == [None, None]


@pytest.mark.parametrize(("a", "b"), SAME)
def test_amounts_that_say_the_same_are_equal(a, b):
    assert same_value(only(a), only(b))
    assert same_value(only(b), only(a))


@pytest.mark.parametrize(("a", "b"), DIFFERENT)
def test_amounts_that_say_something_else_are_not_equal(a, b):
    assert not same_value(only(a), only(b))
    assert not same_value(only(b), only(a))


@pytest.mark.parametrize(("text", "before", "after", "direction", "subject", "by", "unit"), CHANGES)
def test_a_change_is_found_with_its_subject_and_difference(text, before, after, direction, subject, by, unit):
    (change,) = changes(text)

    assert (change.before.raw, change.after.raw, change.direction) == (before, after, direction)
    assert (text[slice(*change.subject)] if change.subject else None) == subject
    assert (difference(change).value, difference(change).unit) == (Decimal(by), unit)
    assert change.start <= change.before.start < change.end


@pytest.mark.parametrize("text", NO_CHANGE)
def test_what_is_no_change_gives_none(text):
    assert changes(text) == []


@pytest.mark.parametrize(("text", "english"), ENGLISH.items())
def test_an_amount_is_said_in_english(text, english):
    assert in_english(only(text)) == english


def test_a_difference_is_said_in_english():
    (change,) = changes("资产负债率从58.4%下降至41.2%")

    assert in_english(difference(change)) == "17.2 percentage points"


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


@given(st.text(ALPHABET, max_size=80))
def test_figures_are_exact_slices_in_order_without_overlap(text):
    figures = find_figures(text)

    assert all(text[f.start : f.end] == f.raw and f.raw for f in figures)
    assert all(a.end <= b.start for a, b in itertools.pairwise(figures))
    assert all(f.high is None or f.value < f.high for f in figures)


@given(st.text(max_size=60))
def test_no_text_at_all_makes_reading_fail(text):
    for change in changes(text):
        difference(change)
    for figure in find_figures(text):
        in_english(figure)
    expected_units(text)


@given(st.sampled_from(sorted(FOUND)))
def test_reading_does_not_depend_on_full_width_digits_or_script(text):
    plain = [(f.value, f.high, f.unit, f.kind, f.qualifier) for f in find_figures(text)]
    for other in (text.translate(TO_FULL_WIDTH), TO_TRADITIONAL.convert(text)):
        assert [(f.value, f.high, f.unit, f.kind, f.qualifier) for f in find_figures(other)] == plain


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


@given(st.integers(min_value=2, max_value=99_999_999))
def test_a_han_numeral_is_read_back(number):
    assert only(_in_han(number) + "亿元").value == number * 10**8


def _in_han(number):
    digits, units = "零一二三四五六七八九", ("", "十", "百", "千")
    high, low = divmod(number, 10**4)
    if high:
        rest = ("零" if low < 1000 and low else "") + (_in_han(low) if low else "")
        return _in_han(high) + "万" + rest
    words, pending = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            words += ("零" if pending and words else "") + digits[digit] + units[power]
        pending = not digit
    return words


def test_an_amount_of_one_is_singular_in_english():
    assert in_english(Amount(value=Decimal(1), unit="小时")) == "1 hour"


@pytest.mark.parametrize(
    "unit",
    ["1", "一", "2-", "1,200", "第", "1年", "近", "1+", "1.", "从1%至", "may 1 ", "“1", "¥1", "相较于"],
)
def test_hostile_text_takes_linear_time(unit):
    text = (unit * 40_000)[:40_000]
    start = time.perf_counter()

    find_figures(text)
    changes(text)

    assert time.perf_counter() - start < 6
