"""What an evaluation found: plain values, the same for the same library, suites and settings.

Everything that differs between two runs (times, dates, folders) is in `timings`, and nowhere else.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from rag.errors import SuiteError

SCHEMA_VERSION = 1
Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A share as it was counted: `hits` of `of`. One case gives 1 of 1 for a share of cases, 3 of 4 for one of claims."""

    hits: float
    of: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """A measure over cases.

    Attributes:
        name: As in `eval.metrics.METRICS`.
        value: None where nothing could be measured; never 0 in its place.
        low: Lower end of the 95% bootstrap interval; None where there is none.
        high: Its upper end.
        cases: How many cases it was measured on.
    """

    name: str
    value: float | None
    low: float | None = None
    high: float | None = None
    cases: int = 0
    better: Better = "higher"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimResult:
    """One sentence of an answer and whether what it cites supports it."""

    text: str
    citations: tuple[int, ...]
    supported: bool
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitationResult:
    """What a marker of an answer points at; `exact` is whether `quote` is the article's own text there."""

    number: int
    article_id: str
    title: str | None
    start: int
    end: int
    quote: str
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResult:
    """What became of one question.

    Attributes:
        key: Suite and id, unique in the report.
        passed: Every requirement of the case was met.
        failures: Which were not, each "code: detail" with a code of `eval.views.wording`; empty exactly where `passed`.
        text: The answer with its markers, or the refusal's message.
        dropped: Why sentences of the composer were kept from the reader.
        composer: What worded the answer.
        fallback: Why a language model that was asked did not word (all of) it.
        scores: By metric; a metric that does not apply to the case is not there.
        error: What went wrong where the case could not be scored: it counts as failed.
    """

    key: str
    suite: str
    id: str
    type: str
    lang: str
    question: str
    history: tuple[str, ...]
    expect: str
    passed: bool
    failures: tuple[str, ...]
    answered: bool
    refusal: str | None
    text: str
    claims: tuple[ClaimResult, ...] = ()
    citations: tuple[CitationResult, ...] = ()
    dropped: tuple[str, ...] = ()
    composer: str = ""
    fallback: str | None = None
    scores: dict[str, Tally] = dataclasses.field(default_factory=dict)
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Detection:
    """How the checker did on one kind of changed claim.

    Attributes:
        kind: "digit", "unit", "year" …; kinds of rewriting that change nothing begin with "same_".
        faithful: Whether the change left the meaning alone, so that flagging it is a false alarm.
        made: How many were made.
        low: Lower end of Wilson's 95% interval of the share flagged; None where there is none.
        high: Its upper end.
        flagged: How many of them the checker did not support.
        missed: A few that it judged wrongly, each with claim and evidence.
    """

    kind: str
    faithful: bool
    made: int
    flagged: int
    low: float | None = None
    high: float | None = None
    missed: tuple[Misjudged, ...] = ()

    @property
    def share(self) -> float | None:
        """Flagged of made."""
        return self.flagged / self.made if self.made else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Misjudged:
    """A claim that the checker judged wrongly."""

    claim: str
    original: str
    evidence: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckerReport:
    """How good the checker is: detection by kind, and precision and recall of "unsupported" over all of them.

    Attributes:
        claims: Faithful claims that were changed.
        left_out: Claims that the checker did not support as they were: nothing can be learnt from changing them.
    """

    detections: tuple[Detection, ...]
    precision: float | None
    recall: float | None
    false_alarms: float | None
    claims: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GateResult:
    """One threshold and whether it held; a metric without a value never holds."""

    metric: str
    type: str | None
    bound: Literal["min", "max", "max_drop"]
    threshold: float
    value: float | None
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SuiteInfo:
    """A suite that was run."""

    name: str
    sha256: str
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeReport:
    """What a model as judge made of the claims, beside the rules.

    Attributes:
        agreement: Cohen's kappa between model and rules; None where it is not defined.
        failed: Claims that it gave no verdict on: neither supported nor unsupported.
    """

    name: str
    judged: int
    supported: int
    failed: int
    agreement: float | None
    disputed: tuple[Misjudged, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that was found.

    Attributes:
        setup: What was measured: versions, encoder, composer, library's fingerprint.
        metrics: Over all cases, in the order of `eval.metrics.METRICS`.
        by_type: The same over the cases of each type.
        timings: Whatever differs from run to run.
    """

    schema: int
    setup: dict[str, Any]
    suites: tuple[SuiteInfo, ...]
    metrics: tuple[Metric, ...]
    by_type: dict[str, tuple[Metric, ...]]
    checker: CheckerReport | None
    judge: JudgeReport | None
    gates: tuple[GateResult, ...]
    cases: tuple[CaseResult, ...]
    timings: dict[str, Any]

    @property
    def passed(self) -> bool:
        """Whether every gate held."""
        return all(gate.held for gate in self.gates)

    def metric(self, name: str, *, of_type: str | None = None) -> Metric | None:
        """The metric of that name, over all cases or those of one type."""
        metrics = self.metrics if of_type is None else self.by_type.get(of_type, ())
        return next((m for m in metrics if m.name == name), None)


def to_json(report: Report) -> str:
    """The report as one JSON document; timings stand last."""
    return json.dumps(dataclasses.asdict(report), ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def read_report(path: Path) -> Report:
    """Read what `to_json` wrote.

    Raises:
        SuiteError: The file is not there, or is no report of this version.
    """
    try:
        report = TypeAdapter(Report).validate_json(path.read_bytes())
    except OSError as cause:
        raise SuiteError(path=path, line=0, problem=cause.strerror or str(cause)) from cause
    except ValidationError as cause:
        first = cause.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SuiteError(
            path=path, line=0, problem=f"no evaluation report: {where}: {first['msg']}"
        ) from cause
    if report.schema != SCHEMA_VERSION:
        raise SuiteError(
            path=path, line=0, problem=f"report of schema {report.schema}, this is {SCHEMA_VERSION}"
        )
    return report
