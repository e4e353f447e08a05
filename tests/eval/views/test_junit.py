from __future__ import annotations

import dataclasses
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reports import HOSTILE, full_report, make_case, make_report

from eval.report import GateResult
from eval.views.escape import one_line, visible
from eval.views.junit import to_junit

anything = st.text(st.characters(exclude_categories=())) | st.sampled_from(HOSTILE)


def parsed(report, language="zh"):
    return ET.fromstring(to_junit(report, language))


def test_counts_and_times_are_what_github_jenkins_and_gitlab_read():
    root = parsed(full_report())

    assert root.tag == "testsuites"
    for suite in root:
        cases = suite.findall("testcase")
        assert suite.tag == "testsuite"
        assert suite.get("name")
        assert int(suite.get("tests")) == len(cases) > 0
        assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))
        assert int(suite.get("errors")) == len(suite.findall("testcase/error"))
        assert int(suite.get("skipped")) == len(suite.findall("testcase/skipped")) == 0
        assert float(suite.get("time")) == pytest.approx(sum(float(c.get("time")) for c in cases))
        assert all(c.get("name") and c.get("classname") == suite.get("name") for c in cases)
        for result in suite.findall("testcase/*"):
            assert result.tag in {"failure", "error"}
            assert result.get("message")
            assert result.get("type")
            assert result.text
    for count in ("tests", "failures", "errors", "skipped"):
        assert int(root.get(count)) == sum(int(suite.get(count)) for suite in root)


def test_every_case_and_every_gate_is_a_test_case():
    report = full_report()
    root = parsed(report)

    assert [suite.get("name") for suite in root] == ["sample", "gates"]
    assert [len(suite) for suite in root] == [len(report.cases), len(report.gates)]
    failing = [not gate.held for gate in report.gates]
    assert [case.find("failure") is not None for case in root[1]] == failing


def test_a_case_that_could_not_be_scored_is_an_error_and_no_failure():
    case = make_case(passed=False, failures=("could not be scored: boom",), error="boom")

    element = parsed(make_report([case])).find(".//testcase")

    assert element.find("error").get("message") == "boom"
    assert element.find("failure") is None


def test_a_failure_tells_its_reasons_and_what_was_answered():
    case = make_case(passed=False, failures=("lacks 48.8%", "says 50%"), text="降到50%。[1]")

    failure = parsed(make_report([case])).find(".//failure")

    assert failure.get("message") == "lacks 48.8%; says 50%"
    assert "lacks 48.8%\nsays 50%" in failure.text
    assert "降到50%。[1]" in failure.text


def test_the_time_of_a_case_is_in_seconds():
    report = make_report([make_case("s/a"), make_case("s/b")], timings={"case_ms": {"s/a": 1234.5}})

    assert [c.get("time") for c in parsed(report).iter("testcase")] == ["1.234", "0.000"]


@pytest.mark.parametrize(
    "timings", [{}, {"case_ms": None}, {"case_ms": {"s/a": "soon"}}, {"case_ms": {"s/a": -1}}]
)
def test_timings_that_are_not_there_do_no_harm(timings):
    report = make_report([make_case("s/a")], timings=timings)

    assert [c.get("time") for c in parsed(report).iter("testcase")] == ["0.000"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_gate_without_a_value_reads_as_a_dash(language):
    gate = GateResult(metric="passed", type=None, bound="min", threshold=0.9, value=None, held=False)

    failure = parsed(make_report([make_case()], gates=(gate,)), language).find(".//failure")

    assert failure.get("message").endswith(": –")


@given(anything)
def test_any_text_parses_and_comes_back(text):
    case = make_case("s/a", question=text, passed=False, failures=(text,), text=text)
    broken = make_case("s/b", passed=False, failures=("x",), error=text or "x")

    root = parsed(make_report([case, broken]))

    first, second = root.iter("testcase")
    assert first.get("name") == f"a {one_line(text)}"
    assert first.find("failure").text == visible(f"{text}\n\n{text}\n\n{text}")
    assert second.find("error").text == visible(text or "x")


def test_a_report_without_cases_is_still_a_document():
    report = dataclasses.replace(make_report([]), suites=())

    assert parsed(report).get("tests") == "0"
