"""The command `yigai`: one thin function per command — arguments, settings, one call, print, exit code.

Exit codes: 0 done or answered, 1 failure, 2 bad usage or bad input, 3 refused to answer, 4 a gate failed, 130 interrupted.
What `--help` prints is in `ui/manual.*.txt`.
"""

from __future__ import annotations

import logging
import sys
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from rag.errors import (
    AnswerNotFoundError,
    ArticleNotFoundError,
    IngestError,
    LibraryMissingError,
    PortableFileError,
    ServeError,
    SettingsError,
    SuiteError,
    TopicUnclearError,
    YigaiError,
)
from rag.settings import load_settings
from rag.types import Language
from ui import terminal
from ui.cli_brief import add_command as add_brief
from ui.cli_eval import eval_app
from ui.cli_figures import add_command as add_figures
from ui.cli_history import history_app
from ui.cli_library import library_app
from ui.cli_web import add_commands
from ui.parsing import ManualCommand, ManualGroup, UsageProblem, explain, require_known, speak
from ui.strings import tell

FAILURE, BAD_INPUT, REFUSED, INTERRUPTED = 1, 2, 3, 130
_BAD_INPUT_ERRORS = (
    AnswerNotFoundError,
    ArticleNotFoundError,
    IngestError,
    LibraryMissingError,
    PortableFileError,
    ServeError,
    SettingsError,
    SuiteError,
    TopicUnclearError,
    UsageProblem,
)

_log = logging.getLogger(__name__)

