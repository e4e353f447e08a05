"""The suites that come with the product, held against the sample articles that they were written from."""

from __future__ import annotations

import functools
from collections import Counter
from pathlib import Path

import pytest

import ingest
from eval.cases import Case, Fact, read_suite, suites_folder
from eval.facts import Said, comparable

ARTICLES = Path(ingest.__file__).parent / "sample"
FILES = sorted(suites_folder().glob("*.jsonl"))
ALL = [(file.stem, case) for file in FILES for case in read_suite(file).cases]
CASES = [pytest.param(case, id=f"{name}/{case.id}") for name, case in ALL]
PROVEN = [pytest.param(case, id=f"{name}/{case.id}") for name, case in ALL if case.must_contain]
UNKNOWN = [case for name, case in ALL if name != "known"]
SAYS_SILENT = frozenset({"未提及", "not mentioned"})
"""What says that the articles are silent on one side of a comparison, and so stands in none of them."""


@functools.cache
def paragraphs(article: str) -> tuple[tuple[str, str], ...]:
    """Every paragraph of an article's body with the heading above it; a list item is a paragraph."""
    text = (ARTICLES / f"{article}.md").read_text(encoding="utf-8")
    heading, found = "", []
    for line in text.split("\n---\n", 1)[1].splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ")
        elif line.strip():
            found.append((heading, line.removeprefix("- ").strip()))
    return tuple(found)


def around(case: Case) -> Said:
    """The paragraphs that hold the evidence of a case, with their headings."""
    return Said(
        "\n".join(
            f"{heading}\n{paragraph}"
            for evidence in case.evidence
            for heading, paragraph in paragraphs(evidence.article)
            if evidence.text in paragraph
        )
    )


def forms(fact: Fact) -> set[str]:
    return {fact} if isinstance(fact, str) else set(fact)


def test_there_are_at_least_120_questions_that_were_not_known_while_the_product_was_written():
    assert len(UNKNOWN) >= 120


@pytest.mark.parametrize(
    ("kind", "least"),
    [
        ("fact", 30),
        ("figure", 30),
        ("compare", 12),
        ("followup", 14),
        ("near_miss", 24),
        ("off_topic", 8),
        ("false_premise", 8),
        ("unanswerable", 5),
    ],
)
def test_every_type_of_question_is_asked_often_enough(kind, least):
    assert Counter(case.type for case in UNKNOWN)[kind] >= least


@pytest.mark.parametrize("language", ["en", "zh-Hant"])
def test_every_language_is_asked_in_often_enough(language):
    assert Counter(case.lang for case in UNKNOWN)[language] >= 12


@pytest.mark.parametrize("near", ["city", "year", "indicator"])
def test_every_kind_of_near_miss_is_asked_often_enough(near):
    assert Counter(case.near for case in UNKNOWN)[near] >= 8


def test_every_near_miss_says_what_is_not_there():
    assert [case.id for _, case in ALL if case.type == "near_miss" and case.near is None] == []


def test_no_question_is_asked_twice():
    asked: dict[tuple[str, ...], list[str]] = {}
    for name, case in ALL:
        words = tuple(comparable(turn) for turn in (*case.history, case.question))
        asked.setdefault(words, []).append(f"{name}/{case.id}")

    assert [places for places in asked.values() if len(places) > 1] == []


def test_every_followup_has_something_to_follow_and_nothing_else_has():
    assert [case.id for _, case in ALL if (case.type == "followup") != bool(case.history)] == []


@pytest.mark.parametrize("case", PROVEN)
def test_what_an_answer_must_hold_has_evidence(case):
    assert case.evidence


@pytest.mark.parametrize("case", PROVEN)
def test_evidence_stands_word_for_word_in_a_paragraph_of_its_article(case):
    absent = [
        evidence.text
        for evidence in case.evidence
        if not any(evidence.text in paragraph for _, paragraph in paragraphs(evidence.article))
    ]

    assert absent == []


@pytest.mark.parametrize("case", PROVEN)
def test_what_an_answer_must_hold_stands_in_the_evidence_or_around_it(case):
    wanted = [fact for fact in case.must_contain if not forms(fact) <= SAYS_SILENT]

    assert around(case).missing(wanted) == ()


@pytest.mark.parametrize("case", PROVEN)
def test_what_an_answer_must_not_say_stands_neither_in_the_evidence_nor_in_what_it_must_hold(case):
    required = Said("\n".join(form for fact in case.must_contain for form in sorted(forms(fact))))

    assert [f for f in case.must_not_contain if around(case).holds(f) or required.holds(f)] == []


@pytest.mark.parametrize("case", CASES)
def test_nothing_is_proven_for_what_must_be_refused(case):
    assert case.expect != "refuse" or case.evidence == ()
