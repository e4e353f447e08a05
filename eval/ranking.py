"""Measures of rankings against graded judgements, computed by `ir_measures` with trec_eval's own arithmetic."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

DEFAULT_KS = (1, 5, 10)


def metric_names(ks: Sequence[int] = DEFAULT_KS) -> tuple[str, ...]:
    """The names of all measures at those cut-offs: `hit@1` … `nDCG@10`."""
    return tuple(f"{measure}@{k}" for measure in ("hit", "recall", "MRR", "nDCG") for k in ks)


def per_query(
    qrels: Mapping[str, Mapping[str, int]],
    rankings: Mapping[str, Sequence[str]],
    *,
    ks: Sequence[int] = DEFAULT_KS,
) -> dict[str, dict[str, float]]:
    """Measure the ranking of every query of the qrels; one that is empty or missing has 0 throughout.

    Args:
        qrels: Grades by query and document; above 0 is relevant, and what has no grade is not.
        rankings: Document ids by query, best first, each once; those of other queries are passed over.
        ks: Cut-offs, from 1.

    Raises:
        ValueError: A cut-off is no rank, or a ranking names a document twice.
    """
    if not ks or min(ks) < 1:
        raise ValueError(f"cut-offs are ranks from 1, not {list(ks)}")
    for query_id in qrels:
        ranking = rankings.get(query_id, ())
        if len(set(ranking)) < len(ranking):
            raise ValueError(f"the ranking of {query_id!r} names a document twice")
    values = {query_id: dict.fromkeys(metric_names(ks), 0.0) for query_id in qrels}
    for k in ks:
        _measure(qrels, rankings, k, values)
    return values


def mean(values: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """The mean of each measure over all queries.

    Raises:
        ValueError: There is no query.
    """
    if not values:
        raise ValueError("there is no query to take the mean of")
    names = next(iter(values.values()))
    return {name: math.fsum(row[name] for row in values.values()) / len(values) for name in names}


def _measure(
    qrels: Mapping[str, Mapping[str, int]],
    rankings: Mapping[str, Sequence[str]],
    k: int,
    values: dict[str, dict[str, float]],
) -> None:
    """Put the measures at `k` into `values`.

    Rankings are cut at k first, because trec_eval has no cut-off for the reciprocal rank.
    """
    import ir_measures

    names = {
        ir_measures.Success @ k: f"hit@{k}",
        ir_measures.R @ k: f"recall@{k}",
        ir_measures.RR: f"MRR@{k}",
        ir_measures.nDCG @ k: f"nDCG@{k}",
    }
    graded = {query_id: dict(grades) for query_id, grades in qrels.items()}
    # Scores that fall strictly: the order given is the order measured, whatever breaks ties.
    runs = {
        query_id: {document: float(k - rank) for rank, document in enumerate(rankings[query_id][:k])}
        for query_id in qrels
        if rankings.get(query_id)
    }
    evaluator = ir_measures.providers.registry["pytrec_eval"].evaluator(list(names), graded)
    for found in evaluator.iter_calc(runs):
        values[found.query_id][names[found.measure]] = float(found.value)
