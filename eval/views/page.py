"""The report as one HTML page that needs nothing else: no network, no fonts, no other file."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from eval.compare import flat_setup
from eval.report import GateResult, Metric, Report
from eval.views.display import (
    bound_text,
    failure_text,
    gate_name,
    interval_text,
    number,
    tally_text,
    worst_first,
)
from eval.views.escape import visible
from eval.views.wording import explain, word
from rag.types import Language

if TYPE_CHECKING:
    import jinja2

_HERE = Path(__file__).parent
_HEADLINE = ("passed", "correctness", "faithfulness", "citation_recall", "citation_precision")
_PANELS = ("correctness", "faithfulness", "refusal_recall", "false_refusal")
_BY_TYPE = (
    "passed",
    "correctness",
    "faithfulness",
    "citation_recall",
    "citation_precision",
    "figure_support",
    "refusal_recall",
    "false_refusal",
)
_TIMES = ("started", "total_s", "checker_s", "first_ms", "p50_ms", "p95_ms")


def to_html(report: Report, language: Language = "zh") -> str:
    """The whole page; it opens in `language` and can be switched to the other.

    Every text is escaped by the template engine, and what would be obeyed instead of read is spelt out first. The
    page's policy allows its own style and script by their hashes and nothing else.
    """
    style, script = _part("page.css"), _part("page.js")
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            report=report,
            language=language,
            style=style,
            script=script,
            policy=_policy(style, script),
            headline=[m for name in _HEADLINE if (m := report.metric(name))],
            refusals=[m for name in ("refusal_recall", "false_refusal") if (m := report.metric(name))],
            types=_types(report),
            panels=_PANELS,
            columns=_BY_TYPE,
            cases=worst_first(report.cases),
            setup=[(name.split("."), value) for name, value in flat_setup(report.setup)],
            times=[(name, report.timings[name]) for name in _TIMES if name in report.timings],
        )
    )


def _environment() -> jinja2.Environment:
    import jinja2
    from markupsafe import Markup

    def finish(value: object) -> object:
        return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE),
        autoescape=True,
        finalize=finish,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        word=word,
        explain=explain,
        number=number,
        interval_text=interval_text,
        tally_text=tally_text,
        gate_name=gate_name,
        bound_text=bound_text,
        failure_text=failure_text,
        marks=_marks,
        plotted=_plotted,
        percent=_percent,
    )
    return environment


def _part(name: str) -> str:
    """A part of the page as it is: ours, and named by hash in the policy, so that it must not be escaped."""
    from markupsafe import Markup

    return Markup((_HERE / name).read_text(encoding="utf-8").strip())  # noqa: S704 — the package's own file


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _types(report: Report) -> list[tuple[str, int, dict[str, Metric]]]:
    """Each type of question with its number of cases and its metrics by name."""
    counts = {kind: sum(case.type == kind for case in report.cases) for kind in report.by_type}
    return [(kind, counts[kind], {m.name: m for m in metrics}) for kind, metrics in report.by_type.items()]


def _marks(gates: Sequence[GateResult], metric: str) -> list[GateResult]:
    """The thresholds over all cases that can be drawn on the axis of a metric."""
    return [
        g
        for g in gates
        if g.metric == metric and g.type is None and g.bound != "max_drop" and 0 <= g.threshold <= 1
    ]


def _plotted(metric: Metric | None) -> bool:
    """Whether the metric is a share, so that an axis from 0 to 1 can hold it."""
    return (
        metric is not None
        and metric.value is not None
        and metric.better != "neither"
        and 0 <= metric.value <= 1
    )


def _percent(share: float) -> str:
    """A place on that axis."""
    return f"{100 * min(1.0, max(0.0, share)):.2f}%"
