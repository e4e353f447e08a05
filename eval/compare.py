"""Two reports held against each other: which measures moved beyond chance, and which cases got better or worse."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from eval.metrics import METRICS
from eval.report import Better, CaseResult, Report, Tally

RESAMPLES = 2000
_SEED = 20240602
_INTERVAL = (2.5, 97.5)
_DETAIL = 1e-9

Move = Literal["better", "worse", "within_chance"]


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricChange:
    """A measure over the cases that both reports have and it applies to in both.

    Attributes:
        before: Its value over these cases; None where there are none.
        difference: `after` less `before`.
        low: Lower end of the 95% interval of the difference, the cases drawn in pairs.
        cases: How many cases it rests on.
    """

    name: str
    before: float | None
    after: float | None
    difference: float | None
    low: float | None
    high: float | None
    cases: int
    better: Better

    @property
    def move(self) -> Move:
        """Better or worse only where the whole interval lies on that side of nothing."""
        if self.low is None or self.high is None or self.better == "neither":
            return "within_chance"
        up, down = self.low > 0, self.high < 0
        if not up and not down:
            return "within_chance"
        return "better" if up == (self.better == "higher") else "worse"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseChange:
    """A case that both have, and what is different.

    Attributes:
        failures: What fails now and did not before.
        scores: Metrics whose tally differs, each before and after; None where it did not apply.
    """

    key: str
    type: str
    question: str
    passed_before: bool
    passed_after: bool
    failures: tuple[str, ...]
    scores: dict[str, tuple[Tally | None, Tally | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What changed from one report to another.

    Attributes:
        worse: Passed before, fail now.
        better: Failed before, pass now.
        shifted: Same outcome, other failures or scores.
        suites: Names of suites that both ran, with other contents.
        setup: Parts of the setup that differ, by dotted name, each before and after.
    """

    metrics: tuple[MetricChange, ...]
    worse: tuple[CaseChange, ...]
    better: tuple[CaseChange, ...]
    shifted: tuple[CaseChange, ...]
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    suites: tuple[str, ...]
    setup: dict[str, tuple[Any, Any]]

    @property
    def is_worse(self) -> bool:
        """Whether a case that passed fails now, or a metric is worse beyond chance."""
        return bool(self.worse) or any(change.move == "worse" for change in self.metrics)

    @property
    def is_same(self) -> bool:
        """Whether nothing at all was found different."""
        lists = (self.worse, self.better, self.shifted, self.only_before, self.only_after, self.suites)
        return not any(lists) and not self.setup and not any(change.difference for change in self.metrics)


def compare(before: Report, after: Report) -> Comparison:
    """Compare two reports case by case; figures are taken over the cases that both have, in pairs."""
    old = {case.key: case for case in before.cases}
    new = {case.key: case for case in after.cases}
    pairs = [(old[key], new[key]) for key in old if key in new]
    changes = [_case_change(a, b) for a, b in pairs if _differ(a, b)]
    names = dict.fromkeys([*METRICS, *(name for a, b in pairs for name in (*a.scores, *b.scores))])
    return Comparison(
        metrics=tuple(_metric_change(name, pairs) for name in names),
        worse=tuple(c for c in changes if c.passed_before and not c.passed_after),
        better=tuple(c for c in changes if not c.passed_before and c.passed_after),
        shifted=tuple(c for c in changes if c.passed_before == c.passed_after),
        only_before=tuple(key for key in old if key not in new),
        only_after=tuple(key for key in new if key not in old),
        suites=_changed_suites(before, after),
        setup=_changed_setup(before.setup, after.setup),
    )


def document(comparison: Comparison) -> dict[str, Any]:
    """The comparison as plain values for JSON, with what it comes to."""
    plain = dataclasses.asdict(comparison)
    for change, written in zip(comparison.metrics, plain["metrics"], strict=True):
        written["move"] = change.move
    return {"is_worse": comparison.is_worse, **plain}


def paired_interval(pairs: Sequence[tuple[Tally, Tally]]) -> tuple[float, float] | None:
    """95% bootstrap interval of the difference of two ratios of sums, both taken over the same drawn cases.

    Draws in which either side counts nothing say nothing of a difference and are left out; with none left, or fewer
    than two pairs, there is no interval.
    """
    if len(pairs) < 2:
        return None
    counted = np.array([(a.hits, a.of, b.hits, b.of) for a, b in pairs], dtype=np.float64)
    drawn = np.random.default_rng(_SEED).integers(0, len(pairs), size=(RESAMPLES, len(pairs)))
    sums = counted[drawn].sum(axis=1)
    usable = sums[(sums[:, 1] > 0) & (sums[:, 3] > 0)]
    if not len(usable):
        return None
    low, high = np.percentile(usable[:, 2] / usable[:, 3] - usable[:, 0] / usable[:, 1], _INTERVAL)
    return round(float(low), 6), round(float(high), 6)


def _metric_change(name: str, pairs: Sequence[tuple[CaseResult, CaseResult]]) -> MetricChange:
    tallies = [(a.scores[name], b.scores[name]) for a, b in pairs if name in a.scores and name in b.scores]
    before, after = _ratio([a for a, _ in tallies]), _ratio([b for _, b in tallies])
    interval = None if before is None or after is None else paired_interval(tallies)
    return MetricChange(
        name=name,
        before=before,
        after=after,
        difference=None if before is None or after is None else round(after - before, 6),
        low=interval[0] if interval else None,
        high=interval[1] if interval else None,
        cases=len(tallies),
        better=METRICS.get(name, "neither"),
    )


def _ratio(tallies: Sequence[Tally]) -> float | None:
    total = sum(tally.of for tally in tallies)
    return round(sum(tally.hits for tally in tallies) / total, 6) if total > 0 else None


def _differ(a: CaseResult, b: CaseResult) -> bool:
    return a.passed != b.passed or a.failures != b.failures or bool(_changed_scores(a, b))


def _case_change(a: CaseResult, b: CaseResult) -> CaseChange:
    return CaseChange(
        key=b.key,
        type=b.type,
        question=b.question,
        passed_before=a.passed,
        passed_after=b.passed,
        failures=tuple(failure for failure in b.failures if failure not in a.failures),
        scores=_changed_scores(a, b),
    )


def _changed_scores(a: CaseResult, b: CaseResult) -> dict[str, tuple[Tally | None, Tally | None]]:
    names = dict.fromkeys([*a.scores, *b.scores])
    both = {name: (a.scores.get(name), b.scores.get(name)) for name in names}
    return {name: (x, y) for name, (x, y) in both.items() if not _equal(x, y)}


def _equal(x: Tally | None, y: Tally | None) -> bool:
    if x is None or y is None:
        return x is y
    return abs(x.hits - y.hits) <= _DETAIL and abs(x.of - y.of) <= _DETAIL


def _changed_suites(before: Report, after: Report) -> tuple[str, ...]:
    hashes = {suite.name: suite.sha256 for suite in before.suites}
    return tuple(s.name for s in after.suites if hashes.get(s.name, s.sha256) != s.sha256)


def _changed_setup(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    old, new = dict(flat_setup(before)), dict(flat_setup(after))
    return {k: (old.get(k), new.get(k)) for k in dict.fromkeys([*old, *new]) if old.get(k) != new.get(k)}


def flat_setup(setup: Mapping[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    """The setup's values by dotted name: `library.fingerprint`."""
    flat: list[tuple[str, Any]] = []
    for name, value in setup.items():
        dotted = f"{prefix}{name}"
        flat += flat_setup(value, f"{dotted}.") if isinstance(value, Mapping) else [(dotted, value)]
    return flat
