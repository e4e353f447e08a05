from __future__ import annotations

import pytest

from rag.compose import Draft
from rag.compose.blocks import quote_of
from rag.compose.soundness import (
    declines,
    is_bare,
    is_foreign,
    is_on_question,
    is_sure,
    overreaches,
    speaks_of_several,
    unanswered,
)

TEXT = """---
region: [安徽省合肥市]
---
合肥市的家庭医生签约率从41.5%提高到63.2%。市里还修了公园。

## 赣州

赣州市的家庭医生签约率从30.2%提高到55.4%。
"""


@pytest.mark.parametrize(
    "text",
    [
        "信息不足",
        "资料中没有提到这一点。",
        "材料未说明具体数额。",
        "无法确定。",
        "INSUFFICIENT",
        "The material does not say how many.",
        "This cannot be determined.",
        "The number is not mentioned.",
    ],
)
def test_saying_that_there_is_no_answer(text):
    assert declines(text)


@pytest.mark.parametrize(
    "text", ["医院没有提高收费。", "The hospital did not raise its fees.", "资料由市卫健委提供。"]
)
def test_denials_are_no_refusals(text):
    assert not declines(text)


@pytest.mark.parametrize(
    ("text", "language", "foreign"),
    [
        ("签约率提高到63.2%。", "zh", False),
        ("The rate rose to 63.2%.", "zh", True),
        ("推行DRG和DIP付费，用CT检查。", "zh", False),
        ("The rate rose to 63.2%.", "en", False),
        ("签约率提高到63.2%。", "en", True),
        ("The article says: 「签约率从41.5%提高到63.2%」", "en", False),
        ("It set up a staffing pool (编制周转池) in Suzhou (苏州).", "en", False),
        ("62.59%", "zh", False),
        ("They dealt with the identity归属 of staff.", "en", True),
    ],
)
def test_the_language_of_a_sentence_is_that_of_its_own_words(text, language, foreign):
    assert is_foreign(text, language) is foreign


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("50 家。", True),
        ("4933人", True),
        ("9", True),
        ("39.17%", True),
        ("卫生人员增加到4933人。", False),
        ("It rose to 63.2% in all counties.", False),
    ],
)
def test_a_figure_alone_is_no_sentence(text, bare):
    assert is_bare(text) is bare


def drafts(material, *texts):
    """Drafts that rest on the sentence of the material that holds their last word."""
    made = []
    for text in texts:
        [one] = [c for c in material.read if text.split("|")[1] in c.text]
        made.append(Draft(text=text.split("|")[0], quotes=(quote_of(one),)))
    return made


def test_a_place_of_which_nothing_is_said_is_missing(material_of):
    material = material_of("比较合肥和赣州的家庭医生签约率", TEXT)
    hefei, ganzhou = material.query.regions
    told = drafts(material, "合肥市签约率从41.5%提高到63.2%。|63.2%")

    assert unanswered(material.query, material.answering, told) == (ganzhou,)
    assert unanswered(material.query, material.answering, []) == (hefei, ganzhou)
    told += drafts(material, "赣州市签约率提高到55.4%。|55.4%")
    assert unanswered(material.query, material.answering, told) == ()


def test_whoever_asks_how_much_is_answered_by_a_figure_only(material_of):
    material = material_of("合肥的家庭医生签约率是多少?", TEXT)
    [place] = material.query.regions

    assert unanswered(material.query, material.answering, drafts(material, "合肥市签约率提高了。|63.2%")) == (
        place,
    )
    assert (
        unanswered(material.query, material.answering, drafts(material, "合肥市签约率提高到63.2%。|63.2%"))
        == ()
    )


def test_a_question_without_a_place_is_one_question(material_of):
    material = material_of("家庭医生签约率是多少?", TEXT)

    assert unanswered(material.query, material.answering, []) == ((),)


def test_what_stands_beside_an_answer_and_names_nothing_asked_is_beside_the_question(material_of):
    material = material_of("合肥的家庭医生签约率是多少?", TEXT)
    answer, beside = (quote_of(c) for c in material.read[:2])

    assert is_on_question(material.query, [answer], material.answering)
    assert beside.text == "市里还修了公园。"
    assert not is_on_question(material.query, [beside], material.answering)


def test_a_plain_answer_is_believed_more_than_a_model_that_sees_none(material_of):
    plain = material_of("合肥的家庭医生签约率是多少?", TEXT)

    assert is_sure(plain.query, plain.answering)


def test_a_sentence_on_the_subject_that_does_not_say_what_is_asked_is_no_plain_answer(material_of):
    material = material_of("合肥的家庭医生签约率怎么考核?", TEXT)

    assert material.answering
    assert not is_sure(material.query, material.answering)


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("两地都建立了编制周转池。", True),
        ("两市均投入了资金。", True),
        ("Both cities set up a pool.", True),
        ("The benefits of these reforms were large.", True),
        ("合肥市建立了编制周转池。", False),
        ("资源分布更均衡。", False),
        ("Hefei set up a pool.", False),
    ],
)
def test_saying_something_of_several_places_at_once(text, several):
    assert speaks_of_several(text) is several


def test_what_is_said_of_several_places_must_be_proven_of_several(material_of):
    material = material_of("比较合肥和赣州的家庭医生签约率", TEXT)
    hefei, ganzhou = (quote_of(c) for c in material.read if "%" in c.text)

    assert overreaches(material.query, "两地的签约率都提高了。", [hefei])
    assert not overreaches(material.query, "两地的签约率都提高了。", [hefei, ganzhou])
    assert not overreaches(material.query, "合肥市的签约率提高了。", [hefei])
    alone = material_of("合肥的家庭医生签约率是多少?", TEXT)
    assert not overreaches(alone.query, "签约率都提高了。", [hefei])
