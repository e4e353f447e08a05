from __future__ import annotations

import itertools
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.indicators import find_records
from rag.types import Article, Heading


def article(text: str, *, date: str | None = "2023-08-09", regions=(), headings=(), title=None) -> Article:
    return Article(
        article_id="a1", title=title, text=text, date=date, regions=tuple(regions), headings=tuple(headings)
    )


def records(text: str, **known):
    return find_records(article(text, **known))


def one(text: str, **known):
    (found,) = records(text, **known)
    return found


PIECES = st.sampled_from(
    [
        *"。！？；，、“”（）()%的和等在约近超从到为由《》：:\n 　\t",
        *"𠮷ﷺ½①３",
        "3",
        "12.5%",
        "1,200家",
        "三家",
        "近5年",
        "2023年",
        "去年",
        "个百分点",
        "万元",
        "床位",
        "医院",
        "芜湖市",
        "安徽省",
        "全国",
        "全市",
        "我县",
        "公司",
        "分别",
        "增长",
        "下降到",
        "從",
        "資產負債率",
        "growth of 5%",
        "beds in Wuhu",
        "计划",
        "医改经验",
        "六项投入",
    ]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join)


@given(TEXTS)
@example("３家ﷺ从5%下降到3%。")
@example("58家次")
@example("1个1个1个")
def test_spans_are_slices_of_the_text_and_lie_within_one_another(text):
    found = records(text)

    for record in found:
        assert text[record.start : record.end] == record.figure.raw
        assert (record.figure.start, record.figure.end) == (record.start, record.end)
        assert text[record.clause_start : record.clause_end] == record.clause
        assert record.sentence_start <= record.clause_start <= record.start
        assert record.end <= record.clause_end <= record.sentence_end <= len(text)
        assert record.figure.kind not in ("date", "year", "ordinal")
        assert "\n" not in text[record.sentence_start : record.sentence_end]


@given(TEXTS)
def test_records_are_in_order_and_do_not_overlap(text):
    found = records(text)

    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


@given(TEXTS)
def test_a_change_has_both_ends_in_one_sentence(text):
    by_change = {}
    for record in records(text):
        assert (record.role in ("before", "after")) <= (record.change_id is not None)
        if record.change_id:
            by_change.setdefault(record.change_id, []).append(record)

    for group in by_change.values():
        assert len({r.sentence_start for r in group}) == 1
        assert len({r.direction for r in group if r.role in ("before", "after")}) <= 1


@pytest.mark.parametrize(
    ("text", "name", "concept"),
    [
        ("该市公立医院资产负债率达48.8%。", "公立医院资产负债率", "liability_ratio"),
        ("该市共有三级医院12家。", "三级医院", "tertiary_hospital"),
        ("全省120个县级医疗集团全部挂牌。", "县级医疗集团", "county_medical_group"),
        ("当年拨付3亿元化债资金。", "化债资金", "debt_fund"),
        ("卫生健康支出占一般公共预算支出的13.5%。", "卫生健康支出占一般公共预算支出", "health_spending"),
        ("患者满意度提升明显，达到95%。", "患者满意度", "satisfaction"),
        ("今年新增床位500张。", "新增床位", "bed"),
        ("推动建成60家社区医院。", "社区医院", "community_hospital"),
        ("居民人均预期寿命提高到78.3岁。", "居民人均预期寿命", "people"),
        ("个人缴费标准定为每人每年380元。", "个人缴费标准", "standard"),
        ("三、四级手术量较上年增加3万例。", "三、四级手术量", "surgery_level"),
        ("核增编制（含员额制）1209个。", "核增编制", "quota_verified"),
        ("公布了12条值得推广的经验。", "值得推广的经验", "experience"),
        ("建立了9个县级肿瘤诊治中心。", "县级肿瘤诊治中心", "tumour"),
        ("65%的患者在基层就诊。", "患者在基层就诊", "primary_visit_share"),
        ("布局8大类12个国家医学中心。", "国家医学中心", "national_medical_centre"),
        ("有7款自研创新药获批上市。", "自研创新药", None),
        ("該院資產負債率為52%。", "資產負債率", "liability_ratio"),
        ("The debt ratio of the hospitals stood at 52%.", "debt ratio of the hospitals", "liability_ratio"),
        ("Anhui had 119 county medical groups.", "county medical groups", "county_medical_group"),
    ],
)
def test_the_indicator_is_named_in_the_articles_words(text, name, concept):
    found = records(text)[0]

    assert found.indicator.name == name
    assert found.indicator.concept == concept


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("近5年新建医院3家。", [3]),
        ("一年来，新建医院3家。", [3]),
        ("全额保障六项投入，新建医院3家。", [3]),
        ("《三年行动计划（2021—2023年）》提出新建医院3家。", [3]),
        ("2023年8月9日，第3批医院5家挂牌。", [5]),
        ("重点实现五个化，新建医院3家。", [3]),
        ("推进“15分钟生活圈”建设，新建医院3家。", [3]),
        ("65岁以上老年人体检率达70%。", [70]),
        ("这两项费用合计300元。", [300]),
        ("从医30余年，做手术2万例。", [20000]),
        ("人均预期寿命78.3岁。", [Decimal("78.3")]),
        ("平均住院日缩短1天，降至8天。", [1, 8]),
    ],
)
def test_periods_names_ages_and_dates_are_no_data(text, values):
    assert [record.figure.value for record in records(text)] == [Decimal(v) for v in values]


