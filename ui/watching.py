"""`yigai ingest --watch`: a full ingest, then what changes, as it changes, until Ctrl-C. The one place of `watchfiles`."""

from __future__ import annotations

import logging
import queue
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.load import SUPPORTED_SUFFIXES
from ingest.report import FileReport, IngestReport
from rag.errors import PathMissingError, YigaiError
from rag.settings import Settings
from rag.types import Language
from ui import terminal
from ui.ingesting import (
    OUTCOMES,
    Reading,
    Wanted,
    absolute,
    file_row,
    library_line,
    reading,
    report_lines,
    totals_line,
)
from ui.strings import tell

if TYPE_CHECKING:
    from rag.library import StoredOrigin

STEP_MS = 400
"""A file counts as written once nothing has changed for so long."""
LONGEST_MS = 5_000
"""Changes that do not come to rest are read after so long all the same."""
POLL_MS = 2_000
RETRY_S = 30.0
"""What could not be read in is tried again after so long, or with the next change."""
_READY_S = 60.0
_WAKE_MS = 200
_END_S = 5.0
_HIDDEN = (".", "~$")

Changes = dict[Path, bool]
"""Paths that changed, and whether each is new."""

_log = logging.getLogger(__name__)


class Follower:
    """Tells which of the files and folders named, and what lies in them, has changed since it was last asked."""

    def __init__(self, roots: Sequence[Path], *, apart_from: Path, language: Language) -> None:
        self._folders = [root for root in roots if root.is_dir()]
        self._files = {root for root in roots if root.is_file()}
        self._apart_from = apart_from
        self._language = language
        self._told: queue.SimpleQueue[Changes | BaseException] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._ready = threading.Semaphore(0)
        self._threads: list[threading.Thread] = []

    @contextmanager
    def following(self) -> Iterator[None]:
        """Follow while the block runs; what changes from its first moment on is told."""
        watches = [
            (watched, recursive)
            for watched, recursive in (
                (self._folders, True),
                (sorted({file.parent for file in self._files}), False),
            )
            if watched
        ]
        for watch in watches:
            self._threads.append(threading.Thread(target=self._follow, args=watch, daemon=True))
            self._threads[-1].start()
        try:
            for _ in watches:
                self._ready.acquire(timeout=_READY_S)
            yield
        finally:
            self._stop.set()
            for thread in self._threads:
                thread.join(timeout=_END_S)  # it is a daemon: nobody waits for it longer

    def interrupt(self) -> None:
        """Let whoever waits, now or next, be interrupted."""
        self._told.put(KeyboardInterrupt())

    def wait(self, timeout_s: float | None) -> Changes:
        """Wait for changes; none came where the time is up.

        Raises:
            Exception: What keeps them from being followed.
            KeyboardInterrupt: Somebody interrupted.
        """
        changes: Changes = {}
        try:
            told = self._told.get(timeout=timeout_s)
            while True:
                if isinstance(told, BaseException):
                    raise told
                changes |= told
                told = self._told.get_nowait()
        except queue.Empty:
            return changes

    def _follow(self, watched: Sequence[Path], recursive: bool) -> None:
        try:
            try:
                self._listen(watched, recursive, polls=False)
            except (OSError, RuntimeError) as error:  # no more of the system's watches are to be had
                terminal.note(tell("watching_slowly", self._language, why=error))
                self._listen(watched, recursive, polls=True)
        except Exception as error:  # noqa: BLE001  # raised again where it is waited for
            self._told.put(error)
            self._ready.release()

    def _listen(self, watched: Sequence[Path], recursive: bool, *, polls: bool) -> None:
        from watchfiles import Change, watch

        heard = watch(
            *watched,
            watch_filter=None,
            debounce=LONGEST_MS,
            step=STEP_MS,
            stop_event=self._stop,
            rust_timeout=_WAKE_MS,
            yield_on_timeout=True,
            force_polling=polls or None,
            poll_delay_ms=POLL_MS,
            recursive=recursive,
        )
        for changes in heard:
            self._ready.release()
            told = {Path(path): change is Change.added for change, path in changes}
            mine = {path: is_new for path, is_new in told.items() if self._is_ours(path, recursive)}
            if mine:
                self._told.put(mine)

    def _is_ours(self, path: Path, recursive: bool) -> bool:
        """Whether a change concerns us: not of the library itself, and nothing hidden."""
        if path in self._files:
            return True
        if not recursive or path == self._apart_from or self._apart_from in path.parents:
            return False
        return any(
            not any(part.startswith(_HIDDEN) for part in path.relative_to(folder).parts)
            for folder in self._folders
            if path.is_relative_to(folder)
        )


