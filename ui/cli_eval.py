"""The commands `yigai eval …`: one thin function each.

Exit codes: 0 all gates held, 4 a gate failed, 2 bad suite or bad usage, 1 failure.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.settings import load_settings
from ui import terminal
from ui.parsing import ManualCommand, ManualGroup, speak

GATE_FAILED = 4

eval_app = typer.Typer(cls=ManualGroup, no_args_is_help=True, rich_markup_mode=None)

LibraryOption = Annotated[Path | None, typer.Option("--library")]
JsonOption = Annotated[bool, typer.Option("--json")]


@eval_app.command(cls=ManualCommand)
def run(
    suites: Annotated[list[str] | None, typer.Argument()] = None,
    library: LibraryOption = None,
    gate: Annotated[Path | None, typer.Option("--gate")] = None,
    out: Annotated[Path | None, typer.Option("--out")] = None,
    baseline: Annotated[Path | None, typer.Option("--baseline")] = None,
    composer: Annotated[str, typer.Option("--composer")] = "extractive",
    judge: Annotated[str, typer.Option("--judge")] = "rules",
    as_json: JsonOption = False,
) -> None:
    """Ask the questions of suites, measure the answers and the checker, hold the gates."""
    from ui.evaluating import RunOptions, run_suites

    settings = load_settings()
    options = RunOptions(
        suites=tuple(suites or ()),
        library=library,
        gates=gate,
        out=out,
        baseline=baseline,
        composer=composer,
        judge=judge,
        quiet=as_json,
    )
    outcome = run_suites(options, settings, language=speak(settings))
    if as_json:
        terminal.say(outcome.json_text.rstrip("\n"))
    else:
        terminal.say(outcome.text)
    raise typer.Exit(0 if outcome.passed else GATE_FAILED)


@eval_app.command(cls=ManualCommand)
def retrieval(
    folder: Annotated[Path, typer.Argument()],
    encoder: Annotated[str | None, typer.Option("--encoder")] = None,
    retriever: Annotated[str, typer.Option("--retriever")] = "hybrid",
    k: Annotated[str, typer.Option("--k")] = "1,5,10",
    split: Annotated[str, typer.Option("--split")] = "test",
    limit: Annotated[int | None, typer.Option("--limit", min=1)] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure retrieval on a data set in BEIR layout."""
    from ui.measuring import RetrievalRun, run_retrieval

    settings = load_settings(encoder=encoder)
    options = RetrievalRun(folder=folder, retriever=retriever, ks=k, split=split, limit=limit, quiet=as_json)
    outcome = run_retrieval(options, settings, language=speak(settings))
    terminal.show(outcome.document, outcome.lines, as_json=as_json)


@eval_app.command(cls=ManualCommand)
def faithfulness(
    pairs: Annotated[Path, typer.Argument()],
    as_json: JsonOption = False,
) -> None:
    """Measure the checker itself on labelled pairs of evidence and claim."""
    from ui.measuring import run_faithfulness

    settings = load_settings()
    outcome = run_faithfulness(pairs, settings, language=speak(settings), quiet=as_json)
    terminal.show(outcome.document, outcome.lines, as_json=as_json)


@eval_app.command(cls=ManualCommand)
def refusal(
    file: Annotated[Path, typer.Argument()],
    sample: Annotated[int | None, typer.Option("--sample", min=1)] = None,
    as_json: JsonOption = False,
) -> None:
    """Measure refusal on questions with and without the passages that answer them."""
    from ui.measuring import run_refusal

    settings = load_settings()
    outcome = run_refusal(file, settings, sample=sample, language=speak(settings), quiet=as_json)
    terminal.show(outcome.document, outcome.lines, as_json=as_json)


@eval_app.command(cls=ManualCommand)
def compare(
    before: Annotated[Path, typer.Argument()],
    after: Annotated[Path, typer.Argument()],
    strict: Annotated[bool, typer.Option("--strict")] = False,
    as_json: JsonOption = False,
) -> None:
    """Say what got better and what got worse from one report to another."""
    from ui.measuring import compare_reports

    outcome = compare_reports(before, after, language=speak())
    terminal.show(outcome.document, outcome.lines, as_json=as_json)
    raise typer.Exit(GATE_FAILED if strict and outcome.is_worse else 0)
