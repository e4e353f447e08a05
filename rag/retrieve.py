"""Find passages for a query: dense and lexical search side by side, fused with weights that follow the question."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.fuse import reciprocal_rank_fusion
from rag.terms import index_terms
from rag.types import Filter, Hit
from rag.understand import Query, search_terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.encoder import Encoder
    from rag.library import Library

POOL = 30
"""Hits asked of each side: deep enough that a passage found by both sides low down can still win."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieval:
    """Fused hits, best first, and how the dense side ranked each passage (1 is best; absent: not found by it)."""

    hits: tuple[Hit, ...]
    dense_ranks: dict[str, int]
    lexical_weight: float


def rarity_in(library: Library) -> Callable[[Sequence[str]], float]:
    """A measure of rarity for `understand`: 1 for what no passage holds, towards 0 for what every passage holds."""
    total = library.passage_count()

    def rarity(forms: Sequence[str]) -> float:
        terms_by_form = [index_terms(form) for form in forms]
        counts = library.document_frequency(sorted({t for terms in terms_by_form for t in terms}))
        held = max((min(counts.get(t, 0) for t in terms) for terms in terms_by_form if terms), default=0)
        if total == 0 or held == 0:
            return 1.0
        return 0.9 * math.log((total + 1) / (held + 0.5)) / math.log((total + 1) / 0.5)

    return rarity


def retrieve(query: Query, *, library: Library, encoder: Encoder, top_k: int, within: Filter) -> Retrieval:
    """Search both sides, once everywhere and once within the places asked about, and fuse.

    An equal fusion makes questions worse that the lexical side cannot read (an English question over Chinese
    text), so its weight is the share of the question that the library's terms can match at all.
    """
    terms = search_terms(query)
    lexical_weight = _matchable_share(query, library)
    scopes = [within]
    if query.region_codes and not within.regions:
        scopes.append(
            Filter(regions=query.region_codes, since_year=within.since_year, until_year=within.until_year)
        )
    with ThreadPoolExecutor(max_workers=1) as pool:
        # The encoder works outside the interpreter lock: it loads and runs while the other side searches.
        vector = pool.submit(_encode, encoder, query.text)
        lexical = [library.lexical(terms, top_k=POOL, within=scope) if terms else [] for scope in scopes]
        library.warm_up()
        dense = [library.dense(vector.result(), top_k=POOL, within=scope) for scope in scopes]
    rankings = [(1.0, hits) for hits in dense] + [(lexical_weight, hits) for hits in lexical]
    ranks = {hit.passage.passage_id: hit.rank for hits in dense for hit in hits}
    fused = reciprocal_rank_fusion(rankings)[:top_k]
    return Retrieval(hits=tuple(fused), dense_ranks=ranks, lexical_weight=lexical_weight)


def _encode(encoder: Encoder, text: str) -> NDArray[np.float32]:
    import numpy as np

    return np.asarray(encoder.embed_query(text), dtype=np.float32)


def _matchable_share(query: Query, library: Library) -> float:
    """Weight of the aspects of which the library holds at least one form, over the weight of all."""
    total = matched = 0.0
    for aspect in query.aspects:
        total += aspect.weight
        terms_by_form = [index_terms(form) for form in aspect.exact]
        counts = library.document_frequency(sorted({t for terms in terms_by_form for t in terms}))
        if any(terms and all(counts.get(t, 0) for t in terms) for terms in terms_by_form):
            matched += aspect.weight
    return matched / total if total else 0.0
