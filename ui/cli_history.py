"""The commands `yigai history …`: one thin function each.

Exit codes: 0 done, or the same answer; 1 failure, or another answer than then; 2 bad usage or no such answer.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from rag.settings import load_settings
from ui import terminal
from ui.parsing import ManualCommand, ManualGroup, speak
from ui.strings import tell

OTHER_ANSWER = 1
SHOWN = 20

history_app = typer.Typer(cls=ManualGroup, no_args_is_help=True, rich_markup_mode=None)

AnswerArgument = Annotated[str, typer.Argument()]
LibraryOption = Annotated[Path | None, typer.Option("--library")]
JsonOption = Annotated[bool, typer.Option("--json")]
LikedOption = Annotated[bool, typer.Option("--liked")]
DislikedOption = Annotated[bool, typer.Option("--disliked")]


@history_app.command("list", cls=ManualCommand)
def list_answers(
    library: LibraryOption = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=100_000)] = SHOWN,
    liked: LikedOption = False,
    disliked: DislikedOption = False,
    as_json: JsonOption = False,
) -> None:
    """List the answers that are kept, newest first."""
    from rag.library import Library
    from ui.remembering import list_document, list_rows, thumb_wanted

    settings = load_settings(library=library)
    language = speak(settings)
    wanted = thumb_wanted(liked=liked, disliked=disliked, language=language)
    with Library.open(settings.library) as opened:
        found = opened.history.listed(limit=limit + 1, liked=wanted)
    terminal.show(list_document(found, limit=limit), list_rows(found, language, limit=limit), as_json=as_json)


@history_app.command(cls=ManualCommand)
def show(answer: AnswerArgument, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Show a kept answer with everything about it."""
    from rag.history import kept_document
    from rag.library import Library
    from ui.printings import printings_of
    from ui.quoting import quoted_document, quoted_lines, quoted_places
    from ui.remembering import shown_lines

    settings = load_settings(library=library)
    language = speak(settings)
    with Library.open(settings.library) as opened:
        kept = opened.history.find(answer)
        places = quoted_places(kept.answer.citations, opened)
        printings = printings_of(kept.answer.citations, opened)
    document = {**kept_document(kept), "quotes": [quoted_document(place) for place in places]}
    lines = shown_lines(kept, language, printings=printings, since=quoted_lines(places, language))
    terminal.show(document, lines, as_json=as_json)


@history_app.command(cls=ManualCommand)
def export(
    library: LibraryOption = None, liked: LikedOption = False, disliked: DislikedOption = False
) -> None:
    """Print the answers that are kept, one JSON document a line, oldest first."""
    from rag.library import Library
    from ui.remembering import exported, thumb_wanted

    settings = load_settings(library=library)
    wanted = thumb_wanted(liked=liked, disliked=disliked, language=speak(settings))
    with Library.open(settings.library) as opened:
        for document in exported(opened.history, liked=wanted):
            terminal.say_json(document, indent=None)


@history_app.command(cls=ManualCommand)
def replay(answer: AnswerArgument, library: LibraryOption = None, as_json: JsonOption = False) -> None:
    """Ask again what was asked then, and say whether the answer is the same."""
    from rag.build import build_encoder, build_pipeline, open_library
    from ui.replaying import replay as ask_again
    from ui.replaying import replay_document, replay_lines

    settings = load_settings(library=library)
    encoder = build_encoder(settings, on_prepare=terminal.note)
    with open_library(settings.library, encoder) as opened:
        kept = opened.history.find(answer)
        outcome = ask_again(kept, build_pipeline(opened, encoder, settings))
    terminal.show(replay_document(outcome), replay_lines(outcome, speak(settings)), as_json=as_json)
    raise typer.Exit(0 if outcome.is_same else OTHER_ANSWER)


@history_app.command(cls=ManualCommand)
def remove(
    answers: Annotated[list[str] | None, typer.Argument()] = None,
    library: LibraryOption = None,
    everything: Annotated[bool, typer.Option("--all")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y")] = False,
    as_json: JsonOption = False,
) -> None:
    """Remove kept answers."""
    from rag.library import Library
    from ui.remembering import ids_to_forget

    settings = load_settings(library=library)
    language = speak(settings)
    with Library.open(settings.library) as opened:
        ids = ids_to_forget(opened.history, answers or (), everything=everything, language=language)
        if ids and sys.stdin.isatty() and not (yes or as_json):
            typer.confirm(tell("confirm_forget", language, count=len(ids)), abort=True, err=True)
        count = opened.history.forget(ids)
    lines = [tell("forgotten", language, count=count)]
    terminal.show({"schema": 1, "removed": ids}, lines, as_json=as_json)
