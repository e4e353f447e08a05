"""Ask every question of a file and say which were answered rightly: `python -m eval.questions FILE --library DIR`.

A line of the file is `{"id", "type", "question", "history"?, "must_contain"?}`; type "unanswerable" must be refused, any
other answered with every `must_contain` string, compared after Traditional to Simplified and without white space.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rag.build import build_encoder, build_pipeline, open_library
from rag.library import Library
from rag.normalise import fold
from rag.pipeline import Pipeline
from rag.settings import load_settings
from rag.types import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one question.

    Attributes:
        passed: Refused where it must be, else answered with every needed string and only exact quotes.
        missing: Needed strings that the answer lacks.
        wrong_quotes: Citations whose quote is not the article's text at their offsets.
    """

    id: str
    type: str
    passed: bool
    missing: tuple[str, ...]
    wrong_quotes: int
    answered: bool
    text: str


def judge(case: dict[str, Any], answer: Answer, library: Library) -> Outcome:
    """Hold one answer against its case."""
    text = _comparable(answer.text)
    missing = tuple(s for s in case.get("must_contain", ()) if _comparable(s) not in text)
    wrong = sum(library.article(c.article_id).text[c.start : c.end] != c.quote for c in answer.citations)
    is_right = not answer.answered if case["type"] == "unanswerable" else answer.answered and not missing
    return Outcome(
        id=case["id"],
        type=case["type"],
        passed=is_right and not wrong,
        missing=missing if answer.answered else (),
        wrong_quotes=wrong,
        answered=answer.answered,
        text=answer.text,
    )


def run(cases: list[dict[str, Any]], pipeline: Pipeline) -> list[Outcome]:
    """Ask every question, in order."""
    return [
        judge(case, pipeline.ask(case["question"], history=case.get("history", ())), pipeline.library)
        for case in cases
    ]


def summarise(outcomes: list[Outcome]) -> dict[str, str]:
    """Passed of all, by type of question."""
    asked = Counter(o.type for o in outcomes)
    passed = Counter(o.type for o in outcomes if o.passed)
    return {kind: f"{passed[kind]} of {asked[kind]}" for kind in asked}


def main() -> None:
    """Read the arguments, ask, print; exit code 1 if anything was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--verbose", action="store_true", help="print every answer, not only the missed ones")
    arguments = parser.parse_args()
    cases = [
        json.loads(line) for line in arguments.file.read_text(encoding="utf-8").splitlines() if line.strip()
    ]
    settings = load_settings(library=arguments.library)
    encoder = build_encoder(settings)
    with open_library(settings.library, encoder) as library:
        outcomes = run(cases, build_pipeline(library, encoder, settings))
    if arguments.json:
        report = {"summary": summarise(outcomes), "outcomes": [asdict(o) for o in outcomes]}
        sys.stdout.write(json.dumps(report, ensure_ascii=False, indent=2) + "\n")
    else:
        questions = {case["id"]: case["question"] for case in cases}
        for outcome in outcomes:
            if arguments.verbose or not outcome.passed:
                mark = "ok  " if outcome.passed else "MISS"
                sys.stdout.write(
                    f"{mark} {outcome.id} {questions[outcome.id]}\n     lacks {list(outcome.missing)}\n"
                )
                sys.stdout.write("".join(f"     | {line}\n" for line in outcome.text.splitlines()))
        sys.stdout.write(json.dumps(summarise(outcomes)) + "\n")
    sys.exit(0 if all(o.passed for o in outcomes) else 1)


def _comparable(text: str) -> str:
    return "".join(fold(text).split())


if __name__ == "__main__":
    main()
