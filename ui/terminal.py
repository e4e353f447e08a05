"""The streams of the process: text for people, JSON for scripts, and the ways in which a stream can fail."""

from __future__ import annotations

import io
import json
import logging
import os
import shutil
import sys
import warnings
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from ui.render import printable
from ui.tables import WIDTH

_BROKEN = 1
_NARROWEST = 30


def prepare(*, debug: bool) -> None:
    """Make the streams bear any text, and keep the voices of libraries for `--debug`."""
    sys.stdout, sys.stderr = (stream or _nowhere() for stream in (sys.stdout, sys.stderr))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # One mark for each character that the terminal lacks; offsets are counted in what `show` prints.
            stream.reconfigure(errors="replace", newline="\n")
    logging.basicConfig(
        level=logging.DEBUG if debug else logging.CRITICAL, format="%(levelname)s %(name)s: %(message)s"
    )
    if not (debug or sys.warnoptions):
        warnings.simplefilter("ignore")


def _nowhere() -> io.TextIOWrapper:
    """Stand in for a stream that was closed before the process began (`>&-`)."""
    return Path(os.devnull).open("w", encoding="utf-8")


def columns() -> int:
    """How many cells a line of the terminal has; a hundred where nobody knows, and never fewer than can be read."""
    return max(_NARROWEST, shutil.get_terminal_size((WIDTH, 24)).columns)


def say(text: str) -> None:
    """Print to standard output, as it is."""
    sys.stdout.write(text + "\n")


def say_now(text: str) -> None:
    """Print to standard output, and let it be seen before the rest is there."""
    say(text)
    with suppress(BrokenPipeError):  # `finish` notices it too, and ends as it should
        sys.stdout.flush()


def say_bytes(content: bytes) -> None:
    """Write to standard output what another program is to read, whatever characters the terminal has."""
    sys.stdout.flush()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.buffer.write(content)
    else:
        sys.stdout.write(content.decode())


def say_json(document: Any, *, indent: int | None = 2) -> None:  # noqa: ANN401  # whatever JSON can hold
    """Print one JSON document; where the terminal lacks a character, escaped, since a script must get it whole."""
    text = json.dumps(document, ensure_ascii=False, indent=indent)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        text = json.dumps(document, indent=indent)
    say(text)


def say_json_now(document: dict[str, Any]) -> None:
    """Print one JSON document on a line of its own, and let it be seen before the rest is there."""
    say_json(document, indent=None)
    with suppress(BrokenPipeError):  # as above
        sys.stdout.flush()


def show(document: dict[str, Any], lines: Sequence[str], *, as_json: bool) -> None:
    """Print the document for scripts, or the lines for people."""
    if as_json:
        say_json(document)
    else:
        say("\n".join(lines))


def note(text: str) -> None:
    """Tell the person something that is no part of the output."""
    sys.stderr.write(printable(text) + "\n")


def finish(code: int) -> int:
    """Send what is left; whoever closed the other end (`| head`) gets no complaint, only a code that is not 0."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _let_go()
        return code or _BROKEN
    except OSError as error:
        _let_go()
        note(str(error))
        return code or _BROKEN
    return code


def _let_go() -> None:
    """Point standard output at nothing, so that the interpreter does not try again on its way out."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
