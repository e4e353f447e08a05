"""A comparison of two reports as tables: for a terminal, and as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from eval.compare import CaseChange, Comparison, MetricChange
from eval.views.display import failure_text, number, signed, tally_text
from eval.views.escape import markdown, one_line
from eval.views.summary import markdown_table
from eval.views.tables import as_text
from eval.views.wording import word
from rag.types import Language

if TYPE_CHECKING:
    from rich.console import Group

_SHOWN = 40
_SIGNS = {"better": "▲", "worse": "▼", "within_chance": "·"}
_HEAD = ("metric", "before", "after", "difference", "interval", "paired_cases")


def render_comparison(comparison: Comparison, language: Language, *, width: int | None = None) -> str:
    """The comparison as plain text, as wide as the terminal or `width`."""
    return as_text(comparison_tables(comparison, language), width=width)


def comparison_tables(comparison: Comparison, language: Language) -> Group:
    """For a terminal: what moved, which cases changed, and whether it is worse."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table(title=word("comparison", language), title_justify="left")
    for i, key in enumerate((*_HEAD, "verdict")):
        table.add_column(word(key, language), justify="right" if 0 < i < len(_HEAD) else "left")
    for cells in _metric_rows(comparison, language):
        table.add_row(*(Text(cell) for cell in cells))
    lines = [Text(f"{title}{one_line(line)}") for title, line in _remarks(comparison, language)]
    for title, changes in _lists(comparison):
        if changes:
            lines.append(Text(f"\n{word(title, language)} ({len(changes)})", style="bold"))
            lines += [Text(f"  {' — '.join(_case_cells(change, language))}") for change in changes[:_SHOWN]]
    return Group(table, *lines, Text(f"\n{_verdict(comparison, language)}", style="bold"))


def comparison_to_markdown(comparison: Comparison, language: Language) -> str:
    """The same as Markdown; whatever came from outside is escaped."""
    parts = [f"## {word('comparison', language)}", _verdict(comparison, language)]
    rows = [[markdown(name), *figures] for name, *figures in _metric_rows(comparison, language)]
    parts.append(markdown_table([word(k, language) for k in (*_HEAD, "verdict")], rows))
    remarks = [f"- {markdown(title)}{markdown(line)}" for title, line in _remarks(comparison, language)]
    parts += ["\n".join(remarks)] if remarks else []
    for title, changes in _lists(comparison):
        if changes:
            head = [word(key, language) for key in ("case", "question", "reasons")]
            cells = [
                [markdown(cell) for cell in _case_cells(change, language)] for change in changes[:_SHOWN]
            ]
            summary = f"<details><summary>{word(title, language)} ({len(changes)})</summary>"
            parts.append(f"{summary}\n\n{markdown_table(head, cells, left=3)}\n\n</details>")
    return "\n\n".join(parts) + "\n"


def _verdict(comparison: Comparison, language: Language) -> str:
    if comparison.is_same:
        return word("no_differences", language)
    return f"❌ {word('is_worse', language)}" if comparison.is_worse else f"✅ {word('not_worse', language)}"


def _metric_rows(comparison: Comparison, language: Language) -> list[list[str]]:
    return [_metric_row(change, language) for change in comparison.metrics if change.cases]


def _metric_row(change: MetricChange, language: Language) -> list[str]:
    interval = "–" if change.low is None else f"{signed(change.low)} … {signed(change.high)}"
    return [
        word(change.name, language),
        number(change.before),
        number(change.after),
        signed(change.difference),
        interval,
        str(change.cases),
        f"{_SIGNS[change.move]} {word(change.move, language)}" if change.difference else "",
    ]


def _lists(comparison: Comparison) -> list[tuple[str, tuple[CaseChange, ...]]]:
    return [
        ("now_failing", comparison.worse),
        ("now_passing", comparison.better),
        ("shifted", comparison.shifted),
    ]


def _case_cells(change: CaseChange, language: Language) -> list[str]:
    """Key, question, and what is new: the failures, else the scores that moved."""
    moved = [
        f"{word(name, language)} {tally_text(a) if a else '–'} → {tally_text(b) if b else '–'}"
        for name, (a, b) in change.scores.items()
    ]
    return [
        one_line(change.key),
        one_line(change.question, limit=60),
        one_line("; ".join([failure_text(f, language) for f in change.failures] or moved)),
    ]


def _remarks(comparison: Comparison, language: Language) -> list[tuple[str, str]]:
    """Each with its title, so that what came from outside is told apart."""
    remarks = [
        (f"{word('changed_setup', language)}: ", f"{name}: {old} → {new}")
        for name, (old, new) in comparison.setup.items()
    ]
    if comparison.suites:
        remarks.append((word("changed_suites", language), _joined(comparison.suites)))
    for title, keys in [("only_before", comparison.only_before), ("only_after", comparison.only_after)]:
        if keys:
            remarks.append((f"{word(title, language)} ({len(keys)}): ", _joined(keys)))
    return remarks


def _joined(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (" …" if len(names) > _SHOWN else "")
