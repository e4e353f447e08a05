"""Ask every question of a file and say which were answered rightly: `python -m eval.questions FILE --library DIR`.

A line of the file is `{"id", "type", "question", "history"?, "must_contain"?}`; type "unanswerable" must be refused, any
other answered with every `must_contain` string, compared after Traditional to Simplified and without white space.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rag.build import build_encoder, build_pipeline, open_library
from rag.errors import ArticleNotFoundError, YigaiError
from rag.library import Library
from rag.normalise import fold
from rag.pipeline import Pipeline
from rag.settings import load_settings
from rag.types import Answer, Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A question and what its answer must hold; type "unanswerable" must be refused."""

    id: str
    type: str
    question: str
    history: tuple[str, ...] = ()
    must_contain: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of one question.

    Attributes:
        passed: Refused where it must be, else answered with every needed string; and no quote is wrong.
        missing: Needed strings that the answer lacks; a refusal lacks them all.
        wrong_quotes: Citations whose quote is not the article's text at their offsets.
    """

    id: str
    type: str
    question: str
    passed: bool
    missing: tuple[str, ...]
    wrong_quotes: int
    answered: bool
    text: str
    total_ms: float = 0.0


def read_cases(path: Path) -> list[Case]:
    """Read a file of cases; fields that are not used here are left alone.

    Raises:
        ValueError: A line is no case; the message names the line.
    """
    cases = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            fields = json.loads(line)
            cases.append(
                Case(
                    id=fields["id"],
                    type=fields["type"],
                    question=fields["question"],
                    history=tuple(fields.get("history", ())),
                    must_contain=tuple(fields.get("must_contain", ())),
                )
            )
        except (ValueError, KeyError, TypeError) as cause:
            raise ValueError(f"{path}:{number}: no case with id, type and question ({cause!r})") from cause
    return cases


def judge(case: Case, answer: Answer, library: Library) -> Outcome:
    """Hold one answer against its case."""
    text = _comparable(answer.text) if answer.answered else ""
    missing = tuple(s for s in case.must_contain if _comparable(s) not in text)
    wrong = sum(not _is_exact(citation, library) for citation in answer.citations)
    is_right = not answer.answered if case.type == "unanswerable" else answer.answered and not missing
    return Outcome(
        id=case.id,
        type=case.type,
        question=case.question,
        passed=is_right and not wrong,
        missing=missing,
        wrong_quotes=wrong,
        answered=answer.answered,
        text=answer.text,
        total_ms=answer.timings_ms.get("total", 0.0),
    )


def run(cases: Sequence[Case], pipeline: Pipeline) -> list[Outcome]:
    """Ask every question, in order."""
    return [
        judge(case, pipeline.ask(case.question, history=case.history), pipeline.library) for case in cases
    ]


def summarise(outcomes: Sequence[Outcome]) -> dict[str, str]:
    """Passed of all, by type of question."""
    asked = Counter(o.type for o in outcomes)
    passed = Counter(o.type for o in outcomes if o.passed)
    return {kind: f"{passed[kind]} of {asked[kind]}" for kind in asked}


def report(outcomes: Sequence[Outcome], *, verbose: bool = False) -> str:
    """The misses, or every answer if `verbose`, and then the sums."""
    lines = []
    for outcome in outcomes:
        if verbose or not outcome.passed:
            lines.append(f"{'ok  ' if outcome.passed else 'MISS'} {outcome.id} {outcome.question}")
            lines += [f"     lacks {s}" for s in outcome.missing]
            lines += [f"     wrong quotes: {outcome.wrong_quotes}"] if outcome.wrong_quotes else []
            lines += [f"     | {line}" for line in outcome.text.splitlines()]
    return "\n".join([*lines, latency(outcomes), json.dumps(summarise(outcomes))])


def latency(outcomes: Sequence[Outcome]) -> str:
    """Milliseconds per question, the first left out: it loads the model."""
    times = sorted(o.total_ms for o in outcomes[1:])
    if not times:
        return "milliseconds per question: too few questions"
    return f"milliseconds per question: p50 {statistics.median(times):.0f}, p95 {times[int(0.95 * len(times))]:.0f}"


def main() -> None:
    """Read the arguments, ask, print; exit code 1 if anything was missed, 2 if nothing could be asked."""
    parser = argparse.ArgumentParser(prog="python -m eval.questions", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--library", type=Path, required=True)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--verbose", action="store_true", help="print every answer, not only the missed ones")
    arguments = parser.parse_args()
    try:
        cases = read_cases(arguments.file)
        settings = load_settings(library=arguments.library)
        encoder = build_encoder(settings)
        with open_library(settings.library, encoder) as library:
            outcomes = run(cases, build_pipeline(library, encoder, settings))
    except (OSError, ValueError, YigaiError) as error:
        parser.error(str(error))
    if arguments.json:
        document = {"summary": summarise(outcomes), "outcomes": [asdict(o) for o in outcomes]}
        sys.stdout.write(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    else:
        sys.stdout.write(report(outcomes, verbose=arguments.verbose) + "\n")
    sys.exit(0 if all(o.passed for o in outcomes) else 1)


def _is_exact(citation: Citation, library: Library) -> bool:
    try:
        text = library.article(citation.article_id).text
    except ArticleNotFoundError:
        return False
    return text[citation.start : citation.end] == citation.quote


def _comparable(text: str) -> str:
    return "".join(fold(text).split())


if __name__ == "__main__":
    main()
