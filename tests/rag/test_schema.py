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
    "table",
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


def test_a_comparison_is_a_table_of_what_its_sentences_say(tiny_pipeline):
    document = answer_document(tiny_pipeline.ask("合肥和南京各核增了多少编制?"))
    table = document["table"]

    assert list(table) == ["kind", "columns", "rows", "computed"]
    hefei, nanjing = table["rows"]
    assert [hefei["item"], nanjing["item"]] == ["安徽省合肥市", "江苏省南京市"]
    assert nanjing["cells"] == [{"mentioned": False, "entries": []}]
    (cell,) = hefei["cells"]
    assert cell["mentioned"]
    for entry in cell["entries"]:
        assert list(entry) == ["text", "sentence", "citations", "computed"]
        assert entry["text"] in document["sentences"][entry["sentence"]]["text"]
        assert entry["citations"] == document["sentences"][entry["sentence"]]["citations"]


def test_an_answer_that_compares_nothing_has_no_table(answered, refused):
    assert answer_document(answered)["table"] is None
    assert answer_document(refused)["table"] is None
