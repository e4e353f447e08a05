from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shelf import Shelf

from rag.assess import Scored
from rag.compose.trim import KEEP_WHOLE_CHARS, trim
from rag.evidence import gather_candidates
from rag.types import Article, Hit, Passage
from rag.understand import understand

PAIRS = {"“": "”", "「": "」", "（": "）", "《": "》", "【": "】"}
FILLER = "这里说的是与问题没有关系的另外一些安排和另外一些办法还有一点别的"

CLAUSES = st.lists(
    st.one_of(
        st.sampled_from(["编制周转池", "合肥市", "让居民受益", "共投入12亿元", "比例为48.8%", "1,200人", "其中", "同时"]),
        st.sampled_from(["，", "，", "：", "、", "“", "”", "「", "」", "（", "）", "《", "》", "(", ")"]),
        st.text(alphabet="甲乙丙丁戊己庚辛", min_size=1, max_size=9),
    ),
    min_size=8,
    max_size=40,
).map("".join)  # fmt: skip


def equally_rare(forms):
    return 0.5 if forms else 1.0


def scored(text):
    """The first sentence of a text, as the composer gets it."""
    article = Article(article_id="a", title=None, text=text)
    passage = Passage(passage_id="a#0", article_id="a", ordinal=0, start=0, end=len(text), text=text)
    hit = Hit(passage=passage, score=1.0, rank=1, origin="fused")
    candidates = gather_candidates([hit], library=Shelf(article))
    return (
        Scored(candidate=candidates[0], coverage=1.0, own=1.0, score=1.0, figures=()) if candidates else None
    )


def quote(question, text):
    start, end = trim(understand(question, rarity=equally_rare), scored(text))
    return text[start:end]


def is_balanced(text):
    open_marks = []
    for ch in text:
        if ch in PAIRS or ch == "(":
            open_marks.append(PAIRS.get(ch, ")"))
        elif ch in (*PAIRS.values(), ")") and (not open_marks or open_marks.pop() != ch):
            return False
    return not open_marks


def test_a_short_sentence_is_quoted_whole():
    text = "合肥市去年核增编制300个，今年再核增120个，全部用于乡镇卫生院。"

    assert len(text) <= KEEP_WHOLE_CHARS
    assert quote("合肥核增了多少编制?", text) == text


def test_of_a_long_sentence_the_clauses_that_answer_are_kept():
    text = f"{FILLER}，{FILLER}，合肥市的编制周转池由编办管理，{FILLER}，{FILLER}。"

    assert quote("合肥的编制周转池怎么管理?", text) == "合肥市的编制周转池由编办管理"


def test_clauses_between_two_that_answer_are_kept_so_that_the_slice_is_unbroken():
    text = f"{FILLER}，编制周转池由编办管理，{FILLER}，编制周转池每年调剂一次，{FILLER}。"

    assert quote("编制周转池", text) == f"编制周转池由编办管理，{FILLER}，编制周转池每年调剂一次"


def test_a_sentence_in_which_no_clause_stands_out_is_quoted_whole():
    text = f"{FILLER}，{FILLER}，{FILLER}，{FILLER}。"

    assert quote("编制周转池", text) == text


@pytest.mark.parametrize(
    "lead_in",
    ["其中，", "同时，", "同時，", "此外，", "据悉，", "据介绍，", "目前：", "首先, ", "值得一提的是，"],
)
def test_a_lead_in_is_dropped(lead_in):
    assert quote("合肥的编制", f"{lead_in}合肥市核增编制三百个。") == "合肥市核增编制三百个。"


def test_a_sentence_that_is_nothing_but_a_lead_in_is_kept():
    assert quote("合肥的编制", "其中，") == "其中，"


@pytest.mark.parametrize("result", ["让居民在家门口就能看病", "使村医留得住", "从而减轻了负担", "并带动了乡镇", "讓居民受益"])  # fmt: skip
def test_what_the_clauses_led_to_belongs_to_the_answer(result):
    text = f"{FILLER}，{FILLER}，合肥市设立编制周转池，{result}，{FILLER}，{FILLER}。"

    assert quote("合肥的编制周转池怎么做?", text) == f"合肥市设立编制周转池，{result}"


