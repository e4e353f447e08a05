"""Reciprocal rank fusion: one ranking out of several whose scores cannot be compared (Cormack et al., 2009)."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence

from rag.types import Hit

RRF_K = 60
"""The constant of the paper; large enough that the first few ranks do not decide alone."""


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
    order = sorted(scores, key=lambda passage_id: (-scores[passage_id], passage_id))
    return [
        Hit(passage=passages[passage_id], score=scores[passage_id], rank=rank, origin="fused")
        for rank, passage_id in enumerate(order, start=1)
    ]
