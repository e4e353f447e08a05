from __future__ import annotations

import dataclasses

import pytest

from rag.assess import assess
from rag.compose import Material
from rag.compose.extractive import ExtractiveComposer, choose
from rag.numbering import check

HEFEI = """---
title: 安徽合肥：编制周转池
region: [安徽省合肥市]
---
合肥市设立编制周转池，放入编制560个，由市里的编办管理。

周转池的编制用于乡镇卫生院，每年调剂一次。

家庭医生的签约率从41.5%提高到63.2%。
"""
GANZHOU = """---
title: 江西赣州：编制
region: [江西省赣州市]
---
赣州市的编制周转池放入编制120个，由各县的卫生健康局管理。
"""


@pytest.fixture
def compose(query_for, candidates_in):
    def run(question, *markdown):
        query = query_for(question)
        near = [
            dataclasses.replace(c, lead=0.05) for c in candidates_in(*markdown)
        ]  # no encoder has seen them
        assessment = assess(query, near)
        return list(ExtractiveComposer().compose(Material(query=query, answering=assessment.answering)))

    return run


@pytest.fixture
def answering(query_for, candidates_in):
    def run(question, *markdown):
        return assess(query_for(question), candidates_in(*markdown)).answering

    return run


def leads(drafts):
    return [draft.text for draft in drafts if draft.is_lead]


def test_every_sentence_is_the_articles_own(compose):
    for draft in compose("合肥的编制周转池怎么管理?", HEFEI):
        (quote,) = draft.quotes
        assert quote.text == quote.article.text[quote.start : quote.end]
        assert quote.text.rstrip("。；，") in draft.text


def test_every_draft_passes_its_own_verification(compose):
    for question in ("合肥的编制周转池怎么管理?", "合肥的签约率是多少?", "比较合肥和赣州的编制周转池"):
        for draft in compose(question, HEFEI, GANZHOU):
            assert check(draft, language="zh").supported, draft.text


def test_every_english_draft_passes_its_own_verification(compose):
    for question in (
        "What is Hefei's family doctor contract rate?",
        "Compare staffing pools in Hefei and Ganzhou",
    ):
        drafts = compose(question, HEFEI, GANZHOU)
        assert drafts
        for draft in drafts:
            assert check(draft, language="en").supported, draft.text


def test_a_question_for_a_figure_is_answered_by_one_sentence(compose):
    assert leads(compose("合肥的签约率是多少?", HEFEI)) == [
        "（安徽省合肥市）家庭医生的签约率从41.5%提高到63.2%。"
    ]


def test_the_place_is_put_in_front_only_where_the_quote_does_not_name_one(compose):
    (sentence,) = leads(compose("合肥的编制周转池放入多少个编制?", HEFEI))

    assert sentence.startswith("合肥市")


def test_a_card_follows_the_sentence_that_it_explains(compose):
    lead, card = compose("合肥的签约率是多少?", HEFEI)

    assert (lead.is_lead, card.is_lead) == (True, False)
    assert card.quotes == lead.quotes
    assert "21.7个百分点" in card.text


def test_sentences_stand_in_the_order_of_their_article(compose):
    starts = [d.quotes[0].start for d in compose("合肥的编制周转池怎么做?", HEFEI) if d.is_lead]

    assert starts == sorted(starts)


def test_what_was_said_already_is_not_said_again(answering, query_for):
    twice = f"{HEFEI}\n合肥市设立编制周转池，共放入编制560个，由市里的编办管理。\n"

    chosen = choose(query_for("合肥的编制周转池"), answering("合肥的编制周转池", twice))

    assert sum("560个" in s.candidate.text for s in chosen) == 1


def test_a_sentence_far_behind_the_best_is_left_out(answering, query_for):
    query = query_for("合肥的编制周转池")
    best, *others = answering("合肥的编制周转池", HEFEI)
    weak = [dataclasses.replace(s, score=best.score / 4) for s in others]

    assert others
    assert choose(query, [best, *weak]) == [best]


def test_the_best_sentence_is_always_chosen(answering, query_for):
    question = "合肥的编制周转池"
    ranked = answering(question, HEFEI, GANZHOU)

    assert ranked[0] in choose(query_for(question), ranked)


def test_each_place_of_a_comparison_is_answered_in_the_order_asked(compose):
    drafts = leads(compose("比较赣州和合肥的编制周转池", HEFEI, GANZHOU))

    places = ["赣州" if "赣州" in text else "合肥" for text in drafts]
    assert places == sorted(places, key=["赣州", "合肥"].index)
    assert set(places) == {"赣州", "合肥"}


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("比较合肥和芜湖的编制周转池", "（安徽省芜湖市）资料中未提及。"),
        ("Compare staffing pools in Hefei and Wuhu", "Wuhu: not mentioned in the articles."),
    ],
)
def test_a_place_on_which_the_articles_are_silent_is_said_to_be(compose, question, said):
    silent = compose(question, HEFEI)[-1]

    assert (silent.text, silent.quotes) == (said, ())


def test_an_english_answer_frames_the_chinese_words_with_topic_and_place(compose):
    lead, *_ = compose("How is the staffing pool managed in Hefei?", HEFEI)

    assert "Hefei (安徽省合肥市)" in lead.text
    assert "staffing" in lead.text
    assert f"「{lead.quotes[0].text}」" in lead.text


def test_a_further_quotation_of_the_same_place_is_framed_shorter(compose):
    text = "# 合肥\n\n合肥市的编制周转池由市里的编办管理。\n\n合肥市的编制周转池让村医优先，每年调剂。\n"

    first, second = leads(compose("What is the staffing pool in Hefei?", text))

    assert "Hefei (" in first
    assert "Hefei (" not in second


def test_a_sentence_ends_with_one_full_stop(compose):
    text = "---\ntitle: 合肥\nregion: [安徽省合肥市]\n---\n合肥市的编制周转池由编办管理；药房另有安排；"

    assert leads(compose("合肥的编制周转池由谁管理?", text))[0] == "合肥市的编制周转池由编办管理。"


def test_a_quotation_that_closes_its_sentence_keeps_its_own_full_stop(compose):
    text = "---\ntitle: 合肥\nregion: [安徽省合肥市]\n---\n合肥市的编办说：“编制周转池由我们管理。”"

    assert leads(compose("合肥的编制周转池由谁管理?", text))[0].endswith("管理。”")
