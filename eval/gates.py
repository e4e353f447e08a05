"""Thresholds that a report must keep: read from TOML, held against a report."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from eval.cases import CaseType
from eval.metrics import METRICS
from eval.report import CheckerReport, GateResult, JudgeReport, Report
from rag.errors import SuiteError

_CHECKER = ("checker.precision", "checker.recall", "checker.false_alarms")
_DETECTION = "detection."
_JUDGE = "judge.agreement"


class Gate(BaseModel):
    """One threshold.

    Attributes:
        metric: A metric of the report; "detection.digit" and the like; "checker.precision", "checker.recall",
            "checker.false_alarms"; "judge.agreement".
        type: Over the questions of this type alone.
        max_drop: How far the value may be on the bad side of the baseline's; holds only where a baseline is given.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: str
    type: CaseType | None = None
    min: float | None = None
    max: float | None = None
    max_drop: float | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def _makes_sense(self) -> Gate:
        known = (
            self.metric in METRICS or self.metric.startswith(_DETECTION) or self.metric in (*_CHECKER, _JUDGE)
        )
        if not known:
            raise ValueError(f"metric: there is no {self.metric!r}; there are {', '.join(METRICS)}")
        if self.type is not None and self.metric not in METRICS:
            raise ValueError("type: only metrics over questions have it")
        if (self.min, self.max, self.max_drop) == (None, None, None):
            raise ValueError("min, max or max_drop is needed")
        if self.max_drop is not None and METRICS.get(self.metric) not in ("higher", "lower"):
            raise ValueError(f"max_drop: {self.metric!r} has no better and worse")
        return self


class _GateFile(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    gate: tuple[Gate, ...] = Field(min_length=1)


def read_gates(path: Path) -> tuple[Gate, ...]:
    """Read the `[[gate]]` tables of a TOML file.

    Raises:
        SuiteError: The file is not there, is not TOML, or holds something that is no gate.
    """
    try:
        return _GateFile.model_validate(tomllib.loads(path.read_text(encoding="utf-8"))).gate
    except OSError as cause:
        raise SuiteError(path=path, line=0, problem=cause.strerror or str(cause)) from cause
    except ValidationError as cause:
        first = cause.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SuiteError(path=path, line=0, problem=f"{where}: {first['msg']}") from cause
    except ValueError as cause:
        raise SuiteError(path=path, line=0, problem=f"it is not TOML ({cause})") from cause


def check_gates(
    gates: Sequence[Gate], report: Report, baseline: Report | None = None
) -> tuple[GateResult, ...]:
    """Hold every threshold against a report; what has no value holds nothing.

    A `max_drop` is passed over where there is no baseline.
    """
    results: list[GateResult] = []
    for gate in gates:
        value = value_of(gate, report)
        results += [
            _result(
                gate, bound, threshold, value, held=value is not None and _within(bound, threshold, value)
            )
            for bound, threshold in _bounds(gate)
        ]
        if gate.max_drop is not None and baseline is not None:
            before = value_of(gate, baseline)
            dropped = _drop(gate, before, value)
            held = dropped is not None and dropped <= gate.max_drop + 1e-9
            results.append(_result(gate, "max_drop", gate.max_drop, dropped, held=held))
    return tuple(results)


def value_of(gate: Gate, report: Report) -> float | None:
    """The value that a gate is about, None where the report has none."""
    if gate.metric in METRICS:
        found = report.metric(gate.metric, of_type=gate.type)
        return found.value if found else None
    if gate.metric == _JUDGE:
        judge: JudgeReport | None = report.judge
        return judge.agreement if judge else None
    checker: CheckerReport | None = report.checker
    if checker is None:
        return None
    if gate.metric.startswith(_DETECTION):
        kind = gate.metric.removeprefix(_DETECTION)
        return next((d.share for d in checker.detections if d.kind == kind), None)
    values = {
        "checker.precision": checker.precision,
        "checker.recall": checker.recall,
        "checker.false_alarms": checker.false_alarms,
    }
    return values[gate.metric]


def _bounds(gate: Gate) -> list[tuple[Literal["min", "max"], float]]:
    bounds: list[tuple[Literal["min", "max"], float]] = []
    if gate.min is not None:
        bounds.append(("min", gate.min))
    if gate.max is not None:
        bounds.append(("max", gate.max))
    return bounds


def _within(bound: Literal["min", "max"], threshold: float, value: float) -> bool:
    return value >= threshold if bound == "min" else value <= threshold


def _drop(gate: Gate, before: float | None, value: float | None) -> float | None:
    """How much worse than the baseline; negative where it is better. Nothing to compare with is no drop at all."""
    if before is None:
        return 0.0
    if value is None:
        return None
    return round(before - value if METRICS[gate.metric] == "higher" else value - before, 6)


def _result(
    gate: Gate, bound: Literal["min", "max", "max_drop"], threshold: float, value: float | None, *, held: bool
) -> GateResult:
    return GateResult(
        metric=gate.metric, type=gate.type, bound=bound, threshold=threshold, value=value, held=held
    )