def test_what_a_heading_or_a_question_says_is_no_data():
    text = "五年投入10亿元\n您怎么看这10亿元的投入？\n芜湖市投入10亿元。"

    found = records(text, headings=[Heading(start=0, end=8, level=1)])

    assert [text[r.start : r.end] for r in found] == ["10亿元"]
    assert found[0].start > text.index("芜湖")


def test_both_ends_of_a_change_and_what_is_said_of_it_belong_together():
    found = records("床位数达到390张，相较于上年的320张，增加了70张，增长率超过20%。")

    assert [r.role for r in found] == ["after", "before", "change", "change"]
    assert len({r.change_id for r in found}) == 1
    assert {r.direction for r in found} == {"up"}
    assert {r.indicator.concept for r in found} == {"bed"}
    assert found[-1].figure.qualifier == "超"


def test_a_change_told_by_itself_has_no_other_end():
    found = one("下转患者增长38.7%。")

    assert (found.role, found.direction, found.change_id) == ("change", "up", None)


def test_a_fall_is_told_from_what_something_fell_to():
    by, to = records("平均住院日下降2.5天。\n平均住院日下降到8天。")

    assert (by.role, by.direction) == ("change", "down")
    assert to.role == "level"


def test_figures_told_respectively_are_of_one_item_each():
    visits, inpatients = records("门诊量、住院人次分别增长10%和20%。")
    staff, residents = records("职工医保和居民医保支付比例分别不低于85%和80%。")
    wuhu, hefei = records("芜湖市、合肥市资产负债率分别为48.8%和52%。")

    assert (visits.indicator.name, inpatients.indicator.name) == ("门诊量", "住院人次")
    assert (staff.indicator.name, residents.indicator.name) == ("职工医保支付比例", "居民医保支付比例")
    assert (wuhu.subject.name, hefei.subject.name) == ("安徽省芜湖市", "安徽省合肥市")
    assert wuhu.indicator == hefei.indicator


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("安徽省芜湖市投入10亿元。", "安徽省芜湖市"),
        ("芜湖市投入10亿元，合肥市投入20亿元。", "安徽省芜湖市 安徽省合肥市"),
        ("庆阳市围绕推广福建省三明市医改经验，规划了15个子项目。", "甘肃省庆阳市"),
        ("庆阳市在杭州市召开会议，签约15个项目。", "甘肃省庆阳市"),
        ("安徽省推动全省119家医院挂牌。", "安徽省"),
        ("芜湖市加快改革，全省119家医院挂牌。", "安徽省"),
        ("全国有119家医院参加。", "全国"),
        ("芜湖市的比例高于全国，达到30%。", "安徽省芜湖市"),
        ("芜湖市入选全国试点，投入10亿元。", "安徽省芜湖市"),
        ("北京、上海、广东等5个省份开展试点。", ""),
        ("我县有34个卫生院，全县341所卫生所。", "我县 我县"),
        ("芜湖市第一人民医院门诊量达到30万人次。", "芜湖市第一人民医院"),
        ("芜湖市公立医院门诊量达到30万人次。", "安徽省芜湖市"),
        ("康泰药业发布公告，公司营业收入达到30亿元。", "康泰药业"),
        ("德国每千人口床位数为7.8张。", "德国"),
        ("In Wuhu the debt ratio fell to 48.8%.", "安徽省芜湖市"),
    ],
)
def test_a_figure_is_of_the_place_or_body_that_is_told_of(text, subject):
    expected = subject.split(" ")

    assert [r.subject.name for r in records(text)][-len(expected) :] == expected


