"""Two articles on one thing: when their figures contradict each other, and what else may explain that they are not the same."""

from __future__ import annotations

import dataclasses

import pytest

from rag.assess import assess
from rag.conflicts import Told, conflicting, find_conflicts
from rag.types import Repost


def told(text, name="a", *, date="2023-05-10", around="", places=("安徽省芜湖市",)):
    return Told(article_id=name, text=text, around=around, places=frozenset(places), date=date)


def pairs(one, other, **known):
    return [(a.raw, b.raw) for a, b in conflicting(told(one), told(other, "b", **known))]


CONFLICTS = {
    "a level and another": ("市属公立医院的资产负债率降到48.8%", "市属公立医院的资产负债率为51.3%"),
    "of the same year": ("2022年签约率达到63%", "2022年底，签约率为68%"),
    "of a change, its end": ("院长年薪从12万元提高到26.4万元", "院长年薪从12万元提高到29.8万元"),
    "in other units": ("检查等候时间缩短到2小时", "检查等候时间缩短到80分钟"),
    "both planned": ("计划到2025年签约率达到70%", "力争到2025年签约率达到75%"),
    "both by how much": ("2022年门诊量增长12%", "2022年门诊量增长15%"),
    "a bound that does not hold": ("签约率超过80%", "签约率仅为63%"),
    "reached by an effort": ("经过几年努力，签约率达到63%", "签约率达到68%"),
    "in Traditional characters": ("2022年簽約率達到63%", "2022年签约率达到68%"),
    "in full-width digits": ("2022年签约率达到６３％", "2022年签约率达到68%"),
}
NONE = {
    "rounded": ("为急救网投入资金约4亿元", "为急救网投入资金4.02亿元"),
    "a bound": ("签约率超过60%", "签约率为63%"),
    "the same in other writing": ("签约率为三成", "签约率为30%"),
    "another year": ("2019年签约率为41%", "2022年签约率为63%"),
    "another part of the year": ("2022年上半年签约率为41%", "2022年签约率为63%"),
    "over another span": ("近3年新增床位300张", "近5年新增床位400张"),
    "planned and reached": ("计划到2022年签约率达到70%", "2022年签约率达到63%"),
    "a part and the whole": ("全市公立医院的资产负债率为55%", "市属公立医院的资产负债率为51%"),
    "one kind of care and another": ("门诊次均费用为256元", "住院次均费用为320元"),
    "one level of hospital and another": ("三级医院平均住院日为8天", "二级医院平均住院日为7天"),
    "new and all": ("新增急救站12个", "共有急救站30个"),
    "before and after": ("签约率从41%提高到63%", "签约率从63%提高到80%"),
    "by and to": ("签约率增长12%", "签约率增长到30%"),
    "rise and fall": ("2022年门诊量增长12%", "2022年门诊量下降15%"),
    "another place in the sentence": ("签约率为63%", "无为市的签约率为68%"),
    "another thing of the same unit": ("资产负债率为48%", "床位使用率为51%"),
    "only money": ("财政投入资金3亿元", "财政投入资金4亿元"),
    "percent and points": ("签约率提高12%", "签约率提高15个百分点"),
    "against another year": ("签约率比2019年提高12个百分点", "签约率比2020年提高15个百分点"),
    "what was denied": ("签约率未达到63%", "签约率达到68%"),
    "one hospital and another": ("市第一人民医院的平均住院日为8天", "市第二人民医院的平均住院日为7天"),
    "a hospital left unnamed": ("该院的平均住院日为8天", "该院的平均住院日为7天"),
    "both figures in one of them": ("签约率为63%", "签约率为68%，去年为63%"),
    "what counts otherwise": ("平均急救反应时间为12分钟", "最短急救反应时间为9分钟"),
    "as of another month": ("目前建成急救站21个", "已建成急救站30个"),
    "far apart": ("建成急救站3个", "建成急救站48个"),
    "lists": ("城市签约率为88%，农村签约率为82%", "城市签约率为88%，农村签约率为82%，县城签约率为85%"),
}


@pytest.mark.parametrize("name", CONFLICTS)
def test_figures_of_one_thing_that_differ_are_in_conflict(name):
    assert pairs(*CONFLICTS[name], date="2023-05-20")
    assert pairs(*reversed(CONFLICTS[name]), date="2023-05-20")


@pytest.mark.parametrize("name", NONE)
def test_what_something_else_explains_is_no_conflict(name):
    assert not pairs(*NONE[name], date="2023-09-02")
    assert not pairs(*reversed(NONE[name]), date="2023-09-02")


A, B = CONFLICTS["a level and another"]


