"""Run suites against a pipeline: ask every question, score every answer, measure the checker, hold the gates.

suites ─ locate ─▶ ask ─▶ score ─┬▶ retrieval ─▶ metrics ─┐
                                 ├▶ mutations ─▶ checker ─┼▶ gates ─▶ Report
                                 └▶ judge (optional) ─────┘
"""

from __future__ import annotations

import dataclasses
import datetime
import functools
import hashlib
import itertools
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import metadata
from typing import TYPE_CHECKING, Any

from eval import ranking
from eval.cases import Case, Suite
from eval.judging.judge import RuledClaim
from eval.metrics import RETRIEVED, all_metrics, percentile
from eval.mutations import (
    Faithful,
    Mutant,
    detect,
    faithful_from_answers,
    faithful_from_library,
    keep_supported,
    mutate,
)
from eval.places import Places, locate
from eval.report import (
    SCHEMA_VERSION,
    CaseResult,
    CheckerReport,
    JudgeReport,
    Report,
    SuiteInfo,
    Tally,
)
from eval.scoring import Judging, failed_case, score_case
from ingest.split import SPLITTER_VERSION
from rag.errors import SuiteError
from rag.types import Answer, Verdict
from rag.verify import verify

if TYPE_CHECKING:
    from rag.pipeline import Pipeline

