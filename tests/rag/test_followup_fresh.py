"""Whole questions, asked in the middle of a conversation about something else, stay as they are."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from rag.followup import resolve

SUITES = Path(__file__).parents[2] / "eval" / "suites"
MOST_CHANGED = 0.01
MOST_UNSURE = 0.1
UNRELATED = ("重庆2018年的急救反应时间是多少？", "What was the response time in Chongqing in 2018?")
# A person, too, would wonder whether these are asked of the place before: the rules are unsure of them.
LEANING = {"病房提升改造要投多少钱？", "民营医院可以牵头搞医联体吗？"}
# These name no topic (by themselves they are refused as too vague): in a conversation they lean on what was asked before.
LEANING |= {"医改怎么样？", "Compare Wuhu and Tongren."}


def read_questions():
    lines = itertools.chain.from_iterable(
        path.read_text(encoding="utf-8").splitlines() for path in sorted(SUITES.glob("*.jsonl"))
    )
    cases = [json.loads(line) for line in lines]
    return list(dict.fromkeys(case["question"] for case in cases if not case.get("history")))


QUESTIONS = read_questions()


@pytest.fixture(scope="module")
def resolved():
    """Each question after one of its language that it has nothing to do with, and after the one before it in the suites."""
    asked = [(question, UNRELATED[question.isascii()]) for question in QUESTIONS]
    asked += [(b, a) for a, b in itertools.pairwise(QUESTIONS)]
    return [(question, resolve(question, [before])) for question, before in asked]


def test_there_are_questions_enough_to_tell(resolved):
    assert len(resolved) > 700


def test_no_question_that_leans_on_nothing_is_surely_changed(resolved):
    assert [(question, r.text) for question, r in resolved if r.is_sure and r.text != question] == []


def test_hardly_any_question_is_changed_at_all(resolved):
    changed = {question for question, r in resolved if r.text != question}

    assert changed - LEANING == set()
    assert sum(r.text != question for question, r in resolved) <= MOST_CHANGED * len(resolved)


def test_few_of_them_are_left_to_a_language_model(resolved):
    assert sum(not r.is_sure for _, r in resolved) <= MOST_UNSURE * len(resolved)