@pytest.mark.parametrize(
    "known",
    [
        {"places": ("浙江省丽水市",)},
        {"places": ("安徽省芜湖市", "浙江省丽水市")},
        {"date": "2021-05-10"},
        {"around": "2021年工作回顾"},
        {"around": "市第一人民医院的经验"},
    ],
)
def test_what_surrounds_a_sentence_may_explain_the_difference(known):
    assert pairs(A, B)
    assert not pairs(A, B, **known)


def test_an_article_without_a_date_may_contradict_one_with_a_date():
    assert pairs(A, B, date=None)


def test_what_adds_up_in_time_is_in_conflict_only_within_one_month():
    one, other = "新建急救站48个", "新建急救站53个"

    assert pairs(one, other, date="2023-05-28")
    assert not pairs(one, other, date="2023-08-01")
    assert not pairs(one, other, date=None)


def test_an_article_does_not_contradict_itself():
    assert not list(conflicting(told(A), told(B)))


@pytest.mark.parametrize("has", [0, 1])
def test_printings_of_one_text_are_not_in_conflict(has):
    sides = [told(A), told(B, "b")]
    sides[has] = dataclasses.replace(sides[has], relatives=frozenset({sides[1 - has].article_id}))

    assert not list(conflicting(*sides))


# In what was found for a question

FIRST = """---
title: 清溪观察：公立医院化债记
date: 2023-05-10
source: 江淮卫生周刊
region: [安徽省芜湖市]
---
芜湖市把化债列入重点任务。2022年，芜湖市市属公立医院的资产负债率降到48.8%。
"""
SECOND = """---
title: 芜湖市属医院债务化解回顾
date: 2023-09-02
source: 江城健康报
region: [安徽省芜湖市]
---
2022年底，芜湖市市属公立医院的资产负债率为51.3%，化债资金为2亿元。
"""
THIRD = """---
title: 市属医院的账本
source: 芜湖晚讯
region: [安徽省芜湖市]
---
2022年，芜湖市市属公立医院的资产负债率是54.1%。
"""
QUESTION = "芜湖市属公立医院的资产负债率是多少?"


@pytest.fixture
def found(query_for, candidates_in):
    def run(*markdown, question=QUESTION):
        query = query_for(question)
        answering = assess(query, candidates_in(*markdown)).answering
        return [
            [(side.scored.candidate.article.source, side.figure.raw) for side in sides]
            for sides in find_conflicts(query, answering[:1], answering)
        ]

    return run


def test_the_newest_side_of_a_conflict_comes_first_and_one_without_a_date_last(found):
    assert found(THIRD, FIRST, SECOND) == [
        [("江城健康报", "51.3%"), ("江淮卫生周刊", "48.8%"), ("芜湖晚讯", "54.1%")]
    ]


def test_articles_that_agree_are_named_but_once(found):
    same = SECOND.replace("江城健康报", "又一家报").replace("51.3%", "48.8%")

    (sides,) = found(FIRST, SECOND, same)
    assert len(sides) == 2


def test_figures_that_were_not_asked_for_are_left_alone(found):
    other = SECOND.replace("51.3%", "48.8%")

    assert found(FIRST.replace("48.8%", "48.8%，化债资金为3亿元"), other) == []


COSTS = SECOND.replace(
    "2022年底，芜湖市市属公立医院的资产负债率为51.3%，化债资金为2亿元。",
    "2022年，芜湖市门诊次均费用为218元，住院次均费用为7400元。",
)


@pytest.mark.parametrize(
    ("question", "count"), [("芜湖的门诊次均费用是多少元?", 1), ("芜湖的住院次均费用是多少元?", 0)]
)
def test_of_two_figures_in_a_sentence_the_one_that_is_asked_about_counts(found, question, count):
    other = COSTS.replace("218元", "232元").replace("江城健康报", "又一家报")

    assert len(found(COSTS, other, question=question)) == count


def test_one_article_alone_contradicts_nothing(found):
    assert found(FIRST) == []


def test_what_stands_before_a_sentence_in_its_paragraph_counts(found):
    assert found(FIRST, SECOND.replace("2022年底，", "市第一人民医院率先试点。2022年底，")) == []


def test_a_corrected_printing_does_not_contradict_what_it_corrects(query_for, candidates_in):
    query, read = query_for(QUESTION), candidates_in(FIRST, SECOND)
    ids = sorted({c.article.article_id for c in read})
    first, second = (
        Repost(article_id=i, title=None, source=None, date=None, url=None, relation="correction") for i in ids
    )
    linked = [
        dataclasses.replace(
            c,
            article=dataclasses.replace(
                c.article, reposts=(second if c.article.article_id == first.article_id else first,)
            ),
        )
        for c in read
    ]

    for candidates, count in ((read, 1), (linked, 0)):
        answering = assess(query, candidates).answering
        assert len(find_conflicts(query, answering[:1], answering)) == count
