from __future__ import annotations

import dataclasses

import pytest
from pydantic import ValidationError
from worded import PROVEN, UNPROVEN, worded

from rag.contradiction import Conflict, ConflictSide
from rag.types import Refusal, Said
from ui.web.api import given_document, said_document
from ui.web.desk import Given
from ui.web.documents import AnswerDocument, SaidDocument

WUHU = "芜湖是怎么化债的?"
CONFLICT = Conflict(
    sentence=0, sides=(ConflictSide(figure="10亿元", citation=1, source=None, date="2025"),) * 2
)


def document_of(answer):
    return given_document(Given(answer=answer, answer_id="x"))


@pytest.mark.parametrize(
    "answer",
    [
        worded(),
        worded(sentences=(PROVEN, UNPROVEN), fallback_reason="slow", composer="llm+extractive"),
        worded(conflicts=(CONFLICT,)),
        worded(
            sentences=(), citations=(), refusal=Refusal(code="model_declined", message="没有"), usage=None
        ),
    ],
    ids=["worded", "marked", "differing", "refused"],
)
def test_what_is_sent_has_the_fields_that_are_described_and_no_other(answer):
    document = document_of(answer)

    described = AnswerDocument.model_validate(document, strict=False)

    assert described.model_dump(by_alias=True, mode="json") == {
        **document,
        "citations": [
            {**c, "regions": list(c["regions"]), "heading_path": list(c["heading_path"])}
            for c in document["citations"]
        ],
    }


@pytest.mark.parametrize("question", [WUHU, "合肥是怎么化债的?"])
def test_so_it_is_with_real_answers(pipeline, question):
    document = document_of(pipeline.ask(question))

    assert set(AnswerDocument.model_validate(document).model_dump(by_alias=True)) == set(document)


def test_a_sentence_that_is_sent_by_itself_has_the_fields_that_are_described(sample):
    document = said_document(Said(sentence=UNPROVEN, citations=worded().citations), sample)

    described = SaidDocument.model_validate(document)

    assert set(described.model_dump()) == set(document)
    assert described.supported is False


def test_a_field_that_is_not_described_would_be_noticed():
    with pytest.raises(ValidationError, match="extra"):
        AnswerDocument.model_validate({**document_of(worded()), "more": 1})


def test_a_reason_that_is_not_described_would_be_noticed():
    broken = dataclasses.replace(worded(), fallback_reason="bored")

    with pytest.raises(ValidationError, match="fallback_reason"):
        AnswerDocument.model_validate(document_of(broken))