Progress = Callable[[str, int, int], None]
Judge = Callable[[Sequence[RuledClaim], Progress], JudgeReport]
PER_KIND = 60
"""Changed claims made of each kind: enough for an interval of some ±5 points."""
_CLAIMS_FROM_LIBRARY = 400
_CLAIMS_TO_JUDGE = 40

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A case with where its evidence stands, and what came of asking."""

    case: Case
    suite: str
    places: Places
    answer: Answer | None
    result: CaseResult
    ms: float


def run(
    suites: Sequence[Suite],
    pipeline: Pipeline,
    *,
    with_mutations: bool = True,
    judge: Judge | None = None,
    on_progress: Progress = lambda stage, done, total: None,  # noqa: ARG005  # nobody looks on
) -> Report:
    """Evaluate a pipeline on suites; gates are held against the report afterwards (see `eval.gates`).

    The report is the same for the same library, suites and settings, its `timings` apart.

    Args:
        suites: At least one, no two of one name.
        pipeline: What is measured, with its library.
        with_mutations: Whether to measure the checker on changed claims too.
        judge: Judges the answers' claims a second time.
        on_progress: Told of each stage: "ask", "mutate", "judge".

    Raises:
        SuiteError: Evidence of a case is not in the library, or two suites have one name.
    """
    started, clock = datetime.datetime.now(datetime.UTC), time.perf_counter()
    placed = [(suite, case, _locate(suite, case, pipeline)) for suite in suites for case in suite.cases]
    _require_distinct(suites)
    asked = []
    for number, (suite, case, places) in enumerate(placed, start=1):
        asked.append(_ask(suite, case, places, pipeline))
        on_progress("ask", number, len(placed))
    asked = _with_retrieval(asked)
    answers = [a.answer for a in asked if a.answer is not None]
    checker_clock = time.perf_counter()
    mutants, left_out = mutants_of(answers, pipeline) if with_mutations else ([], 0)
    checker = measure_checker(mutants, pipeline, on_progress=on_progress) if with_mutations else None
    if checker is not None:
        checker = dataclasses.replace(checker, claims=len({m.original for m in mutants}), left_out=left_out)
    checker_s = time.perf_counter() - checker_clock
    judged = judge(claims_to_judge(answers, mutants, pipeline), on_progress) if judge is not None else None
    cases = tuple(a.result for a in asked)
    return Report(
        schema=SCHEMA_VERSION,
        setup=setup_of(pipeline),
        suites=tuple(SuiteInfo(name=s.name, sha256=s.sha256, cases=len(s.cases)) for s in suites),
        metrics=all_metrics([c.scores for c in cases]),
        by_type={
            kind: all_metrics([c.scores for c in cases if c.type == kind])
            for kind in dict.fromkeys(c.type for c in cases)
        },
        checker=checker,
        judge=judged,
        gates=(),
        cases=cases,
        timings={
            "started": started.isoformat(timespec="seconds"),
            "total_s": round(time.perf_counter() - clock, 2),
            "checker_s": round(checker_s, 2),
            "library": str(pipeline.library.directory),
            **_latency(asked),
        },
    )


def _require_distinct(suites: Sequence[Suite]) -> None:
    names = [suite.name for suite in suites]
    for name in names:
        if names.count(name) > 1:
            raise SuiteError(path=name, line=0, problem="two suites have this name; rename one of the files")


def _locate(suite: Suite, case: Case, pipeline: Pipeline) -> Places:
    try:
        return locate(case, pipeline.library)
    except SuiteError as error:
        problem = str(error.values["problem"])
        raise SuiteError(path=f"{suite.name}: {case.id}", line=0, problem=problem) from error


def _ask(suite: Suite, case: Case, places: Places, pipeline: Pipeline) -> _Asked:
    clock = time.perf_counter()
    answer: Answer | None = None
    try:
        answer = pipeline.ask(case.question, history=case.history)
        ms = 1000 * (time.perf_counter() - clock)
        by = Judging(library=pipeline.library, meaning=pipeline.meaning)
        result = score_case(case, answer, by=by, places=places, suite=suite.name)
    except Exception as error:  # noqa: BLE001  # whatever goes wrong with one case is that case's failure
        _log.exception("case %s/%s could not be scored", suite.name, case.id)
        ms = 1000 * (time.perf_counter() - clock)
        result = failed_case(case, suite.name, f"{type(error).__name__}: {error}"[:300])
    return _Asked(case, suite.name, places, answer, result, ms)


def _with_retrieval(asked: Sequence[_Asked]) -> list[_Asked]:
    """Add the retrieval metrics of the cases whose evidence is known; what could not be asked found nothing."""
    qrels = {a.result.key: {p.passage_id: 1 for p in a.places.passages} for a in asked if a.places.passages}
    if not qrels:
        return list(asked)
    rankings = {
        a.result.key: [hit.passage.passage_id for hit in a.answer.retrieved] for a in asked if a.answer
    }
    names = ("hit@1", *(f"{measure}@{RETRIEVED}" for measure in ("recall", "MRR", "nDCG")))
    values = ranking.per_query(qrels, rankings, ks=(1, RETRIEVED))
    done = []
    for a in asked:
        found = values.get(a.result.key)
        scores = {name: Tally(hits=round(found[name], 6), of=1) for name in names} if found else {}
        result = dataclasses.replace(a.result, scores={**a.result.scores, **scores})
        done.append(dataclasses.replace(a, result=result))
    return done


def mutants_of(answers: Sequence[Answer], pipeline: Pipeline) -> tuple[list[Mutant], int]:
    """Change faithful claims of the answers and of the library; and how many claims the checker would not have at all."""
    library = pipeline.library
    claims = [
        *faithful_from_answers(answers, library),
        *faithful_from_library(library, limit=_CLAIMS_FROM_LIBRARY),
    ]
    kept = keep_supported(claims, verify=functools.partial(verify, meaning=pipeline.meaning))
    return mutate(kept.kept, per_kind=PER_KIND), kept.left_out


def measure_checker(mutants: Sequence[Mutant], pipeline: Pipeline, *, on_progress: Progress) -> CheckerReport:
    """See whether the checker notices what was changed, and leaves alone what was not."""
    judged = itertools.count(1)

    def judge_next(*parts: str, **options: Any) -> Verdict:  # noqa: ANN401  # as `verify` takes them
        on_progress("mutate", next(judged), len(mutants))
        return verify(*parts, meaning=pipeline.meaning, **options)

    return detect(mutants, judge_next)


def claims_to_judge(
    answers: Sequence[Answer], mutants: Sequence[Mutant], pipeline: Pipeline
) -> list[RuledClaim]:
    """Claims for a second judge, with the checker's verdict: of the answers, and changed ones, so that both kinds are there."""
    faithful = faithful_from_answers(answers, pipeline.library)[:_CLAIMS_TO_JUDGE]
    step = max(1, len(mutants) // _CLAIMS_TO_JUDGE)
    claims: list[Faithful | Mutant] = [*faithful, *mutants[::step][:_CLAIMS_TO_JUDGE]]
    return [
        RuledClaim(
            claim=c.claim,
            evidence=c.evidence,
            context=c.context,
            supported=verify(
                c.claim, c.evidence, context=c.context, language=c.language, meaning=pipeline.meaning
            ).supported,
        )
        for c in claims
    ]


def setup_of(pipeline: Pipeline) -> dict[str, Any]:
    """What was measured, in versions and fingerprints: two reports with the same setup can be compared plainly."""
    from prompts import all_versions

    library = pipeline.library
    # Ids and paths left out: the same files read the same way are the same library wherever they lie.
    origins = sorted((o.file.content_hash, o.pipeline) for o in library.origins())
    return {
        "yigai": metadata.version("yigai"),
        "composer": pipeline.composer.name,
        "encoder": pipeline.encoder.name,
        "top_k": pipeline.top_k,
        "splitter": SPLITTER_VERSION,
        "prompts": hashlib.sha256(repr(all_versions()).encode()).hexdigest()[:8],
        "library": {
            "articles": len(library.articles()),
            "passages": library.passage_count(),
            "fingerprint": hashlib.sha256(repr(origins).encode()).hexdigest()[:16],
        },
    }


def _latency(asked: Sequence[_Asked]) -> dict[str, Any]:
    """Milliseconds per question; the first, which loads the model, is counted apart."""
    times = [a.ms for a in asked]
    rest = times[1:] or times
    return {
        "first_ms": round(times[0], 1),
        "p50_ms": round(percentile(rest, 0.5), 1),
        "p95_ms": round(percentile(rest, 0.95), 1),
        "case_ms": {a.result.key: round(a.ms, 1) for a in asked},
    }
