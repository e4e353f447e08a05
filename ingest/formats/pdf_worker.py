"""Keeps a process of its own that opens PDFs one after the other, and ends it when one takes too long or too much."""

from __future__ import annotations

import atexit
import contextlib
import math
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

_ROOT = str(Path(__file__).parents[2])
# Our own folder comes last on the child's import path, and the current folder not at all.
_START = "import sys; sys.path.append(sys.argv[1]); from ingest.formats.pdf_child import main; main()"
# Native memory that a file leaves behind goes with the process.
_MAX_FILES = 200
_LENGTH_BYTES = 8
# A busy machine gives a process a part of its time only.
_CLOCK_FACTOR = 5
_LAST_SECONDS = 10


class WorkerEndedError(Exception):
    """The process ended before it answered; `timed_out` says whether it was ended for taking too long."""

    def __init__(self, *, timed_out: bool) -> None:
        super().__init__("the process that reads PDFs has ended")
        self.timed_out = timed_out


@dataclass(slots=True)
class _Worker:
    """A running process, and how many files it has opened; it belongs to the process that started it."""

    process: subprocess.Popen[bytes]
    owner: int = field(default_factory=os.getpid)
    files: int = 0

    @property
    def is_usable(self) -> bool:
        return self.owner == os.getpid() and self.files < _MAX_FILES and self.process.poll() is None

    def end(self) -> None:
        if self.owner != os.getpid():  # a fork's copy: the process is the parent's
            return
        self.process.kill()
        for stream in (self.process.stdin, self.process.stdout):
            cast("IO[bytes]", stream).close()
        self.process.wait()


_lock = threading.Lock()
_held: list[_Worker] = []


def ask(content: bytes, arguments: Sequence[str], *, max_seconds: float) -> bytes:
    """Send a file to the process, started if need be, and give its answer.

    Args:
        content: The file.
        arguments: What is asked, as `pdf_child` has it.
        max_seconds: How much processor time it may take where that can be limited, and a fifth of the time on the clock.

    Raises:
        WorkerEndedError: The process crashed, or took longer.
    """
    with _lock:
        was_used = bool(_usable().files)
        try:
            return _attempt(content, arguments, max_seconds=max_seconds)
        except WorkerEndedError as ended:
            if ended.timed_out or not was_used:
                raise
        # What came before may have been the reason: it had gone idle, or memory was left in disorder.
        return _attempt(content, arguments, max_seconds=max_seconds)


def _attempt(content: bytes, arguments: Sequence[str], *, max_seconds: float) -> bytes:
    try:
        return _exchange(_usable(), content, arguments, max_seconds=max_seconds)
    except BaseException:  # an answer that nobody read would be taken for the next file's
        end_worker()
        raise


def end_worker() -> None:
    """End the process, if there is one; the next file starts another."""
    while _held:
        _held.pop().end()


def _usable() -> _Worker:
    """The process that runs, or a new one."""
    if _held and _held[0].is_usable:
        return _held[0]
    end_worker()
    command = [sys.executable, "-P", "-c", _START, _ROOT]
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    _held.append(_Worker(process))
    return _held[0]


def _exchange(worker: _Worker, content: bytes, arguments: Sequence[str], *, max_seconds: float) -> bytes:
    """Write the question, and read the answer; a process that is late is ended, which ends the reading."""
    process = worker.process
    sent, received = cast("IO[bytes]", process.stdin), cast("IO[bytes]", process.stdout)
    is_late = threading.Event()

    def end_late() -> None:
        is_late.set()
        process.kill()

    timer = threading.Timer(max_seconds * _CLOCK_FACTOR, end_late)
    timer.start()
    try:
        worker.files += 1
        sent.write(f"{len(content)} {math.ceil(max_seconds)} {' '.join(arguments)}\n".encode())
        sent.write(content)
        sent.flush()
        length = int.from_bytes(received.read(_LENGTH_BYTES) or b"", "big")
        answer = received.read(length)
    except BrokenPipeError as cause:
        raise WorkerEndedError(timed_out=is_late.is_set()) from cause
    finally:
        timer.cancel()
    if not length or len(answer) < length:
        raise WorkerEndedError(timed_out=is_late.is_set() or _was_out_of_time(process))
    return answer


def _was_out_of_time(process: subprocess.Popen[bytes]) -> bool:
    """Whether the system ended a process for the processor time that it used."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_LAST_SECONDS)
    return hasattr(signal, "SIGXCPU") and process.returncode == -signal.SIGXCPU


atexit.register(end_worker)
