"""The command `yigai figures`: figures of the articles as a table, a spreadsheet or a document.

Exit codes: 0 done, 1 failure, 2 bad usage, 3 no figure fits.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.settings import load_settings
from rag.types import Language
from ui import terminal
from ui.parsing import ManualCommand, UsageProblem, speak
from ui.strings import tell

if TYPE_CHECKING:
    from rag.indicators.gathering import Told
    from rag.indicators.select import Wanted
    from rag.library import Library
    from ui.progress import Bar

NONE_FITS = 3
SHOWN = 50
_SEE = "yigai figures --help"
_PATIENCE_S = 2.0


def add_command(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(cls=ManualCommand)(figures)


def figures(
    library: Annotated[Path | None, typer.Option("--library")] = None,
    region: Annotated[list[str] | None, typer.Option("--region")] = None,
    indicator: Annotated[str, typer.Option("--indicator")] = "",
    since: Annotated[int | None, typer.Option("--since", min=1900, max=2999)] = None,
    until: Annotated[int | None, typer.Option("--until", min=1900, max=2999)] = None,
    unit: Annotated[str, typer.Option("--unit")] = "",
    article: Annotated[str | None, typer.Option("--article")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, max=10_000_000)] = None,
    as_json: Annotated[bool, typer.Option("--json")] = False,
    as_csv: Annotated[bool, typer.Option("--csv")] = False,
) -> None:
    """List the figures of the articles: what each measures, of whom, of when, and the clause that says so."""
    from rag.indicators.select import Wanted
    from rag.library import Library
    from ui.asking import encodable

    settings = load_settings(library=library)
    language = speak(settings)
    if as_json and as_csv:
        raise UsageProblem(problem=tell("figures_one_form", language), see=_SEE)
    codes, is_national = _places(region or [], since, until, language)
    with Library.open(settings.library) as opened:
        wanted = Wanted(
            regions=codes,
            is_national=is_national,
            indicator=encodable(indicator),
            since_year=since,
            until_year=until,
            unit=encodable(unit),
            article_ids=_ids(opened, article, language),
        )
        every, found = _gather(opened, wanted, language, quiet=as_json or as_csv)
    shown = found[: limit or (len(found) if as_json or as_csv else SHOWN)]
    _print(shown, found, every, language=language, form="json" if as_json else "csv" if as_csv else "table")
    raise typer.Exit(0 if found else NONE_FITS)


def _places(
    names: list[str], since: int | None, until: int | None, language: Language
) -> tuple[tuple[str, ...], bool]:
    """Codes of the places named, and whether the whole country is among them."""
    from rag.indicators.select import is_nation
    from ui.asking import BadRequestError, filter_by_names

    national = [name for name in names if is_nation(name)]
    try:
        within = filter_by_names([name for name in names if name not in national], since, until, [])
    except BadRequestError as error:
        raise UsageProblem(problem=error.localised(language), see=_SEE) from error
    return within.regions, bool(national)


def _ids(library: Library, name: str | None, language: Language) -> tuple[str, ...]:
    from ui.shelf import find_article

    return () if name is None else (find_article(library, name, language).article_id,)


def _gather(
    library: Library, wanted: Wanted, language: Language, *, quiet: bool
) -> tuple[list[Told], list[Told]]:
    """All figures of the articles looked at, and those that are wanted."""
    from rag.indicators.gathering import gather_records, keep_wanted
    from rag.indicators.select import Wanted as Open
    from ui.progress import progress_bar

    with progress_bar(quiet=quiet) as bar:
        every = list(
            gather_records(
                library, Open(article_ids=wanted.article_ids), on_article=_patiently(bar, language)
            )
        )
    return every, keep_wanted(every, wanted)


def _patiently(bar: Bar, language: Language) -> Callable[[int, int], None]:
    """Show the bar once it takes longer than people wait without one."""
    began = time.monotonic()

    def on_article(done: int, total: int) -> None:
        if time.monotonic() - began > _PATIENCE_S:
            bar.update(done, total, tell("stage_figures", language))

    return on_article


def _print(shown: list[Told], found: list[Told], every: list[Told], *, language: Language, form: str) -> None:
    from ui.tabulating import absence_lines, figure_lines, figures_csv, figures_document

    if form == "json":
        terminal.say_json(figures_document(shown, total=len(found)))
    elif form == "csv":
        terminal.say_bytes(figures_csv(shown).encode())
    elif not found:
        terminal.note("\n".join(absence_lines(every, language)))
    else:
        terminal.say("\n".join(figure_lines(shown, language, width=terminal.columns())))
        articles = len({one.article.article_id for one in found})
        terminal.note("\n" + tell("figures_found", language, total=len(found), articles=articles))
        if len(shown) < len(found):
            more = len(found) - len(shown)
            terminal.note(tell("figures_cut", language, more=more, total=len(found)))
