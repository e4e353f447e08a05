from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from eval.gates import Gate, check_gates, read_gates
from eval.report import CheckerReport, Detection, Metric, Report
from rag.errors import SuiteError

PROJECT = Path(__file__).resolve().parents[2] / "eval" / "gates.toml"


def report(**values):
    metrics = {"faithfulness": 0.9, "false_refusal": 0.1, "correctness": None} | values
    detection = Detection(kind="digit", faithful=False, made=20, flagged=19)
    return Report(
        schema=1,
        setup={},
        suites=(),
        metrics=tuple(Metric(name=name, value=value) for name, value in metrics.items()),
        by_type={"figure": (Metric(name="correctness", value=0.75),)},
        checker=CheckerReport(detections=(detection,), precision=0.9, recall=None, false_alarms=0.02),
        judge=None,
        gates=(),
        cases=(),
        timings={},
    )


@pytest.mark.parametrize(
    ("gate", "held"),
    [
        (Gate(metric="faithfulness", min=0.9), True),
        (Gate(metric="faithfulness", min=0.91), False),
        (Gate(metric="false_refusal", max=0.1), True),
        (Gate(metric="false_refusal", max=0.05), False),
        (Gate(metric="correctness", type="figure", min=0.7), True),
        (Gate(metric="correctness", type="figure", min=0.8), False),
        (Gate(metric="detection.digit", min=0.95), True),
        (Gate(metric="detection.digit", min=0.96), False),
        (Gate(metric="checker.false_alarms", max=0.05), True),
    ],
)
def test_a_gate_holds_at_its_threshold_and_not_beyond(gate, held):
    (result,) = check_gates([gate], report())

    assert result.held is held


@pytest.mark.parametrize(
    "gate",
    [
        Gate(metric="correctness", min=0),
        Gate(metric="correctness", type="compare", min=0),
        Gate(metric="detection.city", min=0),
        Gate(metric="checker.recall", min=0),
        Gate(metric="judge.agreement", min=-1),
        Gate(metric="nDCG@8", max=1),
    ],
)
def test_what_could_not_be_measured_holds_no_gate(gate):
    (result,) = check_gates([gate], report())

    assert (result.value, result.held) == (None, False)


def test_a_drop_is_counted_towards_the_bad_side():
    gates = [Gate(metric="faithfulness", max_drop=0.05), Gate(metric="false_refusal", max_drop=0.05)]

    worse = check_gates(gates, report(faithfulness=0.8, false_refusal=0.2), report())
    better = check_gates(gates, report(faithfulness=1.0, false_refusal=0.0), report())

    assert [(r.value, r.held) for r in worse] == [(0.1, False), (0.1, False)]
    assert [(r.value, r.held) for r in better] == [(-0.1, True), (-0.1, True)]


def test_a_drop_needs_a_baseline_and_a_value_that_was_lost_is_the_worst_drop():
    gate = Gate(metric="faithfulness", max_drop=1)

    assert check_gates([gate], report()) == ()
    assert not check_gates([gate], report(faithfulness=None), report())[0].held
    assert check_gates([gate], report(), report(faithfulness=None))[0].held


def test_a_report_passes_where_every_gate_held():
    gates = check_gates([Gate(metric="faithfulness", min=0.5), Gate(metric="faithfulness", min=1)], report())

    assert not dataclasses.replace(report(), gates=gates).passed
    assert dataclasses.replace(report(), gates=gates[:1]).passed


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[gate]]\nmetric = 'faithfullness'\nmin = 1", "there is no 'faithfullness'"),
        ("[[gate]]\nmetric = 'faithfulness'", "min, max or max_drop"),
        ("[[gate]]\nmetric = 'faithfulness'\nmin = 1\ncolour = 2", "colour"),
        ("[[gate]]\nmetric = 'checker.recall'\ntype = 'fact'\nmin = 1", "only metrics over questions"),
        ("[[gate]]\nmetric = 'answer_chars'\nmax_drop = 1", "no better and worse"),
        ("gate = []", "gate"),
        ("[[gate", "not TOML"),
    ],
)
def test_a_bad_gate_file_is_named_with_its_problem(tmp_path, text, problem):
    file = tmp_path / "gates.toml"
    file.write_text(text, encoding="utf-8")

    with pytest.raises(SuiteError, match=problem) as raised:
        read_gates(file)
    assert "gates.toml" in str(raised.value)


def test_a_missing_gate_file_is_an_error(tmp_path):
    with pytest.raises(SuiteError, match="No such file"):
        read_gates(tmp_path / "gates.toml")


def test_the_projects_own_gates_are_read_and_speak_of_honesty_and_use():
    metrics = {gate.metric for gate in read_gates(PROJECT)}

    assert {"faithfulness", "figure_support", "refusal_recall", "false_refusal", "correctness"} <= metrics
    assert {
        "detection.digit",
        "detection.unit",
        "detection.city",
        "checker.false_alarms",
        "errors",
    } <= metrics