def paths_to_read(
    changes: Changes, origins: Iterable[StoredOrigin], *, named: Sequence[Path]
) -> tuple[list[Path], list[Path]]:
    """Tell what is to be ingested after changes, and which new files are of kinds that are not read.

    Args:
        changes: What changed.
        origins: What the library remembers: of what is gone only this matters.
        named: What the person named, whatever its kind.
    """
    wanted, skipped, gone = [], [], set()
    for path, is_new in sorted(changes.items()):
        if path.is_dir():
            wanted += [path] if is_new else []  # an old folder changes with every file in it
        elif not path.exists():
            gone.add(path)
        elif path in named or path.suffix.lower() in SUPPORTED_SUFFIXES:
            wanted.append(path)
        elif is_new:
            skipped.append(path)
    if gone:
        known = (Path(origin.file.path) for origin in origins)
        wanted += [path for path in known if path in gone or not gone.isdisjoint(path.parents)]
    return list(dict.fromkeys(wanted)), skipped


def run_watch(wanted: Wanted, settings: Settings, *, language: Language) -> None:
    """Ingest, then follow changes until Ctrl-C; errors after the first ingest are told and do not end it.

    Raises:
        PathMissingError: Nothing that was named is there.
        YigaiError: The first ingest failed.
    """
    roots = [absolute(path) for path in wanted.paths]
    if not any(root.exists() for root in roots):
        raise PathMissingError(path=wanted.paths[0])
    follower = Follower(roots, apart_from=absolute(settings.library), language=language)
    with reading(wanted, settings, language=language) as opened:
        watch = Watch(opened, follower, roots=roots, wanted=wanted)
        try:
            with _interruptible(follower), follower.following():
                watch.run()
        except KeyboardInterrupt:
            pass
        watch.sum_up()


@contextmanager
def _interruptible(follower: Follower) -> Iterator[None]:
    """Make sure that Ctrl-C ends the following, even where the interrupt itself is lost in somebody else's clean-up."""

    def heard(*_: object) -> None:
        follower.interrupt()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, heard)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class Watch:
    """One `ingest --watch`."""

    def __init__(self, opened: Reading, follower: Follower, *, roots: Sequence[Path], wanted: Wanted) -> None:
        self._opened = opened
        self._follower = follower
        self._roots = roots
        self._wanted = wanted
        self._language = opened.language
        self._totals: Counter[str] = Counter()

    def run(self) -> None:
        """Go on until interrupted."""
        self.begin()
        waiting: Changes = {}
        while True:
            waiting |= self._follower.wait(RETRY_S if waiting else None)
            if waiting and self.read(waiting):
                waiting = {}

    def begin(self) -> None:
        """Read everything that was named, and say so."""
        report = self._opened.read(self._roots, prune=self._wanted.prune)
        self._count(report)
        document = self._opened.document(report)
        if self._wanted.is_quiet:
            terminal.say_json_now(document)
        else:
            terminal.say_now("\n".join(report_lines(report, document, self._language)))
            paths = tell("comma", self._language).join(map(str, self._wanted.paths))
            terminal.note(tell("watching", self._language, paths=paths))

    def read(self, changes: Changes) -> bool:
        """Read what changed; return whether that is done with."""
        try:
            paths, skipped = paths_to_read(changes, self._opened.library.origins(), named=self._roots)
            read = self._opened.read(paths, prune=self._wanted.prune).files if paths else ()
        except YigaiError as error:
            terminal.note(tell("watch_trouble", self._language, why=error.localised(self._language)))
            return False
        except Exception as error:  # noqa: BLE001  # an outermost edge: nobody is there to start it again
            _log.exception("changes could not be read in")
            detail = " ".join(str(error).split())[:300]
            terminal.note(tell("unexpected", self._language, kind=type(error).__name__, detail=detail))
            return True
        left = tuple(FileReport(path=path, outcome="skipped") for path in skipped)
        files = tuple(file for file in read if file.outcome != "unchanged")
        self._tell(IngestReport(files=(*files, *left)))
        return True

    def _tell(self, report: IngestReport) -> None:
        self._count(report)
        if not report.files:
            return
        if self._wanted.is_quiet:
            terminal.say_json_now(self._opened.document(report))
            return
        now = time.strftime("%H:%M:%S")
        terminal.say_now(
            "\n".join("  ".join((now, *file_row(file, self._language))) for file in report.files)
        )

    def _count(self, report: IngestReport) -> None:
        self._totals.update(file.outcome for file in report.files)

    def sum_up(self) -> None:
        """Say what became of everything since the start, and what the library holds."""
        document = {
            **self._opened.document(IngestReport(files=())),
            "totals": {outcome: self._totals[outcome] for outcome in OUTCOMES},
        }
        if self._wanted.is_quiet:
            terminal.say_json_now({**document, "ended": True})
            return
        told = totals_line(document["totals"], self._language) or tell("watch_nothing", self._language)
        terminal.say_now(tell("watch_ended", self._language, totals=told))
        terminal.say_now(library_line(document, self._language))
