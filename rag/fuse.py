"""One ranking out of several: by a sum of measures in one unit, or by ranks where scores cannot be compared."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

from rag.types import Hit, Passage

RRF_K = 60
"""The constant of the paper (Cormack et al., 2009); large enough that the first few ranks do not decide alone."""


def reciprocal_rank_fusion(
    rankings: Sequence[tuple[float, Sequence[Hit]]], *, rrf_k: int = RRF_K
) -> list[Hit]:
    """Fuse weighted rankings: a passage scores the sum of `weight / (rrf_k + rank)` over the rankings it is in.

    The order of the rankings does not matter (exact summation, ties broken by passage id), and each passage
    comes out once. Rankings of weight 0 add nothing, not even their passages.
    """
    shares: dict[str, list[float]] = defaultdict(list)
    passages = {}
    for weight, hits in rankings:
        if weight < 0:
            raise ValueError(f"weight must not be negative, got {weight}")
        if weight == 0:
            continue
        for hit in hits:
            shares[hit.passage.passage_id].append(weight / (rrf_k + hit.rank))
            passages[hit.passage.passage_id] = hit.passage
    scores = {passage_id: math.fsum(parts) for passage_id, parts in shares.items()}
    return _hits(scores, passages)


def weighted_sum(
    passages: Sequence[Passage], measures: Sequence[tuple[float, Mapping[str, float]]]
) -> list[Hit]:
    """Rank passages by the sum over measures of weight times value.

    Unlike ranks, values tell how clearly a passage leads: a side that knows little of the question decides little.

    Args:
        passages: Repeats are left out; their order does not matter.
        measures: Weight, and value by passage id; a passage that a measure does not name has 0.

    Returns:
        Every passage, best first, ties by passage id.
    """
    by_id = {passage.passage_id: passage for passage in passages}
    scores = {
        passage_id: math.fsum(weight * values.get(passage_id, 0.0) for weight, values in measures)
        for passage_id in by_id
    }
    return _hits(scores, by_id)


def _hits(scores: Mapping[str, float], passages: Mapping[str, Passage]) -> list[Hit]:
    order = sorted(scores, key=lambda passage_id: (-scores[passage_id], passage_id))
    return [
        Hit(passage=passages[passage_id], score=scores[passage_id], rank=rank, origin="fused")
        for rank, passage_id in enumerate(order, start=1)
    ]