def test_a_question_for_a_figure_is_answered_by_the_clause_of_the_figure_alone():
    text = f"{FILLER}，{FILLER}，合肥市的编制周转池放入编制560个，让村医留得住，{FILLER}，{FILLER}。"

    assert quote("合肥的编制周转池放入多少个编制?", text) == "合肥市的编制周转池放入编制560个"


def test_the_example_that_explains_a_sentence_belongs_to_the_answer():
    text = "合肥市设立编制周转池。比如，一名村医可以带编到乡镇工作。另有安排的不在其列。"

    assert (
        quote("合肥的编制周转池怎么做?", text) == "合肥市设立编制周转池。比如，一名村医可以带编到乡镇工作。"
    )


def test_a_question_for_a_figure_wants_no_example():
    text = "合肥市的编制周转池放入编制560个。比如，一名村医可以带编到乡镇工作。"

    assert quote("合肥的编制周转池放入多少个编制?", text) == "合肥市的编制周转池放入编制560个。"


def test_an_example_in_the_next_paragraph_is_left_there():
    text = "合肥市专门设立了编制周转池。\n比如，一名村医可以带编到乡镇工作。"

    assert quote("合肥的编制周转池怎么做?", text) == "合肥市专门设立了编制周转池。"


@pytest.mark.parametrize(
    ("inside", "kept"),
    [
        ("合肥市的“编制周转池，每年调剂一次，由编办管理”", "合肥市的“编制周转池，每年调剂一次，由编办管理”"),
        ("合肥市（安徽省的省会，人口近千万）设立编制周转池", "合肥市（安徽省的省会，人口近千万）设立编制周转池"),
    ],
)  # fmt: skip
def test_a_quotation_or_bracket_is_never_cut_in_two(inside, kept):
    text = f"{FILLER}，{FILLER}，{inside}，{FILLER}，{FILLER}。"

    assert quote("编制周转池", text) == kept


def test_a_thousands_separator_is_no_place_to_cut():
    text = f"{FILLER}，{FILLER}，合肥市核增编制1,200个，{FILLER}，{FILLER}。"

    assert quote("合肥核增了多少编制?", text) == "合肥市核增编制1,200个"


def test_a_list_is_quoted_whole():
    text = "合肥市的社区药房要负责以下四个方面的工作：\n编制配送的计划；\n送药；\n回收过期的药品；\n指导居民用药。"

    assert quote("合肥的社区药房负责什么?", text) == text


@given(CLAUSES, st.sampled_from(["编制周转池怎么做?", "投入多少亿元?", "合肥", "红烧肉", "比例是多少?"]))
@settings(max_examples=200)
def test_a_quote_is_a_slice_of_its_sentence_and_never_empty(text, question):
    sentence = scored(text + "。")
    query = understand(question, rarity=equally_rare)

    start, end = trim(query, sentence)

    assert sentence.candidate.start <= start < end <= len(text) + 1
    assert (text + "。")[start:end].strip()


@given(CLAUSES, st.sampled_from(["编制周转池怎么做?", "投入多少亿元?", "合肥", "比例是多少?"]))
@settings(max_examples=200)
def test_a_quote_of_a_balanced_sentence_is_balanced(text, question):
    balanced = "".join(_closed(text)) + "。"
    assume(is_balanced(balanced))

    assert is_balanced(quote(question, balanced))


def _closed(text):
    """The text with every mark closed in its turn, and closing marks that close nothing left out."""
    open_marks = []
    for ch in text:
        if ch in PAIRS or ch == "(":
            open_marks.append(PAIRS.get(ch, ")"))
        elif ch in (*PAIRS.values(), ")"):
            if not open_marks or open_marks[-1] != ch:
                continue
            open_marks.pop()
        yield ch
    yield from reversed(open_marks)
