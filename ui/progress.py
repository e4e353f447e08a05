"""A progress bar or a spinner on standard error, for whatever takes more than a moment."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rag.types import Language
from ui.strings import tell
from ui.terminal import note

if TYPE_CHECKING:
    from rich.live import Live
    from rich.progress import Progress, TaskID


class Bar:
    """A progress bar on standard error; without a terminal it only says what takes long."""

    def __init__(self, progress: Progress | None, *, quiet: bool) -> None:
        self._progress = progress
        self._quiet = quiet
        self._task: TaskID | None = None

    def say(self, message: str) -> None:
        """Say something once."""
        if self._progress is not None:
            self._progress.console.print(message, markup=False, highlight=False)
        elif not self._quiet:
            note(message)

    def update(self, done: int, total: int, label: str = "") -> None:
        """Show how far the work is, and what it is at."""
        if self._progress is None:
            return
        if self._task is None:
            self._task = self._progress.add_task("", label="", total=total)
        self._progress.update(self._task, completed=done, total=total, label=label[:40])


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Bar]:
    """Show a bar on standard error while the block runs, where a person looks on."""
    if quiet or not sys.stderr.isatty():
        yield Bar(None, quiet=quiet)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[label]}", markup=False),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        yield Bar(progress, quiet=quiet)


def staged(bar: Bar, language: Language) -> Callable[[str, int, int], None]:
    """Show on a bar how far each stage is, by the stage's name: "ask" is `stage_ask` in `ui.strings`."""
    return lambda stage, done, total: bar.update(done, total, tell(f"stage_{stage}", language))


class Spinner:
    """Words beside a spinner on standard error; without a terminal it says nothing."""

    def __init__(self, live: Live | None) -> None:
        self._live = live

    def say(self, words: str) -> None:
        """Show what is being done."""
        if self._live is None:
            return
        from rich.spinner import Spinner as Wheel
        from rich.text import Text

        self._live.update(Wheel("dots", text=Text(words)), refresh=True)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Take it off the screen while the block prints."""
        if self._live is None:
            yield
            return
        self._live.stop()
        try:
            yield
        finally:
            self._live.start()


@contextmanager
def spinner(*, quiet: bool) -> Iterator[Spinner]:
    """Show a spinner on standard error while the block runs, where a person looks on."""
    if quiet or not sys.stderr.isatty():
        yield Spinner(None)
        return
    from rich.console import Console
    from rich.live import Live

    # Of what the block prints, only standard error may go through rich: the rest may lead into a file.
    with Live(console=Console(stderr=True), transient=True, redirect_stdout=False) as live:
        yield Spinner(live)
