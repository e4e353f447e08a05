from __future__ import annotations

import json
import time
from email.utils import parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unruly_replies import (
    FOREVER,
    FORMS,
    Fault,
    Form,
    Pace,
    Reply,
    as_json,
    bad_gateway,
    failure,
    http_date,
    over_quota,
    too_long,
)
from unruly_wire import HangUp, Said, Wait, Write, steps

TEXT = "芜湖市2023年新增托位1200个，同比增长8.5%[1]。𠮷"
STREAM = {"messages": [{"role": "user", "content": "问题"}], "stream": True}
WHOLE = {"messages": STREAM["messages"]}


def written(entry, request):
    return b"".join(step.sent for step in steps(entry, request) if isinstance(step, Write))


@given(
    text=st.text(st.sampled_from('。，“”%１ａa1\n\r\\"　芜湖𠮷é: \u2028')),
    reasoning=st.sampled_from(["", "想一想"]),
    piece_chars=st.integers(1, 9),
    form=st.sampled_from(FORMS),
)
def test_a_stream_says_its_content_whatever_that_is(text, reasoning, piece_chars, form):
    reply = Reply(content=text, reasoning=reasoning, piece_chars=piece_chars, form=form)

    said = _events(written(reply, STREAM), form)

    deltas = [event["choices"][0]["delta"] for event in said]
    assert "".join(delta.get("content", "") for delta in deltas) == text
    assert "".join(delta.get("reasoning_content", "") for delta in deltas) == reasoning


def _events(raw, form):
    """Read a body with nothing but the specifications of chunks and of events."""
    body = raw.split(b"\r\n\r\n", 1)[1]
    if form.is_chunked:
        chunks = []
        while True:
            size, body = body.split(b"\r\n", 1)
            if size == b"0":
                break
            chunks.append(body[: int(size, 16)])
            body = body[int(size, 16) + 2 :]
        body = b"".join(chunks)
    lines = body.decode().replace("\r\n", "\n").split("\n")
    payloads = [line.removeprefix("data:").strip(" ") for line in lines if line.startswith("data:")]
    assert (payloads[-1] == "[DONE]") is form.has_done
    return [json.loads(payload) for payload in payloads if payload != "[DONE]"]


def test_a_bytewise_reply_never_writes_a_character_whole():
    writes = [
        step.sent for step in steps(Reply(content=TEXT, form=FORMS[2]), STREAM) if isinstance(step, Write)
    ]

    body = writes[1:]
    assert {len(sent) for sent in body} == {1}
    assert TEXT[:4] in b"".join(body).decode()


def test_usage_comes_only_where_it_is_asked_for_and_known():
    asking = {**STREAM, "stream_options": {"include_usage": True}}

    assert b'"usage"' not in written(Reply(), STREAM)
    assert b'"total_tokens": 12' in written(Reply(usage=(7, 5)), asking)
    assert b'"usage"' not in written(Reply(usage=None), asking)
    assert b'"usage"' not in written(Reply(usage=None), WHOLE)


@pytest.mark.parametrize("request_", [STREAM, WHOLE])
@pytest.mark.parametrize("finish", ["length", "content_filter"])
def test_a_reply_ends_for_the_reason_given(finish, request_):
    assert f'"finish_reason": "{finish}"'.encode() in written(Reply(content=TEXT, finish=finish), request_)


def test_a_body_can_lack_nothing_but_its_end():
    raw = written(Reply(content=TEXT, fault=Fault(kind="close", after_pieces=None)), STREAM)

    assert raw + b"0\r\n\r\n" == written(Reply(content=TEXT), STREAM)


def test_a_fault_strikes_after_so_many_pieces():
    before = [b"", "芜湖市2".encode(), "芜湖市2023年".encode()]
    for count, expected in enumerate(before):
        fault = Fault(kind="close", after_pieces=count)

        said = written(Reply(content=TEXT, fault=fault, form=Form(is_chunked=False)), STREAM)

        deltas = [
            json.loads(line[6:])["choices"][0]["delta"] for line in said.split(b"\n") if line[:1] == b"d"
        ]
        assert "".join(delta["content"] for delta in deltas).encode() == expected


def test_half_a_character_needs_one_of_several_bytes():
    with pytest.raises(ValueError, match="ASCII"):
        written(Reply(content="plain", fault=Fault(kind="half_character")), STREAM)


