from __future__ import annotations

import pytest

from rag.compose import Draft
from rag.compose.attribution import attribute, narrowed, nearest, shared_content
from rag.compose.blocks import choose_blocks, quote_of
from rag.numbering import check

TEXT = """---
title: 安徽合肥：签约服务
region: [安徽省合肥市]
---
合肥市近年重视基层，家庭医生签约率从41.5%提高到63.2%，财政每年补助1.2亿元。签约居民可以优先转诊。
"""
OTHER = """---
title: 江西赣州：签约服务
region: [江西省赣州市]
---
赣州市的家庭医生签约率从30.2%提高到55.4%。
"""


@pytest.fixture(scope="module")
def blocks(material_of):
    material = material_of("比较合肥和赣州的家庭医生签约率", TEXT, OTHER)
    return choose_blocks(material.query, material.answering, material.read)


def proves(text, quotes):
    return check(Draft(text=text, quotes=tuple(quotes)), language="zh").supported


def words(quotes):
    return [quote.text for quote in quotes]


TRUE = "合肥市家庭医生签约率从41.5%提高到63.2%。"


@pytest.mark.parametrize("cited", [(1,), (2,), (), (9,), (0, 77)])
def test_the_words_that_prove_a_sentence_are_found_whatever_number_it_gives(blocks, cited):
    [quote] = attribute(TRUE, cited, blocks, proves)

    assert "家庭医生签约率从41.5%提高到63.2%" in quote.text
    assert quote.article.title == "安徽合肥：签约服务"


def test_a_quote_is_cut_to_the_clauses_that_are_needed(blocks):
    [quote] = attribute("家庭医生签约率从41.5%提高到63.2%。", (1,), blocks, proves)

    assert quote.text == "家庭医生签约率从41.5%提高到63.2%"
    assert quote.article.text[quote.start : quote.end] == quote.text


def test_a_quote_is_never_cut_below_what_it_shares_with_the_sentence(blocks):
    whole = quote_of(blocks[0].sentences[0])
    text = "合肥市近年重视基层，财政每年补助1.2亿元。"
    quote = narrowed(text, whole, lambda *_: True)

    assert shared_content(text, quote.text) == shared_content(text, whole.text)
    assert quote.text.startswith("合肥市近年重视基层")
    assert quote.text.endswith("1.2亿元。")


@pytest.mark.parametrize(
    "text",
    [
        "合肥市家庭医生签约率从41.5%提高到65.2%。",
        "赣州市家庭医生签约率从41.5%提高到63.2%。",
        "合肥市家庭医生签约率从63.2%下降到41.5%。",
        "合肥市取消了家庭医生签约。",
    ],
)
def test_what_nothing_proves_has_no_quotes(blocks, text):
    assert attribute(text, (1, 2), blocks, proves) == ()


def test_words_of_two_places_together_prove_nothing_of_either(blocks):
    assert (
        attribute(
            "合肥市和赣州市的签约率从30.2%提高到63.2%。", (1, 2), blocks, lambda _, quotes: len(quotes) > 1
        )
        == ()
    )


def test_the_nearest_words_are_named_for_what_is_not_proven(blocks):
    assert words(nearest("赣州市家庭医生签约率是99%。", (), blocks)) == [
        "赣州市的家庭医生签约率从30.2%提高到55.4%。"
    ]
    assert nearest("甲", (), []) == ()


def test_english_finds_its_chinese_words(blocks):
    text = "In Ganzhou the rate of family-doctor contracts rose from 30.2% to 55.4%."

    def proves_english(text, quotes):
        return check(Draft(text=text, quotes=tuple(quotes)), language="en").supported

    [quote] = attribute(text, (1,), blocks, proves_english)
    assert quote.text == "赣州市的家庭医生签约率从30.2%提高到55.4%。"
