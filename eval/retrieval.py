"""Measures the product's own retrieval on a data set: its splitter, its library, its retriever or one side of it."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from eval.beir import BeirDataset
from eval.metrics import bootstrap_interval
from eval.ranking import DEFAULT_KS, mean, per_query
from eval.report import Metric
from eval.scratch import PASSAGE_TOKENS, scratch_library, shelve
from rag.aspects import Rarity
from rag.pipeline import readable
from rag.retrieve import rarity_in, retrieve
from rag.types import Filter, Hit
from rag.understand import search_terms, understand

if TYPE_CHECKING:
    from rag.encoder import Encoder
    from rag.library import Library

Retriever = Literal["hybrid", "dense", "lexical"]
RETRIEVERS: tuple[Retriever, ...] = ("hybrid", "dense", "lexical")
OnProgress = Callable[[str, int, int], None]
"""Told the stage ("ingest", "queries"), how much of it is done, and how much there is."""
Search = Callable[[int], Sequence[Hit]]
"""Finds as many passages as it is asked for, best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalOptions:
    """What is measured.

    Attributes:
        retriever: Both sides fused as for an answer, or one alone.
        ks: Cut-offs of the measures.
        limit: Ask only that many queries, the first of the file.
        passage_tokens: Budget of a passage, in tiktoken tokens.
    """

    retriever: Retriever = "hybrid"
    ks: tuple[int, ...] = DEFAULT_KS
    limit: int | None = None
    passage_tokens: int = PASSAGE_TOKENS


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalResult:
    """How well the documents were found.

    Attributes:
        metrics: Means over all queries that were asked, not rounded.
        rankings: Of each query the documents found, best first: what the measures were computed from.
        timings: Seconds by stage; they differ from run to run, and nothing else does.
    """

    dataset: str
    split: str
    retriever: Retriever
    encoder: str
    ks: tuple[int, ...]
    documents: int
    passages: int
    queries: int
    unjudged: int
    metrics: tuple[Metric, ...]
    rankings: dict[str, tuple[str, ...]]
    timings: dict[str, float]

    def document(self) -> dict[str, Any]:
        """Return the result, without its rankings, as plain values ready for JSON."""
        return {
            "dataset": self.dataset,
            "split": self.split,
            "retriever": self.retriever,
            "encoder": self.encoder,
            "ks": list(self.ks),
            "counts": {
                "documents": self.documents,
                "passages": self.passages,
                "queries": self.queries,
                "queries_without_qrels": self.unjudged,
            },
            "metrics": {metric.name: metric.value for metric in self.metrics},
            "intervals": {metric.name: [metric.low, metric.high] for metric in self.metrics},
            "timings": dict(self.timings),
        }


def measure_retrieval(
    dataset: BeirDataset,
    *,
    encoder: Encoder,
    options: RetrievalOptions | None = None,
    on_progress: OnProgress | None = None,
) -> RetrievalResult:
    """Put the corpus into a library of its own, ask every query, and measure.

    Raises:
        ValueError: A cut-off or the limit is below 1.
        YigaiError: The encoder or the library cannot be used.
    """
    options = options or RetrievalOptions()
    limit = 1 if options.limit is None else options.limit
    if not options.ks or min(*options.ks, limit) < 1:
        raise ValueError(f"cut-offs {options.ks} and limit {options.limit} must be at least 1")
    queries = dict(itertools.islice(dataset.queries.items(), options.limit))
    started = time.perf_counter()
    with scratch_library(encoder) as library:
        passages = shelve(
            dataset.articles(),
            library=library,
            encoder=encoder,
            passage_tokens=options.passage_tokens,
            on_shelved=lambda done: _tell(on_progress, "ingest", done, dataset.documents),
        )
        shelved = time.perf_counter()
        rankings = rank_documents(
            queries, library=library, encoder=encoder, options=options, on_progress=on_progress
        )
        timings = {"ingest_s": shelved - started, "queries_s": time.perf_counter() - shelved}
    return _result(
        dataset, rankings, encoder_name=encoder.name, options=options, passages=passages, timings=timings
    )


