"""How often the answer stands inside what is quoted: `python -m eval.bench_spans FOLDER [FOLDER ...] [--limit N]`.

Asks the questions of data sets in BEIR layout whose queries have their answers under `metadata.answers` through the whole
pipeline, without a model, over a library of all passages, and looks for the answer, word for word, in the first two sentences of
the reply; figure cards and bracketed places do not count. A refusal counts against it.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from eval.beir import read_beir
from eval.facts import comparable
from eval.lines import read_lines
from eval.metrics import bootstrap_interval
from eval.scratch import scratch_library, shelve
from rag.build import build_encoder, build_pipeline
from rag.encoder import Encoder
from rag.errors import YigaiError
from rag.settings import Settings, load_settings
from rag.types import Answer

SENTENCES = 2


class _Query(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: Annotated[str, Field(alias="_id")]
    metadata: dict[str, Any]


def quoted(answer: Answer) -> list[str]:
    """Return what the first sentences quote, each quotation once."""
    quotes = dict.fromkeys((c.article_id, c.start, c.end, c.quote) for c in answer.citations)
    return [quote for *_, quote in itertools.islice(quotes, SENTENCES)]


def holds(answer: Answer, wanted: Sequence[str]) -> bool:
    """Whether one of the answers stands, word for word, in one of these quotations."""
    said = [comparable(quote) for quote in quoted(answer)]
    return any(comparable(words) in text for words in wanted for text in said)


def measure(folder: Path, *, encoder: Encoder, settings: Settings, limit: int | None) -> dict[str, Any]:
    """Ask the questions of a data set and count.

    Raises:
        SuiteError: The data set cannot be read.
        ValueError: No question has an answer.
    """
    dataset = read_beir(folder)
    answers = {q.id: q.metadata.get("answers", []) for _, q in read_lines(folder / "queries.jsonl", _Query)}
    asked = [(text, answers[i]) for i, text in dataset.queries.items() if answers.get(i)][:limit]
    if not asked:
        raise ValueError(f"{folder}: no question has its answers under metadata.answers")
    with scratch_library(encoder) as library:
        shelve(dataset.articles(), library=library, encoder=encoder)
        pipeline = build_pipeline(library, encoder, settings, composer="extractive", is_lasting=True)
        replies = [(pipeline.ask(text), wanted) for text, wanted in asked]
    inside = [float(holds(answer, wanted)) for answer, wanted in replies]
    low, high = bootstrap_interval(inside, [1.0] * len(inside))
    given = [answer for answer, _ in replies if answer.answered]
    return {
        "dataset": dataset.name,
        "questions": len(asked),
        "answer_inside": sum(inside) / len(inside),
        "interval": [low, high],
        "refused": 1 - len(given) / len(replies),
        "quotations": sum(len(quoted(a)) for a in given) / max(1, len(given)),
        "characters": sum(len("".join(quoted(a))) for a in given) / max(1, len(given)),
    }


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; see the module."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench_spans", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--limit", type=int)
    chosen = parser.parse_args(arguments)
    settings = load_settings()
    encoder = build_encoder(settings)
    for folder in chosen.folders:
        try:
            figures = measure(folder, encoder=encoder, settings=settings, limit=chosen.limit)
        except (YigaiError, ValueError) as error:
            sys.stderr.write(f"{error}\n")
            return 2
        sys.stdout.write(json.dumps(figures, ensure_ascii=False) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
