"""Answers asked for as claims in JSON, through the whole pipeline."""

from __future__ import annotations

import pytest
from modelled import MUCH
from unruly_endpoint import endpoint
from unruly_replies import Fault, Reply, as_json, failure

# These tests talk to a server of their own on this machine, and to nothing else.
pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

QUESTION = "赣州的急救反应时间缩短到多少分钟?"
STATIONS = "赣州市新设急救站30个"
MINUTES = "赣州市的平均急救反应时间从28分钟缩短到15分钟"
ELSEWHERE = "合肥市的平均急救反应时间从28分钟缩短到15分钟。"


@pytest.fixture
def ask(tiny_modelled):
    def put(reply, **settings):
        with endpoint(reply) as server:
            return tiny_modelled.ask(server, QUESTION, **MUCH | settings)

    return put


def shown(answer):
    return [sentence.text for sentence in answer.sentences]


def claims(*pairs):
    return as_json({"claims": [{"text": text, "citations": list(cited)} for text, cited in pairs]})


def test_claims_are_read_and_checked_one_by_one(ask):
    reply = claims((f"{STATIONS}。", [1]), (ELSEWHERE, [1]), (f"{MINUTES}。", [9]))
    answer = ask(reply, llm_structured=True)

    assert shown(answer)[:2] == [f"{STATIONS}。", f"{MINUTES}。"]
    assert (answer.composer, len(answer.dropped)) == ("llm", 1)


@pytest.mark.parametrize(
    "content",
    [as_json({"answer": MINUTES}), as_json({"claims": MINUTES}), Reply(content='{"claims": [{"text": ')],
)
def test_claims_of_another_form_are_none(ask, tiny_pipeline, content):
    answer = ask(content, llm_structured=True)

    assert (answer.composer, answer.fallback_reason) == ("extractive", "wrong_form")
    assert answer.sentences == tiny_pipeline.ask(QUESTION).sentences


def test_claims_cut_at_the_limit_leave_what_was_whole(ask):
    whole = claims((f"{STATIONS}。", [1]), (f"{MINUTES}。", [1]), ("赣州市的", [1])).content
    answer = ask(Reply(content=whole[:-24], finish="length"), llm_structured=True)

    assert shown(answer)[0] == f"{STATIONS}。"
    assert (answer.composer, answer.fallback_reason) == ("llm+extractive", "endless")


def test_no_claims_where_the_articles_plainly_answer_are_not_believed(ask):
    answer = ask(claims(), llm_structured=True)

    assert (answer.composer, answer.fallback_reason) == ("extractive", "declined")


def test_an_endpoint_that_knows_no_schema_answers_in_prose(tiny_modelled):
    with endpoint(Reply(content=f"{MINUTES}[1]。", refuses="response_format")) as server:
        answer = tiny_modelled.ask(server, QUESTION, llm_structured=True, **MUCH)

        assert len(server.requests) == 2
    assert (answer.composer, shown(answer)[0]) == ("llm", f"{MINUTES}。")


def test_an_endpoint_that_refuses_everything_leaves_it_to_the_articles(tiny_modelled):
    with endpoint(failure(400)) as server:
        answer = tiny_modelled.ask(server, QUESTION, llm_structured=True)

    assert (answer.composer, answer.fallback_reason) == ("extractive", "rejected")


def test_claims_in_json_are_read_though_nobody_asked_for_them(ask):
    answer = ask(claims((f"{MINUTES}。", [1])))

    assert (answer.composer, shown(answer)[0]) == ("llm", f"{MINUTES}。")


def test_claims_that_break_off_leave_what_was_whole(ask):
    whole = claims(
        *[(f"{STATIONS}。", [1])], ("赣州市为急救站投入2.4亿元。", [1]), (f"{MINUTES}。", [1])
    ).content
    answer = ask(Reply(content=whole, fault=Fault(kind="reset", after_pieces=30)), llm_structured=True)

    assert shown(answer)[0] == f"{STATIONS}。"
    assert (answer.composer, answer.fallback_reason) == ("llm+extractive", "interrupted")
