"""The commands `yigai library …`: one thin function each, as in `ui.cli`.

Exit codes: 0 done or sound, 1 failure or not sound, 2 bad usage or no such article.
"""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.settings import Settings, load_settings
from ui import terminal
from ui.parsing import ManualCommand, ManualGroup, speak
from ui.render import printable
from ui.strings import tell

if TYPE_CHECKING:
    from rag.library import Library

NOT_SOUND = 1

library_app = typer.Typer(cls=ManualGroup, no_args_is_help=True, rich_markup_mode=None)

ArticleArgument = Annotated[str, typer.Argument()]
LibraryOption = Annotated[Path | None, typer.Option("--library")]
JsonOption = Annotated[bool, typer.Option("--json")]


@library_app.command("list", cls=ManualCommand)
def list_articles(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """List the articles."""
    from ui.shelf import article_rows, articles_document

    settings = load_settings(library=library)
    with _any_encoder(settings) as opened:
        articles = opened.articles()
    terminal.show(articles_document(articles), article_rows(articles, speak(settings)), as_json=as_json)


@library_app.command(cls=ManualCommand)
def show(
    article: ArticleArgument,
    library: LibraryOption = None,
    version: Annotated[int | None, typer.Option("--version", min=1, max=1_000_000)] = None,
    as_json: JsonOption = False,
) -> None:
    """Print an article's text, exactly; as it is now, or as it once was."""
    from ui.shelf import article_head, find_article
    from ui.versions import version_document, version_head, version_named

    settings = load_settings(library=library)
    language = speak(settings)
    with _any_encoder(settings) as opened:
        found = find_article(opened, article, language)
        versions = opened.versions(found.article_id)
    earlier = None if version is None else version_named(found, versions, version)
    shown = earlier.article if earlier else found
    if not as_json:
        head = [*version_head(versions, version, language), *article_head(shown, language)]
        terminal.note("\n".join([*head, ""]))
    terminal.show(version_document(found, versions, version), [shown.text], as_json=as_json)


@library_app.command(cls=ManualCommand)
def remove(
    article: ArticleArgument,
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
    terminal.show(document, [tell("removed_article", language, name=name)], as_json=as_json)


@library_app.command(cls=ManualCommand)
def stats(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Say how large the library is, and what it covers."""
    from ui.shelf import stats_document, stats_rows

    settings = load_settings(library=library)
    with _any_encoder(settings) as opened:
        found = opened.stats()
    rows = stats_rows(settings.library, found, speak(settings))
    terminal.show(stats_document(settings.library, found), rows, as_json=as_json)


@library_app.command(cls=ManualCommand)
def export(
    to: Annotated[Path, typer.Argument()],
    library: LibraryOption = None,
    force: Annotated[bool, typer.Option("--force")] = False,
    as_json: JsonOption = False,
) -> None:
    """Write texts, facts, earlier versions and kept answers into one file."""
    from ui.moving import export_document, export_lines, run_export

    settings = load_settings(library=library)
    language = speak(settings)
    count = run_export(to, settings, overwrite=force, language=language, quiet=as_json)
    terminal.show(export_document(to, count), export_lines(to, count, language), as_json=as_json)


@library_app.command("import", cls=ManualCommand)
def import_(
    exported: Annotated[Path, typer.Argument()], library: LibraryOption = None, as_json: JsonOption = False
) -> None:
    """Take an exported library in, beside what is there."""
    from ui.moving import import_document, import_lines, run_import

    settings = load_settings(library=library)
    language = speak(settings)
    outcome = run_import(exported, settings, language=language, quiet=as_json)
    terminal.show(import_document(outcome), import_lines(outcome, language), as_json=as_json)


@library_app.command(cls=ManualCommand)
def check(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Check that everything in the library fits together; exit code 1 if not."""
    from rag.library import Library

    settings = load_settings(library=library)
    problems = Library.check_at(settings.library)
    lines = [f"✗ {p.article_id or ''} {p.code}: {p.detail}" for p in problems]
    lines.append(tell("unsound" if problems else "sound", speak(settings), path=settings.library))
    document = {"schema": 1, "sound": not problems, "problems": [dataclasses.asdict(p) for p in problems]}
    terminal.show(document, [printable(line) for line in lines], as_json=as_json)
    raise typer.Exit(NOT_SOUND if problems else 0)


@library_app.command(cls=ManualCommand)
def repair(library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Rebuild vectors and indexes from the record, and say what of that could not be saved."""
    from ui.mending import repair_document, repair_lines, run_repair

    settings = load_settings(library=library)
    mended = run_repair(settings, quiet=as_json)
    terminal.show(repair_document(mended), repair_lines(mended, speak(settings)), as_json=as_json)


def _any_encoder(settings: Settings) -> Library:
    """Open the library whichever encoder it was made with: these commands encode nothing."""
    from rag.library import Library

    return Library.open(settings.library)
