"""Briefings downloaded."""

from __future__ import annotations

import io
import json
import re

import pytest
from docx import Document
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from rag.briefing.types import Request
from rag.briefing.write import write_briefing
from rag.history import MemoryHistory
from ui.exporting import SUFFIXES
from ui.web.brief_files import brief_router, file_name
from ui.web.briefs import Briefs
from ui.web.desk import Desk, Line
from ui.web.tools import ASKER_HEADER


@pytest.fixture(scope="module")
def briefs(pipeline):
    desk = Desk(pipeline, history=MemoryHistory(), line=Line(at_once=1, most=4), settings={})
    return Briefs(desk, write_briefing)


@pytest.fixture(scope="module")
def client(briefs):
    app = FastAPI()
    app.include_router(brief_router(briefs))
    return TestClient(app)


@pytest.fixture(scope="module")
def key(briefs, pipeline):
    return briefs.keep(write_briefing(pipeline, Request(topic="公立医院化债")), "a")


def get(client, key, form, asker="a"):
    return client.get(f"/brief/{key}/{form}", headers={ASKER_HEADER: asker})


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_each_kind_of_file_is_given_under_the_briefings_name(client, key, suffix):
    answer = get(client, key, suffix.removeprefix("."))

    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith("attachment; filename*=UTF-8''%E5%85%AC")
    assert answer.headers["content-disposition"].endswith(suffix)
    assert len(answer.content) > 500


def test_a_word_document_opens_and_holds_the_figures(client, key):
    document = Document(io.BytesIO(get(client, key, "docx").content))

    assert any("48.8%" in paragraph.text for paragraph in document.paragraphs)


def test_the_data_are_json(client, key):
    assert json.loads(get(client, key, "json").content)["request"]["topic"] == "公立医院化债"


@pytest.mark.parametrize(
    ("form", "asker"), [("docx", "b"), ("docx", ""), ("exe", "a"), ("", "a"), ("..", "a")]
)
def test_nobody_else_gets_it_and_nothing_else_is_given(client, key, form, asker):
    assert get(client, key, form, asker).status_code == 404


def test_a_key_that_is_none_leads_nowhere(client):
    assert get(client, "x", "docx").status_code == 404


@given(st.text(max_size=200))
def test_any_title_gives_a_name_that_a_file_can_have(title):
    name = file_name(title, ".docx")

    assert re.fullmatch(r'[^\\/:*?"<>|\x00-\x1f\x7f]{1,60}\.docx', name)
    assert not name.startswith(".")
