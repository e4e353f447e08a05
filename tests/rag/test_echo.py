from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.echo import asked_pairs, echoes, pairs_of

TEXT = """# 合肥的急救

合肥市新建了二十个急救站。

救护车的平均到达时间缩短到十一分钟。

图书馆延长了开放时间。
"""


def test_pairs_are_neighbours_within_a_run_and_latin_words_are_whole():
    assert pairs_of("急救站 cov19，3.6亿") == {"急救", "救站", "cov19", "3.6", "亿"}
    assert pairs_of("床") == {"床"}
    assert pairs_of("") == frozenset()


@pytest.mark.parametrize("question", ["急救站有多少?", "急救站在哪里", "急救站是什么?", "急救站的"])
def test_words_that_only_ask_are_no_pairs(question):
    assert asked_pairs(question) == {"急救", "救站"}


def test_both_scripts_and_widths_ask_the_same():
    assert asked_pairs("急救站ＡＩ醫院") == asked_pairs("急救站AI医院")


def test_a_sentence_that_says_what_its_heading_leaves_open_is_fresh(candidates_in):
    built, arrival, library = echoes("合肥急救的到达时间", candidates_in(TEXT))

    assert arrival.fresh > library.fresh > built.fresh
    assert arrival.around > arrival.own


def test_what_nothing_at_hand_holds_weighs_most(candidates_in):
    candidates = candidates_in(TEXT)

    with_unheard = echoes("急救站的屋顶颜色", candidates)[0]
    without = echoes("急救站", candidates)[0]

    assert without.own == pytest.approx(1.0)
    assert with_unheard.own < 0.5


def test_a_question_that_says_nothing_is_echoed_by_nothing(candidates_in):
    assert {(e.own, e.around, e.fresh) for e in echoes("是什么?", candidates_in(TEXT))} == {(0.0, 0.0, 0.0)}
    assert echoes("急救", []) == []


@given(question=st.text(max_size=60), sentence=st.text(min_size=1, max_size=60))
def test_shares_are_shares_of_any_text(candidates_in, question, sentence):
    (candidate, *_) = candidates_in(TEXT)
    changed = dataclasses.replace(candidate, folded=sentence)

    (echo,) = echoes(question, [changed])

    assert 0 <= echo.own <= echo.around <= 1 + 1e-9
    assert 0 <= echo.fresh <= 1 + 1e-9
