from __future__ import annotations

import pytest

from rag.briefing.topic import IMPLIED, NAMED, is_passing, strength_in


@pytest.mark.parametrize(
    ("text", "core", "setting"),
    [
        ("公立医院化债", ["化债"], ["公立医院"]),
        ("編制改革", ["編制"], []),
        ("编制和薪酬", ["编制", "薪酬"], []),
        ("debt reduction of public hospitals", ["化债"], ["公立医院"]),
        ("public hospital debt reduction", ["化债"], ["公立医院"]),
    ],
)
def test_the_head_of_a_topic_is_told_from_its_setting(topic_called, text, core, setting):
    topic = topic_called(text)

    assert [a.name for a in topic.core] == core
    assert [a.name for a in topic.setting] == setting


def strengths(topic, candidates):
    return {c.text: strength_in(topic, c) for c in candidates}


def test_a_sentence_is_on_the_topic_where_it_names_it_or_a_part_of_it_beside_it(topic_called, candidates_in):
    text = """# 安徽合肥：公立医院化债

合肥市为公立医院化债筹集3亿元。各家医院的资产负债率都降了下来。医院的食堂也在同一年里翻修一新。
"""

    found = strengths(topic_called("公立医院化债"), candidates_in(text))

    assert found == {
        "合肥市为公立医院化债筹集3亿元。": NAMED,
        "各家医院的资产负债率都降了下来。": IMPLIED,
        "医院的食堂也在同一年里翻修一新。": 0,
    }


def test_figures_count_under_a_title_on_the_topic_alone(topic_called, candidates_in):
    topic = topic_called("编制改革")
    alone = "# 合肥的编制改革\n\n全市共有床位2400张。\n"
    with_other = "# 合肥的编制改革与签约服务\n\n签约率达到63.2%。\n"

    assert strengths(topic, candidates_in(alone))["全市共有床位2400张。"] == IMPLIED
    assert strengths(topic, candidates_in(with_other))["签约率达到63.2%。"] == 0


def test_a_topic_in_a_setting_needs_the_setting_somewhere_in_the_article(topic_called, candidates_in):
    text = "# 高速公路化债\n\n合肥市为高速公路化债筹集3亿元。\n"

    assert (
        strengths(topic_called("公立医院化债"), candidates_in(text))["合肥市为高速公路化债筹集3亿元。"] == 0
    )


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("涉及财政、编制、医保等部门", True),
        ("在编制之外，还推行签约服务", True),
        ("核增编制300个", False),
        ("财政、编制、医保等部门一起核增编制300个", False),
        ("没有说到", False),
    ],
)
def test_an_item_of_a_list_and_what_is_set_aside_say_nothing_of_the_topic(topic_called, text, passes):
    assert is_passing(topic_called("编制改革"), text) is passes


def test_a_verb_with_a_nouns_characters_is_not_the_topic(topic_called, candidates_in):
    text = (
        "# 某县工作\n\n某县开展资金发放清册的编制。\n\n某县编制了三年规划。\n\n某县为医院核定编制三十名。\n"
    )

    found = strengths(topic_called("编制改革"), candidates_in(text))

    assert found == {
        "某县开展资金发放清册的编制。": 0,
        "某县编制了三年规划。": 0,
        "某县为医院核定编制三十名。": NAMED,
    }
