from __future__ import annotations

import datetime
import json

import pytest
from answers import REFUSED
from hypothesis import given
from hypothesis import strategies as st

from rag.history import (
    Asked,
    Feedback,
    Kept,
    MemoryHistory,
    as_id_start,
    kept_document,
    kept_from,
    new_answer_id,
    utc_now,
)
from rag.types import Filter

TEXT = st.text(st.characters() | st.sampled_from("\0\x1b\u202e\ud800１Ａ医改"), max_size=12)
KEPT = st.builds(
    Kept,
    answer_id=TEXT,
    asked_at=TEXT,
    answer=st.just(REFUSED),
    asked=st.builds(
        Asked,
        asker=TEXT,
        conversation=TEXT,
        via=st.sampled_from(["page", "api", "openai", "mcp", "cli"]),
        history=st.lists(TEXT, max_size=2).map(tuple),
        within=st.builds(
            Filter,
            regions=st.lists(st.sampled_from(["340200", "110105", "999999", "x"]), max_size=2).map(tuple),
            since_year=st.none() | st.integers(1900, 2999),
            until_year=st.none() | st.integers(1900, 2999),
            sources=st.lists(TEXT, max_size=2).map(tuple),
        ),
        settings=st.dictionaries(TEXT, TEXT | st.integers(), max_size=3),
    ),
    feedback=st.none() | st.builds(Feedback, liked=st.booleans(), reason=TEXT, given_at=TEXT),
)


@given(KEPT)
def test_whatever_is_kept_comes_back_exactly_through_json(kept):
    assert kept_from(json.loads(json.dumps(kept_document(kept), ensure_ascii=False))) == kept


def test_a_kept_answer_has_exactly_the_public_fields():
    within = Filter(regions=("340200",), since_year=2020, sources=("卫生报",))
    kept = Kept(
        answer_id="0123456789abcdef",
        asked_at="2026-01-02T03:04:05+00:00",
        asked=Asked(asker="amei", conversation="c1", via="page", within=within, settings={"top_k": 8}),
        answer=REFUSED,
        feedback=Feedback(liked=False, reason="不对", given_at="2026-01-02T03:05:00+00:00"),
    )

    document = kept_document(kept)

    answer = document.pop("answer")
    assert answer["text"] == "文章没有谈到火星。"
    assert document == {
        "schema": 1,
        "answer_id": "0123456789abcdef",
        "asked_at": "2026-01-02T03:04:05+00:00",
        "via": "page",
        "asker": "amei",
        "conversation": "c1",
        "history": [],
        "within": {
            "regions": [{"code": "340200", "name": "安徽省芜湖市"}],
            "since_year": 2020,
            "until_year": None,
            "sources": ["卫生报"],
        },
        "settings": {"top_k": 8},
        "feedback": {"liked": False, "reason": "不对", "given_at": "2026-01-02T03:05:00+00:00"},
    }


def test_a_document_without_the_filters_of_today_can_be_read():
    document = kept_document(
        Kept(answer_id="a", asked_at="b", asked=Asked(via="cli", settings={}), answer=REFUSED)
    )
    del document["within"]["sources"], document["within"]["since_year"]

    assert kept_from(document).asked.within == Filter()


@given(st.text())
def test_the_beginning_of_an_id_is_hexadecimal_or_nothing(name):
    start = as_id_start(name)

    assert set(start) <= set("0123456789abcdef")
    assert len(start) <= 16
    assert as_id_start(start) == start


@pytest.mark.parametrize(
    ("name", "start"),
    [("0aF", "0af"), ("０ａＦ", "0af"), (" 7 ", "7"), ("g", ""), ("0" * 17, ""), ("a b", "")],
)
def test_an_id_may_be_typed_in_any_width_and_case(name, start):
    assert as_id_start(name) == start


def test_ids_can_be_found_by_themselves():
    answer_id = new_answer_id()

    assert as_id_start(answer_id) == answer_id


def test_the_time_is_utc_to_the_second():
    now = datetime.datetime.fromisoformat(utc_now())

    assert now.utcoffset() == datetime.timedelta(0)
    assert now.microsecond == 0
    assert abs(datetime.datetime.now(datetime.UTC) - now) < datetime.timedelta(seconds=5)


def test_memory_is_bounded_and_the_oldest_go():
    history = MemoryHistory(most=3)

    ids = [history.keep(REFUSED, Asked(via="api", settings={})) for _ in range(5)]

    assert history.ids() == ids[:1:-1]
