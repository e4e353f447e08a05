from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.contradiction import Conflict, ConflictSide
from rag.schema import answer_document
from rag.stored import answer_from, stored_answer
from rag.table import Cell, Entry, Row, Table
from rag.types import Answer, Citation, Hit, Passage, Refusal, Sentence, Verdict

ANY_TEXT = st.text(
    st.one_of(
        st.sampled_from("。！？；“”%1１Ａa\n\u3000𠮷\0\x1b\u202e\u2066\"'\\医改"),
        st.sampled_from(["\ud800", "\udfff"]),
        st.characters(),
    ),
    max_size=20,
)
NAMES = st.lists(ANY_TEXT, max_size=3).map(tuple)
OPTIONAL = st.none() | ANY_TEXT
OFFSETS = st.integers(0, 10**6)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
PASSAGES = st.builds(
    Passage,
    passage_id=ANY_TEXT,
    article_id=ANY_TEXT,
    ordinal=OFFSETS,
    start=OFFSETS,
    end=OFFSETS,
    text=ANY_TEXT,
    heading_path=NAMES,
    regions=NAMES,
)
HITS = st.builds(
    Hit,
    passage=PASSAGES,
    score=NUMBERS,
    rank=OFFSETS,
    origin=st.sampled_from(["dense", "lexical", "fused", "neighbour"]),
)
CITATIONS = st.builds(
    Citation,
    number=OFFSETS,
    article_id=ANY_TEXT,
    title=OPTIONAL,
    source=OPTIONAL,
    date=OPTIONAL,
    url=OPTIONAL,
    regions=NAMES,
    heading_path=NAMES,
    start=OFFSETS,
    end=OFFSETS,
    quote=ANY_TEXT,
)
ENTRIES = st.lists(
    st.builds(
        Entry,
        text=ANY_TEXT,
        sentence=OFFSETS,
        citations=st.lists(OFFSETS, max_size=3).map(tuple),
        computed=st.booleans(),
    ),
    max_size=2,
).map(tuple)
CELLS = st.lists(st.builds(Cell, entries=ENTRIES), max_size=2).map(tuple)
TABLES = st.builds(
    Table,
    kind=st.sampled_from(["place", "year", "topic"]),
    columns=NAMES,
    rows=st.lists(st.builds(Row, item=ANY_TEXT, cells=CELLS), max_size=2).map(tuple),
    computed=ENTRIES,
)
SENTENCES = st.builds(Sentence, text=ANY_TEXT, citations=st.lists(OFFSETS, max_size=3).map(tuple))
CONFLICTS = st.builds(
    Conflict,
    sentence=OFFSETS,
    sides=st.lists(
        st.builds(ConflictSide, figure=ANY_TEXT, citation=OFFSETS, source=OPTIONAL, date=OPTIONAL), max_size=3
    ).map(tuple),
)
ANSWERS = st.builds(
    Answer,
    question=ANY_TEXT,
    language=st.sampled_from(["zh", "en"]),
    sentences=st.lists(SENTENCES, max_size=2).map(tuple),
    citations=st.lists(CITATIONS, max_size=2).map(tuple),
    refusal=st.none()
    | st.builds(Refusal, code=st.sampled_from(["not_found", "off_topic"]), message=ANY_TEXT),
    composer=ANY_TEXT,
    retrieved=st.lists(HITS, max_size=2).map(tuple),
    dropped=st.lists(st.builds(Verdict, supported=st.booleans(), reason=ANY_TEXT), max_size=2).map(tuple),
    timings_ms=st.dictionaries(ANY_TEXT, NUMBERS, max_size=2),
    conflicts=st.lists(CONFLICTS, max_size=2).map(tuple),
    table=st.none() | TABLES,
)


@given(ANSWERS)
def test_every_answer_comes_back_exactly(answer):
    assert answer_from(stored_answer(answer)) == answer


@given(ANSWERS)
def test_every_answer_comes_back_exactly_through_json(answer):
    assert answer_from(json.loads(json.dumps(stored_answer(answer), ensure_ascii=False))) == answer


def with_unknown_fields(value):
    """Put a field that no version has into every object of a document but the free mapping of timings."""
    if isinstance(value, dict):
        known = {n: v if n == "timings_ms" else with_unknown_fields(v) for n, v in value.items()}
        return {**known, "from_the_future": {"a": [1]}}
    return [with_unknown_fields(one) for one in value] if isinstance(value, list) else value


@given(ANSWERS)
def test_fields_of_a_later_version_are_ignored(answer):
    document = with_unknown_fields(json.loads(json.dumps(stored_answer(answer))))

    assert "from_the_future" in document
    # Through escaped JSON, two surrogates that stand side by side come back as the character they spell.
    assert answer_from(document) == answer_from(json.loads(json.dumps(stored_answer(answer))))


@given(ANSWERS)
def test_an_answer_kept_before_there_were_tables_still_opens(answer):
    document = stored_answer(answer)
    del document["table"]

    assert answer_from(document) == dataclasses.replace(answer, table=None)


@pytest.fixture(scope="module")
def real_answer(tiny_pipeline):
    return tiny_pipeline.ask("合肥的家庭医生签约率是多少?")


def test_the_stored_form_is_the_public_one_and_what_was_read_and_dropped(real_answer):
    document = stored_answer(real_answer)

    assert {n: v for n, v in document.items() if n not in ("retrieved", "dropped")} == answer_document(
        real_answer
    )
    assert [list(hit) for hit in document["retrieved"]] == [
        [
            "passage_id",
            "article_id",
            "ordinal",
            "start",
            "end",
            "text",
            "heading_path",
            "regions",
            "score",
            "rank",
            "origin",
        ]
    ] * len(real_answer.retrieved)
    assert document["retrieved"]


def test_a_real_answer_comes_back_exactly_through_json(real_answer):
    assert answer_from(json.loads(json.dumps(stored_answer(real_answer)))) == real_answer


def test_an_answer_kept_before_articles_were_set_against_each_other_comes_back(real_answer):
    document = {n: v for n, v in stored_answer(real_answer).items() if n != "conflicts"}

    assert answer_from(document) == real_answer
