"""`yigai eval retrieval | faithfulness | refusal | compare` at the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.build import build_encoder, build_meaning
from rag.errors import SettingsError, SuiteError
from rag.settings import Settings
from rag.types import Language
from ui.progress import progress_bar, staged
from ui.render import printable, table
from ui.strings import tell

if TYPE_CHECKING:
    from eval.report import Metric
    from eval.retrieval import Retriever

_DEEPEST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrievalRun:
    """What `yigai eval retrieval` was asked for; `ks` as it was typed."""

    folder: Path
    retriever: str
    ks: str
    split: str
    limit: int | None
    quiet: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A measurement as a document for JSON and as lines for a person."""

    document: dict[str, Any]
    lines: list[str]
    is_worse: bool = False


def run_retrieval(options: RetrievalRun, settings: Settings, *, language: Language) -> Shown:
    """Measure retrieval on a data set in BEIR layout.

    Raises:
        SuiteError: The data set cannot be read.
        SettingsError: A cut-off or the retriever is none.
    """
    from eval.beir import read_beir
    from eval.retrieval import RetrievalOptions, measure_retrieval

    chosen = RetrievalOptions(
        retriever=_retriever(options.retriever), ks=_cut_offs(options.ks), limit=options.limit
    )
    dataset = read_beir(options.folder, split=options.split)
    with progress_bar(quiet=options.quiet) as bar:
        encoder = build_encoder(settings, on_prepare=bar.say)
        result = measure_retrieval(
            dataset, encoder=encoder, options=chosen, on_progress=staged(bar, language)
        )
    head = tell(
        "retrieval_head",
        language,
        dataset=printable(result.dataset),
        queries=result.queries,
        documents=result.documents,
        retriever=result.retriever,
        encoder=result.encoder,
    )
    return Shown(document=result.document(), lines=[head, "", *_metric_rows(result.metrics)])


def _retriever(name: str) -> Retriever:
    from eval.retrieval import RETRIEVERS

    found = next((known for known in RETRIEVERS if known == name), None)
    if found is None:
        raise SettingsError(
            name="--retriever", value=name, expected=f"it must be one of {', '.join(RETRIEVERS)}"
        )
    return found


def _cut_offs(text: str) -> tuple[int, ...]:
    parts = [part.strip() for part in text.split(",")]
    if not all(part.isascii() and part.isdecimal() and 0 < int(part) <= _DEEPEST for part in parts):
        raise SettingsError(name="--k", value=text, expected=f"ranks from 1 to {_DEEPEST}, such as 1,5,10")
    return tuple(dict.fromkeys(int(part) for part in parts))


def run_faithfulness(path: Path, settings: Settings, *, language: Language, quiet: bool) -> Shown:
    """Measure the checker on labelled pairs.

    Raises:
        SuiteError: The file cannot be read.
    """
    from eval.faithfulness import cosines, judge_pairs, measure
    from eval.pairfile import read_pairs
    from eval.views.faithfulness_view import faithfulness_lines

    pairs = read_pairs(path)
    with progress_bar(quiet=quiet) as bar:
        encoder = build_encoder(settings, on_prepare=bar.say)
        stage = staged(bar, language)
        judged = judge_pairs(
            pairs, meaning=build_meaning(encoder), on_progress=lambda done, total: stage("judge", done, total)
        )
        bar.update(len(pairs), len(pairs), tell("stage_cosine", language))
        report = measure(judged, cosines=cosines(pairs, encoder))
    return Shown(document=report.document(), lines=faithfulness_lines(report, language))


def run_refusal(
    path: Path, settings: Settings, *, sample: int | None, language: Language, quiet: bool
) -> Shown:
    """Measure refusal on questions with and without the passages that answer them.

    Raises:
        SuiteError: The file cannot be read, or no question has both versions.
    """
    from eval.rgb import draw, measure_refusal, read_rgb

    questions = draw(read_rgb(path), sample=sample)
    if not any(question.positive and question.without_answer for question in questions):
        raise SuiteError(
            path=path, line=0, problem="no question has passages both with and without its answer"
        )
    with progress_bar(quiet=quiet) as bar:
        encoder = build_encoder(settings, on_prepare=bar.say)
        result = measure_refusal(
            questions, encoder=encoder, settings=settings, on_progress=staged(bar, language)
        )
    head = tell("refusal_head", language, questions=result.questions, errors=result.errors)
    return Shown(document=result.document(), lines=[head, "", *_metric_rows(result.metrics)])


def compare_reports(before: Path, after: Path, *, language: Language) -> Shown:
    """Say what changed from one report to another.

    Raises:
        SuiteError: One of the files is no report.
    """
    from eval.compare import compare, document
    from eval.report import read_report
    from eval.views.compare_view import render_comparison

    found = compare(read_report(before), read_report(after))
    return Shown(
        document=document(found), lines=[render_comparison(found, language)], is_worse=found.is_worse
    )


def _metric_rows(metrics: Sequence[Metric]) -> list[str]:
    rows = [
        (
            metric.name,
            "–" if metric.value is None else f"{metric.value:.4f}",
            "" if metric.low is None or metric.high is None else f"[{metric.low:.3f}, {metric.high:.3f}]",
        )
        for metric in metrics
    ]
    return table(rows)
