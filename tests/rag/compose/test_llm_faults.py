"""Every way in which a model's endpoint misbehaves, through the whole pipeline: an answer in time, proven, and the reason told."""

from __future__ import annotations

import threading
import time

import pytest
from modelled import assert_proven
from unruly_endpoint import endpoint
from unruly_replies import (
    FOREVER,
    Failure,
    Fault,
    Form,
    Pace,
    Reply,
    Silence,
    bad_gateway,
    endless,
    failure,
    http_date,
    over_quota,
    thinking_aloud,
    too_long,
)

from rag.errors import StoppedError
from rag.types import Said

# These tests talk to a server of their own on this machine, and to nothing else.
pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

QUESTION = "赣州的急救反应时间缩短到多少分钟?"
STATIONS = "赣州市新设急救站30个"
MINUTES = "赣州市的平均急救反应时间从28分钟缩短到15分钟"
TWO = f"{STATIONS}[1]。{MINUTES}[1]。"
BYTES = Form(is_chunked=False)


@pytest.fixture
def ask(tiny_modelled):
    return lambda server, **settings: tiny_modelled.ask(server, QUESTION, **settings)


@pytest.fixture
def pipeline_at(tiny_modelled):
    return tiny_modelled.at


# No answer comes


UNANSWERED = {
    "no byte": (Reply(content=TWO, pace=Pace(before_byte_s=FOREVER)), "slow"),
    "no first token": (Reply(content=TWO, pace=Pace(before_token_s=FOREVER)), "slow"),
    "nothing but comments": (
        Reply(content=TWO, pace=Pace(before_token_s=FOREVER, comment_every_s=0.05)),
        "slow",
    ),
    "hangs up at once": (Silence(), "unreachable"),
    "resets at once": (Silence(is_reset=True), "unreachable"),
    "cut before the first word": (
        Reply(content=TWO, fault=Fault(kind="reset", after_pieces=0)),
        "unreachable",
    ),
    "429": (over_quota(), "over_quota"),
    "429 for an hour": (over_quota("3600"), "over_quota"),
    "429 until a date": (over_quota(http_date(90)), "over_quota"),
    "429 until whenever": (over_quota("soon"), "over_quota"),
    "402": (failure(402), "over_quota"),
    "500": (failure(500), "broken"),
    "500 that never ends": (Failure(status=500, body="", before_byte_s=FOREVER), "slow"),
    "502 in HTML": (bad_gateway(), "broken"),
    "503": (failure(503), "broken"),
    "401": (failure(401, code="invalid_api_key"), "rejected"),
    "403": (failure(403), "rejected"),
    "404": (failure(404, code="model_not_found"), "rejected"),
    "400": (failure(400), "rejected"),
    "too long for llama.cpp": (too_long("llama.cpp"), "too_long"),
    "too long for OpenAI": (too_long("openai"), "too_long"),
    "too long for vLLM": (too_long("vllm"), "too_long"),
    "a page to sign in": (Failure(status=200, body="<html>", content_type="text/html"), "broken"),
    "JSON that is none": (Failure(status=200, body='{"choices": [{'), "broken"),
    "an error object": (Reply(content=TWO, fault=Fault(kind="error", after_pieces=0)), "broken"),
    "an event that is none": (Reply(content=TWO, fault=Fault(kind="bad_json", after_pieces=0)), "broken"),
    "nothing": (Reply(content=""), "empty"),
    "only space": (Reply(content=" \n\n "), "empty"),
    "only marks": (Reply(content="[1]。[2]……"), "empty"),
    "only a thought": (thinking_aloud("想一想", ""), "empty"),
    "a thought without end": (Reply(content=f"<think>{TWO}"), "empty"),
    "only reasoning": (Reply(content="", reasoning=TWO), "empty"),
    "stalls in the first sentence": (Reply(content=TWO, fault=Fault(kind="stall")), "interrupted"),
    "cut in the first sentence": (Reply(content=TWO, fault=Fault(kind="close")), "interrupted"),
    "the limit in the first sentence": (Reply(content=STATIONS[:6], finish="length"), "endless"),
    "one word for ever": (endless("好。"), "endless"),
    "no stop for ever": (endless("赣州市新设"), "endless"),
}


@pytest.mark.parametrize("name", UNANSWERED)
def test_where_no_answer_comes_the_articles_answer_and_it_is_said_why(ask, tiny_pipeline, name):
    entry, reason = UNANSWERED[name]
    with endpoint(entry) as server:
        answer = ask(server)

    assert (answer.composer, answer.fallback_reason) == ("extractive", reason)
    assert answer.sentences == tiny_pipeline.ask(QUESTION).sentences


def test_where_nobody_listens_the_articles_answer(ask, tiny_pipeline):
    with endpoint(Reply(content=TWO)) as server:
        pass

    answer = ask(server)
    assert (answer.composer, answer.fallback_reason) == ("extractive", "unreachable")
    assert answer.sentences == tiny_pipeline.ask(QUESTION).sentences


@pytest.mark.parametrize("entry", [failure(500), over_quota("1"), Silence(), bad_gateway()])
def test_what_passes_by_costs_only_a_moment(ask, entry):
    with endpoint(entry, Reply(content=TWO)) as server:
        answer = ask(server)

        assert (answer.composer, answer.fallback_reason) == ("llm", None)
        assert len(server.requests) == 2


# It breaks off


