from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.followup import Resolved, resolve, resolve_followup
from rag.regions import find_regions

ZH_FIRST = "丽水的急救半径缩小了多少?"
ZH_DEBT = "芜湖是怎么化债的?"
EN_DEBT = "how did Wuhu reduce debt"
ZH_RATIO = "芜湖2019年的资产负债率是多少?"
EN_RATIO = "What was Wuhu's asset-liability ratio in 2019?"


def sure(text):
    return Resolved(text=text, is_sure=True)


def codes(text):
    return [mention.region.code for mention in find_regions(text)]


@pytest.mark.parametrize(
    ("first", "question", "standalone"),
    [
        ("什么是“三医联动”？", "“三医协同”是一回事吗？", "三医联动和“三医协同”是一回事吗？"),
        ("什么是两票制?", "和集采有什么区别?", "两票制和集采有什么区别?"),
        ("2017年全国医疗总费用增长率是多少？", "药品费用呢", "2017年全国药品费用增长率是多少？"),
        ("What is DRG payment?", "Is it different from DIP?", "Is DRG different from DIP?"),
    ],
)
def test_a_new_subject_is_set_beside_its_like(first, question, standalone):
    assert resolve(question, [first]) == sure(standalone)


@pytest.mark.parametrize(
    ("first", "question", "standalone"),
    [
        (ZH_DEBT, "三明呢", "三明是怎么化债的?"),
        (ZH_DEBT, "那么三明市呢？", "三明市是怎么化债的?"),
        (ZH_DEBT, "還有銅仁呢？", "銅仁是怎么化债的?"),
        ("蕪湖是怎麼化債的?", "那銅仁呢?", "銅仁是怎麼化債的?"),
        (ZH_DEBT, "那三明和铜仁呢?", "三明、铜仁是怎么化债的?"),
        ("芜湖和铜仁的编制改革有什么不同?", "那深圳和盐城呢?", "深圳、盐城的编制改革有什么不同?"),
        (ZH_DEBT, "And Tongren?", "Tongren是怎么化债的?"),
        ("How did Wuhu reduce debt?", "What about Tongren and Shenzhen?", "How did Tongren and Shenzhen reduce debt?"),
        ("How did Wuhu reduce debt?", "Shenzhen?", "How did Shenzhen reduce debt?"),
        ("什么是医共体?", "那三明呢?", "三明：什么是医共体?"),
    ],
)  # fmt: skip
def test_a_new_place_takes_that_of_the_old_one(first, question, standalone):
    assert resolve(question, [first]) == sure(standalone)


@pytest.mark.parametrize(
    ("first", "question", "standalone"),
    [
        ("芜湖的资产负债率是多少?", "编制呢?", "芜湖的编制是多少?"),
        ("比较芜湖和铜仁的编制改革", "薪酬呢?", "比较芜湖和铜仁的薪酬改革"),
        ("What is the staffing quota of Tongren?", "And pay?", "What is the pay of Tongren?"),
    ],
)
def test_a_new_subject_takes_the_place_of_the_old_one(first, question, standalone):
    assert resolve(question, [first]) == sure(standalone)


@pytest.mark.parametrize(
    ("first", "question", "standalone"),
    [
        (ZH_RATIO, "那2020年呢?", "芜湖2020年的资产负债率是多少?"),
        (ZH_RATIO, "2020年?", "芜湖2020年的资产负债率是多少?"),
        (ZH_RATIO, "那2020到2022年呢?", "芜湖2020到2022年的资产负债率是多少?"),
        (ZH_RATIO, "那三明2020年呢?", "三明2020年的资产负债率是多少?"),
        (ZH_RATIO, "那三明呢?", "三明2019年的资产负债率是多少?"),
        (EN_RATIO, "And in 2020?", "What was Wuhu's asset-liability ratio in 2020?"),
        (EN_RATIO, "What about Tongren in 2020?", "What was Tongren's asset-liability ratio in 2020?"),
        ("2022年全国医改任务有多少项?", "那2023年呢?", "2023年全国医改任务有多少项?"),
        (ZH_DEBT, "2022年呢?", "2022年芜湖是怎么化债的?"),
        ("How did Wuhu reduce debt?", "And in 2022?", "How did Wuhu reduce debt in 2022?"),
    ],
)
def test_a_new_year_takes_the_place_of_the_old_one(first, question, standalone):
    assert resolve(question, [first]) == sure(standalone)


@pytest.mark.parametrize(
    ("first", "question", "standalone"),
    [
        ("三级医院的药占比目标是多少?", "那二级医院呢?", "二级医院的药占比目标是多少?"),
        ("三级医院的药占比目标是多少?", "次均费用呢?", "三级医院的次均费用目标是多少?"),
        ("蕪湖有多少編外人員進了編制周轉池?", "那邊的村醫呢?", "蕪湖有多少村醫進了編制周轉池?"),
        ("How is the pay of presidents of hospitals set in Zhuhai?", "And that in county hospitals?", "How is the pay of presidents of county hospitals set in Zhuhai?"),
        ("What share of residents in Xiamen have a family doctor?", "And older people there?", "What share of older people in Xiamen have a family doctor?"),
        ("ＤＲＧ付费在浙江金华是怎么推行的?", "DIP呢?", "DIP在浙江金华是怎么推行的?"),
        ("什么是两票制?", "分级诊疗呢?", "什么是分级诊疗?"),
    ],
)  # fmt: skip
def test_one_of_a_kind_takes_the_place_of_another(first, question, standalone):
    assert resolve(question, [first]) == sure(standalone)


@pytest.mark.parametrize(
    ("first", "question", "standalone"),
    [
        ("上海市浦东新区的基层就诊率怎么样?", "跟杭州比呢?", "上海市浦东新区和杭州相比，基层就诊率怎么样?"),
        (ZH_RATIO, "與全國相比呢?", "芜湖和全国相比，2019年的资产负债率是多少?"),
        (ZH_RATIO, "全国呢?", "全国2019年的资产负债率是多少?"),
        ("两票制是什么时候在全国推行的?", "福建呢?", "两票制是什么时候在福建推行的?"),
        (EN_RATIO, "And nationwide?", "What was China's asset-liability ratio in 2019?"),
        (EN_RATIO, "How does that compare with Tongren?", "Compared with Tongren, what was Wuhu's asset-liability ratio in 2019?"),
        (ZH_DEBT, "三明也是这样吗?", "三明是怎么化债的?"),
        (EN_DEBT, "Did Tongren do the same?", "how did Tongren reduce debt"),
        ("Compare the pay reform in Sanming and Wuhu.", "Which of the two pays more?", "Which of Sanming and Wuhu pays more?"),
        ("芜湖和铜仁的编制改革有什么不同?", "两地的薪酬呢?", "芜湖市、铜仁市的薪酬呢?"),
        ("按病种付费和按人头付费有什么区别?", "哪种更能控费?", "按病种付费和按人头付费哪种更能控费?"),
    ],
)  # fmt: skip
def test_places_and_subjects_are_set_side_by_side(first, question, standalone):
    assert resolve(question, [first]) == sure(standalone)


@given(st.sampled_from([ZH_DEBT, ZH_FIRST, ZH_RATIO]), st.sampled_from(["三明", "铜仁市", "深圳", "盐城市"]))
def test_the_new_place_is_the_only_one_left(first, place):
    assert codes(resolve_followup(f"那{place}呢?", [first])) == codes(place)
