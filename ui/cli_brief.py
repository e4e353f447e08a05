"""The command `yigai brief`: a briefing to teach from, from a topic.

Exit codes: 0 done, 1 failure, 2 bad usage, 3 the articles say nothing on the topic.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rag.settings import load_settings
from ui import terminal
from ui.parsing import ManualCommand, require_known, speak

NOTHING_FOUND = 3


def add_command(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command(cls=ManualCommand)(brief)


def brief(
    topic: Annotated[list[str], typer.Argument()],
    library: Annotated[Path | None, typer.Option("--library")] = None,
    regions: Annotated[list[str] | None, typer.Option("--regions")] = None,
    since: Annotated[int | None, typer.Option("--since", min=1900, max=2999)] = None,
    until: Annotated[int | None, typer.Option("--until", min=1900, max=2999)] = None,
    lang: Annotated[str | None, typer.Option("--lang")] = None,
    out: Annotated[Path | None, typer.Option("--out")] = None,
    force: Annotated[bool, typer.Option("--force")] = False,
    allow_empty: Annotated[bool, typer.Option("--allow-empty")] = False,
) -> None:
    """Write a briefing on a topic: every line cited, every figure checked, ready to be edited."""
    from rag.build import build_encoder, build_pipeline, open_library
    from rag.errors import NothingFoundError
    from ui.asking import encodable
    from ui.briefing import request_of, require_place, tell_of, write_aloud, write_empty

    require_known("--lang", lang, ("zh", "en"))
    settings = load_settings(library=library)
    language = speak(settings)
    words = encodable(" ".join(topic))
    request = request_of(
        words, regions=regions or (), since=since, until=until, wanted=lang, language=language
    )
    if out is not None:
        require_place(out, overwrites=force, language=language)
    encoder = build_encoder(settings, on_prepare=terminal.note)
    with open_library(settings.library, encoder) as opened:
        pipeline = build_pipeline(opened, encoder, settings, composer="extractive", is_lasting=True)
        try:
            briefing = write_aloud(pipeline, request, out, language=language)
        except NothingFoundError as error:
            terminal.note(error.localised(language))
            if allow_empty:
                write_empty(pipeline, request, out, language=language)
            raise typer.Exit(NOTHING_FOUND) from None
    tell_of(briefing, out, language=language)
