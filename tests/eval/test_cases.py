from __future__ import annotations

import json

import pytest

from eval.cases import Case, read_suite
from rag.errors import SuiteError

FACT = {"id": "a", "type": "fact", "question": "芜湖拿出多少化债资金?", "must_contain": ["10亿元"]}


def suite(tmp_path, *lines):
    file = tmp_path / "mine.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    ("kind", "expect"),
    [
        ("near_miss", "refuse"),
        ("off_topic", "refuse"),
        ("unanswerable", "refuse"),
        ("false_premise", "either"),
    ],
)
def test_what_is_expected_follows_from_the_type(kind, expect):
    assert Case(id="a", type=kind, question="?").expect == expect


def test_an_answer_is_expected_of_every_other_type():
    assert Case(**FACT).expect == "answer"


def test_a_suite_is_read_in_order_with_its_name_and_hash(tmp_path):
    file = suite(tmp_path, json.dumps(FACT), "", json.dumps({**FACT, "id": "b"}))

    read = read_suite(file)

    assert (read.name, [case.id for case in read.cases]) == ("mine", ["a", "b"])
    assert len(read.sha256) == 64


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "JSON"),
        ("[]", "object"),
        ('{"id": "b", "type": "fact"}', "question"),
        (json.dumps({**FACT, "id": "b", "type": "guess"}), "type"),
        (json.dumps({**FACT, "id": "b", "must_contian": ["x"]}), "must_contian"),
        (json.dumps({**FACT, "id": "b", "must_contain": []}), "say what it must hold"),
        (json.dumps({**FACT, "id": "b", "type": "off_topic"}), "can hold nothing"),
        (json.dumps({**FACT, "id": "b", "refusal": ["off_topic"]}), "no reason to refuse"),
        (json.dumps({**FACT, "id": "b", "near": "city"}), "only a near_miss"),
        (json.dumps({"id": "b", "type": "off_topic", "question": "?", "refusal": ["bored"]}), "refusal"),
        (json.dumps(FACT), "'a' is there already"),
    ],
)
def test_a_bad_line_is_named_by_file_and_number(tmp_path, line, problem):
    with pytest.raises(SuiteError, match=problem) as raised:
        read_suite(suite(tmp_path, json.dumps(FACT), line))

    assert "mine.jsonl:2: " in str(raised.value)


def test_an_empty_or_missing_suite_is_an_error(tmp_path):
    with pytest.raises(SuiteError, match="holds no case"):
        read_suite(suite(tmp_path, ""))
    with pytest.raises(SuiteError, match="No such file"):
        read_suite(tmp_path / "none.jsonl")


@pytest.mark.seeds
def test_a_suite_from_outside_is_read_as_it_is(shared_folder):
    read = read_suite(shared_folder / "evaldata" / "seed_questions.jsonl")

    assert len(read.cases) == 33
    assert sum(case.expect == "refuse" for case in read.cases) == 5
