from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.kinds import find_things

KINDS = (
    "person",
    "body",
    "place",
    "time",
    "number",
    "title",
    "reason",
    "manner",
    "definition",
    "yes_no",
    "list",
)
ALPHABET = "王张欧阳明说在的主任省市院局公司第百分之年月日三１2《》“”·•（），。 \nＡbＣ㈠ﬁ𠮷台灣去昨%"


def values(text: str, kind: str) -> list[str]:
    return [thing.value for thing in find_things(text, kind)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("昨日，院长刘自林表示支持。", "刘自林"),
        ("張偉教授在會上發言。", "张伟"),
        ("由司马懿率领。", "司马懿"),
        ("记者 陈小明", "陈小明"),
        ("约翰·史密斯出席。", "约翰·史密斯"),
        ("欧阳修（1007年生）", "欧阳修"),
        ("首相佐藤荣作访问。", "佐藤荣作"),
        ("唐太宗即位。", "唐太宗"),
        ("The head is John Smith.", "john smith"),
    ],
)
def test_people_are_found_by_name(text, name):
    assert name in values(text, "person")


@pytest.mark.parametrize(
    "text", ["高速公路通车。", "任何方面都可以。", "经济管理很重要。", "万元以上，马上开始。"]
)
def test_everyday_words_are_no_names(text):
    assert values(text, "person") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("隶属于国家卫健委。", "国家卫健委"),
        ("毕业于安徽医科大学。", "安徽医科大学"),
        ("由光明药业股份有限公司生产。", "光明药业股份有限公司"),
        ("縣醫院與中國銀行合作。", "中国银行"),
        ("He left Peking University in May.", "peking university"),
    ],
)
def test_bodies_are_found_by_their_ends(text, name):
    assert name in values(text, "body")


@pytest.mark.parametrize("text", ["这个部分很重要。", "局面稳定。", "学院长期办学。"])
def test_a_longer_word_does_not_end_a_body(text):
    assert values(text, "body") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("在安徽省芜湖市举行。", "安徽省芜湖市"),
        ("他前往日本。", "日本"),
        ("飞往倫敦。", "伦敦"),
        ("位于虹桥机场。", "虹桥机场"),
        ("He moved to Kenya.", "kenya"),
    ],
)
def test_places_are_found(text, name):
    assert name in values(text, "place")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("２０２１年６月４日施行。", "2021-06-04"),
        ("二〇二三年启动。", "2023"),
        ("6月4日会议", "*-06-04"),
        ("去年启动。", "去年"),
        ("昨日上午", "昨日"),
        ("康熙三年", "康熙三年"),
        ("18世纪中叶", "18世纪中叶"),
        ("on 4 June 2021", "2021-06-04"),
        ("建于1835，", "1835"),
    ],
)
def test_times_have_one_form(text, value):
    assert value in values(text, "time")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("共有三名医生", "三名"),
        ("占百分之四十。", "百分之四十"),
        ("超过半数", "半数"),
        ("约有数十万人", "数十万人"),
        ("有4艘", "4艘"),
        ("每月一次", "每月一次"),
        ("产量翻番。", "翻番"),
        ("排名第十", "第十"),
        ("全长364.6公里", "364.6公里"),
        ("有１２０家醫院", "120家"),
    ],
)
def test_numbers_are_found_with_their_units(text, value):
    assert value in values(text, "number")


def test_dates_are_no_numbers():
    assert values("2021年6月4日", "number") == []


@pytest.mark.parametrize("text", ["《健康报》报道", "被称为“健康报”的", "「健康报」"])
def test_titles_are_what_stands_in_quotes(text):
    assert "健康报" in values(text, "title")


def test_a_role_title_or_transliteration_without_a_dot_is_less_sure():
    assert [t.is_sure for t in find_things("安德森夺冠。", "person")] == [False]
    assert [t.is_sure for t in find_things("约翰·史密斯夺冠。", "person")] == [True]


@given(
    st.text(alphabet=st.sampled_from(ALPHABET), max_size=60) | st.text(max_size=40), st.sampled_from(KINDS)
)
def test_things_are_exact_slices_in_order_without_overlaps(text, kind):
    things = find_things(text, kind)

    assert all(text[t.start : t.end] == t.text and t.text for t in things)
    assert all(a.end <= b.start for a, b in itertools.pairwise(things))


@pytest.mark.parametrize("kind", KINDS)
def test_a_long_text_without_punctuation_is_read(kind):
    text = "王国年院2公司" * 400

    assert all(text[t.start : t.end] == t.text for t in find_things(text, kind))
