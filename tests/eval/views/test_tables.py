from __future__ import annotations

import io

import pytest
from reports import HOSTILE, full_report, make_case, make_report
from rich.console import Console

from eval.metrics import METRICS
from eval.views.tables import render_report, report_tables
from eval.views.wording import word


def printed(report, language="en", width=160) -> str:
    console = Console(file=io.StringIO(), width=width, force_terminal=True, color_system=None)
    console.print(report_tables(report, language))
    return console.file.getvalue()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_metric_and_every_gate_is_named(language):
    text = printed(full_report(), language)

    assert all(word(metric, language) in text for metric in METRICS)
    assert text.count(f"✘ {word('not_held', language)}") == 4


def test_a_metric_stands_with_its_interval_and_its_number_of_cases():
    (line,) = [
        x for x in printed(full_report()).split("\n") if x.strip().startswith("Faithfulness") and "–" in x
    ]

    assert line.split() == ["Faithfulness", "0.844", "0.750–0.931", "27"]


def test_what_has_no_value_reads_as_a_dash():
    (line,) = [x for x in printed(full_report()).split("\n") if "nDCG@8" in x and "least" not in x]

    assert line.split() == ["nDCG@8", "–", "–", "0"]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_reaches_the_terminal_as_a_command_or_as_markup(text):
    case = make_case("s/a", question=text, passed=False, failures=(text,))

    shown = printed(make_report([case]))

    assert not set(shown) & set("\x00\x08\x1b\r\x7f\x85\u202e\u2066\u200b")
    assert ("[bold red]" in shown) == ("[bold red]" in text)


def test_failures_are_listed_worst_first_and_at_most_twenty():
    cases = [make_case(f"s/{i}", passed=False, failures=("lacks x",)) for i in range(23)]
    cases.append(make_case("s/broken", passed=False, failures=("could not be scored: x",), error="x"))

    text = printed(make_report(cases))

    assert text.index("s/broken") < text.index("s/0")
    assert text.count("lacks x") == 19
    assert "4 more failed" in text


def test_a_narrow_terminal_holds_it_too():
    assert max(len(line) for line in printed(full_report(), width=60).split("\n")) <= 60


def test_the_plain_text_is_what_would_be_printed_without_padding():
    report = full_report()

    assert render_report(report, "en", width=160).split("\n") == [
        line.rstrip() for line in printed(report).removesuffix("\n").split("\n")
    ]
