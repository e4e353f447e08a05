"""The measures of an evaluation: what each is called, which way is better, and how tallies become a figure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from eval.report import Better, Metric, Tally

RESAMPLES = 2000
_SEED = 20240601
RETRIEVED = 8
"""Cut-off of the retrieval metrics: the passages that are read for an answer."""

METRICS: dict[str, Better] = {
    "passed": "higher",
    "correctness": "higher",
    "faithfulness": "higher",
    "citation_recall": "higher",
    "citation_precision": "higher",
    "citation_exact": "higher",
    "evidence_cited": "higher",
    "figure_support": "higher",
    "grounded": "higher",
    "refusal_recall": "higher",
    "false_refusal": "lower",
    "refusal_reason": "higher",
    "hit@1": "higher",
    f"recall@{RETRIEVED}": "higher",
    f"MRR@{RETRIEVED}": "higher",
    f"nDCG@{RETRIEVED}": "higher",
    "dropped": "lower",
    "by_model": "neither",
    "fell_back": "lower",
    "errors": "lower",
    "answer_chars": "neither",
}
"""Every metric in the order of the report. Each is a ratio of sums over cases; see `eval.scoring` for what is counted."""


def metric(name: str, tallies: Sequence[Tally]) -> Metric:
    """Put the tallies of all cases to which a metric applies together; with none, it has no value."""
    hits, of = [t.hits for t in tallies], [t.of for t in tallies]
    if sum(of) <= 0:
        return Metric(name=name, value=None, better=METRICS[name])
    low, high = bootstrap_interval(hits, of)
    return Metric(
        name=name,
        value=_rounded(sum(hits) / sum(of)),
        low=low,
        high=high,
        cases=len(tallies),
        better=METRICS[name],
    )


def all_metrics(scores: Sequence[Mapping[str, Tally]]) -> tuple[Metric, ...]:
    """Every metric over the scores of some cases, those without a value included."""
    return tuple(metric(name, [s[name] for s in scores if name in s]) for name in METRICS)


def bootstrap_interval(numerators: Sequence[float], denominators: Sequence[float]) -> tuple[float, float]:
    """95% percentile bootstrap interval of a ratio of sums, cases drawn with replacement; the same at every call.

    Where every case says the same it has no width: that no case of n failed does not mean that none would.

    Args:
        numerators: One per case.
        denominators: One per case, in the same order; 1 each for a plain mean.

    Raises:
        ValueError: There is no case, or the two differ in length.
    """
    if not numerators or len(numerators) != len(denominators):
        raise ValueError("numerators and denominators are needed, one of each per case")
    top, bottom = np.asarray(numerators, float), np.asarray(denominators, float)
    drawn = np.random.default_rng(_SEED).integers(0, len(top), (RESAMPLES, len(top)))
    sums = bottom[drawn].sum(axis=1)
    ratios = top[drawn].sum(axis=1)[sums > 0] / sums[sums > 0]
    if not len(ratios):
        raise ValueError("the denominators are all 0")
    low, high = np.percentile(ratios, [2.5, 97.5])
    return _rounded(float(low)), _rounded(float(high))


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies, interpolated; `share` is 0 to 1.

    Raises:
        ValueError: There is no value.
    """
    if not values:
        raise ValueError("a percentile needs values")
    return float(np.percentile(np.asarray(values, float), 100 * share))


def balanced_accuracy(truth: Sequence[bool], said: Sequence[bool]) -> float:
    """Mean of the shares judged right among the true and among the false: 0.5 for whoever always says the same.

    Raises:
        ValueError: All are true, or all are false.
    """
    return _rounded(float(_balanced(np.asarray(truth, bool), np.asarray(said, bool)[None, :])[0]))


def balanced_interval(
    truth: Sequence[bool], said: Sequence[bool], against: Sequence[bool] | None = None
) -> tuple[float, float]:
    """95% bootstrap interval of the balanced accuracy, or of its lead over another judge of the same cases.

    Drawn with replacement among the true and the false ones apart, so that there are always some of both.
    """
    true, judged = np.asarray(truth, bool), np.asarray(said, bool)
    random = np.random.default_rng(_SEED)
    parts = [np.flatnonzero(true), np.flatnonzero(~true)]
    drawn = np.concatenate([random.choice(part, (RESAMPLES, len(part))) for part in parts], axis=1)
    ordered = np.concatenate([np.ones(len(parts[0]), bool), np.zeros(len(parts[1]), bool)])
    values = _balanced(ordered, judged[drawn])
    if against is not None:
        values = values - _balanced(ordered, np.asarray(against, bool)[drawn])
    low, high = np.percentile(values, [2.5, 97.5])
    return _rounded(float(low)), _rounded(float(high))


def _balanced(truth: NDArray[np.bool_], said: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Balanced accuracy of each row of `said`."""
    if truth.all() or not truth.any():
        raise ValueError("balanced accuracy needs cases of both kinds")
    share: NDArray[np.float64] = (said[:, truth].mean(axis=1) + (~said[:, ~truth]).mean(axis=1)) / 2
    return share


def _rounded(value: float) -> float:
    """Six digits: the same on every machine, whatever its processor adds in the last place."""
    return round(value, 6)
