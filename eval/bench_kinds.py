"""Measure what rag.kinds makes of questions with known answers: `python -m eval.bench_kinds FOLDER... [--half 0|1]`.

A folder holds a data set in BEIR's layout whose queries have their answers, word for word in the passage, under
`metadata.answers`. For each kind: how many questions are taken to ask for it; of the sentences that hold the answer, how
many are let through (recall; a score of 0.5 or more) or surely so (1), and in how many a found thing overlaps the answer; of the
other sentences of the passage, how many are turned down (selectivity), and how many are surely let through all the same. `--half` keeps the queries whose id hashes to that half; rules are made on half 0.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field
from rich.console import Console
from rich.table import Table

from eval.beir import read_beir
from eval.lines import read_lines
from rag.kinds import AskedFor, asked_kinds, could_answer, find_things
from rag.normalise import sentence_spans

_LET_THROUGH = 0.5
_NAMED = ("person", "body", "place", "time", "number", "title")


class _Answered(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: Annotated[str, Field(alias="_id")]
    text: str
    metadata: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question with the sentences of its passage and the answer's words."""

    query_id: str
    question: str
    answers: tuple[str, ...]
    holding: tuple[str, ...]
    others: tuple[str, ...]


@dataclass(slots=True)
class Tally:
    """Counts for one kind."""

    questions: int = 0
    let_through: int = 0
    surely_through: int = 0
    overlapped: int = 0
    surely_overlapped: int = 0
    others: int = 0
    turned_down: int = 0
    surely_wrong: int = 0
    missed: list[str] = field(default_factory=list)


def read_cases(folder: Path, half: int | None) -> tuple[list[Case], int]:
    """The questions whose answer stands in one sentence of their passage, and how many there are in all."""
    dataset = read_beir(folder)
    texts = {article.article_id: article.text for article in dataset.articles()}
    cases, asked = [], 0
    for _, query in read_lines(folder / "queries.jsonl", _Answered):
        if query.id not in dataset.qrels or (half is not None and half_of(query.id) != half):
            continue
        asked += 1
        text = "\n".join(texts[document] for document in dataset.qrels[query.id])
        answers = tuple(dict.fromkeys(a for a in query.metadata.get("answers", ()) if a.strip()))
        case = _case(query, text, answers)
        if case.holding:
            cases.append(case)
    return cases, asked


def half_of(query_id: str) -> int:
    """0 or 1, by a hash of the id."""
    return hashlib.sha256(query_id.encode()).digest()[-1] % 2


def _case(query: _Answered, text: str, answers: tuple[str, ...]) -> Case:
    sentences = [text[start:end] for start, end in sentence_spans(text)]
    return Case(
        query_id=query.id,
        question=query.text,
        answers=answers,
        holding=tuple(s for s in sentences if any(a in s for a in answers)),
        others=tuple(s for s in sentences if not any(a in s for a in answers)),
    )


def tally(cases: Sequence[Case]) -> dict[str, Tally]:
    """Count by the kind asked for; a list of places counts under list."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for case in cases:
        asked = asked_kinds(case.question)
        count = tallies[asked.kind or "none"]
        count.questions += 1
        best = max(could_answer(asked, s, case.question) for s in case.holding)
        is_through = best >= _LET_THROUGH
        count.let_through += is_through
        count.surely_through += best == 1
        found = [sure for sentence in case.holding for sure in _overlapping(asked, sentence, case.answers)]
        count.overlapped += bool(found)
        count.surely_overlapped += any(found)
        if not is_through or not found:
            count.missed.append(
                f"{'' if is_through else '!'}{case.question} {case.answers[0]} {case.holding[0]}"
            )
        count.others += len(case.others)
        scores = [could_answer(asked, s, case.question) for s in case.others]
        count.turned_down += sum(score < _LET_THROUGH for score in scores)
        count.surely_wrong += sum(score == 1 for score in scores)
    return tallies


def _overlapping(asked: AskedFor, sentence: str, answers: Sequence[str]) -> Iterator[bool]:
    """Of each found thing that overlaps an answer, whether it is sure."""
    kind = asked.head_kind if asked.kind == "list" else asked.kind
    if kind is None:
        return
    spans = [(at, at + len(a)) for a in answers for at in _occurrences(sentence, a)]
    for thing in find_things(sentence, kind):
        if any(thing.start < end and start < thing.end for start, end in spans):
            yield thing.is_sure


def _occurrences(text: str, words: str) -> Iterator[int]:
    at = text.find(words)
    while at >= 0:
        yield at
        at = text.find(words, at + 1)


def speed_us(cases: Sequence[Case], limit: int = 300) -> tuple[float, float]:
    """Microseconds of processor time that a sentence takes at first, and again once its things are known."""
    some = [(asked_kinds(c.question), s, c.question) for c in cases[:limit] for s in (*c.holding, *c.others)]
    for kind in _NAMED:
        find_things("", kind)  # the word lists are read and the patterns made before the clock starts
    passes = []
    for _ in range(2):
        started = time.process_time()
        for asked, sentence, question in some:
            could_answer(asked, sentence, question)
        passes.append((time.process_time() - started) / max(1, len(some)) * 1e6)
    return passes[0], passes[1]


def _table(name: str, tallies: dict[str, Tally]) -> Table:
    table = Table("kind", "questions", "recall", "at 1", "in a thing", "in a sure one", title=name)
    table.add_column("others")
    table.add_column("turned down")
    table.add_column("at 1")
    for kind, count in sorted(tallies.items(), key=lambda item: -item[1].questions):
        is_named = kind in _NAMED
        table.add_row(
            kind,
            str(count.questions),
            _share(count.let_through, count.questions),
            _share(count.surely_through, count.questions),
            _share(count.overlapped, count.questions) if is_named else "",
            _share(count.surely_overlapped, count.questions) if is_named else "",
            str(count.others),
            _share(count.turned_down, count.others),
            _share(count.surely_wrong, count.others),
        )
    return table


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.3f}" if whole else "-"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a table for each folder."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench_kinds", description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--half", type=int, choices=(0, 1), help="only queries whose id hashes to this half")
    parser.add_argument("--draw", type=int, default=0, metavar="N", help="print N questions as they are read")
    parser.add_argument(
        "--missed", metavar="KIND", help="print what was missed of a kind; ! where turned down"
    )
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args(arguments)
    console = Console(width=120, highlight=False, markup=False)
    for folder in options.folders:
        cases, asked = read_cases(folder, options.half)
        cold = speed_us(cases)
        tallies = tally(cases)
        console.print(_table(folder.resolve().name, tallies))
        known = sum(count.questions for kind, count in tallies.items() if kind != "none")
        console.print(
            f"{asked} questions, {len(cases)} with the answer in one sentence; of these {_share(known, len(cases))} given a kind. "
            f"could_answer: {cold[0]:.0f} µs a sentence at first, {cold[1]:.1f} µs once read"
        )
        for line in tallies[options.missed].missed if options.missed else ():
            console.print(line, soft_wrap=True)
        _print_drawn(console, cases, options)
    return 0


def _print_drawn(console: Console, cases: Sequence[Case], options: argparse.Namespace) -> None:
    drawn = random.Random(options.seed).sample(list(cases), min(options.draw, len(cases)))  # noqa: S311  # a sample
    for case in drawn:
        asked = asked_kinds(case.question)
        read = {"kind": asked.kind, "head": asked.head, "unit": asked.unit, "precision": asked.precision}
        line = json.dumps({k: v for k, v in read.items() if v}, ensure_ascii=False)
        console.print(f"{line} {case.question} → {case.answers[0]}", soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
