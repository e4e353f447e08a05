"""Learn what makes a sentence an answer, from questions whose answers are known.

`python -m eval.fit_merit FOLDER [FOLDER ...] [--limit N] [--out FILE]` asks the questions of data sets in BEIR layout whose
queries have their answers under `metadata.answers`, each twice: with all that is found, and without the sentences that hold the
answer, so that the nearest misses remain. It prints, for weights learned from one half of the questions, what they do on the
other half, and writes the weights of all for `rag/data/merit.json`. Nothing but weights of general signs is learned. Run it
again for another encoder.

Two costs decide what is refused. Wherever it is refused for want of likelihood, at most `_MOST_FALSE` of the questions with an
answer may be; and where many articles speak of the matter, what is likelier silent than not is refused, from the least number
of articles on at which that takes at most `_MOST_LOST` of all answers away.
"""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from eval.merit_questions import AskedQuestion, Matrix, ask
from rag.build import build_encoder
from rag.encoder.remembering import RememberingEncoder
from rag.errors import YigaiError
from rag.merit import EVEN, SIGNS
from rag.settings import load_settings
from rag.types import Language

Loss = Callable[[NDArray[np.float64]], tuple[float, NDArray[np.float64]]]
_RIDGE = 0.01
_MOST_FALSE = 0.02
"""Share of answerable questions that may be refused: what `least` is set by."""
_MOST_LOST = 0.01
"""Share of answers that stand in the first two sentences that even odds among many articles may take away."""
_CROWDS = range(2, 9)
"""Numbers of articles that may be many, of the eight passages that are read."""
_WORTH = 5
"""How many right refusals a wrong one must bring, or none is made for want of likelihood."""
_OF_SENTENCES = [SIGNS.index(name) for name in SIGNS if name != "place"]
_OF_ANSWERS = [SIGNS.index(name) for name in SIGNS if name not in ("place", "rank", "fit")]
_PLACE = 0.8
"""Questions of these sets name few places: this weight is not learned from them, but held by the suites."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """Weights by column of `SIGNS`, zero for signs that are not used."""

    merit: NDArray[np.float64]
    likelihood: NDArray[np.float64]
    bias: float
    least: float
    crowd: int | None

    def document(self) -> dict[str, Any]:
        """Return what `rag/data/merit.json` holds."""
        return {
            "merit": dict(zip(SIGNS, [round(float(w), 2) for w in self.merit], strict=True)),
            "likelihood": {SIGNS[i]: round(float(self.likelihood[i]), 2) for i in _OF_ANSWERS},
            "bias": round(self.bias, 2),
            "least": round(self.least, 3),
            "crowd": self.crowd,
        }


def learn(asked: Sequence[AskedQuestion]) -> dict[Language, Learned]:
    """Learn the weights for each language that these questions are in."""
    return {
        language: _learn([q for q in asked if q.language == language])
        for language in sorted({q.language for q in asked}, reverse=True)
    }


def _learn(asked: Sequence[AskedQuestion]) -> Learned:
    merit = _learn_merit(asked)
    best = [_best(q.found, merit) for q in asked]
    missed = [_best(q.without, merit) for q in asked]
    rows = np.array([*best, *missed])
    labels = np.array([1.0] * len(best) + [0.0] * len(missed))
    likelihood, bias = _learn_likelihood(rows, labels)
    least = float(np.quantile(_odds(np.array(best), likelihood, bias), _MOST_FALSE))
    refused = float((_odds(np.array(missed), likelihood, bias) < least).mean())
    if refused < _WORTH * _MOST_FALSE:
        least = 0.0
    learned = Learned(merit=merit, likelihood=likelihood, bias=bias, least=least, crowd=None)
    return dataclasses.replace(learned, crowd=_crowd(asked, learned)) if least else learned


def _crowd(asked: Sequence[AskedQuestion], learned: Learned) -> int | None:
    """The least number of articles from which on even odds cost few enough answers."""
    odds = _odds(np.array([_best(q.found, learned.merit) for q in asked]), learned.likelihood, learned.bias)
    right = np.array([_holds_in_two(q, learned) and q.may_be_silent for q in asked])
    articles = np.array([q.articles for q in asked])
    lost = right & (odds < EVEN) & (odds >= learned.least)
    return next((n for n in _CROWDS if (lost & (articles >= n)).mean() <= _MOST_LOST), None)


def _holds_in_two(question: AskedQuestion, learned: Learned) -> bool:
    order = np.argsort(-(question.found @ learned.merit), kind="stable")
    return bool(question.holds[order[:2]].max())


def _learn_merit(asked: Sequence[AskedQuestion]) -> NDArray[np.float64]:
    """Make it likely that the first sentence holds the answer: a softmax over the sentences of each question."""
    rows = np.vstack([q.found for q in asked])[:, _OF_SENTENCES]
    scale = rows.std(axis=0) + 1e-9

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        total, slope = _RIDGE * float(weights @ weights), 2 * _RIDGE * weights
        for question in asked:
            scaled = question.found[:, _OF_SENTENCES] / scale
            merits = scaled @ weights
            shares = np.exp(merits - merits.max())
            shares /= shares.sum()
            held = shares * question.holds
            total -= float(np.log(held.sum() + 1e-300)) / len(asked)
            slope = slope - scaled.T @ (held / (held.sum() + 1e-300) - shares) / len(asked)
        return total, slope

    fitted = _minimum(loss, [(0.0, None)] * len(_OF_SENTENCES)) / scale
    weights = np.zeros(len(SIGNS))
    weights[_OF_SENTENCES] = fitted
    weights[SIGNS.index("place")] = _PLACE
    return weights


def _learn_likelihood(rows: Matrix, labels: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Logistic regression on the signs of the best sentence."""
    used = rows[:, _OF_ANSWERS]
    middle, scale = used.mean(axis=0), used.std(axis=0) + 1e-9
    scaled = np.column_stack([(used - middle) / scale, np.ones(len(used))])

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        odds = scaled @ weights
        slope = scaled.T @ (1 / (1 + np.exp(-odds)) - labels) / len(labels)
        held = np.append(weights[:-1], 0.0)
        total = float(np.mean(np.logaddexp(0, odds) - labels * odds))
        return total + _RIDGE * float(held @ held), slope + 2 * _RIDGE * held

    fitted = _minimum(loss, [(0.0, None)] * len(_OF_ANSWERS) + [(None, None)])
    weights = np.zeros(len(SIGNS))
    weights[_OF_ANSWERS] = fitted[:-1] / scale
    return weights, float(fitted[-1] - (fitted[:-1] * middle / scale).sum())


