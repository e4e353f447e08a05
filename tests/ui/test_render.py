from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.types import Answer, Citation, Refusal, Sentence
from ui.render import display_width, printable, render_answer, table

CITATION = Citation(
    number=1,
    article_id="a-1",
    title="题目",
    source=None,
    date="2025",
    url=None,
    regions=(),
    heading_path=("题目", "一、做法"),
    start=3,
    end=9,
    quote="投入10亿元",
)


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
