"""The report as JUnit XML: every case a test case, every gate one too, for whatever CI reads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree as ET  # only written here, never parsed

from eval.report import CaseResult, GateResult, Report
from eval.views.display import bound_text, failure_text, gate_name, number
from eval.views.escape import one_line, visible
from eval.views.wording import word
from rag.types import Language

_CONTAINER = "yigai eval"


def to_junit(report: Report, language: Language = "zh") -> str:
    """One suite per suite of questions and one named `gates`; a case that could not be scored is an error."""
    root = ET.Element("testsuites", name=_CONTAINER)
    times = _seconds_by_key(report.timings)
    names = dict.fromkeys([*(s.name for s in report.suites), *(c.suite for c in report.cases)])
    started = report.timings.get("started")
    for name in names:
        cases = [_case(case, times, language) for case in report.cases if case.suite == name]
        _add_suite(root, name, cases, started=started if isinstance(started, str) else None)
    if report.gates:
        _add_suite(root, "gates", [_gate(gate, language) for gate in report.gates], started=None)
    suites = list(root)
    for count in ("tests", "failures", "errors", "skipped"):
        root.set(count, str(sum(int(suite.get(count, "0")) for suite in suites)))
    root.set("time", _seconds(sum(float(suite.get("time", "0")) for suite in suites)))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _add_suite(root: ET.Element, name: str, cases: Sequence[ET.Element], *, started: str | None) -> None:
    suite = ET.SubElement(root, "testsuite", name=visible(name), tests=str(len(cases)))
    suite.set("failures", str(sum(case.find("failure") is not None for case in cases)))
    suite.set("errors", str(sum(case.find("error") is not None for case in cases)))
    suite.set("skipped", "0")  # what could not be scored has failed: nothing is ever skipped
    suite.set("time", _seconds(sum(float(case.get("time", "0")) for case in cases)))
    if started:
        suite.set("timestamp", visible(started))
    suite.extend(cases)


def _case(case: CaseResult, times: Mapping[str, float], language: Language) -> ET.Element:
    element = ET.Element(
        "testcase",
        classname=visible(case.suite),
        name=f"{visible(case.id)} {one_line(case.question)}",
        time=_seconds(times.get(case.key, 0.0)),
    )
    if case.error is not None:
        _add(element, "error", message=one_line(case.error), body=case.error, kind=word("error", language))
    elif not case.passed:
        reasons = [failure_text(f, language) for f in case.failures]
        body = "\n".join([*reasons, "", *case.history, case.question, "", case.text])
        _add(element, "failure", message=one_line("; ".join(reasons)), body=body, kind=case.type)
    return element


def _gate(gate: GateResult, language: Language) -> ET.Element:
    name = f"{gate_name(gate, language)} {bound_text(gate, language)}"
    element = ET.Element("testcase", classname="gates", name=visible(name), time=_seconds(0))
    if not gate.held:
        message = f"{name}: {number(gate.value)}"
        _add(element, "failure", message=one_line(message), body=message, kind=gate.bound)
    return element


def _add(element: ET.Element, tag: str, *, message: str, body: str, kind: str) -> None:
    ET.SubElement(element, tag, message=message, type=visible(kind)).text = visible(body)


def _seconds_by_key(timings: Mapping[str, object]) -> dict[str, float]:
    """Seconds a case took; a report without them, or with something else in their place, has none."""
    found = timings.get("case_ms")
    if not isinstance(found, Mapping):
        return {}
    return {
        str(key): ms / 1000
        for key, ms in found.items()
        if isinstance(ms, int | float) and 0 <= ms < float("inf")
    }


def _seconds(value: float) -> str:
    return f"{value:.3f}"
