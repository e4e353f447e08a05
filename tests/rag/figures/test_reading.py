from __future__ import annotations

import itertools
from decimal import Decimal

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.figures import changes, difference, expected_units, find_figures, in_english
from tests.support.effort import effort_below

ALPHABET = "。！？；，、“”（）%％.．,-—~至到约近超余多0123456789０１２３４５６７８９零一二两三四十百千万亿萬億點年月日号个個家次人元公里分成之第号名张張從从由降增 \n\u3000\u3007①½𠮷ﷺabkmGx+:/$¥"
TO_TRADITIONAL = opencc.OpenCC("s2t")
TO_FULL_WIDTH = {ord(ch): ord(ch) + 0xFEE0 for ch in "0123456789%."}
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


def only(text):
    (figure,) = find_figures(text)
    return figure


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


@pytest.mark.parametrize(
    "unit",
    ["1", "一", "2-", "1,200", "第", "1年", "近", "1+", "1.", "从1%至", "may 1 ", "“1", "¥1", "相较于"],
)
def test_hostile_text_takes_linear_time(unit):
    text = (unit * 40_000)[:40_000]
    with effort_below(18):
        find_figures(text)
        changes(text)


def test_a_long_line_of_nothing_but_figures_is_read_without_delay():
    text = "1家" * 100_000
    with effort_below(15):
        assert len(find_figures(text)) == 100_000
