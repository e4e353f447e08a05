from __future__ import annotations

import dataclasses

import pytest

from rag.types import Answer, Filter, Passage, Refusal, Sentence


def passage(**changes):
    values = {"passage_id": "a#0", "article_id": "a", "ordinal": 0, "start": 0, "end": 2, "text": "甲。"}
    return Passage(**values | changes)


def answer(**changes):
    values = {
        "question": "q",
        "language": "zh",
        "sentences": (),
        "citations": (),
        "refusal": None,
        "composer": "extractive",
    }
    return Answer(**values | changes)


def test_the_context_of_a_passage_is_its_headings_outermost_first():
    assert passage(heading_path=("题目", "一、做法")).context == "题目 > 一、做法"
    assert passage().context == ""


@pytest.mark.parametrize(
    ("changes", "is_open"),
    [
        ({}, True),
        ({"regions": ("340200",)}, False),
        ({"since_year": 2020}, False),
        ({"until_year": 0}, False),
    ],
)
def test_a_filter_is_open_only_where_it_restricts_nothing(changes, is_open):
    assert Filter(**changes).is_open is is_open


def test_the_text_of_an_answer_is_its_sentences_with_their_markers():
    sentences = (
        Sentence(text="甲。", citations=(1, 2)),
        Sentence(text="（芜湖市）资料中未提及。", citations=()),
    )

    assert answer(sentences=sentences).text == "甲。[1][2]\n（芜湖市）资料中未提及。"
    assert answer(sentences=sentences).answered


def test_the_text_of_a_refusal_is_its_message():
    refused = answer(refusal=Refusal(code="not_found", message="没有"))

    assert refused.text == "没有"
    assert not refused.answered


def test_values_cannot_be_changed():
    with pytest.raises(dataclasses.FrozenInstanceError):
        passage().text = "乙"
