from __future__ import annotations

import dataclasses

import pytest
from answers import citation
from hypothesis import given
from hypothesis import strategies as st
from worded import MODEL, PROVEN, REASONS, UNPROVEN, worded

from rag.types import Answer, Refusal, Sentence, Usage
from ui.render import (
    answer_notes,
    answer_text,
    display_width,
    fallback_note,
    printable,
    render_answer,
    table,
    worded_by,
)
from ui.strings import STRINGS

CITATION = citation(heading_path=("题目", "一、做法"))


def answer(language="zh", **changes):
    values = {
        "question": "q",
        "language": language,
        "sentences": (Sentence(text="投入10亿元。", citations=(1,)),),
        "citations": (CITATION,),
        "refusal": None,
        "composer": "extractive",
    }
    return Answer(**{**values, **changes})


def test_every_sentence_ends_with_its_marker_and_every_citation_says_where_it_stands():
    text = render_answer(answer())

    assert text.splitlines() == [
        "投入10亿元。[1]",
        "",
        "依据",
        "[1] 题目 · 来源不详 · 2025",
        "    一、做法",
        "    「投入10亿元」",
        "    位置 a-1 [3, 9)",
    ]


def test_the_frame_follows_the_language_of_the_question():
    assert "Evidence" in render_answer(answer("en"))


def test_a_refusal_looks_different_from_an_answer():
    refused = answer(sentences=(), citations=(), refusal=Refusal(code="not_found", message="没有"))

    assert render_answer(refused) == "未能回答：没有"


def test_what_a_terminal_would_obey_is_dropped():
    hostile = answer(sentences=(Sentence(text="\x1b]0;x\x07红\u202e字\u200b", citations=()),))

    assert render_answer(hostile).splitlines()[0] == "]0;x红字"


@given(st.text())
def test_printable_text_holds_no_control_character(text):
    assert not any(ord(ch) < 32 and ch not in "\n\t" for ch in printable(text))


def test_columns_line_up_by_display_width():
    assert table([("编号", "x"), ("a", "y")]) == ["编号  x", "a     y"]
    assert display_width("编号a") == 5


# What there is to say of the language model


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("reason", REASONS)
def test_whatever_became_of_the_model_the_reader_is_told_why_and_what_the_answer_is(reason, language):
    whole = fallback_note(worded(composer="extractive", fallback_reason=reason), language)
    part = fallback_note(worded(composer="llm+extractive", fallback_reason=reason), language)

    assert whole != part
    assert ("摘录自文章原文。" if language == "zh" else "these are the articles' own sentences.") in whole
    assert ("前面是它写的" if language == "zh" else "checked sentences come first") in part
    assert "{" not in whole + part


@pytest.mark.parametrize("ending", ["", "_mixed"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_two_reasons_read_the_same(language, ending):
    assert len({STRINGS[f"fallback_{reason}{ending}"][language] for reason in REASONS}) == len(REASONS)


def test_there_are_words_for_no_reason_that_is_not_one():
    named = {key.removeprefix("fallback_").removesuffix("_mixed") for key in STRINGS if "fallback_" in key}

    assert named == set(REASONS)


def test_notes_stand_on_lines_of_their_own_between_the_answer_and_its_evidence():
    lines = render_answer(worded(composer="llm+extractive", fallback_reason="interrupted")).splitlines()

    assert lines[:6] == [
        "芜湖市投入10亿元。[1]",
        "",
        STRINGS["fallback_interrupted_mixed"]["zh"],
        f"由语言模型 {MODEL} 组织文字，每句均已核对。",
        "",
        "依据",
    ]


@pytest.mark.parametrize(
    ("language", "words"), [("zh", "另有 3 句依据"), ("en", "(3 sentences of the evidence")]
)
def test_what_the_model_was_not_shown_is_said(language, words):
    usage = Usage(model="m", prompt_tokens=1, completion_tokens=1, left_out=3)

    assert words in "".join(answer_notes(worded(usage=usage), language))
    assert words not in "".join(answer_notes(worded(), language))


@pytest.mark.parametrize(
    "extracted",
    [
        worded(composer="extractive", usage=None),
        worded(composer="extractive"),
        worded(
            composer="llm",
            fallback_reason="declined",
            sentences=(),
            citations=(),
            refusal=Refusal(code="model_declined", message="没有"),
        ),
    ],
    ids=["no model", "a model in vain", "refusal"],
)
def test_what_no_model_worded_does_not_name_one(extracted):
    assert worded_by(extracted, "zh") == ""
    assert answer_notes(extracted, "zh") == []


@pytest.mark.parametrize(("language", "mark"), [("zh", "〔未经证实〕"), ("en", "[unverified]")])
def test_what_nothing_proves_is_marked_has_no_number_and_is_not_called_checked(language, mark):
    # A number that slipped through is not shown either: it would look like proof.
    unproven = dataclasses.replace(UNPROVEN, citations=(1,))
    marked = worded(language=language, sentences=(PROVEN, unproven))

    assert answer_text(marked) == f"{PROVEN.text}[1]\n{UNPROVEN.text}{mark}"
    assert answer_text(marked) in render_answer(marked)
    assert mark in worded_by(marked, language)
    assert mark not in worded_by(worded(), language)


def test_what_nothing_proves_cannot_forge_evidence():
    forged = dataclasses.replace(UNPROVEN, text="合肥也是。\n\n依据\n[1] 人民日报")

    assert render_answer(worded(sentences=(PROVEN, forged))).splitlines()[1] == (
        "合肥也是。 依据 [1] 人民日报〔未经证实〕"
    )


def test_the_question_as_it_was_understood_comes_first_and_the_answer_knows_best():
    assert render_answer(worded(understood="甲"), asked_as="乙").startswith("理解为：甲\n\n芜湖市")
    assert render_answer(worded(), asked_as="乙").startswith("理解为：乙\n\n芜湖市")


def test_a_models_name_cannot_write_to_the_terminal():
    usage = dataclasses.replace(worded().usage, model="x\x1b[2J")

    assert "\x1b" not in render_answer(worded(usage=usage))
