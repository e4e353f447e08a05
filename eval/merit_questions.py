"""Questions whose answers are known, asked with and without the sentences that answer: the signs of what is found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from eval.beir import BeirDataset, read_beir
from eval.facts import comparable
from eval.lines import read_lines
from eval.scratch import scratch_library, shelve
from rag.assess import Scored, count_speaking, may_be_silent, score_all
from rag.encoder import Encoder
from rag.evidence import Candidate, gather_candidates
from rag.library import Library
from rag.merit import SIGNS
from rag.pipeline import readable
from rag.rerank import mark_standouts
from rag.retrieve import rarity_in, retrieve
from rag.types import Filter, Language
from rag.understand import understand

Matrix = NDArray[np.float64]
_SEED = 1


class _Query(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: Annotated[str, Field(alias="_id")]
    metadata: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedQuestion:
    """A question's candidate sentences.

    Attributes:
        found: Their signs, a row each.
        holds: Which of them hold the answer: 1 or 0.
        without: The signs of the others, measured without those.
        articles: How many articles speak of what is asked.
        may_be_silent: Whether it may be refused for want of likelihood at all.
    """

    id: str
    language: Language
    found: Matrix
    holds: NDArray[np.float64]
    without: Matrix
    articles: int
    may_be_silent: bool


def ask(folder: Path, *, encoder: Encoder, limit: int) -> list[AskedQuestion]:
    """Ask up to `limit` questions of a data set, drawn with a seed; those whose answer is nowhere are left out.

    Raises:
        SuiteError: The data set cannot be read.
    """
    dataset = read_beir(folder)
    ids = list(dataset.queries)
    np.random.default_rng(_SEED).shuffle(ids)
    answers = {q.id: q.metadata.get("answers", []) for _, q in read_lines(folder / "queries.jsonl", _Query)}
    with scratch_library(encoder) as library:
        shelve(dataset.articles(), library=library, encoder=encoder)
        asked = [_ask(dataset, i, answers[i], library=library, encoder=encoder) for i in ids[:limit]]
    return [question for question in asked if question is not None]


def _ask(
    dataset: BeirDataset, query_id: str, answers: Sequence[str], *, library: Library, encoder: Encoder
) -> AskedQuestion | None:
    query = understand(readable(dataset.queries[query_id]), rarity=rarity_in(library))
    found = retrieve(query, library=library, encoder=encoder, top_k=8, within=Filter())
    candidates = gather_candidates(found.hits, library=library)
    wanted = [comparable(answer) for answer in answers]

    def holds(candidate: Candidate) -> bool:
        text = comparable(candidate.text)
        return candidate.article.article_id in dataset.qrels[query_id] and any(w in text for w in wanted)

    def signs(chosen: Sequence[Candidate]) -> list[Scored]:
        return score_all(query, mark_standouts(chosen, found.vector, encoder=encoder))

    scored = signs(candidates)
    rest = signs([c for c in candidates if not any(w in comparable(c.text) for w in wanted)])
    labels = np.array([holds(s.candidate) for s in scored], dtype=np.float64)
    if not labels.any() or not rest:
        return None
    return AskedQuestion(
        id=query_id,
        language=query.language,
        found=_rows(scored),
        holds=labels,
        without=_rows(rest),
        articles=count_speaking(scored),
        may_be_silent=may_be_silent(query),
    )


def _rows(scored: Sequence[Scored]) -> Matrix:
    return np.array([[getattr(s.signs, name) for name in SIGNS] for s in scored], dtype=np.float64)
