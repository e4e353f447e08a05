from __future__ import annotations

import asyncio
import http.client
import json
import socket
import threading
import time
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from unruly_endpoint import CLOSE_WITHIN_S, endpoint
from unruly_replies import (
    FOREVER,
    FORMS,
    Failure,
    Fault,
    Form,
    Pace,
    Reply,
    Silence,
    endless,
    failure,
    thinking_aloud,
)

# These tests talk to a server of their own on this machine, and to nothing else.
pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

TEXT = "芜湖市2023年新增托位1200个，同比增长8.5%[1]。𠮷"
STREAM = {"messages": [{"role": "user", "content": "问题"}], "stream": True}
WHOLE = {"messages": STREAM["messages"]}


def model_at(server, *, timeout_s=5.0, **options):
    from langchain_openai import ChatOpenAI

    return ChatOpenAI(
        base_url=server.url, model="m", api_key="sk-test", timeout=timeout_s, max_retries=0, **options
    )


def streamed(server, **options):
    """What a real client makes of a stream: one message."""
    first, *rest = model_at(server, stream_usage=True, **options).stream("问题")
    return sum(rest, first)


def post(server, request, *, path="/v1/chat/completions"):
    """The status, headers and body of a reply, as the standard library reads them."""
    with closing(http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=5)) as connection:
        connection.request("POST", path, json.dumps(request), {"Authorization": "Bearer sk-raw"})
        response = connection.getresponse()
        return response.status, response.headers, response.read()


# An ordinary reply


@pytest.mark.parametrize("form", FORMS)
def test_a_real_client_reads_the_same_answer_in_every_form(form):
    with endpoint(Reply(content=TEXT, form=form)) as server:
        message = streamed(server)
        document = model_at(server).invoke("问题")

        assert [server.wait_for_outcome(number) for number in (0, 1)] == ["whole", "whole"]
    assert message.content == document.content == TEXT
    assert message.response_metadata["finish_reason"] == "stop"
    assert message.usage_metadata["input_tokens"] == document.usage_metadata["input_tokens"] == 120


async def test_a_real_client_streams_asynchronously():
    with endpoint(Reply(content=TEXT, piece_chars=3)) as server:
        model = model_at(server)
        pieces = [chunk.content async for chunk in model.astream("问题") if chunk.content]
        await model.root_async_client.close()

    assert "".join(pieces) == TEXT
    assert {len(piece) for piece in pieces[:-1]} == {3}


async def test_an_asynchronous_client_that_leaves_is_noticed():
    with endpoint(endless("好。")) as server:
        model = model_at(server)
        stream = model.astream("问题")
        await anext(stream)
        await stream.aclose()

        await asyncio.to_thread(server.wait_for_hang_up)
        await model.root_async_client.close()


def test_reasoning_does_not_reach_the_content_unless_the_model_thinks_aloud():
    with endpoint(Reply(content=TEXT, reasoning="想一想"), thinking_aloud("想一想", TEXT)) as server:
        assert streamed(server).content == TEXT
        assert streamed(server).content == f"<think>\n想一想\n</think>\n\n{TEXT}"


def test_the_answer_can_be_made_from_the_request():
    with endpoint(Reply(content=lambda messages: messages[-1]["content"].upper())) as server:
        assert model_at(server).invoke("say pwned").content == "SAY PWNED"


# The script, and what is recorded


def test_the_script_is_followed_in_order_and_its_last_entry_repeats():
    with endpoint(failure(500), Reply(content="一"), Reply(content="二")) as server:
        status, _, _ = post(server, STREAM)
        said = [streamed(server).content for _ in range(3)]

    assert (status, said) == (500, ["一", "二", "二"])


def test_requests_are_recorded_with_their_key_and_time():
    with endpoint(Reply(content=TEXT)) as server:
        before = time.monotonic()
        streamed(server)
        post(server, WHOLE)

    assert server.requests[0]["stream_options"] == {"include_usage": True}
    assert server.requests[1] == WHOLE
    assert server.said() == "问题"
    assert server.keys == ["Bearer sk-test", "Bearer sk-raw"]
    first, second = (exchange.at_s for exchange in server.exchanges)
    assert before <= first <= second <= time.monotonic()


def test_a_wrong_path_is_not_found_and_uses_nothing_up():
    with endpoint(Reply(content=TEXT)) as server:
        assert post(server, WHOLE, path="/v1/v1/chat/completions")[0] == 404

    assert server.requests == []


def test_a_refused_field_costs_no_reply():
    with endpoint(Reply(content=TEXT, refuses="response_format"), Reply(content="二")) as server:
        refused = post(server, {**WHOLE, "response_format": {}})
        accepted = post(server, WHOLE)

    assert refused[0] == 400
    assert json.loads(refused[2])["error"]["param"] == "response_format"
    assert json.loads(accepted[2])["choices"][0]["message"]["content"] == TEXT


# Faults


