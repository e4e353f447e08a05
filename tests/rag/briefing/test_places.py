from __future__ import annotations

import pytest

from rag.briefing.places import place_of
from rag.regions import full_name


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("安徽省合肥市核增编制300个。", "安徽省合肥市"),
        ("各地推广三明医改经验，成效很好。", ""),
        ("福建省三明市的医改取得成效。", "福建省三明市"),
        ("不少地区核增了编制。", ""),
        ("中新社北京8月15日电 各地要核增编制三百多个。", ""),
        ("芜湖市第一人民医院核增编制三百多个。", "安徽省芜湖市"),
        ("# 深圳医改的做法\n\n公立医院共核增编制三百多个，运行平稳。", "广东省深圳市"),
    ],
)
def test_a_sentence_tells_of_the_place_that_acts_in_it(candidates_in, text, place):
    (sentence,) = candidates_in(text + "\n")

    code = place_of(sentence)

    assert (full_name(code) if code else "") == place


def test_a_place_named_before_holds_for_the_paragraph_but_a_model_does_not(candidates_in):
    own = candidates_in("合肥市推进改革。核增编制300个。\n")
    model = candidates_in("各地学习三明医改经验。核增编制300个。\n")

    assert full_name(place_of(own[-1])) == "安徽省合肥市"
    assert place_of(model[-1]) == ""


def test_what_is_said_of_many_regions_is_not_said_of_the_one_before(candidates_in):
    sentences = candidates_in("合肥市多年来持续推进公立医院改革。不少地区以医共体为抓手。\n")

    assert place_of(sentences[-1]) == ""


def test_a_hospital_named_before_is_no_place_of_the_sentences_after_it(candidates_in):
    sentences = candidates_in(
        "首批示范医院包括汉中市中心医院、榆林市第一医院。记者了解到，编制要动态调整到各家医院。\n"
    )

    assert place_of(sentences[-1]) == ""
