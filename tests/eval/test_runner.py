"""The whole run, on the real pipeline: the same twice, and broken ones are found out."""

from __future__ import annotations

import dataclasses
import json
import socket

import pytest

from eval.cases import Case, Suite, read_suite, suites_folder
from eval.gates import check_gates, read_gates
from eval.report import read_report, to_json
from eval.runner import claims_to_judge, mutants_of, run
from rag.errors import SuiteError
from rag.pipeline import Pipeline
from rag.types import Answer, Sentence

GATES = [
    gate
    for gate in read_gates(suites_folder().parent / "gates.toml")
    if not gate.metric.startswith(("detection.", "checker."))
]


@pytest.fixture(scope="module")
def suites():
    return [read_suite(suites_folder() / f"{name}.jsonl") for name in ("figures", "languages", "refusals")]


@pytest.fixture(scope="module")
def report(suites, pipeline):
    return run(suites, pipeline)


def failed(report):
    return {gate.metric for gate in check_gates(GATES, report) if not gate.held}


# Broken in one place each


class _Broken:
    """A pipeline whose answers go through `spoil` on their way out."""

    def __init__(self, pipeline: Pipeline, spoil) -> None:
        self._pipeline, self._spoil = pipeline, spoil
        self.library, self.encoder, self.meaning = pipeline.library, pipeline.encoder, pipeline.meaning
        self.composer, self.top_k = pipeline.composer, pipeline.top_k

    def ask(self, question, *, history=()) -> Answer:
        return self._spoil(self._pipeline.ask(question, history=history))


class _PaddingComposer:
    """Adds a sentence of its own to every answer, citing what the answer cites."""

    name = "padding"

    def __init__(self, composer, *, is_cited=True) -> None:
        self._composer, self._is_cited = composer, is_cited

    def compose(self, query, answering):
        drafts = self._composer.compose(query, answering)
        quotes = drafts[0].quotes if self._is_cited else ()
        return [*drafts, dataclasses.replace(drafts[0], text="群众满意度也因此提高到99.5%。", quotes=quotes)]


def shuffled(last):
    """Gives every answer the citations of the one before, numbers kept."""

    def spoil(answer):
        if not answer.answered:
            return answer
        stolen = last.get("citations") or answer.citations
        last["citations"] = answer.citations
        numbered = tuple(
            dataclasses.replace(stolen[i % len(stolen)], number=c.number)
            for i, c in enumerate(answer.citations)
        )
        return dataclasses.replace(answer, citations=numbered)

    return spoil


def padded(answer):
    """Adds an invented sentence behind the checker's back."""
    if not answer.answered:
        return answer
    invented = Sentence(text="群众满意度也因此提高到99.5%。", citations=(1,))
    return dataclasses.replace(answer, sentences=(*answer.sentences, invented))


def test_the_intact_pipeline_holds_every_gate(report):
    assert failed(report) == set()


def test_shuffled_citations_are_found_out(suites, pipeline):
    broken = run(suites[:1], _Broken(pipeline, shuffled({})), with_mutations=False)

    assert {"faithfulness", "citation_recall", "citation_precision", "evidence_cited"} <= failed(broken)


def test_a_sentence_added_behind_the_checkers_back_is_found_out(suites, pipeline):
    broken = run(suites[:1], _Broken(pipeline, padded), with_mutations=False)

    assert {"faithfulness", "figure_support", "citation_recall"} <= failed(broken)
    assert any("99.5%" in claim.reason for case in broken.cases for claim in case.claims)


@pytest.mark.parametrize("is_cited", [True, False])
def test_a_composer_that_adds_a_sentence_is_found_out_though_no_reader_sees_it(suites, pipeline, is_cited):
    composer = _PaddingComposer(pipeline.composer, is_cited=is_cited)

    broken = run(suites[:1], dataclasses.replace(pipeline, composer=composer), with_mutations=False)

    assert "dropped" in failed(broken)
    assert not any("99.5%" in case.text for case in broken.cases)


def test_a_retriever_that_drops_the_best_hit_is_found_out(suites, pipeline, monkeypatch):
    from rag import pipeline as module

    whole = module.retrieve

    def without_best(*arguments, **options):
        found = whole(*arguments, **options)
        return dataclasses.replace(found, hits=found.hits[1:])

    monkeypatch.setattr(module, "retrieve", without_best)
    broken = run(suites[:1], pipeline, with_mutations=False)

    assert {"recall@8", "MRR@8", "nDCG@8", "correctness"} <= failed(broken)


def test_a_pipeline_that_refuses_everything_or_nothing_is_found_out(suites, pipeline):
    refusal = pipeline.ask("怎么做红烧肉?")
    answer = pipeline.ask("芜湖是怎么化债的?")

    mute = run(suites, _Broken(pipeline, lambda _: refusal), with_mutations=False)
    glib = run(suites, _Broken(pipeline, lambda _: answer), with_mutations=False)

    assert {"false_refusal", "correctness"} <= failed(mute)
    assert {"refusal_recall", "correctness"} <= failed(glib)