def _result(
    dataset: BeirDataset,
    rankings: dict[str, tuple[str, ...]],
    *,
    encoder_name: str,
    options: RetrievalOptions,
    passages: int,
    timings: Mapping[str, float],
) -> RetrievalResult:
    return RetrievalResult(
        dataset=dataset.name,
        split=dataset.split,
        retriever=options.retriever,
        encoder=encoder_name,
        ks=options.ks,
        documents=dataset.documents,
        passages=passages,
        queries=len(rankings),
        unjudged=dataset.unjudged,
        metrics=score({query_id: dataset.qrels[query_id] for query_id in rankings}, rankings, ks=options.ks),
        rankings=rankings,
        timings={stage: round(seconds, 3) for stage, seconds in timings.items()},
    )


def rank_documents(
    queries: Mapping[str, str],
    *,
    library: Library,
    encoder: Encoder,
    options: RetrievalOptions,
    on_progress: OnProgress | None = None,
) -> dict[str, tuple[str, ...]]:
    """Rank the articles of a library for each query, as many as the largest cut-off takes in."""
    rarity = rarity_in(library)
    rankings = {}
    for done, (query_id, text) in enumerate(queries.items(), start=1):
        search = _searching(text, library, encoder, rarity=rarity, retriever=options.retriever)
        rankings[query_id] = first_found(search, most=max(options.ks), unit=_document)
        _tell(on_progress, "queries", done, len(queries))
    return rankings


def score(
    qrels: Mapping[str, Mapping[str, int]],
    rankings: Mapping[str, Sequence[str]],
    *,
    ks: Sequence[int] = DEFAULT_KS,
) -> tuple[Metric, ...]:
    """Every measure at every cut-off, with its interval over the queries.

    Raises:
        ValueError: There is no query, or a ranking names a document twice.
    """
    values = per_query(qrels, rankings, ks=ks)
    metrics = []
    for name, value in mean(values).items():
        low, high = bootstrap_interval([row[name] for row in values.values()], [1.0] * len(values))
        metrics.append(Metric(name=name, value=value, low=low, high=high, cases=len(values)))
    return tuple(metrics)


def _searching(
    question: str, library: Library, encoder: Encoder, *, rarity: Rarity, retriever: Retriever
) -> Search:
    """A search for the passages that answer, which can be asked for more."""
    query = understand(readable(question), rarity=rarity)
    if retriever == "lexical":
        terms = search_terms(query)
        return lambda top_k: library.lexical(terms, top_k=top_k) if terms else ()
    if retriever == "dense":
        vector = encoder.embed_query(query.text)
        return lambda top_k: library.dense(vector, top_k=top_k)
    return lambda top_k: retrieve(query, library=library, encoder=encoder, top_k=top_k, within=Filter()).hits


def first_found(search: Search, *, most: int, unit: Callable[[Hit], str]) -> tuple[str, ...]:
    """What the hits are of, each where its first hit stands.

    What is found first keeps its place when more has to be asked for, since passages of one document crowd out
    those of others: the top is what an answer would be made from.

    Args:
        search: Asked for twice as many until enough is found.
        most: As many are returned, where the library has them.
        unit: What a hit is of: its document, or its own passage.
    """
    found: dict[str, None] = {}
    before, top_k = -1, most
    while True:
        hits = search(top_k)
        found.update(dict.fromkeys(map(unit, hits)))
        if len(found) >= most or len(hits) <= before:
            return tuple(found)[:most]
        before, top_k = len(hits), 2 * top_k


def _document(hit: Hit) -> str:
    return hit.passage.article_id


def _tell(on_progress: OnProgress | None, stage: str, done: int, total: int) -> None:
    if on_progress is not None:
        on_progress(stage, done, total)
