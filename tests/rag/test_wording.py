from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.types import Passage
from rag.understand import PLACE_WEIGHT, understand
from rag.wording import wording, wording_shares

ALPHABET = "医院编制周转池，。 drg12%𠮷"


def passage(text: str, *, headings: tuple[str, ...] = (), number: int = 0) -> Passage:
    return Passage(
        passage_id=f"a#{number}",
        article_id="a",
        ordinal=number,
        start=0,
        end=len(text),
        text=text,
        heading_path=headings,
    )


def shares(weights: dict[str, float], *texts: str) -> list[float]:
    return wording_shares(weights, [passage(text, number=n) for n, text in enumerate(texts)])


def asked(question: str) -> dict[str, float]:
    return wording(understand(question, rarity=lambda _forms: 1.0))


def test_a_question_s_own_pieces_count_in_full_and_its_places_less():
    weights = asked("芜湖市的编制周转池?")

    assert weights["周转"] == weights["转池"] == 1.0
    assert weights["芜湖"] == PLACE_WEIGHT


def test_a_passage_that_repeats_more_of_the_wording_has_the_greater_share():
    most, some, none = shares(asked("编制周转池"), "编制周转池建成", "编制核定到县", "药品价格下降")

    assert most > some > none == 0


def test_a_rare_piece_tells_more_than_one_that_every_passage_holds():
    rare, common, *_ = shares({"周转": 1.0, "医院": 1.0}, "医院周转", "医院医院", "医院药品", "医院床位")

    assert rare > common


def test_a_piece_that_no_passage_holds_lowers_every_share():
    known, unknown = {"周转": 1.0}, {"周转": 1.0, "frobnicator": 1.0}

    assert shares(unknown, "周转", "床位")[0] < shares(known, "周转", "床位")[0] / 2


def test_words_are_found_whole_and_numbers_too():
    weights = {"drg": 1.0, "12%": 1.0}

    assert shares(weights, "按DRG付费", "adrg", "占112%", "占12%")[1:3] == [0, 0]
    assert min(shares(weights, "按DRG付费", "占12%")) > 0


def test_the_script_and_the_width_of_a_passage_do_not_matter():
    weights = {"周转": 1.0, "drg": 1.0}

    one, other = shares(weights, "編制周轉池，ＤＲＧ", "编制周转池，DRG")

    assert one == other > 0


def test_a_heading_counts_less_than_the_text():
    in_text = passage("周转池建成", headings=("编制改革",), number=1)
    in_heading = passage("编制改革建成", headings=("周转池",), number=2)
    weights = {"周转": 1.0}

    by_text, by_heading = wording_shares(weights, [in_text, in_heading])

    assert by_text > by_heading > 0


def test_the_longer_of_two_passages_that_say_as_much_has_the_smaller_share():
    short, long = shares({"周转": 1.0}, "周转池", "周转池" + "药品价格下降" * 20)

    assert short > long > 0


@pytest.mark.parametrize("weights", [{}, {"周转": 1.0}])
def test_no_passages_have_no_shares(weights):
    assert wording_shares(weights, []) == []


def test_a_question_without_pieces_is_repeated_by_nothing():
    assert shares(asked("???"), "医院", "编制") == [0, 0]


@given(
    st.dictionaries(st.sampled_from(["医院", "编制", "周转", "转池", "drg", "12%"]), st.floats(0.1, 3)),
    st.lists(st.text(ALPHABET, max_size=30), max_size=6),
)
def test_shares_lie_between_none_and_all(weights, texts):
    found = shares(weights, *texts)

    assert len(found) == len(texts)
    assert all(0 <= share <= 1 for share in found)
