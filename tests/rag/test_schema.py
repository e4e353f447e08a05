from __future__ import annotations

import json

import pytest

from rag.schema import SCHEMA_VERSION, answer_document

FIELDS = [
    "schema",
    "question",
    "language",
    "answered",
    "text",
    "understood",
    "sentences",
    "citations",
    "conflicts",
    "refusal",
    "composer",
    "fallback_reason",
    "usage",
    "timings_ms",
]
CITATION_FIELDS = [
    "number",
    "article_id",
    "title",
    "source",
    "date",
    "url",
    "regions",
    "heading_path",
    "start",
    "end",
    "quote",
]


@pytest.fixture(scope="module")
def answered(tiny_pipeline):
    return tiny_pipeline.ask("合肥的家庭医生签约率是多少?")


@pytest.fixture(scope="module")
def refused(tiny_pipeline):
    return tiny_pipeline.ask("火星上有没有生命?")


def test_the_version_of_the_public_shape_is_one():
    assert SCHEMA_VERSION == 1


def test_an_answer_has_exactly_the_public_fields(answered):
    document = answer_document(answered)

    assert list(document) == FIELDS
    assert [list(s) for s in document["sentences"]] == [["text", "citations", "supported"]] * len(
        document["sentences"]
    )
    assert [list(c) for c in document["citations"]] == [CITATION_FIELDS] * len(document["citations"])
    assert document["citations"]


def test_an_answer_says_so_and_has_no_refusal(answered):
    document = answer_document(answered)

    assert document["answered"] is True
    assert document["refusal"] is None
    assert document["text"] == answered.text


def test_a_refusal_has_a_code_and_a_message_and_no_sentence(refused):
    document = answer_document(refused)

    assert document["answered"] is False
    assert list(document["refusal"]) == ["code", "message"]
    assert document["text"] == document["refusal"]["message"]
    assert document["sentences"] == document["citations"] == []


def test_a_document_survives_json(answered, refused):
    for answer in (answered, refused):
        document = answer_document(answer)

        read = json.loads(json.dumps(document, ensure_ascii=False))

        assert read["text"] == document["text"]
        assert [c["quote"] for c in read["citations"]] == [c.quote for c in answer.citations]


def test_changing_a_document_leaves_the_answer_alone(answered):
    answer_document(answered)["timings_ms"].clear()

    assert answered.timings_ms