def _minimum(loss: Loss, bounds: Sequence[tuple[float | None, float | None]]) -> NDArray[np.float64]:
    """Where a loss is least: weights of signs are not below 0, as no sign speaks against a sentence."""
    start = np.zeros(len(bounds))
    found: NDArray[np.float64] = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=bounds).x
    return found


def _best(rows: Matrix, merit: NDArray[np.float64]) -> NDArray[np.float64]:
    best: NDArray[np.float64] = rows[int(np.argmax(rows @ merit))]
    return best


def _odds(rows: Matrix, weights: NDArray[np.float64], bias: float) -> NDArray[np.float64]:
    odds: NDArray[np.float64] = 1 / (1 + np.exp(-(rows @ weights + bias)))
    return odds


def measure(asked: Sequence[AskedQuestion], weights: dict[Language, Learned]) -> dict[str, float]:
    """Return what weights do on questions: answers first and among the first two, refusals right and wrong, and AUC."""
    first = both = 0.0
    for question in asked:
        learned = weights[question.language]
        first += question.holds[int(np.argmax(question.found @ learned.merit))]
        both += _holds_in_two(question, learned)
    right = np.array([_surplus(q.found, weights[q.language]) for q in asked])
    wrong = np.array([_surplus(q.without, weights[q.language]) for q in asked])
    pairs = right[:, None] - wrong[None, :]
    return {
        "questions": len(asked),
        "first": round(first / len(asked), 3),
        "first two": round(both / len(asked), 3),
        "refused without answer": round(float((wrong < 0).mean()), 3),
        "refused with answer": round(float((right < 0).mean()), 3),
        "auc": round(float((pairs > 0).mean() + (pairs == 0).mean() / 2), 3),
    }


def _surplus(rows: Matrix, learned: Learned) -> float:
    """By how much the likelihood of the best sentence is above the least."""
    best = _best(rows, learned.merit)[None, :]
    return float(_odds(best, learned.likelihood, learned.bias)[0]) - learned.least


def _halves(asked: Sequence[AskedQuestion]) -> Iterator[tuple[list[AskedQuestion], list[AskedQuestion]]]:
    parts: list[list[AskedQuestion]] = [[], []]
    for question in asked:
        parts[hashlib.sha256(question.id.encode()).digest()[0] % 2].append(question)
    yield parts[0], parts[1]
    yield parts[1], parts[0]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; see the module."""
    parser = argparse.ArgumentParser(prog="python -m eval.fit_merit", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--limit", type=int, default=400)
    parser.add_argument("--out", type=Path)
    chosen = parser.parse_args(arguments)
    encoder = RememberingEncoder(build_encoder(load_settings()))
    try:
        sets = {folder: ask(folder, encoder=encoder, limit=chosen.limit) for folder in chosen.folders}
    except YigaiError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    asked = [question for questions in sets.values() for question in questions]
    for train, held_out in _halves(asked):
        learned, ids = learn(train), {q.id for q in held_out}
        for folder, questions in sets.items():
            unseen = [q for q in questions if q.id in ids]
            sys.stderr.write(f"{folder.name}, unseen half: {json.dumps(measure(unseen, learned))}\n")
    document = {language: learned.document() for language, learned in learn(asked).items()}
    text = json.dumps(document, indent=2) + "\n"
    if chosen.out is not None:
        chosen.out.write_text(text, encoding="utf-8")
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
