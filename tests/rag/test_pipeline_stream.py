from __future__ import annotations

import pytest
from answers import without_timings
from questions import VARIED

from rag.pipeline import Step
from rag.types import Answer, Filter, Said

SILENT_FIRST = ["比较合肥和芜湖的编制改革", "Compare staffing in Hefei and Wuhu"]
STREAMED = [*VARIED, *SILENT_FIRST, "", "？", "芜湖", "那丽水呢?"]


def names_of(events):
    return [event.name for event in events if isinstance(event, Step)]


@pytest.mark.parametrize("question", STREAMED)
def test_a_stream_ends_in_the_answer_that_asking_gives(answer_to, sample_pipeline, question):
    *before, last = sample_pipeline.stream(question)

    assert isinstance(last, Answer)
    assert not any(isinstance(event, Answer) for event in before)
    assert without_timings(last) == without_timings(answer_to(question))
    assert (last.retrieved, last.dropped) == (answer_to(question).retrieved, answer_to(question).dropped)


@pytest.mark.parametrize("question", STREAMED)
def test_what_is_said_on_the_way_is_what_the_answer_says_in_its_order(sample_pipeline, question):
    *before, answer = sample_pipeline.stream(question)

    said = [event for event in before if isinstance(event, Said)]
    assert tuple(one.sentence for one in said) == answer.sentences
    assert tuple(citation for one in said for citation in one.citations) == answer.citations
    known = set()
    for one in said:  # a marker never comes before its citation
        known |= {citation.number for citation in one.citations}
        assert set(one.sentence.citations) <= known
    assert bool(said) == answer.answered


@pytest.mark.parametrize("question", SILENT_FIRST)
def test_that_nothing_is_said_of_a_place_waits_for_the_first_sentence_that_cites(sample_pipeline, question):
    said = [event for event in sample_pipeline.stream(question) if isinstance(event, Said)]

    assert said[0].sentence.citations == ()
    assert said[1].citations


@pytest.mark.parametrize(
    ("question", "steps"),
    [
        ("芜湖是怎么化债的?", ["retrieve", "assess", "compose", "verify"]),
        ("合肥是怎么化债的?", ["retrieve", "assess"]),
        ("？", []),
    ],
)
def test_each_step_is_told_before_it_begins_and_all_of_them_before_the_first_sentence(
    sample_pipeline, question, steps
):
    events = list(sample_pipeline.stream(question))

    assert names_of(events) == steps
    assert [type(event) for event in events[: len(steps)]] == [Step] * len(steps)


@pytest.mark.parametrize("question", ["芜湖是怎么化债的?", "比较芜湖和铜仁的编制改革"])
def test_a_filter_that_finds_nothing_says_nothing_although_the_answer_is_elsewhere(sample_pipeline, question):
    for within in (Filter(since_year=2100), Filter(sources=("没有这家报纸",)), Filter(regions=("110000",))):
        events = list(sample_pipeline.stream(question, within=within))

        assert not any(isinstance(event, Said) for event in events)
        assert events[-1].refusal.code == "outside_filter"
        assert names_of(events)[0] == "retrieve"


def test_a_stream_that_is_closed_on_the_way_leaves_the_pipeline_as_good_as_new(answer_to, sample_pipeline):
    for taken in range(1, 6):
        events = sample_pipeline.stream("芜湖是怎么化债的?")
        for _ in range(taken):
            next(events)
        events.close()

    *_, answer = sample_pipeline.stream("芜湖是怎么化债的?")
    assert without_timings(answer) == without_timings(answer_to("芜湖是怎么化债的?"))