# One report


def test_two_runs_give_the_same_report_but_for_the_timings(suites, pipeline, report):
    first, second = (json.loads(to_json(r)) for r in (report, run(suites, pipeline)))

    assert list(first)[-1] == "timings"
    assert first.pop("timings") != second.pop("timings")
    assert json.dumps(first) == json.dumps(second)


def test_a_run_needs_no_network(suites, pipeline, monkeypatch):
    def refuse(*_arguments, **_options):
        raise AssertionError("the network was used")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)

    assert run(suites[:1], pipeline).metric("errors").value == 0


def test_a_report_is_read_back_as_it_was_written(report, tmp_path):
    file = tmp_path / "report.json"
    file.write_text(to_json(report), encoding="utf-8")

    assert read_report(file) == report


@pytest.mark.parametrize(
    ("text", "problem"),
    [("{}", "no evaluation report"), ("[", "no evaluation report"), (None, "No such file")],
)
def test_what_is_no_report_is_named(tmp_path, text, problem):
    file = tmp_path / "report.json"
    if text is not None:
        file.write_text(text, encoding="utf-8")

    with pytest.raises(SuiteError, match=problem):
        read_report(file)


def test_the_report_says_what_was_measured(report, suites, pipeline):
    assert [(s.name, s.cases) for s in report.suites] == [(s.name, len(s.cases)) for s in suites]
    assert report.setup["composer"] == "extractive"
    assert report.setup["library"]["articles"] == 35
    assert str(pipeline.library.directory) in json.dumps(report.timings)
    assert str(pipeline.library.directory) not in json.dumps(report.setup)
    assert set(report.timings["case_ms"]) == {case.key for case in report.cases}


def test_the_checker_keeps_its_bars(report):
    """Of claims changed in known ways: what must be noticed, and what must be left alone."""
    shares = {d.kind: d.share for d in report.checker.detections}
    made = {d.kind: d.made for d in report.checker.detections}

    assert min(shares[kind] for kind in ("digit", "unit")) >= 0.95
    assert min(shares[kind] for kind in ("city", "year", "direction", "negation")) >= 0.9
    assert min(shares[kind] for kind in ("swapped_subjects", "wrong_citation")) >= 0.85
    assert report.checker.false_alarms <= 0.05
    assert all(made[kind] >= 20 for kind in ("digit", "unit", "city", "year", "direction", "negation"))


# What cannot be scored


def test_a_case_that_crashes_counts_as_failed_and_the_rest_go_on(pipeline):
    cases = (
        Case(id="a", type="fact", question="boom", must_contain=("x",)),
        Case(id="b", type="fact", question="芜湖是怎么化债的?", must_contain=("10亿元",)),
        Case(id="c", type="off_topic", question="boom"),
    )

    class Crashing(_Broken):
        def ask(self, question, *, history=()):
            if question == "boom":
                raise RuntimeError("no such luck")
            return super().ask(question, history=history)

    suite = Suite(name="s", sha256="0" * 64, cases=cases)
    report = run([suite], Crashing(pipeline, lambda answer: answer), with_mutations=False)

    assert [case.passed for case in report.cases] == [False, True, False]
    assert report.cases[0].error == "RuntimeError: no such luck"
    assert report.metric("correctness").value == 0.5
    assert report.metric("refusal_recall").value == 0
    assert report.metric("errors").value == pytest.approx(2 / 3, abs=1e-6)
    assert {"errors", "correctness", "refusal_recall"} <= failed(report)


def test_evidence_that_is_not_there_and_suites_of_one_name_are_bad_suites(pipeline):
    bad = Case.model_validate(
        {
            "id": "a",
            "type": "fact",
            "question": "?",
            "must_contain": ["x"],
            "evidence": [{"article": "wuhu-debt", "text": "没有这句话"}],
        }
    )
    good = Case(id="a", type="off_topic", question="怎么做红烧肉?")

    with pytest.raises(SuiteError, match="mine: a: evidence: '没有这句话' does not stand"):
        run([Suite(name="mine", sha256="", cases=(bad,))], pipeline)
    with pytest.raises(SuiteError, match="two suites have this name"):
        run([Suite(name="mine", sha256="", cases=(good,))] * 2, pipeline)


def test_a_second_judge_gets_faithful_claims_and_changed_ones(pipeline):
    answers = [pipeline.ask("芜湖是怎么化债的?"), pipeline.ask("怎么做红烧肉?")]
    mutants, left_out = mutants_of(answers, pipeline)

    claims = claims_to_judge(answers, mutants, pipeline)

    assert left_out == 0
    assert {claim.supported for claim in claims} == {True, False}
    assert 20 < len(claims) <= 80
