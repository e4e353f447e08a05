from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from worded import PROVEN, UNPROVEN, worded

from rag.build import build_encoder, build_pipeline, open_library
from rag.history import Asked, Kept
from rag.settings import load_settings
from rag.types import Citation, Filter
from ui.quoting import quoted_places
from ui.replaying import (
    LostQuote,
    Replay,
    citation_changes,
    lost_quotes,
    replay,
    replay_document,
    text_changes,
)

LINES = st.lists(st.sampled_from(["甲", "乙", "丙", "@@ 丁", "--- 戊", "+++ 己", ""]), max_size=6)


@pytest.fixture(scope="module")
def pipeline(sample_library):
    settings = load_settings()
    encoder = build_encoder(settings)
    with open_library(sample_library, encoder) as library:
        yield build_pipeline(library, encoder, settings)


@pytest.fixture(scope="module")
def answer(pipeline):
    return pipeline.ask("芜湖是怎么化债的?")


def kept(answer, **asked):
    asked = Asked(**({"via": "page", "settings": {}} | asked))
    return Kept(answer_id="a", asked_at="2026-01-02T03:04:05+00:00", asked=asked, answer=answer)


@given(LINES, LINES)
def test_only_lines_that_went_or_came_are_told(then, now):
    changes = text_changes("\n".join(then), "\n".join(now))

    assert all(line[0] in "+-" for line in changes)
    assert {line[1:] for line in changes if line[0] == "-"} <= set(then)
    assert {line[1:] for line in changes if line[0] == "+"} <= set(now)
    assert (changes == []) == ("\n".join(then).splitlines() == "\n".join(now).splitlines())


def citation(**fields):
    plain = {
        "number": 1,
        "article_id": "a",
        "title": None,
        "source": None,
        "date": None,
        "url": None,
        "regions": (),
        "heading_path": (),
        "start": 0,
        "end": 2,
        "quote": "医改",
    }
    return Citation(**(plain | fields))


def test_another_number_makes_no_other_citation():
    first, second = citation(), citation(start=5, end=7, number=2)
    swapped = [dataclasses.replace(second, number=1), dataclasses.replace(first, number=2)]

    assert citation_changes([first, second], swapped) == ([], [])


@pytest.mark.parametrize("change", [{"start": 1}, {"quote": "改革"}, {"title": "新题"}, {"article_id": "b"}])
def test_any_other_change_makes_another_citation(change):
    then, now = citation(), citation(**change)

    assert citation_changes([then], [now]) == ([then], [now])


def test_quotes_are_lost_where_the_text_at_their_place_is_another(pipeline, answer):
    (first, *_) = answer.citations
    elsewhere = dataclasses.replace(first, number=7, start=first.start + 1, end=first.end + 1)
    beyond = dataclasses.replace(first, number=8, start=10**7, end=10**7 + 3)
    gone = dataclasses.replace(first, number=9, article_id="no-such-article")

    assert lost_quotes(quoted_places(answer.citations, pipeline.library)) == ()
    assert lost_quotes(quoted_places([first, elsewhere, gone, beyond], pipeline.library)) == (
        LostQuote(article_id=first.article_id, state="changed", citations=(7, 8)),
        LostQuote(article_id="no-such-article", state="gone", citations=(9,)),
    )


def test_what_was_kept_is_asked_again_with_its_number_of_passages(pipeline, answer):
    few = replay(kept(answer, settings={"top_k": 2}), pipeline)
    many = replay(kept(answer, settings={"top_k": 20}), pipeline)

    assert len(few.answer.retrieved) < len(many.answer.retrieved)
    assert "top_k" not in {name for name, _, _ in few.settings}


@pytest.mark.parametrize("top_k", [0, 51, -1, "8", None])
def test_a_number_of_passages_that_cannot_be_is_replaced_by_the_present_one(pipeline, answer, top_k):
    outcome = replay(kept(answer, settings={"top_k": top_k}), pipeline)

    assert ("top_k", top_k, pipeline.top_k) in outcome.settings
    assert outcome.is_same


def test_the_filter_of_then_holds(pipeline, answer):
    outcome = replay(kept(answer, within=Filter(regions=("330000",))), pipeline)

    assert not outcome.is_same
    assert outcome.answer.refusal.code == "outside_filter"


def test_a_sentence_that_is_no_longer_proven_is_a_change_of_the_text():
    doubted = dataclasses.replace(PROVEN, supported=False, citations=())
    then, now = worded(), worded(sentences=(doubted, UNPROVEN))

    document = replay_document(Replay(kept=kept(then), answer=now, settings=()))

    assert document["text"] == [
        f"-{PROVEN.text}[1]",
        f"+{PROVEN.text}〔未经证实〕",
        f"+{UNPROVEN.text}〔未经证实〕",
    ]
