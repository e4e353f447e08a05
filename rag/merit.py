"""How good an answer a sentence would make, and whether the best one answers at all: signs, weighed by what was learned.

The weights (`rag/data/merit.json`) are learned by `python -m eval.fit_merit` from questions whose answers are known, asked with
and without the sentences that answer, for each language of questions by itself (an English question shares no characters with
Chinese text); no word of any text is in them.
"""

from __future__ import annotations

import dataclasses
import functools
import importlib.resources
import json
import math
from dataclasses import dataclass

from rag.types import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What speaks for a sentence.

    Attributes:
        coverage: Share of the question's weight that it covers with its context, 0 to 1.
        lead: Cosine to the question above the mean of the sentences at hand.
        rank: 1 for sentences of the first passage, less further down.
        own: Share of the question that it echoes; see `rag.echo`.
        around: Share of the question that it or its context echoes.
        fresh: Share of what its context leaves open that it echoes itself.
        kind: Whether it holds the kind of thing asked for, 0 to 1; see `rag.kinds`.
        fit: Whether it has the form of what is asked for: a figure of that unit, a list, measures with results; 0 to 1.
        place: 1 if it names the place asked about itself, -1 if it names another as well.
    """

    coverage: float
    lead: float
    rank: float
    own: float
    around: float
    fresh: float
    kind: float
    fit: float
    place: float


EVEN = 0.5
"""Likelihood at which an answer is as likely as none."""

SIGNS = tuple(field.name for field in dataclasses.fields(Signs))


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What was learned for questions of one language: a weight for each sign, twice.

    Attributes:
        merit: To compare sentences: a difference of 1 makes the better one e times as likely to be the answer.
        likelihood: Of the best sentence, to tell whether it answers: log odds.
        bias: Added to these.
        least: Likelihood from which on an answer is given; 0 where it tells too little to refuse by it.
        crowd: So many articles that speak of what is asked are many, and an answer must be likelier than not; None where
            their number changes nothing.
    """

    merit: dict[str, float]
    likelihood: dict[str, float]
    bias: float
    least: float
    crowd: int | None


def merit(signs: Signs, language: Language) -> float:
    """Weigh the signs: a number to compare with those of other sentences of the same question only."""
    return _weighed(signs, _weights()[language].merit)


def likelihood(signs: Signs, language: Language) -> float:
    """How likely it is that a question is answered whose best sentence has these signs, 0 to 1."""
    weights = _weights()[language]
    log_odds = _weighed(signs, weights.likelihood) + weights.bias
    return 1 / (1 + math.exp(-max(-500.0, min(500.0, log_odds))))


def least_likelihood(language: Language) -> float:
    """What is less likely than this is refused."""
    return _weights()[language].least


def is_crowd(articles: int, language: Language) -> bool:
    """Whether so many articles speak of what is asked that something in them comes near it whatever the question.

    A matter that one article speaks of is asked about in other words than its own, and what comes near is worth quoting.
    """
    crowd = _weights()[language].crowd
    return crowd is not None and articles >= crowd


def is_telling(language: Language) -> bool:
    """Whether the likelihood tells answers from silence well enough to refuse, or to answer, by it alone."""
    return _weights()[language].least > 0


def _weighed(signs: Signs, weights: dict[str, float]) -> float:
    return math.fsum(weight * getattr(signs, name) for name, weight in weights.items())


def rank_sign(rank: int) -> float:
    """Return the sign for a passage's rank, from 1."""
    return 1 / (1 + 0.3 * (rank - 1))


@functools.cache
def _weights() -> dict[Language, Weights]:
    text = importlib.resources.files("rag.data").joinpath("merit.json").read_text(encoding="utf-8")
    return {language: Weights(**weights) for language, weights in json.loads(text).items()}