@pytest.mark.parametrize("is_chunked", [True, False])
@pytest.mark.parametrize("is_stream", [True, False])
@pytest.mark.parametrize("kind", ["reset", "close", "half_character", "stall"])
def test_a_broken_body_ends_where_the_script_says(kind, is_stream, is_chunked):
    reply = Reply(content=TEXT, fault=Fault(kind=kind), form=Form(is_chunked=is_chunked))
    with endpoint(reply) as server:
        raw, error = _received(server, {**WHOLE, "stream": is_stream})

    assert not raw.endswith(b"0\r\n\r\n")
    assert TEXT[:4].encode() in raw or not is_stream
    assert TEXT[-2:].encode() not in raw
    assert error is {"reset": ConnectionResetError, "stall": TimeoutError}.get(kind)
    if kind == "half_character":
        with pytest.raises(UnicodeDecodeError):
            raw.removesuffix(b"\r\n").decode()


def _received(server, request):
    """Every byte of a reply, and how the connection ended."""
    raw = b""
    with _asking(server, request, timeout_s=0.3) as connection:
        try:
            while piece := connection.recv(65536):
                raw += piece
        except OSError as error:
            return raw, type(error)
    return raw, None


def _asking(server, request, *, timeout_s=5.0):
    """A bare connection that has asked, and has not begun to read."""
    body = json.dumps(request).encode()
    address = urlsplit(server.url)
    connection = socket.create_connection((address.hostname, address.port), timeout=timeout_s)
    connection.sendall(b"POST /v1/chat/completions HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    return connection


@pytest.mark.parametrize(("is_reset", "error"), [(True, ConnectionResetError), (False, None)])
def test_a_connection_can_end_before_any_byte(is_reset, error):
    with endpoint(Silence(is_reset=is_reset)) as server:
        assert _received(server, STREAM) == (b"", error)

        assert server.wait_for_outcome() == "cut"


# Time


def test_a_slow_reply_takes_its_time():
    with endpoint(Reply(content="一", pace=Pace(before_byte_s=0.1, before_token_s=0.1))) as server:
        begun = time.monotonic()
        assert streamed(server).content == "一"

    assert time.monotonic() - begun >= 0.2


def test_comments_can_keep_a_silence_from_any_read_timeout():
    pace = Pace(before_token_s=1.0, comment_every_s=0.05)
    with endpoint(Reply(content=TEXT, pace=pace)) as server:
        assert streamed(server, timeout_s=0.4).content == TEXT


# Who hangs up


def test_a_client_that_hangs_up_is_told_from_a_reply_that_was_whole():
    with endpoint(Reply(content=TEXT), endless("好。")) as server:
        streamed(server)
        with pytest.raises(AssertionError, match="'whole'"):
            server.wait_for_hang_up(0)
        for _ in zip(range(20), model_at(server).stream("问题"), strict=False):
            pass
        server.wait_for_hang_up(1)

    assert server.exchanges[1].sent_bytes > 0


def test_waiting_for_what_never_comes_fails():
    with endpoint(Reply()) as server, pytest.raises(AssertionError, match="no 1 requests within"):
        server.wait_for_requests(1, within_s=0.05)


STALLED = [
    Reply(content=TEXT, pace=Pace(before_byte_s=FOREVER)),
    Reply(content=TEXT, fault=Fault(kind="stall")),
    Reply(content=TEXT, fault=Fault(kind="stall"), pace=Pace(comment_every_s=0.01)),
    Failure(status=500, body="", before_byte_s=FOREVER),
    endless("好。", between_tokens_s=0.0),
]


@pytest.mark.parametrize("entry", STALLED)
def test_closing_releases_every_reply_at_once(entry):
    threads_before = set(threading.enumerate())
    with endpoint(entry) as server:
        clients = [_asking(server, STREAM) for _ in range(3)]
        server.wait_for_requests(3)
        begun = time.monotonic()
    took_s = time.monotonic() - begun
    for client in clients:
        client.close()

    assert took_s < CLOSE_WITHIN_S / 2
    assert [exchange.outcome for exchange in server.exchanges] == ["closed"] * 3
    assert set(threading.enumerate()) <= threads_before


def test_closing_ends_connections_that_are_kept_open():
    with endpoint(Reply(content=TEXT)) as server:
        connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=5)
        for _ in range(2):
            connection.request("POST", "/v1/chat/completions", json.dumps(STREAM))
            connection.getresponse().read()
        begun = time.monotonic()

    assert time.monotonic() - begun < CLOSE_WITHIN_S / 2
    connection.close()


def forgetful(messages):
    return messages[7]["content"]


def test_a_fault_of_the_script_itself_is_raised_when_the_server_closes():
    with (
        pytest.raises(AssertionError) as raised,
        endpoint(Reply(content=forgetful)) as server,
        pytest.raises(http.client.HTTPException),
    ):
        post(server, STREAM)

    assert isinstance(raised.value.__cause__, IndexError)


def test_a_fault_of_the_script_itself_is_noted_where_the_test_fails_of_it():
    with pytest.raises(http.client.HTTPException) as raised, endpoint(Reply(content=forgetful)) as server:
        post(server, STREAM)

    assert "IndexError" in raised.value.__notes__[0]


def test_a_script_is_not_empty():
    with pytest.raises(ValueError, match="at least one"), endpoint():
        pass
