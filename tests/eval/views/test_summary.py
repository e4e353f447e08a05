from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reports import HOSTILE, full_report, make_case, make_report

from eval.views.summary import append_step_summary, to_markdown

anything = st.text(st.characters(exclude_categories=())) | st.sampled_from(HOSTILE)
_OURS = {"<details>", "</details>", "<summary>", "</summary>", "<br>"}


def tables(text: str) -> list[list[str]]:
    """The lines of each table."""
    found: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.startswith("|"):
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [table for table in found if table]


def columns(line: str) -> int:
    return len(re.findall(r"(?<!\\)\|", line)) - 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_table_has_the_same_number_of_columns_in_each_row(language):
    written = tables(to_markdown(full_report(), language))

    assert len(written) == 4
    assert all(len({columns(line) for line in table}) == 1 for table in written)


@given(anything)
def test_no_text_breaks_the_tables_or_brings_html(text):
    case = make_case("s/a", question=text, passed=False, failures=(text, text))

    written = to_markdown(make_report([case]), "en")

    assert set(re.findall(r"<[^>]*>", written)) <= _OURS
    assert all(len({columns(line) for line in table}) == 1 for table in tables(written))
    assert len(tables(written)[-1]) == 3


def test_refusal_recall_and_false_refusals_share_a_row():
    written = to_markdown(full_report(), "en")

    (row,) = [line for line in written.split("\n") if line.startswith("| Refusal recall /")]
    assert "0.800 / 0.040" in row
    assert not [
        line for line in written.split("\n") if line.startswith(("| Refusal recall |", "| False refusals |"))
    ]


def test_gates_say_whether_they_held():
    report = full_report()
    written = to_markdown(report, "zh")

    held = sum(gate.held for gate in report.gates)
    assert written.count("| ✅ 达到 |") == held
    assert written.count("| ❌ 未达到 |") == len(report.gates) - held
    assert "有 4 道门槛未达到" in written


def test_at_most_twenty_failures_are_listed_and_the_rest_counted():
    cases = [make_case(f"s/{i}", passed=False, failures=("lacks x",)) for i in range(23)]

    written = to_markdown(make_report(cases), "en")

    assert written.count("lacks x") == 20
    assert "3 more failed" in written
    assert "<details><summary>23 / 23</summary>" in written


def test_a_report_in_which_nothing_failed_says_so():
    written = to_markdown(make_report([make_case()]), "en")

    assert "Every case passed." in written
    assert "<details>" not in written


def test_the_step_summary_is_added_to(tmp_path):
    file = tmp_path / "summary.md"
    file.write_text("before\n", encoding="utf-8")

    assert append_step_summary("## 报告", {"GITHUB_STEP_SUMMARY": str(file)})

    assert file.read_text(encoding="utf-8") == "before\n## 报告\n"


@pytest.mark.parametrize("environment", [{}, {"GITHUB_STEP_SUMMARY": ""}])
def test_without_a_step_summary_nothing_is_written(environment):
    assert not append_step_summary("x", environment)
