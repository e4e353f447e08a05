from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from rag.build import build_pipeline
from rag.history import MemoryHistory
from rag.library import OriginFile
from rag.settings import load_settings
from ui.web.api import api_router, explain_errors
from ui.web.desk import Desk, Line

WUHU = "芜湖是怎么化债的?"


@pytest.fixture
def client(own, encoder):
    desk = Desk(
        build_pipeline(own, encoder, load_settings()),
        history=MemoryHistory(),
        line=Line(at_once=1, most=8),
        settings={},
    )
    app = FastAPI()
    app.include_router(api_router(desk))
    explain_errors(app)
    return TestClient(app)


@pytest.fixture
def citation(client, own):
    """A citation of an answer whose article was rewritten since."""
    cited = client.post("/api/ask", json={"question": WUHU}).json()["citations"][0]
    old = own.article(cited["article_id"])
    origin = OriginFile(path="/elsewhere.md", content_hash="0" * 64, size=1, mtime_ns=1)
    new = dataclasses.replace(old, text="此文已改写。", headings=(), content_hash="0" * 64)
    own.replace_article(new, [], np.zeros((0, own.manifest.dimension), np.float32), origin=origin)
    return cited


def test_what_a_citation_quoted_is_found_in_the_version_that_has_it(client, citation):
    asked = {"start": citation["start"], "quote": citation["quote"]}

    document = client.get(f"/api/articles/{citation['article_id']}", params=asked).json()

    assert document["text"][citation["start"] : citation["end"]] == citation["quote"]
    assert (document["version"], [v["number"] for v in document["versions"]]) == (1, [1])
    assert document["replaced_at"] == document["versions"][0]["replaced_at"]
    assert client.get(f"/api/articles/{citation['article_id']}?version=1").json() == document


def test_without_a_quote_or_where_none_has_it_the_article_comes_as_it_is(client, citation):
    plain = client.get(f"/api/articles/{citation['article_id']}").json()
    odd = client.get(f"/api/articles/{citation['article_id']}?start=2&quote=nowhere").json()

    assert plain == odd
    assert (plain["text"], plain["version"]) == ("此文已改写。", None)


@pytest.mark.parametrize(("query", "status"), [("version=2", 404), ("version=0", 422), ("start=-1", 422)])
def test_a_version_that_is_not_there_is_a_problem_in_both_languages(client, citation, query, status):
    answer = client.get(f"/api/articles/{citation['article_id']}?{query}")

    assert answer.status_code == status
    if status == 404:
        assert answer.json()["error"]["code"] == "version_not_found"
        assert "没有第 2 版" in answer.json()["error"]["message_zh"]


def test_every_citation_says_who_else_printed_it(client):
    cited = client.post("/api/ask", json={"question": WUHU}).json()["citations"]

    assert cited
    assert all(one["reposts"] == [] for one in cited)
