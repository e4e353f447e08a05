from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.briefing.comparison import clauses_of

ALPHABET = "编制核增，、：。；“”（）\n通过让并300个以来 𠮷，,"


def test_clauses_that_stand_alone_are_told_from_openings_and_tails():
    text = "通过这个周转池，合肥市有300名编外人员，以及35名村医，取得了身份归属。"

    assert clauses_of(text) == [
        "通过这个周转池，合肥市有300名编外人员，以及35名村医，",
        "取得了身份归属。",
    ]


def test_a_list_stays_whole():
    assert (
        clauses_of("在医保、编制、薪酬等方面同向发力，形成合力。")[0] == "在医保、编制、薪酬等方面同向发力，"
    )


@given(st.text(ALPHABET, max_size=80))
def test_clauses_are_slices_in_order_and_lose_nothing_but_white_space(text):
    clauses = clauses_of(text)

    at = 0
    for clause in clauses:
        at = text.index(clause, at) + len(clause)
    assert "".join("".join(clauses).split()) == "".join(text.split())
