"""How good an answer a sentence would make, beside the others at hand: signs of it, weighed by what was learned.

The weights (`rag/data/merit.json`) are learned by `python -m eval.fit_merit` from questions whose answers are known; no word of any text is
in them. A difference of 1 between two sentences means that the better one is e times as likely to be the answer.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib.resources
import json
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What speaks for a sentence.

    Attributes:
        coverage: Share of the question's weight that it covers with its context, 0 to 1.
        lead: Cosine to the question above the mean of the sentences at hand.
        rank: 1 for sentences of the first passage, less further down.
        around: Share of the question that it or its context echoes; see `rag.echo`.
        fresh: Share of what its context leaves open that it echoes itself.
        kind: 1 if it holds the kind of thing asked for, 0 if not.
        place: 1 if it names the place asked about itself, -1 if it names another as well.
    """

    coverage: float
    lead: float
    rank: float
    around: float
    fresh: float
    kind: float
    place: float


SIGNS = tuple(field.name for field in dataclasses.fields(Signs))


def merit(signs: Signs) -> float:
    """Weigh the signs: a number to compare with those of other sentences of the same question only."""
    return sum(weight * getattr(signs, name) for name, weight in _weights().items())


def rank_sign(rank: int) -> float:
    """Return the sign for a passage's rank, from 1."""
    return 1 / (1 + 0.3 * (rank - 1))


@functools.cache
def _weights() -> dict[str, float]:
    text = importlib.resources.files("rag.data").joinpath("merit.json").read_text(encoding="utf-8")
    weights: dict[str, float] = json.loads(text)
    if set(weights) != set(SIGNS):
        raise ValueError(f"merit.json weighs {sorted(weights)}, not {sorted(SIGNS)}")
    return weights
