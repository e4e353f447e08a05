"""The report as tables for a terminal. What articles, questions and models wrote is shown, never obeyed."""

from __future__ import annotations

import io
import shutil
from collections.abc import Sequence
from typing import TYPE_CHECKING

from eval.report import CaseResult, CheckerReport, GateResult, JudgeReport, Report
from eval.views.display import bound_text, failure_text, gate_name, interval_text, number, worst_first
from eval.views.escape import one_line
from eval.views.wording import word
from rag.types import Language

if TYPE_CHECKING:
    from rich.console import Group, RenderableType
    from rich.table import Table
    from rich.text import Text

_SHOWN_FAILURES = 20
_BY_TYPE = ("passed", "correctness", "faithfulness", "refusal_recall", "false_refusal")


def render_report(report: Report, language: Language, *, width: int | None = None) -> str:
    """The tables as plain text, as wide as the terminal or `width`."""
    return as_text(report_tables(report, language), width=width)


def as_text(renderable: RenderableType, *, width: int | None = None) -> str:
    """What rich would print, without colour; lines are not padded."""
    from rich.console import Console

    columns = width or shutil.get_terminal_size((100, 24)).columns
    console = Console(file=io.StringIO(), width=columns, color_system=None)
    with console.capture() as capture:
        console.print(renderable)
    return "\n".join(line.rstrip() for line in capture.get().splitlines())


def report_tables(report: Report, language: Language) -> Group:
    """Metrics with interval and number of cases, by type, gates, checker, then what failed."""
    from rich.console import Group

    parts: list[RenderableType] = [_metrics(report, language), _by_type(report, language)]
    if report.checker is not None:
        parts.append(_checker(report.checker, language))
    if report.judge is not None:
        parts.append(_judge(report.judge, language))
    parts += _failures(report.cases, language)
    parts.append(_gates(report.gates, language))
    return Group(*parts)


def _table(title: str, columns: Sequence[str], language: Language, *, left: int = 1) -> Table:
    """Columns headed by their words; all but the first `left` align right."""
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD)
    for i, key in enumerate(columns):
        table.add_column(word(key, language), justify="left" if i < left else "right")
    return table


def _metrics(report: Report, language: Language) -> Table:
    table = _table(word("metrics", language), ("metric", "value", "interval", "cases"), language)
    for metric in report.metrics:
        note = (
            f"（{word('lower_better', language)}）"
            if language == "zh"
            else f" ({word('lower_better', language)})"
        )
        name = word(metric.name, language) + (note if metric.better == "lower" else "")
        table.add_row(_text(name), number(metric.value), interval_text(metric), str(metric.cases))
    return table


def _by_type(report: Report, language: Language) -> Table:
    table = _table(word("by_type", language), ("type", "cases", *_BY_TYPE), language)
    for kind in report.by_type:
        found = [report.metric(name, of_type=kind) for name in _BY_TYPE]
        count = sum(case.type == kind for case in report.cases)
        table.add_row(
            _text(word(kind, language)), str(count), *(number(m.value if m else None) for m in found)
        )
    return table


def _gates(gates: Sequence[GateResult], language: Language) -> RenderableType:
    if not gates:
        return _text(word("no_gates", language))
    table = _table(word("gates", language), ("", "gate", "threshold", "value"), language, left=3)
    for gate in gates:
        mark = f"✔ {word('held', language)}" if gate.held else f"✘ {word('not_held', language)}"
        style = "green" if gate.held else "bold red"
        name, bound = gate_name(gate, language), bound_text(gate, language)
        table.add_row(_text(mark, style), _text(name), _text(bound), number(gate.value))
    return table


def _checker(checker: CheckerReport, language: Language) -> Table:
    table = _table(
        word("checker", language), ("change", "", "flagged", "made", "value", "interval"), language, left=2
    )
    for d in checker.detections:
        sense = word("false_alarm" if d.faithful else "detected", language)
        cells = (str(d.flagged), str(d.made), number(d.share), interval_text(d))
        table.add_row(_text(word(d.kind, language)), sense, *cells)
    table.add_section()
    for name in ("precision", "recall", "false_alarms"):
        table.add_row(word(f"checker.{name}", language), "", "", "", number(getattr(checker, name)), "")
    return table


def _judge(judge: JudgeReport, language: Language) -> Text:
    summary = word(
        "judge_summary",
        language,
        name=judge.name,
        judged=judge.judged,
        supported=judge.supported,
        failed=judge.failed,
    )
    return _text(f"{summary} {word('judge.agreement', language)} {number(judge.agreement)}\n")


def _failures(cases: Sequence[CaseResult], language: Language) -> list[RenderableType]:
    failed = [case for case in worst_first(cases) if not case.passed]
    if not failed:
        return [_text(word("none_failed", language))]
    title = f"{word('failed_cases', language)} ({len(failed)} / {len(cases)})"
    table = _table(title, ("case", "question", "reasons"), language, left=3)
    for case in failed[:_SHOWN_FAILURES]:
        reasons = [failure_text(f, language) for f in case.failures] or ([case.error] if case.error else [])
        cells = (
            one_line(case.key),
            one_line(case.question, limit=40),
            one_line("; ".join(reasons), limit=120),
        )
        table.add_row(*map(_text, cells))
    hidden = len(failed) - _SHOWN_FAILURES
    return [table, _text(word("more_failed", language, count=hidden))] if hidden > 0 else [table]


def _text(content: str, style: str = "") -> Text:
    """Literal text: in a plain string rich would read brackets as markup."""
    from rich.text import Text

    return Text(one_line(content, limit=400), style=style)
