from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.compose.claims import CLAIMS_SCHEMA, read_claims
from rag.compose.statements import Statement
from rag.errors import GenerationError


def written(*claims, **more):
    return json.dumps(
        {"claims": [{"text": t, "citations": c} for t, c in claims], **more}, ensure_ascii=False
    )


def read(*pieces):
    return list(read_claims(pieces, place="http://x"))


def test_each_claim_is_a_statement_with_its_numbers():
    assert read(written(("债务降了。", [1]), ("投入升了[3]。", [2, 3]))) == [
        Statement(text="债务降了。", cited=(1,)),
        Statement(text="投入升了。", cited=(3, 2)),
    ]


def test_a_claim_of_several_sentences_is_several_statements():
    assert [s.text for s in read(written(("债务降了。\n投入升了。", [1])))] == ["债务降了。", "投入升了。"]


def test_no_claims_is_saying_that_there_is_no_answer():
    assert [s.text for s in read('{"claims": []}')] == ["INSUFFICIENT"]


def test_a_claim_comes_as_soon_as_the_next_has_begun():
    text = written(("债务降了。", [1]), ("投入升了。", [2]))
    taken = []

    def pieces():
        for at in range(0, len(text), 5):
            taken.append(at)
            yield text[at : at + 5]

    first = next(iter(read_claims(pieces(), place="x")))

    assert first.text == "债务降了。"
    assert taken[-1] < len(text) - 5


def test_prose_is_read_as_prose():
    assert read("债务降了", "[1]。投入升了。") == [
        Statement(text="债务降了。", cited=(1,)),
        Statement(text="投入升了。", cited=()),
    ]


@pytest.mark.parametrize(
    "reply", ['{"claims": "none"}', '{"answer": 1}', '{"claims": [1, null, {"text": 3}]}', '{"claims"', "{}"]
)
def test_what_is_not_the_form_is_said_to_be_so(reply):
    with pytest.raises(GenerationError) as caught:
        read(reply)

    assert caught.value.code == "wrong_form"


def test_nothing_is_no_claim():
    assert read("") == []


@given(
    st.lists(
        st.tuples(
            st.text("债务降了升。1 ", min_size=1, max_size=12), st.lists(st.integers(1, 9), max_size=3)
        ),
        max_size=4,
    ),
    st.integers(1, 9),
)
def test_how_it_is_cut_into_pieces_changes_nothing(claims, size):
    text = written(*claims)
    pieces = [text[at : at + size] for at in range(0, len(text), size)]

    assert read(*pieces) == read(text)


def test_the_schema_says_what_is_read():
    claim = CLAIMS_SCHEMA["properties"]["claims"]["items"]

    assert claim["required"] == list(claim["properties"]) == ["text", "citations"]