app = typer.Typer(
    name="yigai",
    cls=ManualGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
add_commands(app)
add_figures(app)
add_brief(app)
app.add_typer(library_app, name="library")
app.add_typer(history_app, name="history")
app.add_typer(eval_app, name="eval")

LibraryOption = Annotated[Path | None, typer.Option("--library")]
JsonOption = Annotated[bool, typer.Option("--json")]


def main() -> None:
    """Run the command line; every error becomes one line, with a traceback only where `--debug` was given."""
    arguments, debug = _without_debug(sys.argv[1:])
    terminal.prepare(debug=debug)
    sys.exit(terminal.finish(_run(arguments)))


def _without_debug(arguments: list[str]) -> tuple[list[str], bool]:
    """Take `--debug` out wherever it stands; after `--` it is an argument like any other."""
    options = arguments[: arguments.index("--")] if "--" in arguments else arguments
    rest = arguments[len(options) :]
    return [a for a in options if a != "--debug"] + rest, "--debug" in options


def _run(arguments: list[str]) -> int:
    try:
        code = app(args=arguments, prog_name="yigai", standalone_mode=False)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except Exception as error:  # noqa: BLE001  # the outermost edge: a person gets a line, `--debug` the rest
        _log.exception("the command failed")
        return _complain(error, speak())
    if code == INTERRUPTED:  # Typer catches the key itself
        terminal.note(tell("interrupted", speak()))
    return int(code or 0)


def _complain(error: Exception, language: Language) -> int:
    """Say in one line what went wrong and what to do; return the exit code."""
    if isinstance(error, typer.TyperException):
        terminal.note(explain(error, language))
        return BAD_INPUT
    if isinstance(error, YigaiError):
        terminal.note(error.localised(language))
        return BAD_INPUT if isinstance(error, _BAD_INPUT_ERRORS) else FAILURE
    if isinstance(error, typer.Abort):
        terminal.note(tell("cancelled", language))
        return FAILURE
    detail = " ".join(str(error).split())[:300]
    terminal.note(tell("unexpected", language, kind=type(error).__name__, detail=detail))
    return FAILURE


def _version(is_given: bool) -> None:
    if is_given:
        terminal.say(f"yigai {metadata.version('yigai')}")
        raise typer.Exit(0)


@app.callback()
def _root(
    version: Annotated[bool, typer.Option("--version", is_eager=True, callback=_version)] = False,
) -> None:
    """Take the options that stand before every command."""


@app.command(cls=ManualCommand)
def ingest(
    paths: Annotated[list[Path] | None, typer.Argument()] = None,
    library: LibraryOption = None,
    columns: Annotated[list[str] | None, typer.Option("--column")] = None,
    urls: Annotated[list[str] | None, typer.Option("--url")] = None,
    sitemaps: Annotated[list[str] | None, typer.Option("--sitemap")] = None,
    max_pages: Annotated[int, typer.Option("--max-pages", min=1, max=100_000)] = 1_000,
    other_hosts: Annotated[bool, typer.Option("--other-hosts")] = False,
    allow_private: Annotated[bool, typer.Option("--allow-private")] = False,
    use_proxy: Annotated[bool, typer.Option("--use-proxy")] = False,
    prune: Annotated[bool, typer.Option("--prune")] = False,
    watch: Annotated[bool, typer.Option("--watch")] = False,
    as_json: JsonOption = False,
) -> None:
    """Read articles into the library, once or whenever they change; pages by their addresses are fetched first."""
    from ingest.containers.columns import parse_columns
    from ingest.web import FetchOptions
    from ui.fetching import Addresses
    from ui.ingesting import Wanted, run_ingest

    settings = load_settings(library=library)
    language = speak(settings)
    if not (paths or urls or sitemaps):
        raise UsageProblem(problem=tell("missing_paths", language), see="yigai ingest --help")
    if watch and (urls or sitemaps):
        raise UsageProblem(problem=tell("watch_or_fetch", language), see="yigai ingest --help")
    options = FetchOptions(
        allow_private=allow_private, use_env_proxies=use_proxy, max_pages=max_pages, other_hosts=other_hosts
    )
    addresses = Addresses(urls=tuple(urls or ()), sitemaps=tuple(sitemaps or ()), options=options)
    wanted = Wanted(
        paths=tuple(paths or ()),
        addresses=addresses if urls or sitemaps else None,
        columns=parse_columns(columns or ()),
        prune=prune,
        is_quiet=as_json,
    )
    if watch:
        from ui.watching import run_watch

        run_watch(wanted, settings, language=language)
        return
    report, lines = run_ingest(wanted, settings, language=language)
    terminal.show(report, lines, as_json=as_json)
    is_whole = not report["totals"]["refused"] and not report.get("fetched", {}).get("problems")
    raise typer.Exit(0 if is_whole else BAD_INPUT)


@app.command(cls=ManualCommand)
def ask(
    question: Annotated[list[str], typer.Argument()],
    library: LibraryOption = None,
    as_json: JsonOption = False,
    history: Annotated[list[str] | None, typer.Option("--history")] = None,
    region: Annotated[list[str] | None, typer.Option("--region")] = None,
    since: Annotated[int | None, typer.Option("--since", min=1900, max=2999)] = None,
    until: Annotated[int | None, typer.Option("--until", min=1900, max=2999)] = None,
    source: Annotated[list[str] | None, typer.Option("--source")] = None,
    top_k: Annotated[int | None, typer.Option("--top-k", min=1, max=50)] = None,
    composer: Annotated[str | None, typer.Option("--composer")] = None,
) -> None:
    """Answer a question with citations; without quotation marks its words are put together again."""
    from rag.build import build_encoder, build_pipeline, open_library
    from ui.answering import Asked, answer_aloud
    from ui.asking import encodable, filter_of
    from ui.printings import document_with_printings, printings_of
    from ui.remembering import keep_given

    require_known("composer", composer, ("auto", "extractive", "llm"))
    settings = load_settings(library=library, top_k=top_k, composer=composer)
    language = speak(settings)
    asked = Asked(
        question=encodable(" ".join(question)),
        history=tuple(encodable(earlier) for earlier in history or ()),
        within=filter_of(region or [], since, until, source or [], language),
        language=language,
        is_quiet=as_json,
    )
    encoder = build_encoder(settings, on_prepare=terminal.note)
    with open_library(settings.library, encoder) as opened:
        pipeline = build_pipeline(opened, encoder, settings)
        answer = answer_aloud(pipeline, asked)
        if as_json:
            printings = printings_of(answer.citations, opened)
            terminal.say_json(document_with_printings(answer, printings))
        problem = (
            keep_given(pipeline, answer, history=asked.history, within=asked.within)
            if settings.history
            else None
        )
    if problem is not None:
        terminal.note(tell("not_kept", language, why=problem.localised(language)))
    raise typer.Exit(0 if answer.answered else REFUSED)


@app.command(cls=ManualCommand)
def doctor(
    library: LibraryOption = None,
    model: Annotated[bool, typer.Option("--model")] = False,
    as_json: JsonOption = False,
) -> None:
    """Say what is installed, and what is wrong."""
    from ui.doctor import diagnose, render_diagnosis

    settings = load_settings(library=library)
    diagnosis = diagnose(settings, asks_model=model)
    terminal.show(diagnosis.document(), [render_diagnosis(diagnosis, speak(settings))], as_json=as_json)
    raise typer.Exit(FAILURE if diagnosis.problems else 0)


if __name__ == "__main__":
    main()
