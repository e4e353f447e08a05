"""The commands `yigai ui` and `yigai password`: thin, as in `ui.cli`."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from rag.settings import load_settings
from ui import terminal
from ui.parsing import ManualCommand, speak
from ui.strings import tell

LibraryOption = Annotated[Path | None, typer.Option("--library")]


def add_commands(app: typer.Typer) -> None:
    """Add the commands to an application."""
    app.command(cls=ManualCommand)(ui)
    app.command(cls=ManualCommand)(password)


def ui(
    library: LibraryOption = None,
    host: Annotated[str, typer.Option("--host")] = "127.0.0.1",
    port: Annotated[int | None, typer.Option("--port", min=0, max=65535)] = None,
    auth: Annotated[str | None, typer.Option("--auth")] = None,
    no_auth: Annotated[bool, typer.Option("--no-auth")] = False,
    read_only: Annotated[bool, typer.Option("--read-only")] = False,
    root_path: Annotated[str, typer.Option("--root-path")] = "",
    queue: Annotated[int, typer.Option("--queue", min=1, max=1000)] = 32,
) -> None:
    """Serve the web page and the HTTP interface."""
    from ui.web.serve import ServeOptions, run_ui

    settings = load_settings(library=library)
    options = ServeOptions(
        host=host,
        port=port,
        auth=auth,
        no_auth=no_auth,
        read_only=read_only,
        root_path=f"/{root_path.strip('/')}" if root_path.strip("/") else "",
        queue=queue,
    )
    run_ui(options, settings, language=speak(settings), say=terminal.note)


def password(
    name: Annotated[str, typer.Argument()],
    auth: Annotated[Path | None, typer.Option("--auth")] = None,
) -> None:
    """Set a person's password for the web page; only its hash is written."""
    from ui.web.accounts import account_line, write_account

    language = speak()
    word = _read_password(tell("new_password", language, name=name), tell("password_again", language))
    if auth is None:
        terminal.say(account_line(name, word))
        return
    write_account(auth, name, word)
    terminal.note(tell("password_set", language, name=name, path=auth))


def _read_password(prompt: str, again: str) -> str:
    """Ask for a password twice where a person types it; a script gives it as one line on standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    while True:
        first = getpass.getpass(prompt)
        if first == getpass.getpass(again):
            return first
        terminal.note(tell("passwords_differ", speak()))
