"""Every way in, over a language model that is a script: what it wrote, what was put in its place, and what is said of that."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import openai
import pytest
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from scripted_server import served
from unruly_endpoint import UnrulyEndpoint
from unruly_replies import Entry, Pace, Reply, failure
from web_server import WebServer

from rag.library import Library
from ui.strings import STRINGS

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

WUHU = "芜湖是怎么化债的？"
PROVEN = "芜湖市累计拿出10亿元化债资金"
UNPROVEN = "合肥市也拿出了30亿元。"
KEY = "sk-quite-secret"
WORDS = f"{PROVEN}[1]。{UNPROVEN}"


@contextmanager
def keyed(
    sample_library, folder, *script: Entry, **settings: str
) -> Iterator[tuple[WebServer, UnrulyEndpoint]]:
    """A server whose language model follows a script and wants a key."""
    with served(sample_library, folder, *script, api_key=KEY, **settings) as both:
        yield both


@pytest.fixture(scope="module")
def marking(sample_library, tmp_path_factory):
    """A server that shows what nothing proves, plainly marked."""
    with keyed(
        sample_library, tmp_path_factory.mktemp("marking"), Reply(content=WORDS), unsupported="mark"
    ) as (server, _):
        yield server


@pytest.fixture(scope="module")
def failing(sample_library, tmp_path_factory):
    """A server whose model always fails."""
    with keyed(
        sample_library, tmp_path_factory.mktemp("failing"), failure(401, message=f"bad key {KEY}")
    ) as (
        server,
        _,
    ):
        yield server


def asked(server, question=WUHU):
    answer = httpx.post(f"{server.address}/api/ask", json={"question": question}, timeout=60)
    assert KEY not in answer.text
    return answer.json()


def events_of(server, question=WUHU):
    answer = httpx.post(
        f"{server.address}/api/ask",
        json={"question": question},
        headers={"accept": "text/event-stream"},
        timeout=60,
    )
    for block in answer.text.strip().split("\n\n"):
        kind, data = block.split("\n")
        yield kind.removeprefix("event: "), json.loads(data.removeprefix("data: "))


@contextmanager
def chat(server):
    with openai.OpenAI(base_url=f"{server.address}/v1", api_key="none", max_retries=0) as client:
        yield client.chat.completions


async def called(server, **arguments):
    async with (
        streamable_http_client(f"{server.address}/gradio_api/mcp/") as (incoming, outgoing, _),
        ClientSession(incoming, outgoing) as session,
    ):
        await session.initialize()
        (content,) = (await session.call_tool("ask", arguments)).content
        return json.loads(content.text)


def test_the_document_says_who_worded_it_what_it_cost_and_what_nothing_proves(marking):
    document = asked(marking)

    by_text = {sentence["text"]: sentence for sentence in document["sentences"]}
    assert document["composer"].startswith("llm")
    assert document["usage"] == {
        "model": "scripted",
        "prompt_tokens": 120,
        "completion_tokens": 30,
        "estimated": False,
        "left_out": 0,
    }
    assert by_text[UNPROVEN] == {"text": UNPROVEN, "citations": [], "supported": False}
    assert by_text[f"{PROVEN}。"]["supported"] is True
    assert by_text[f"{PROVEN}。"]["citations"] == [1]


def test_the_events_say_of_every_sentence_whether_it_is_proven(marking):
    events = list(events_of(marking))

    said = [document for kind, document in events if kind == "sentence"]
    kind, answer = events[-1]
    assert kind == "answer"
    assert [{n: s[n] for n in ("text", "citations", "supported")} for s in said] == answer["sentences"]
    assert [s["supported"] for s in said if s["text"] == UNPROVEN] == [False]


def test_a_chat_client_is_shown_the_mark_the_note_and_the_usage(marking):
    with chat(marking) as completions:
        whole = completions.create(model="yigai", messages=[{"role": "user", "content": WUHU}])
        with completions.create(
            model="yigai",
            messages=[{"role": "user", "content": WUHU}],
            stream=True,
            stream_options={"include_usage": True},
        ) as stream:
            chunks = list(stream)

    text = whole.choices[0].message.content
    lines = text.splitlines()
    assert f"{UNPROVEN}〔未经证实〕" in lines
    assert f"{PROVEN}。[1]" in lines
    note = next(line for line in lines if line.startswith("由语言模型 scripted 组织文字；"))
    assert lines.index(note) < next(n for n, line in enumerate(lines) if "「" in line)
    assert "".join(c.choices[0].delta.content or "" for c in chunks if c.choices) == text
    for usage in (whole.usage, chunks[-1].usage):
        assert (usage.prompt_tokens, usage.completion_tokens, usage.total_tokens) == (120, 30, 150)


async def test_a_program_with_tools_is_told_the_same(marking):
    document = await called(marking, question=WUHU)

    assert document["composer"].startswith("llm")
    assert document["usage"]["model"] == "scripted"
    assert [s["supported"] for s in document["sentences"] if s["text"] == UNPROVEN] == [False]


async def test_where_the_model_fails_every_way_in_says_why(failing):
    document, by_tool = asked(failing), await called(failing, question=WUHU)
    with chat(failing) as completions:
        chatted = completions.create(model="yigai", messages=[{"role": "user", "content": WUHU}])

    # After some failures in a row the model is not asked any more.
    told = {document["fallback_reason"], by_tool["fallback_reason"]}
    assert told <= {"rejected", "resting"}
    assert document["composer"] == by_tool["composer"] == "extractive"
    assert document["usage"] is by_tool["usage"] is None
    reason = chatted.model_extra["yigai"]["fallback_reason"]
    text = chatted.choices[0].message.content
    assert f"\n\n{STRINGS[f'fallback_{reason}']['zh']}\n\n[1] " in text
    assert text.startswith(document["text"])
    assert chatted.usage.total_tokens == 0


def test_no_key_reaches_what_the_server_says_or_keeps(failing):
    asked(failing)

    assert KEY not in "\n".join(failing.said)
    assert KEY not in httpx.get(f"{failing.address}/openapi.json").text
    with Library.open(failing.library) as library:
        assert KEY not in str(library.history.listed())


def test_who_leaves_while_the_model_is_waited_for_leaves_the_seat_free(sample_library, tmp_path):
    slow = Reply(content=WORDS, pace=Pace(before_token_s=60))
    with keyed(sample_library, tmp_path, slow) as (server, model):
        with httpx.stream(
            "POST",
            f"{server.address}/api/ask",
            json={"question": WUHU},
            headers={"accept": "text/event-stream"},
            timeout=60,
        ) as answer:
            lines = answer.iter_lines()  # kept: a reader who drops it has left
            assert any('"compose"' in line for line in lines)
            model.wait_for_requests(1, within_s=30)
            assert health(server)["answering"] == 1
        left = time.monotonic()
        while health(server)["answering"] and time.monotonic() - left < 10:
            time.sleep(0.05)

        assert time.monotonic() - left < 5
        model.wait_for_hang_up(0)


def health(server):
    return httpx.get(f"{server.address}/api/health").json()


def test_who_hangs_up_on_a_whole_answer_leaves_the_seat_free_as_well(sample_library, tmp_path):
    slow = Reply(content=WORDS, pace=Pace(before_token_s=60))
    asked = {
        "/api/ask": {"question": WUHU},
        "/v1/chat/completions": {"messages": [{"role": "user", "content": WUHU}]},
    }
    with keyed(sample_library, tmp_path, slow) as (server, model):
        for number, (path, body) in enumerate(asked.items()):
            with pytest.raises(httpx.ReadTimeout):
                httpx.post(f"{server.address}{path}", json=body, timeout=httpx.Timeout(30, read=5))
            model.wait_for_requests(number + 1, within_s=30)
            left = time.monotonic()
            while health(server)["answering"] and time.monotonic() - left < 10:
                time.sleep(0.05)

            assert time.monotonic() - left < 5
            model.wait_for_hang_up(number)