@pytest.mark.parametrize(
    ("pace", "silences"),
    [
        (Pace(before_byte_s=0.5), [0.5]),
        (Pace(before_token_s=0.5), [0.0, 0.5]),
        (Pace(between_tokens_s=0.5), [0.0, 0.5, 0.5]),
        (Pace(before_token_s=FOREVER), [0.0, FOREVER]),
    ],
)
def test_silence_falls_where_the_pace_says(pace, silences):
    todo = list(steps(Reply(content="一二三四五六", piece_chars=2, pace=pace), STREAM))

    assert [step.seconds for step in todo if isinstance(step, Wait)] == [pace.before_byte_s, *silences[1:]]


def test_comments_lengthen_no_silence():
    todo = list(steps(Reply(pace=Pace(before_byte_s=0.5, comment_every_s=0.25), content="一"), STREAM))
    slow = list(steps(Reply(pace=Pace(before_token_s=1.0, comment_every_s=0.25), content="一"), STREAM))

    assert sum(step.seconds for step in todo if isinstance(step, Wait)) == 0.5
    assert sum(step.seconds for step in slow if isinstance(step, Wait)) == 1.0
    comments = [step for step in slow if isinstance(step, Write) and b": keep-alive" in step.sent]
    assert len(comments) == 3


@pytest.mark.parametrize("request_", [STREAM, WHOLE])
def test_a_document_can_be_the_content_as_a_model_held_to_a_schema_writes_it(request_):
    reply = as_json({"claims": [TEXT]}, piece_chars=1000, form=Form(is_chunked=False))

    assert json.dumps('{"claims": ["' + TEXT + '"]}', ensure_ascii=False) in written(reply, request_).decode()


def test_a_reply_without_a_mark_at_its_end_is_ended_by_hanging_up():
    assert list(steps(Reply(form=Form(is_chunked=False)), STREAM))[-2:] == [Said(), HangUp()]


@pytest.mark.parametrize(("kind", "expected"), [("error", 'data: {"error":'), ("bad_json", '"被\n\n')])
def test_a_garbled_event_stands_in_a_stream_that_goes_on(kind, expected):
    reply = Reply(content=TEXT, fault=Fault(kind=kind, after_pieces=1), form=Form(is_chunked=False))

    before, after = written(reply, STREAM).decode().split(expected)

    assert TEXT[:4] in before
    assert TEXT[-2:] in after
    assert after.endswith("data: [DONE]\n\n")


def test_a_garbled_document_is_whole_on_the_wire():
    error = written(Reply(fault=Fault(kind="error"), form=Form(is_chunked=False)), WHOLE)
    garbage = written(Reply(fault=Fault(kind="bad_json"), form=Form(is_chunked=False)), WHOLE)

    assert "message" in json.loads(error.split(b"\r\n\r\n")[1])["error"]
    with pytest.raises(json.JSONDecodeError):
        json.loads(garbage.split(b"\r\n\r\n")[1])


@pytest.mark.parametrize(
    ("entry", "status", "expected"),
    [
        (too_long("llama.cpp"), "400 Bad Request", "exceed_context_size_error"),
        (too_long("openai"), "400 Bad Request", "context_length_exceeded"),
        (too_long("vllm"), "400 Bad Request", "maximum context length is 4096"),
        (failure(401, code="invalid_api_key"), "401 Unauthorized", "invalid_api_key"),
        (failure(403), "403 Forbidden", "Forbidden"),
        (failure(404, code="model_not_found"), "404 Not Found", "model_not_found"),
        (failure(529), "529 Unnamed", "Unnamed"),
        (over_quota(), "429 Too Many Requests", "rate_limit_exceeded"),
    ],
)
def test_a_failure_says_what_the_server_it_imitates_says(entry, status, expected):
    head, body = written(entry, STREAM).decode().split("\r\n\r\n")

    assert head.startswith(f"HTTP/1.1 {status}\r\n")
    assert f"Content-Length: {len(body)}" in head
    assert expected in json.dumps(json.loads(body))


def test_a_proxy_fails_in_html():
    head, body = written(bad_gateway(), STREAM).decode().split("\r\n\r\n")

    assert "Content-Type: text/html" in head
    assert body.startswith("<html>")


def test_over_quota_says_when_to_come_back_in_the_form_asked_for():
    assert b"Retry-After: 2\r\n" in written(over_quota("2"), STREAM)
    assert b"Retry-After" not in written(over_quota(), STREAM)
    assert 57 < parsedate_to_datetime(http_date(60)).timestamp() - time.time() <= 60
