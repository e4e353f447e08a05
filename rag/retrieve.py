"""Find passages for a query: dense and lexical search side by side, fused with weights that follow the question."""

from __future__ import annotations

import dataclasses
import itertools
import math
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.aspects import Rarity
from rag.course import Timings
from rag.fuse import reciprocal_rank_fusion, weighted_sum
from rag.terms import index_terms
from rag.types import Filter, Hit
from rag.understand import Query, search_terms
from rag.wording import wording, wording_shares

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from rag.encoder import Encoder
    from rag.library import Library

POOL = 30
"""Hits asked of each side: deep enough that a passage found by both sides low down can still win."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """What two measures are worth at their most, in standard deviations of similarity to the question.

    Neighbouring values do much the same: 2 to 4, and 6 to 12.

    Attributes:
        words: Of the passage that BM25 puts first, where the library knows all of the question.
        pairs: Of a passage that repeats all of the question's wording, cut into pairs of characters.
    """

    words: float = 3.0
    pairs: float = 9.0


WORTH = Worth()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Retrieval:
    """Fused hits, best first, with the question's own vector (unit length).

    Attributes:
        lexical_weight: Share of the question that the library's terms can match, 0 to 1.
        timings_ms: Milliseconds that lexical search took, encoding beside it, then dense search and fusing.
    """

    hits: tuple[Hit, ...]
    vector: NDArray[np.float32]
    lexical_weight: float
    timings_ms: Mapping[str, float]


def rarity_in(library: Library) -> Rarity:
    """A measure of rarity for `understand`: 1 for what no passage holds, towards 0 for what every passage holds."""
    total = library.searched_count()

    def rarity(forms: Sequence[str]) -> float:
        terms_by_form = [index_terms(form) for form in forms]
        counts = library.document_frequency(sorted({t for terms in terms_by_form for t in terms}))
        held = max((min(counts.get(t, 0) for t in terms) for terms in terms_by_form if terms), default=0)
        if total == 0 or held == 0:
            return 1.0
        return 0.9 * math.log((total + 1) / (held + 0.5)) / math.log((total + 1) / 0.5)

    return rarity


def retrieve(
    query: Query, *, library: Library, encoder: Encoder, top_k: int, within: Filter, worth: Worth = WORTH
) -> Retrieval:
    """Search both sides, everywhere and within each place asked about, and fuse.

    The lexical side cannot read an English question over Chinese text, so its weight is the share of the question
    that the library's terms can match at all. Each place asked about gets an equal share of the hits, so that none
    crowds out another.
    """
    terms, timings = search_terms(query), Timings()
    scopes = [within]
    if not within.regions:
        scopes += [dataclasses.replace(within, regions=codes) for codes in query.regions]
    with ThreadPoolExecutor(max_workers=1) as pool:
        # The encoder works outside the interpreter lock: it loads and runs while the other side searches.
        encoding = pool.submit(_encode, encoder, query.text)
        with timings.step("lexical"):
            lexical_weight = _matchable_share(query, library)
            lexical = [library.lexical(terms, top_k=POOL, within=scope) if terms else [] for scope in scopes]
        with timings.step("dense"):
            library.warm_up()
        vector, encode_ms = encoding.result()
    timings.add("encode", encode_ms)
    with timings.step("dense"):
        dense = [library.dense(vector, top_k=POOL, within=scope) for scope in scopes]
        spread = library.spread(vector)
    with timings.step("fuse"):
        repeated = _repeated(query, [*itertools.chain(*dense, *lexical)])
        quota = max(1, top_k // max(1, len(scopes) - 1))
        picked = []
        for d, x in zip(dense, lexical, strict=True):
            nearness = (1 / spread, _above_last(d))
            words = (worth.words * lexical_weight, _beside_first(x))
            measures = [nearness, words, (worth.pairs, repeated)]
            picked.append(weighted_sum([hit.passage for hit in (*d, *x)], measures)[:quota])
        hits = _share_out(picked, top_k=top_k)
    return Retrieval(hits=hits, vector=vector, lexical_weight=lexical_weight, timings_ms=timings.ms)


def _above_last(dense: Sequence[Hit]) -> dict[str, float]:
    """How much nearer in meaning each is than the last found: what was not found is no nearer than that."""
    last = min((hit.score for hit in dense), default=0.0)
    return {hit.passage.passage_id: hit.score - last for hit in dense}


def _beside_first(lexical: Sequence[Hit]) -> dict[str, float]:
    """The score of each as a share of the best one's: BM25 has no scale of its own."""
    best = max((hit.score for hit in lexical), default=0.0)
    return {hit.passage.passage_id: hit.score / best for hit in lexical} if best > 0 else {}


def _repeated(query: Query, hits: Sequence[Hit]) -> dict[str, float]:
    """How much of the question's wording each passage repeats."""
    passages = {hit.passage.passage_id: hit.passage for hit in hits}
    return dict(zip(passages, wording_shares(wording(query), list(passages.values())), strict=True))


def _share_out(picked: Sequence[Sequence[Hit]], *, top_k: int) -> tuple[Hit, ...]:
    """Put the scopes together: every place's own passages first, then, where there is room, those of the whole."""
    own = {h.passage.passage_id for ranking in picked[1:] for h in ranking}
    merged = reciprocal_rank_fusion([(1.0, _renumbered(ranking)) for ranking in picked])
    chosen = [h for h in merged if h.passage.passage_id in own]
    chosen += [h for h in merged if h.passage.passage_id not in own][: max(0, top_k - len(chosen))]
    return tuple(_renumbered(sorted(chosen[:top_k], key=lambda h: h.rank)))


def _renumbered(hits: Sequence[Hit]) -> list[Hit]:
    return [dataclasses.replace(h, rank=rank) for rank, h in enumerate(hits, start=1)]


def _encode(encoder: Encoder, text: str) -> tuple[NDArray[np.float32], float]:
    """Return the question's vector, and the milliseconds that it took."""
    import numpy as np

    start = time.perf_counter()
    vector = np.asarray(encoder.embed_query(text), dtype=np.float32)
    return vector, 1000 * (time.perf_counter() - start)


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
