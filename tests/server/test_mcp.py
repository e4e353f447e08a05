from __future__ import annotations

import json
from contextlib import asynccontextmanager

import pytest
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client

from rag.library import Library

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

WUHU = "芜湖是怎么化债的？"


@asynccontextmanager
async def connected(address):
    """A program that has found the tools."""
    async with (
        streamable_http_client(f"{address}/gradio_api/mcp/") as (incoming, outgoing, _),
        ClientSession(incoming, outgoing) as session,
    ):
        await session.initialize()
        yield session


async def called(session, name, **arguments):
    """What the tool returned: JSON, in one piece of text."""
    result = await session.call_tool(name, arguments)
    assert not result.isError, result.content
    (content,) = result.content
    return json.loads(content.text)


async def complained(session, name, **arguments):
    """What the tool says went wrong."""
    result = await session.call_tool(name, arguments)
    assert result.isError
    (content,) = result.content
    return content.text


async def test_there_are_two_tools_described_and_typed(server):
    async with connected(server.address) as session:
        tools = {tool.name: tool for tool in (await session.list_tools()).tools}

    assert set(tools) == {"ask", "read_article"}
    assert "every sentence cited" in tools["ask"].description
    assert "never repeat it as a fact" in tools["ask"].description
    assert "Filled in by the server" not in tools["ask"].description
    assert "offsets" in tools["read_article"].description
    asked = tools["ask"].inputSchema
    assert asked["required"] == ["question"]
    assert {name: kind["type"] for name, kind in asked["properties"].items()} == {
        "question": "string",
        "region": "string",
        "since_year": "integer",
        "until_year": "integer",
        "source": "string",
    }
    assert all(len(kind["description"]) > 10 for kind in asked["properties"].values())
    assert tools["read_article"].inputSchema["required"] == ["article_id"]


@pytest.mark.parametrize("question", [WUHU, "How did Wuhu reform staffing?"])
async def test_offsets_of_an_answer_are_into_the_article_that_is_read(server, question):
    async with connected(server.address) as session:
        answer = await called(session, "ask", question=question)
        assert answer["citations"]
        for citation in answer["citations"]:
            article = await called(session, "read_article", article_id=citation["article_id"])
            assert article["text"][citation["start"] : citation["end"]] == citation["quote"]


async def test_an_answer_is_that_of_the_http_interface_and_is_kept_as_a_program_s(server, api):
    async with connected(server.address) as session:
        answer = await called(session, "ask", question=WUHU)

    other = api.post("/api/ask", json={"question": WUHU}).json()
    assert answer.keys() == other.keys()
    assert [answer[n] for n in ("text", "citations")] == [other[n] for n in ("text", "citations")]
    with Library.open(server.library) as library:
        assert library.history.kept(answer["answer_id"]).asked.via == "mcp"


async def test_a_refusal_is_an_answer_that_says_so(server):
    async with connected(server.address) as session:
        answer = await called(session, "ask", question="今天天气怎么样")

    assert answer["answered"] is False
    assert answer["refusal"]["code"] == "off_topic"


async def test_place_years_and_outlet_restrict_the_search(server):
    async with connected(server.address) as session:
        inside = await called(session, "ask", question="编制怎样改革？", region="铜仁市")
        before = await called(session, "ask", question=WUHU, region="芜湖", until_year=2000)
        outlet = await called(session, "ask", question=WUHU, source="人民日报")

    assert {region for c in inside["citations"] for region in c["regions"]} == {"贵州省铜仁市"}
    assert before["refusal"]["code"] == outlet["refusal"]["code"] == "outside_filter"


async def test_what_goes_wrong_is_said_in_words_and_the_session_goes_on(server):
    async with connected(server.address) as session:
        assert "火星" in await complained(session, "ask", question="x", region="火星")
        assert "2024" in await complained(session, "ask", question="x", since_year=2024, until_year=2020)
        assert "'nothing'" in await complained(session, "read_article", article_id="nothing")
        assert "question" in await complained(session, "ask")
        assert "string" in await complained(session, "ask", question=5)
        assert "nothing" in await complained(session, "nothing")
        assert (await called(session, "ask", question=WUHU))["answered"]


@pytest.mark.parametrize(
    "call",
    [
        '{"name": "ask", "arguments": {"question": "\\ud800芜湖是怎么化债的"}}',
        '{"name": "ask", "arguments": {"question": "芜湖", "region": "\\udfff"}}',
        '{"name": "read_article", "arguments": {"article_id": "\\udfff"}}',
        '{"name": "ask", "arguments": {"question": "' + "芜湖" * 50_000 + '"}}',
    ],
    ids=["question", "region", "article", "long"],
)
def test_what_a_client_would_not_send_is_answered_or_refused_too(api, call):
    body = '{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": ' + call + "}"
    response = api.post(
        "/gradio_api/mcp/",
        content=body.encode(),
        headers={"content-type": "application/json", "accept": "application/json, text/event-stream"},
    )

    assert response.status_code == 200
    (line,) = [line for line in response.text.splitlines() if line.startswith("data: ")]
    text = json.loads(line.removeprefix("data: "))["result"]["content"][0]["text"]
    assert "codec" not in text
    assert text.startswith("{") or "one is needed" in text or "ambiguous place" in text