def test_a_place_comes_from_the_paragraph_the_headings_and_the_article_and_says_so():
    earlier = records("芜湖市推进公立医院的各项改革。资产负债率降至48.8%。")[0]
    heading = records("芜湖市：\n资产负债率降至48.8%。", headings=[Heading(start=0, end=4, level=1)])[0]
    whole = records("资产负债率降至48.8%。", regions=["340200"])[0]

    for found in (earlier, heading, whole):
        assert found.subject.name == "安徽省芜湖市"
        assert found.subject.region == "340200"
        assert found.subject.is_inherited
    assert not records("芜湖市资产负债率降至48.8%。")[0].subject.is_inherited


def test_the_next_heading_of_the_same_level_ends_a_place():
    text = "芜湖市：\n医院3家。\n合肥市：\n医院4家。"

    found = records(text, headings=[Heading(start=0, end=4, level=1), Heading(start=11, end=15, level=1)])

    assert [r.subject.name for r in found] == ["安徽省芜湖市", "安徽省合肥市"]


@pytest.mark.parametrize(
    ("text", "told", "years", "is_resolved"),
    [
        ("2022年底，医院达到30家。", "2022年底", (2022,), False),
        ("去年，医院达到30家。", "去年", (2022,), True),
        ("2019—2021年，投入30亿元。", "2019—2021年", (2019, 2020, 2021), False),
        ("近5年投入30亿元。", "近5年", (), False),
        ("医院达到30家。", "", (), False),
        ("医院达到30家（2021年）。", "2021年", (2021,), False),
        ("2022年，医院比2019年增加30家。", "2022年", (2022,), False),
    ],
)
def test_the_time_is_told_as_the_article_says_it(text, told, years, is_resolved):
    when = records(text)[-1].when

    assert (when.text, when.years, when.is_resolved) == (told, years, is_resolved)


def test_the_ends_of_a_change_have_their_own_times():
    before, after = records("床位从2019年的3240张增加到2022年的3911张。")

    assert (before.when.years, after.when.years) == ((2019,), (2022,))


def test_a_year_without_the_articles_date_stays_unknown():
    assert records("去年，医院达到30家。", date=None)[0].when.years == ()


@pytest.mark.parametrize(
    ("text", "is_planned"),
    [
        ("到2025年力争床位达到3000张。", True),
        ("计划投入3亿元，新建医院2家。", True),
        ("目前已建成医院2家。", False),
        ("发现的主要问题涉及医院2家。", False),
        ("规划了15个子项目。", False),
    ],
)
def test_a_plan_is_told_from_what_was_reached(text, is_planned):
    assert {r.is_planned for r in records(text)} == {is_planned}


def test_full_width_and_traditional_text_say_the_same():
    simplified = one("芜湖市资产负债率为48.8%。")
    other = one("蕪湖市資產負債率為４８．８％。")

    assert other.figure.value == simplified.figure.value
    assert other.subject == simplified.subject
    assert other.indicator.concept == simplified.indicator.concept
    assert other.figure.raw == "４８．８％"


def test_characters_that_fold_to_several_do_not_shift_the_spans():
    text = "ﷺ㎡芜湖市㍿资产负债率为48.8%。"

    assert text[one(text).start : one(text).end] == "48.8%"
