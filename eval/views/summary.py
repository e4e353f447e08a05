"""The report as Markdown, for the page of a pull request or a run. Nothing in it can break the markup."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from eval.report import CaseResult, CheckerReport, GateResult, Metric, Report
from eval.views.display import bound_text, failure_text, gate_name, interval_text, number, worst_first
from eval.views.escape import markdown
from eval.views.wording import word
from rag.types import Language

_SHOWN_FAILURES = 20
_REFUSALS = ("refusal_recall", "false_refusal")


def to_markdown(report: Report, language: Language) -> str:
    """Headline metrics, gates, checker and failed cases; the refusal metrics stand in one row."""
    parts = [
        f"## {word('title', language)}",
        _verdict(report, language),
        _metrics(report.metrics, language),
        f"### {word('gates', language)}",
        _gates(report.gates, language),
    ]
    if report.checker is not None:
        parts += [f"### {word('checker', language)}", _checker(report.checker, language)]
    parts += [f"### {word('failed_cases', language)}", _failures(report.cases, language)]
    return "\n\n".join(parts) + "\n"


def append_step_summary(text: str, environment: Mapping[str, str]) -> bool:
    """Append to the file that GitHub Actions names in `GITHUB_STEP_SUMMARY`; say whether there is one."""
    name = environment.get("GITHUB_STEP_SUMMARY")
    if not name:
        return False
    with Path(name).open("a", encoding="utf-8", newline="\n") as file:
        file.write(text + "\n")
    return True


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]], *, left: int = 1) -> str:
    """A table of cells that are escaped already; the first `left` columns align left, the others right."""
    rule = ["---" if i < left else "---:" for i in range(len(head))]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, rule, *rows])


def _verdict(report: Report, language: Language) -> str:
    passed = sum(case.passed for case in report.cases)
    cases = f"{word('passed', language)} {passed} / {len(report.cases)}"
    if not report.gates:
        return f"{word('no_gates', language)} {cases}"
    if report.passed:
        return f"✅ **{word('all_held', language)}** · {cases}"
    count = sum(not gate.held for gate in report.gates)
    return f"❌ **{word('some_failed', language, count=count)}** · {cases}"


def _metrics(metrics: Sequence[Metric], language: Language) -> str:
    known = {metric.name: metric for metric in metrics}
    rows = []
    for metric in metrics:
        if metric.name == "false_refusal" and "refusal_recall" in known:
            continue
        pair = [known[n] for n in _REFUSALS if n in known] if metric.name in _REFUSALS else [metric]
        name = word("refusals" if len(pair) > 1 else metric.name, language)
        columns = [
            [number(m.value) for m in pair],
            [interval_text(m) for m in pair],
            [str(m.cases) for m in pair],
        ]
        rows.append([markdown(name), *(" / ".join(cells) for cells in columns)])
    return markdown_table([word(k, language) for k in ("metric", "value", "interval", "cases")], rows)


def _gates(gates: Sequence[GateResult], language: Language) -> str:
    if not gates:
        return word("no_gates", language)
    rows = [
        [
            f"{'✅' if gate.held else '❌'} {word('held' if gate.held else 'not_held', language)}",
            markdown(gate_name(gate, language)),
            bound_text(gate, language),
            number(gate.value),
        ]
        for gate in gates
    ]
    return markdown_table(["", *(word(k, language) for k in ("gate", "threshold", "value"))], rows, left=2)


def _checker(checker: CheckerReport, language: Language) -> str:
    shares = [
        f"{word(f'checker.{name}', language)} {number(value)}"
        for name, value in [
            ("precision", checker.precision),
            ("recall", checker.recall),
            ("false_alarms", checker.false_alarms),
        ]
    ]
    rows = [
        [
            markdown(word(d.kind, language)),
            word("false_alarm" if d.faithful else "detected", language),
            f"{d.flagged} / {d.made}",
            number(d.share),
            interval_text(d),
        ]
        for d in checker.detections
    ]
    head = ["change", "", "flagged", "value", "interval"]
    return " · ".join(shares) + "\n\n" + markdown_table([word(k, language) for k in head], rows, left=2)


def _failures(cases: Sequence[CaseResult], language: Language) -> str:
    failed = [case for case in worst_first(cases) if not case.passed]
    if not failed:
        return word("none_failed", language)
    rows = [
        [
            markdown(case.key),
            markdown(word(case.type, language)),
            markdown(case.question),
            "<br>".join(markdown(failure_text(reason, language)) for reason in case.failures[:5]),
        ]
        for case in failed[:_SHOWN_FAILURES]
    ]
    keys = ("case", "type", "question", "reasons")
    table = markdown_table([word(key, language) for key in keys], rows, left=4)
    folded = f"<details><summary>{len(failed)} / {len(cases)}</summary>\n\n{table}\n\n</details>"
    hidden = len(failed) - _SHOWN_FAILURES
    return f"{folded}\n\n{word('more_failed', language, count=hidden)}" if hidden > 0 else folded
