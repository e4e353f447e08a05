from __future__ import annotations

import dataclasses
import json
import subprocess
import sys

import pytest

from eval.questions import Case, judge, read_cases, report, run, summarise
from rag.build import build_encoder, build_pipeline, open_library
from rag.settings import load_settings
from rag.types import Answer, Citation, Refusal, Sentence

CASES = [
    Case(id="a", type="fact", question="芜湖的资产负债率降到多少?", must_contain=("62.59%", "48.8 %")),
    Case(id="b", type="fact", question="芜湖的资产负债率降到多少?", must_contain=("99.9%",)),
    Case(id="c", type="unanswerable", question="合肥市的资产负债率是多少?"),
    Case(id="d", type="unanswerable", question="芜湖的资产负债率降到多少?"),
    Case(id="e", type="followup", question="那丽水的急救半径呢?", history=("芜湖是怎么化债的?",)),
]


@pytest.fixture(scope="module")
def pipeline(sample_library):
    settings = load_settings(library=sample_library)
    encoder = build_encoder(settings)
    with open_library(settings.library, encoder) as library:
        yield build_pipeline(library, encoder, settings)


@pytest.fixture(scope="module")
def outcomes(pipeline):
    return {outcome.id: outcome for outcome in run(CASES, pipeline)}


@pytest.fixture
def citation(pipeline) -> Citation:
    article = pipeline.library.articles()[0].article_id
    return Citation(
        number=1,
        article_id=article,
        title=None,
        source=None,
        date=None,
        url=None,
        regions=(),
        heading_path=(),
        start=2,
        end=8,
        quote=pipeline.library.article(article).text[2:8],
    )


def answer(*citations, text="十個百分點", refusal=None):
    sentences = (Sentence(text=text, citations=tuple(c.number for c in citations)),)
    return Answer(
        question="q",
        language="zh",
        sentences=() if refusal else sentences,
        citations=citations,
        refusal=refusal,
        composer="extractive",
    )


def test_an_answer_with_all_that_is_needed_passes(outcomes):
    assert outcomes["a"].passed
    assert outcomes["a"].missing == ()


def test_an_answer_without_something_needed_is_missed_and_says_what(outcomes):
    assert not outcomes["b"].passed
    assert outcomes["b"].answered
    assert outcomes["b"].missing == ("99.9%",)


def test_what_cannot_be_answered_must_be_refused(outcomes):
    assert outcomes["c"].passed
    assert not outcomes["d"].passed


def test_history_reaches_the_pipeline(outcomes):
    assert "21公里" in outcomes["e"].text


def test_the_sums_are_by_type_over_all_cases(outcomes):
    assert summarise(list(outcomes.values())) == {
        "fact": "1 of 2",
        "unanswerable": "1 of 2",
        "followup": "1 of 1",
    }


def test_strings_are_compared_across_scripts_widths_and_white_space(pipeline):
    case = Case(id="x", type="fact", question="q", must_contain=("十 个百分点", "48.8%"))

    assert judge(case, answer(text="十個\n百分點，４８.８％"), pipeline.library).passed


def test_a_quote_that_is_not_the_article_fails_the_case(pipeline, citation):
    case = Case(id="x", type="fact", question="q")
    moved = dataclasses.replace(citation, start=3, end=9)
    invented = dataclasses.replace(citation, article_id="nowhere")

    assert judge(case, answer(citation), pipeline.library).passed
    for wrong in (moved, invented):
        outcome = judge(case, answer(wrong), pipeline.library)
        assert not outcome.passed
        assert outcome.wrong_quotes == 1


def test_a_refusal_never_counts_as_holding_a_needed_string(pipeline):
    case = Case(id="x", type="fact", question="q", must_contain=("三明",))
    refused = answer(refusal=Refusal(code="not_found", message="没有三明的内容"))

    assert judge(case, refused, pipeline.library).missing == ("三明",)


def test_the_report_shows_the_misses_only_unless_asked(outcomes):
    short, long = report(list(outcomes.values())), report(list(outcomes.values()), verbose=True)

    assert "MISS b" in short
    assert "lacks 99.9%" in short
    assert "ok  " not in short
    assert "ok   a" in long


@pytest.mark.parametrize("line", ["{", '{"id": "1", "type": "fact"}', "[1]", '"text"'])
def test_a_line_that_is_no_case_is_named(tmp_path, line):
    file = tmp_path / "cases.jsonl"
    file.write_text('\n{"id": "0", "type": "fact", "question": "q", "lang": "zh"}\n' + line, encoding="utf-8")

    with pytest.raises(ValueError, match=r"cases\.jsonl:3: no case"):
        read_cases(file)


def test_the_command_prints_one_document_and_exits_1_where_something_was_missed(tmp_path, sample_library):
    file = tmp_path / "cases.jsonl"
    lines = [
        {"id": c.id, "type": c.type, "question": c.question, "must_contain": c.must_contain}
        for c in CASES[:2]
    ]
    file.write_text("\n".join(json.dumps(line) for line in lines), encoding="utf-8")
    command = [sys.executable, "-m", "eval.questions", str(file), "--library", str(sample_library), "--json"]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8")

    assert ran.returncode == 1
    assert json.loads(ran.stdout)["summary"] == {"fact": "1 of 2"}


def test_the_command_says_in_one_line_that_there_is_nothing_to_ask(tmp_path):
    command = [
        sys.executable,
        "-m",
        "eval.questions",
        str(tmp_path / "none.jsonl"),
        "--library",
        str(tmp_path),
    ]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8")

    assert ran.returncode == 2
    assert "Traceback" not in ran.stderr
    assert "none.jsonl" in ran.stderr
