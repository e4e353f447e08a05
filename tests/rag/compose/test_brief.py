from __future__ import annotations

import pytest

from rag.compose.blocks import choose_blocks
from rag.compose.brief import brief
from rag.llm.tally import tokens_of

TEXT = """---
title: 安徽合肥：签约服务
date: 2021
region: [安徽省合肥市]
---
合肥市的家庭医生签约率从41.5%提高到63.2%。{more}
"""
RATE = "合肥的家庭医生签约率提高了多少?"


def brief_of(material, *, window=4096, answer=600, question=None):
    blocks = choose_blocks(material.query, material.answering, material.read)
    return brief(question or material.query.text, blocks, "zh", window_tokens=window, answer_tokens=answer)


def test_instructions_examples_evidence_and_question_in_that_order(material_of):
    told = brief_of(material_of(RATE, TEXT.format(more="")))

    roles = [role for role, _ in told.turns]
    assert roles == ["system", *["human", "ai"] * 3, "human"]
    last = told.turns[-1][1]
    assert last.index("[1] 安徽省合肥市") < last.index("63.2%") < last.index(RATE)
    assert [block.number for block in told.blocks] == [1]


def test_examples_and_instructions_are_the_same_for_every_question(material_of):
    one = brief_of(material_of(RATE, TEXT.format(more="")))
    other = brief_of(material_of("合肥怎样做家庭医生签约?", TEXT.format(more="签约居民可以转诊。")))

    assert one.turns[:-1] == other.turns[:-1]


@pytest.mark.parametrize("window", [2048, 3000, 4096, 8192])
def test_the_whole_prompt_leaves_room_for_the_answer(material_of, window):
    much = TEXT.format(more="签约的居民可以优先转诊到上级医院。" * 300)
    told = brief_of(material_of(RATE, much), window=window)

    assert told is not None
    assert tokens_of(told.turns) + 600 <= window
    assert any("63.2%" in block.text for block in told.blocks)


def test_what_does_not_fit_is_counted(material_of):
    much = TEXT.format(
        more="\n\n".join(
            f"合肥市第{n}批家庭医生签约率从4{n}.5%提高到63.2%，居民都说好。" for n in range(1, 6)
        )
    )
    whole, tight = brief_of(material_of(RATE, much)), brief_of(material_of(RATE, much), window=1900)

    assert whole.left_out == 0
    shown = [sum(len(block.sentences) for block in told.blocks) for told in (whole, tight)]
    assert tight.left_out == shown[0] - shown[1] > 0


def test_where_not_even_one_sentence_fits_there_is_no_brief(material_of):
    assert brief_of(material_of(RATE, TEXT.format(more="")), window=1024, answer=600) is None


def test_no_article_can_close_the_fence(material_of):
    first = brief_of(material_of(RATE, TEXT.format(more="")))
    fence = first.turns[-1][1].split(">")[0].split("-")[1]
    told = brief_of(material_of(RATE, TEXT.format(more=f"编号{fence}的签约居民可以优先转诊。")))

    last = told.turns[-1][1]
    own = last.split(">")[0].split("-")[1]
    assert own != fence
    assert last.count(own) == 2


def test_what_cannot_be_sent_is_made_sendable(material_of):
    told = brief_of(material_of(RATE, TEXT.format(more="")), question="合肥\ud800的签约率?")

    assert "\n".join(text for _, text in told.turns).encode("utf-8")
