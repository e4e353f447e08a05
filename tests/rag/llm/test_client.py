from __future__ import annotations

import itertools
import threading
import time

import pytest
from unruly_endpoint import endpoint
from unruly_replies import FORMS, Reply, endless, failure, too_long

from rag.errors import GenerationError, StoppedError
from rag.llm.client import ModelClient
from rag.llm.client import Reply as Taken
from rag.llm.tally import tokens_of
from rag.types import Usage

# These tests talk to a server of their own on this machine, and to nothing else.
pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

TEXT = "芜湖市2023年新增托位1200个，同比增长8.5%[1]。𠮷"
TURNS = [("system", "只说真话。"), ("human", "问题")]
SCHEMA = {"title": "answer", "type": "object", "properties": {}}
SECRET = "sk-very-secret-4711"


def reason(client):
    """Why a client gives no answer."""
    with pytest.raises(GenerationError) as raised:
        client.complete(TURNS)
    return raised.value.code


# An ordinary reply


@pytest.mark.parametrize("form", FORMS)
def test_a_reply_comes_out_whole_in_every_form(client_of, form):
    with endpoint(Reply(content=TEXT, form=form)) as server:
        assert client_of(server).complete(TURNS) == TEXT


def test_a_reply_comes_out_piece_by_piece(client_of):
    with endpoint(Reply(content=TEXT, piece_chars=3)) as server:
        pieces = list(client_of(server).stream(TURNS))

    assert "".join(pieces) == TEXT
    assert {len(piece) for piece in pieces[:-1]} == {3}


def test_the_turns_are_sent_as_they_are(client_of):
    turns = [("system", "令"), ("human", "问"), ("ai", "答"), ("human", "{再问} \u2028 𠮷")]
    with endpoint(Reply(content="好")) as server:
        client_of(server, llm_answer_tokens=77).complete(turns)

    sent = [(m["role"], m["content"]) for m in server.requests[0]["messages"]]
    assert sent == [("system", "令"), ("user", "问"), ("assistant", "答"), ("user", "{再问} \u2028 𠮷")]
    assert server.requests[0]["max_tokens"] == 77
    assert server.requests[0]["temperature"] == 0


def test_reasoning_is_no_part_of_a_reply(client_of):
    with endpoint(Reply(content=TEXT, reasoning="想一想")) as server:
        assert client_of(server).complete(TURNS) == TEXT


# Use of tokens and time


def test_what_a_model_says_it_used_is_told(client_of):
    taken = Taken()
    with endpoint(Reply(content=TEXT, usage=(321, 45))) as server:
        list(client_of(server).stream(TURNS, reply=taken))

    assert taken.usage == Usage(model="m", prompt_tokens=321, completion_tokens=45)


def test_what_a_model_does_not_say_is_estimated(client_of):
    taken = Taken()
    with endpoint(Reply(content=TEXT, usage=None)) as server:
        list(client_of(server).stream(TURNS, reply=taken))

    assert taken.usage.estimated
    assert taken.usage.prompt_tokens == tokens_of(TURNS) > 10
    assert 20 < taken.usage.completion_tokens < 60


def test_the_first_token_is_timed(client_of):
    from unruly_replies import Pace

    taken = Taken()
    with endpoint(Reply(content=TEXT, pace=Pace(before_token_s=0.2, between_tokens_s=0.05))) as server:
        list(client_of(server).stream(TURNS, reply=taken))

    assert taken.first_token_ms >= 200


# The fullest way that is understood


def refusals(*fields):
    """An endpoint's answers: each field is refused as long as it is there."""
    return [Reply(content=TEXT, refuses=field) for field in fields]


@pytest.mark.parametrize(("field", "lost"), [("stream_options", 1), ("temperature", 2)])
def test_a_field_that_is_refused_is_left_out_for_good(client_of, field, lost):
    with endpoint(Reply(content=TEXT, refuses=field)) as server:
        client = client_of(server)
        said = [client.complete(TURNS) for _ in range(3)]

        assert said == [TEXT] * 3
        assert len(server.requests) == 3 + lost
        assert [field in request for request in server.requests] == [True] * lost + [False] * 3


