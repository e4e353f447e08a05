"""The command `yigai`: one thin function per command — arguments, settings, one call, print, exit code.

Exit codes: 0 done or answered, 1 failure, 2 bad usage or bad input, 3 refused to answer, 4 a gate failed, 130 interrupted.
What `--help` prints is in `ui/manual.*.txt`.
"""

from __future__ import annotations

import dataclasses
import logging
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from rag.errors import (
    AnswerNotFoundError,
    ArticleNotFoundError,
    IngestError,
    LibraryMissingError,
    ServeError,
    SettingsError,
    SuiteError,
    YigaiError,
)
from rag.settings import Settings, load_settings
from rag.types import Language
from ui import terminal
from ui.cli_eval import eval_app
from ui.cli_history import history_app
from ui.cli_web import add_commands
from ui.parsing import ManualCommand, ManualGroup, UsageProblem, explain, speak
from ui.render import printable, render_answer
from ui.strings import tell

if TYPE_CHECKING:
    from rag.library import Library

FAILURE, BAD_INPUT, REFUSED, INTERRUPTED = 1, 2, 3, 130
_BAD_INPUT_ERRORS = (
    AnswerNotFoundError,
    ArticleNotFoundError,
    IngestError,
    LibraryMissingError,
    ServeError,
    SettingsError,
    SuiteError,
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
library_app = typer.Typer(cls=ManualGroup, no_args_is_help=True, rich_markup_mode=None)
add_commands(app)
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
    paths: Annotated[list[Path], typer.Argument()],
    library: LibraryOption = None,
    prune: Annotated[bool, typer.Option("--prune")] = False,
    as_json: JsonOption = False,
) -> None:
    """Read articles into the library."""
    from ui.ingesting import run_ingest

    settings = load_settings(library=library)
    report, lines = run_ingest(paths, settings, prune=prune, language=speak(settings), quiet=as_json)
    _show(report, lines, as_json=as_json)
    raise typer.Exit(BAD_INPUT if report["totals"]["refused"] else 0)


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
) -> None:
    """Answer a question with citations; without quotation marks its words are put together again."""
    from rag.build import build_encoder, build_pipeline, open_library
    from rag.followup import resolve_followup
    from rag.schema import answer_document
    from ui.asking import encodable, filter_of
    from ui.remembering import keep_given

    settings = load_settings(library=library, top_k=top_k)
    language = speak(settings)
    text, earlier = encodable(" ".join(question)), [encodable(asked) for asked in history or ()]
    within = filter_of(region or [], since, until, source or [], language)
    encoder = build_encoder(settings, on_prepare=terminal.note)
    with open_library(settings.library, encoder) as opened:
        pipeline = build_pipeline(opened, encoder, settings)
        answer = pipeline.ask(text, history=earlier, within=within)
        understood = resolve_followup(text, earlier)
        shown = render_answer(answer, asked_as=understood if understood != text else None)
        _show(answer_document(answer), [shown], as_json=as_json)
        problem = keep_given(pipeline, answer, history=earlier, within=within) if settings.history else None
    if problem is not None:
        terminal.note(tell("not_kept", language, why=problem.localised(language)))
    raise typer.Exit(0 if answer.answered else REFUSED)


@app.command(cls=ManualCommand)
def doctor(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Say what is installed, and what is wrong."""
    from ui.doctor import diagnose, render_diagnosis

    settings = load_settings(library=library)
    diagnosis = diagnose(settings)
    _show(diagnosis.document(), [render_diagnosis(diagnosis, speak(settings))], as_json=as_json)
    raise typer.Exit(FAILURE if diagnosis.problems else 0)


@library_app.command("list", cls=ManualCommand)
def list_articles(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """List the articles."""
    from ui.shelf import article_rows, articles_document

    settings = load_settings(library=library)
    with _any_encoder(settings) as opened:
        articles = opened.articles()
    _show(articles_document(articles), article_rows(articles, speak(settings)), as_json=as_json)


@library_app.command(cls=ManualCommand)
def show(
    article: Annotated[str, typer.Argument()], library: LibraryOption = None, as_json: JsonOption = False
) -> None:
    """Print an article's text, exactly."""
    from ui.shelf import article_document, article_head, find_article

    settings = load_settings(library=library)
    with _any_encoder(settings) as opened:
        found = find_article(opened, article, speak(settings))
    if not as_json:
        terminal.note("\n".join(article_head(found, speak(settings))))
    _show(article_document(found), [found.text], as_json=as_json)


@library_app.command(cls=ManualCommand)
def remove(
    article: Annotated[str, typer.Argument()],
    library: LibraryOption = None,
    yes: Annotated[bool, typer.Option("--yes", "-y")] = False,
    as_json: JsonOption = False,
) -> None:
    """Remove an article from the library; its file stays."""
    from ui.shelf import find_article

    settings = load_settings(library=library)
    language = speak(settings)
    with _any_encoder(settings) as opened:
        found = find_article(opened, article, language)
        name = printable(found.title or found.article_id)
        if sys.stdin.isatty() and not (yes or as_json):
            typer.confirm(tell("confirm_remove", language, name=name), abort=True, err=True)
        opened.remove_article(found.article_id)
    document = {"schema": 1, "removed": found.article_id}
    _show(document, [tell("removed_article", language, name=name)], as_json=as_json)


@library_app.command(cls=ManualCommand)
def stats(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Say how large the library is, and what it covers."""
    from ui.shelf import stats_document, stats_rows

    settings = load_settings(library=library)
    with _any_encoder(settings) as opened:
        found = opened.stats()
    rows = stats_rows(settings.library, found, speak(settings))
    _show(stats_document(settings.library, found), rows, as_json=as_json)


@library_app.command(cls=ManualCommand)
def check(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Check that everything in the library fits together; exit code 1 if not."""
    from rag.library import Library

    settings = load_settings(library=library)
    problems = Library.check_at(settings.library)
    lines = [f"✗ {p.article_id or ''} {p.code}: {p.detail}" for p in problems]
    lines.append(tell("unsound" if problems else "sound", speak(settings), path=settings.library))
    document = {"schema": 1, "sound": not problems, "problems": [dataclasses.asdict(p) for p in problems]}
    _show(document, [printable(line) for line in lines], as_json=as_json)
    raise typer.Exit(FAILURE if problems else 0)


@library_app.command(cls=ManualCommand)
def repair(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Rebuild vectors and indexes from the record."""
    from ui.ingesting import run_repair

    settings = load_settings(library=library)
    passages = run_repair(settings, quiet=as_json)
    lines = [tell("repaired", speak(settings), passages=passages)]
    _show({"schema": 1, "passages": passages}, lines, as_json=as_json)


def _show(document: dict[str, Any], lines: list[str], *, as_json: bool) -> None:
    if as_json:
        terminal.say_json(document)
    else:
        terminal.say("\n".join(lines))


def _any_encoder(settings: Settings) -> Library:
    """Open the library whichever encoder it was made with: these commands encode nothing."""
    from rag.library import Library

    return Library.open(settings.library)


if __name__ == "__main__":
    main()
