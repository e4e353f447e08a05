"""`yigai eval run` at the terminal: parts put together, a progress bar, what is printed and what is written."""

from __future__ import annotations

import dataclasses
import datetime
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rag.build import COMPOSERS, build_encoder, build_pipeline, open_library
from rag.settings import Settings
from rag.types import Language
from ui.parsing import require_known
from ui.progress import Bar, progress_bar, staged
from ui.render import printable
from ui.strings import tell

if TYPE_CHECKING:
    from eval.cases import Suite
    from eval.report import Report
    from eval.runner import Judge
    from rag.pipeline import Pipeline

JUDGES = ("rules", "llm")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """What `yigai eval run` was asked for; no suite means those that come with the product."""

    suites: tuple[str, ...]
    library: Path | None
    gates: Path | None
    out: Path | None
    baseline: Path | None
    composer: str
    judge: str
    quiet: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOutcome:
    """What a run is printed as, and whether every gate held."""

    text: str
    json_text: str
    passed: bool


def run_suites(options: RunOptions, settings: Settings, *, language: Language) -> RunOutcome:
    """Run suites, hold the gates, write the report's files.

    Raises:
        SuiteError: A suite, the gates or the baseline cannot be used.
        SettingsError: There is no such composer or judge.
        LibraryError: The library cannot be read.
    """
    from eval.gates import check_gates, read_gates
    from eval.report import read_report, to_json
    from eval.runner import run
    from eval.views.tables import render_report

    require_known("judge", options.judge, JUDGES)
    require_known("composer", options.composer, COMPOSERS)
    suites = find_suites(options.suites)
    gates = read_gates(options.gates) if options.gates else ()
    baseline = read_report(options.baseline) if options.baseline else None
    with progress_bar(quiet=options.quiet) as bar, _pipeline(options, settings, bar, language) as pipeline:
        judge = _model_judge(settings, language) if options.judge == "llm" else None
        report = run(suites, pipeline, judge=judge, on_progress=staged(bar, language))
    report = dataclasses.replace(
        report,
        gates=check_gates(gates, report, baseline),
        setup={**report.setup, "composer": _composer_name(pipeline.composer.name, settings)},
    )
    folder = options.out or settings.reports / _stamp()
    compared = _compared(baseline, report, language)
    _write(report, folder, language)
    lines = [render_report(report, language), *compared, "", *_closing(report, folder, language)]
    return RunOutcome(text="\n".join(lines), json_text=to_json(report), passed=report.passed)


def _composer_name(composer: str, settings: Settings) -> str:
    """Name what words the answers; two language models are two ways to word them."""
    from rag.llm.opening import address_of

    return f"{composer}: {address_of(settings).name}" if composer == "llm" else composer


def find_suites(names: Sequence[str]) -> list[Suite]:
    """Read suites by path, or by the name of one that comes with the product; all of those where none is named.

    Raises:
        SuiteError: There is no such suite, or it cannot be used.
    """
    from eval.cases import read_suite, suites_folder
    from rag.errors import SuiteError

    own = {file.stem: file for file in sorted(suites_folder().glob("*.jsonl"))}
    files = []
    for name in names:
        if not Path(name).exists() and name not in own:
            problem = f"there is no such file, nor a suite of that name; there are {', '.join(own)}"
            raise SuiteError(path=name, line=0, problem=problem)
        files.append(own[name] if name in own and not Path(name).exists() else Path(name))
    return [read_suite(file) for file in files or own.values()]


@contextmanager
def _pipeline(options: RunOptions, settings: Settings, bar: Bar, language: Language) -> Iterator[Pipeline]:
    """The pipeline over the library named; over the sample library where the product's own suites are run."""
    from eval.cases import suites_folder
    from eval.sample import sample_library

    encoder = build_encoder(settings, on_prepare=bar.say)
    folder = options.library
    own = {file.stem for file in suites_folder().glob("*.jsonl")}
    if folder is None and all(name in own and not Path(name).exists() for name in options.suites):
        label = tell("stage_sample", language)
        folder = sample_library(
            settings.cache, encoder, on_event=lambda event: bar.update(event.files_done, event.files, label)
        )
    with open_library(folder or settings.library, encoder) as library:
        yield build_pipeline(library, encoder, settings, composer=options.composer)


def _model_judge(settings: Settings, language: Language) -> Judge:
    from eval.judging.judge import build_judge, judge_claims
    from rag.llm.opening import address_of

    judge = build_judge(
        address_of(settings),
        timeout_s=settings.llm_timeout_s,
        language=language,
        cache=settings.cache / "judge",
    )
    return lambda claims, on_progress: judge_claims(
        judge, claims, on_progress=lambda done: on_progress("judge", done, len(claims))
    )


def _stamp() -> str:
    return datetime.datetime.now(datetime.UTC).strftime("%Y%m%dT%H%M%SZ")


def _write(report: Report, folder: Path, language: Language) -> None:
    """Write the report in every form; a file is in place only when it is whole."""
    from eval.report import to_json
    from eval.views.junit import to_junit
    from eval.views.page import to_html
    from eval.views.summary import append_step_summary, to_markdown

    summary = to_markdown(report, language)
    forms = {
        "report.json": to_json(report),
        "junit.xml": to_junit(report, language),
        "summary.md": summary,
        "report.html": to_html(report, language),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in forms.items():
        half = folder / f".{name}.half"
        half.write_text(text, encoding="utf-8", newline="\n")
        half.replace(folder / name)
    append_step_summary(summary, os.environ)


def _compared(baseline: Report | None, report: Report, language: Language) -> list[str]:
    if baseline is None:
        return []
    from eval.compare import compare
    from eval.views.compare_view import render_comparison

    return ["", render_comparison(compare(baseline, report), language)]


def _closing(report: Report, folder: Path, language: Language) -> list[str]:
    """Where the report is, and what became of the gates."""
    failed = sum(not gate.held for gate in report.gates)
    key = "gates_failed" if failed else "gates_held"
    return [
        *([tell(key, language, failed=failed, gates=len(report.gates))] if report.gates else []),
        tell("report_written", language, path=printable(str(folder))),
    ]