def test_many_who_are_refused_at_once_leave_out_no_more_than_that(client_of):
    with endpoint(Reply(content=TEXT, refuses="stream_options")) as server:
        client, said = client_of(server), []
        threads = [threading.Thread(target=lambda: said.append(client.complete(TURNS))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        client.complete(TURNS)

        assert said == [TEXT] * 8
        assert sum("stream_options" in request for request in server.requests) > 1
        assert server.requests[-1]["temperature"] == 0


def test_leaving_a_way_costs_no_attempt_and_no_wait(client_of):
    with endpoint(Reply(content=TEXT, refuses="temperature")) as server:
        begun = time.monotonic()
        client_of(server, llm_retries=0).complete(TURNS)

    assert time.monotonic() - begun < 8


@pytest.mark.parametrize("status", [400, 422])
def test_a_request_that_is_refused_in_every_way_is_given_up(client_of, status):
    with endpoint(failure(status)) as server:
        assert reason(client_of(server, llm_retries=5)) == "rejected"
        assert len(server.requests) == 3


@pytest.mark.parametrize("dialect", ["llama.cpp", "openai", "vllm"])
def test_where_the_request_was_too_long_no_other_way_is_tried(client_of, dialect):
    with endpoint(too_long(dialect), Reply(content=TEXT)) as server:
        client = client_of(server)
        assert reason(client) == "too_long"
        assert len(server.requests) == 1

        client.complete(TURNS)
        assert "stream_options" in server.requests[1]


def test_a_schema_is_sent_where_there_is_one(client_of):
    with endpoint(Reply(content="{}")) as server:
        client = client_of(server)
        list(client.stream(TURNS, schema=SCHEMA))
        list(client.stream(TURNS))

    form = server.requests[0]["response_format"]
    assert form["type"] == "json_schema"
    assert form["json_schema"]["schema"]["title"] == "answer"
    assert form["json_schema"]["strict"]
    assert "response_format" not in server.requests[1]


def test_an_endpoint_that_knows_no_schema_is_asked_without_for_good(client_of):
    with endpoint(Reply(content=TEXT, refuses="response_format")) as server:
        client = client_of(server)
        said = ["".join(client.stream(TURNS, schema=SCHEMA)) for _ in range(3)]

        assert said == [TEXT] * 3
        assert ["response_format" in request for request in server.requests] == [True, False, False, False]
        assert server.requests[-1]["temperature"] == 0
        assert "stream_options" in server.requests[-1]


def test_a_schema_is_left_last_where_it_is_not_said_what_is_wrong(client_of):
    with endpoint(*[failure(400)] * 3, Reply(content=TEXT)) as server:
        assert "".join(client_of(server).stream(TURNS, schema=SCHEMA)) == TEXT

        assert ["response_format" in request for request in server.requests] == [True, True, True, False]


# Who leaves


def test_closing_the_iterator_hangs_up(client_of):
    with endpoint(endless("好。")) as server:
        pieces = client_of(server).stream(TURNS)
        taken = list(itertools.islice(pieces, 3))

        begun = time.monotonic()
        pieces.close()
        assert time.monotonic() - begun < 5
        server.wait_for_hang_up()
    assert len(taken) == 3


def test_a_stop_in_mid_wait_hangs_up_within_three_tenths_of_a_second(client_of):
    from unruly_replies import FOREVER, Pace

    stop = threading.Event()
    with endpoint(Reply(content=TEXT, pace=Pace(before_byte_s=FOREVER))) as server:
        client = client_of(server)
        timer = threading.Timer(0.2, stop.set)
        timer.start()
        begun = time.monotonic()
        with pytest.raises(StoppedError):
            client.complete(TURNS, stop=stop)

        assert time.monotonic() - begun < 5
        server.wait_for_hang_up()
    timer.join()


def test_a_model_that_one_left_is_asked_by_the_next(client_of):
    with endpoint(endless("好。")) as server:
        client = client_of(server)
        for _ in range(5):
            pieces = client.stream(TURNS)
            next(pieces)
            pieces.close()

        assert len(server.requests) == 5


def test_many_ask_at_once_and_each_gets_its_own(client_of):
    with endpoint(Reply(content=lambda messages: messages[-1]["content"] * 20)) as server:
        client, said = client_of(server), {}

        def ask(number):
            for turn in range(10):
                question = f"[{number}.{turn}]"
                said[question] = client.complete([("human", question)])

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    assert len(said) == 60
    assert [q for q, reply in said.items() if reply != q * 20] == []


def test_a_model_named_by_its_provider_is_asked_again_and_again(client_of, monkeypatch):
    # Its own client keeps connections from one request to the next.
    with endpoint(Reply(content=TEXT)) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)
        client = client_of(server, llm_base_url="", llm_model="openai:m", llm_api_key=SECRET)

        assert [client.complete(TURNS) for _ in range(4)] == [TEXT] * 4
        assert (client.name, client.place) == ("openai:m", "openai:m")
        assert server.keys == [f"Bearer {SECRET}"] * 4


def test_a_model_whose_code_knows_no_schema_is_asked_without():
    from langchain_core.language_models.fake_chat_models import FakeListChatModel

    class Fussy(FakeListChatModel):
        async def _astream(self, messages, stop=None, run_manager=None, **options):
            if "response_format" in options:
                raise TypeError("unexpected keyword argument 'response_format'")
            async for chunk in super()._astream(messages, stop, run_manager, **options):
                yield chunk

    client = ModelClient(Fussy(responses=[TEXT]), name="fussy", place="here")

    assert client.complete(TURNS, schema=SCHEMA) == TEXT
    assert client.complete(TURNS, schema=SCHEMA) == TEXT