BROKEN_OFF = {
    "stalls": Reply(content=TWO, fault=Fault(kind="stall", after_pieces=6)),
    "stalls with comments": Reply(
        content=TWO, fault=Fault(kind="stall", after_pieces=6), pace=Pace(comment_every_s=0.05)
    ),
    "reset": Reply(content=TWO, fault=Fault(kind="reset", after_pieces=6)),
    "cut": Reply(content=TWO, fault=Fault(kind="close", after_pieces=6)),
    "cut silently": Reply(content=TWO, fault=Fault(kind="close", after_pieces=6), form=BYTES),
    "cut in mid-character": Reply(content=TWO, fault=Fault(kind="half_character", after_pieces=6)),
    "cut silently in mid-character": Reply(
        content=TWO, fault=Fault(kind="half_character", after_pieces=6), form=BYTES
    ),
    "an error object": Reply(content=TWO, fault=Fault(kind="error", after_pieces=6)),
    "invalid SSE": Reply(content=TWO, fault=Fault(kind="bad_json", after_pieces=6)),
    "ends without saying why": Reply(content=TWO[:24], finish=None),
    "trickles": Reply(content=TWO, piece_chars=1, pace=Pace(between_tokens_s=0.3)),
}


@pytest.mark.parametrize("name", BROKEN_OFF)
def test_what_was_said_before_a_break_stays_in_front(ask, name):
    with endpoint(BROKEN_OFF[name]) as server:
        answer = ask(server)

    first, *rest = answer.sentences
    assert first.text == f"{STATIONS}。"
    assert "15分钟" in "".join(sentence.text for sentence in rest)
    assert (answer.composer, answer.fallback_reason) == ("llm+extractive", "interrupted")


@pytest.mark.parametrize("name", BROKEN_OFF)
def test_no_sentence_is_shown_twice_after_a_break(ask, name):
    with endpoint(BROKEN_OFF[name]) as server:
        texts = [sentence.text for sentence in ask(server).sentences]

    assert len(texts) == len(set(texts))


def test_a_sentence_is_shown_while_the_next_one_is_being_written(pipeline_at):
    with endpoint(Reply(content=TWO, fault=Fault(kind="stall", after_pieces=6))) as server:
        events = pipeline_at(server, llm_first_token_s=30, llm_timeout_s=60).stream(QUESTION)
        begun = time.monotonic()
        first = next(event for event in events if isinstance(event, Said))
        took_s = time.monotonic() - begun
        events.close()

        server.wait_for_hang_up()
    assert first.sentence.text == f"{STATIONS}。"
    assert took_s < 8


def test_a_length_that_is_used_up_leaves_what_was_whole(ask):
    with endpoint(Reply(content=TWO[:-8], finish="length")) as server:
        answer = ask(server)

    assert answer.sentences[0].text == f"{STATIONS}。"
    assert (answer.composer, answer.fallback_reason) == ("llm+extractive", "endless")


def test_a_model_that_goes_round_in_circles_is_left_when_it_has_answered(ask):
    with endpoint(endless(f"{MINUTES}[1]。")) as server:
        answer = ask(server)

        server.wait_for_hang_up()
    assert [s.text for s in answer.sentences].count(f"{MINUTES}。") == 1
    assert answer.composer == "llm"


# Nobody waits, or several do


@pytest.mark.parametrize(
    "entry",
    [
        Reply(content=TWO, pace=Pace(before_byte_s=FOREVER)),
        Reply(content=TWO, fault=Fault(kind="stall", after_pieces=6)),
        over_quota("2"),
    ],
)
def test_whoever_takes_the_question_back_is_let_go_at_once(pipeline_at, entry):
    stop = threading.Event()
    with endpoint(entry) as server:
        events = pipeline_at(server, llm_timeout_s=20, llm_first_token_s=20).stream(QUESTION, stop=stop)

        def take_back():
            server.wait_for_requests(1)
            time.sleep(0.3)
            stop.set()

        taking = threading.Thread(target=take_back)
        taking.start()
        with pytest.raises(StoppedError):
            list(events)
        taking.join()
        after_s = time.monotonic() - server.exchanges[0].at_s

        if not isinstance(entry, Failure):
            server.wait_for_hang_up()
    assert after_s < 8


def test_two_ask_at_once_and_each_gets_an_answer_of_its_own(pipeline_at, tiny_library):
    def reply(messages):
        return f"{MINUTES}[1]。" if "赣州" in messages[-1]["content"] else "合肥市去年核增编制300个[1]。"

    with endpoint(Reply(content=reply, pace=Pace(between_tokens_s=0.02))) as server:
        pipeline, answers = pipeline_at(server), {}
        asking = [
            threading.Thread(target=lambda q=question: answers.update({q: pipeline.ask(q)}))
            for question in (QUESTION, "合肥核增了多少编制?")
        ]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()

    assert [answer.composer for answer in answers.values()] == ["llm", "llm"]
    assert "15分钟" in answers[QUESTION].text
    assert "300个" in answers["合肥核增了多少编制?"].text
    for answer in answers.values():
        assert_proven(answer, tiny_library, pipeline.meaning)


def test_a_conversation_with_a_model_that_is_down_is_slow_only_at_first(pipeline_at):
    asked = [QUESTION, "赣州市新设了多少个急救站?", "合肥核增了多少编制?", QUESTION, "苏州放入了多少编制?"]
    with endpoint(Reply(content=TWO, pace=Pace(before_byte_s=FOREVER))) as server:
        pipeline = pipeline_at(server)
        answers = [pipeline.ask(question, history=asked[:turn]) for turn, question in enumerate(asked)]

        assert len(server.requests) == 3
    assert [answer.fallback_reason for answer in answers] == ["slow"] * 3 + ["resting"] * 2
    assert [answer.question for answer in answers] == asked
    assert all(answer.answered for answer in answers)
    assert max(answer.timings_ms["generate"] for answer in answers[3:]) < 2000
