"""What becomes of an answer whose articles differ."""

from __future__ import annotations

import pytest

from rag.compose import Draft, Quote
from rag.compose.completion import contradicted
from rag.compose.extractive import ExtractiveComposer
from rag.numbering import number_and_verify

HEFEI = """---
title: 合肥签约服务见闻
date: 2023-05-06
source: 庐州卫生报
region: [安徽省合肥市]
---
合肥市的家庭医生签约率从41.5%提高到63.2%。签约服务由社区卫生服务中心承担。
"""
OTHER = """---
title: 家庭医生在合肥
date: 2023-11-20
source: 皖中时报
region: [安徽省合肥市]
---
合肥市的家庭医生签约率从41.5%提高到69.4%。
"""
AGREEING = OTHER.replace("69.4%", "63.2%")
ZH, EN = "合肥的家庭医生签约率是多少?", "What is the family doctor contract rate in Hefei?"


@pytest.fixture
def said(material_of):
    def run(question, *markdown):
        material = material_of(question, *markdown)
        drafts = ExtractiveComposer().drafts(material.query, material.answering)
        return number_and_verify(drafts, language=material.query.language)

    return run


def test_both_figures_are_given_the_newest_first_and_said_to_differ(said):
    sentences, citations, dropped = said(ZH, HEFEI, OTHER)

    assert (
        sentences[0].text
        == "两篇文章的数字不同，新的在前：69.4%（皖中时报，2023-11-20）；63.2%（庐州卫生报，2023-05-06）。"
    )
    assert sentences[0].citations == (1, 2)
    leads = [s.text for s in sentences[1:] if "→" not in s.text]
    assert leads == [c.quote for c in citations]
    assert ["69.4%" in citations[0].quote, "63.2%" in citations[1].quote] == [True, True]
    assert dropped == ()


def test_the_same_in_english(said):
    sentences, citations, dropped = said(EN, HEFEI, OTHER)

    assert sentences[0].text.startswith(
        "The figures of two articles differ, newest first: 69.4% (皖中时报, 2023-11-20)"
    )
    assert [c.date for c in citations] == ["2023-11-20", "2023-05-06"]
    assert dropped == ()


@pytest.mark.parametrize("question", [ZH, EN])
def test_nothing_is_said_where_articles_agree(said, question):
    sentences, citations, _ = said(question, HEFEI, AGREEING)

    assert len(citations) == 1
    assert not any("不同" in s.text or "differ" in s.text for s in sentences)


# After a model's words


def quote(material, needle):
    scored = next(s for s in material.answering if needle in s.candidate.text)
    c = scored.candidate
    return Quote(article=c.article, start=c.start, end=c.end, heading_path=c.heading_path, regions=c.regions)


def test_what_contradicts_a_models_sentence_is_told_after_it(material_of):
    material = material_of(ZH, HEFEI, OTHER)
    proven = [Draft(text="合肥市的家庭医生签约率提高到63.2%。", quotes=(quote(material, "63.2%"),))]

    statement, other = contradicted(material, proven)

    assert statement.text.startswith("两篇文章的数字不同")
    assert "69.4%" in other.text
    _, _, dropped = number_and_verify([*proven, statement, other], language="zh")
    assert dropped == ()


def test_a_model_that_told_both_is_only_told_to_have_told_what_differs(material_of):
    material = material_of(ZH, HEFEI, OTHER)
    proven = [Draft(text="…", quotes=(quote(material, "63.2%"), quote(material, "69.4%")))]

    (statement,) = contradicted(material, proven)

    assert statement.text.startswith("两篇文章的数字不同")
    assert list(contradicted(material, [*proven, statement])) == []


def test_a_model_is_not_contradicted_by_articles_that_agree(material_of):
    material = material_of(ZH, HEFEI, AGREEING)
    proven = [Draft(text="合肥市的家庭医生签约率提高到63.2%。", quotes=(quote(material, "63.2%"),))]

    assert list(contradicted(material, proven)) == []
