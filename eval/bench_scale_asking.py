"""How long a library takes to open and to answer, step by step, and what it holds in memory and on disk.

Run as a process of its own for each library, so that its peak of memory is the library's: `python -m
eval.bench_scale_asking DIR` prints one `Measured` as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from eval.cases import read_suite, suites_folder

if TYPE_CHECKING:
    from rag.pipeline import Pipeline

WARMING = 20
"""Questions asked before the clock counts: the model, Chroma's index and the files' pages are then in memory."""
QUESTIONS = 120
PARALLEL = ("encode",)
"""Steps that run beside others: their time is no part of the sum."""
INSIDE = ("lexical", "dense", "encode", "fuse")
"""Steps inside of `retrieve`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Milliseconds that half of the questions, and 95 of 100, took no longer than."""

    p50: float
    p95: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one library costs.

    Attributes:
        passages: How many it holds.
        questions: How many were asked, each once.
        answered: How many of them were answered; the others were refused.
        total: Of whole answers, by the clock.
        processor: Of whole answers, processor time of all threads: what other programs do moves it less.
        steps: By step, of the questions that took it.
        first_s: From nothing (no module loaded) to the first answer.
        peak_mb: The most memory the process held.
        record_mb: Size of `library.db`.
        vectors_mb: Size of `chroma/`.
        load: Programs that wanted a processor meanwhile, on average, this one included.
    """

    passages: int
    questions: int
    answered: int
    total: Spread
    processor: Spread
    steps: Mapping[str, Spread]
    first_s: float
    peak_mb: float
    record_mb: float
    vectors_mb: float
    load: float


def questions_to_ask(count: int) -> list[str]:
    """Draw questions from all suites, the same ones each time: Chinese and English, to be answered and to be refused."""
    known = [
        case.question
        for path in sorted(suites_folder().glob("*.jsonl"))
        for case in read_suite(path).cases
        if not case.history
    ]
    return random.Random(7).sample(sorted(set(known)), count)  # noqa: S311  # a draw, no secret


def ask_all(pipeline: Pipeline, questions: Sequence[str]) -> tuple[list[dict[str, float]], list[float], int]:
    """Ask each question once.

    Returns:
        Of each, milliseconds by step; of each, milliseconds of processor time; how many were answered.
    """
    steps, processor, answered = [], [], 0
    for question in questions:
        start = time.process_time()
        answer = pipeline.ask(question)
        processor.append(1000 * (time.process_time() - start))
        steps.append(dict(answer.timings_ms))
        answered += answer.answered
    return steps, processor, answered


def spread_of(values: Sequence[float]) -> Spread:
    """Median and 95th percentile, by nearest rank."""
    ordered = sorted(values)
    return Spread(
        p50=round(statistics.median(ordered), 2),
        p95=round(ordered[max(0, -(-95 * len(ordered) // 100) - 1)], 2),
    )


def measure(folder: Path, *, count: int = QUESTIONS, warming: int = WARMING) -> Measured:
    """Open the library in a folder, ask, and say what it cost; in a process that has done nothing before."""
    start = time.perf_counter()
    from rag.build import build_encoder, build_pipeline, open_library
    from rag.settings import load_settings

    settings = load_settings(composer="extractive")
    encoder = build_encoder(settings)
    with closing(open_library(folder, encoder)) as library:
        pipeline = build_pipeline(library, encoder, settings)
        questions = questions_to_ask(warming + count)
        pipeline.ask(questions[0])
        first_s = time.perf_counter() - start
        ask_all(pipeline, questions[1:warming])
        steps, processor, answered = ask_all(pipeline, questions[warming:])
        passages = library.passage_count()
    return Measured(
        passages=passages,
        questions=count,
        answered=answered,
        total=spread_of([one["total"] for one in steps]),
        processor=spread_of(processor),
        steps={
            name: spread_of([one[name] for one in steps if name in one])
            for name in dict.fromkeys(name for one in steps for name in one)
            if name != "total"
        },
        first_s=round(first_s, 2),
        peak_mb=round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        record_mb=_megabytes(folder.glob("library.db*")),
        vectors_mb=_megabytes((folder / "chroma").rglob("*")),
        load=round(os.getloadavg()[0], 1),
    )


def _megabytes(paths: Iterable[Path]) -> float:
    return round(sum(path.stat().st_size for path in paths if path.is_file()) / 1e6, 1)


def main() -> None:
    """Measure one library."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench_scale_asking", description=__doc__)
    parser.add_argument("library", type=Path)
    parser.add_argument("--questions", type=int, default=QUESTIONS)
    given = parser.parse_args()
    sys.stdout.write(json.dumps(asdict(measure(given.library, count=given.questions))) + "\n")


if __name__ == "__main__":
    main()
