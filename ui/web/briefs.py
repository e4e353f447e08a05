"""Briefings that are made and changed on the page: each belongs to who asked for it, and stays in memory for a while."""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from rag.errors import StoppedError
from ui.web.desk import Desk, Waiting, settled

if TYPE_CHECKING:
    from rag.briefing.types import Briefing, Request
    from rag.pipeline import Pipeline

MOST_KEPT = 64
"""Briefings in memory, some 100 kB each; of more, the one that was not looked at for longest goes."""


Tell = Callable[[int, int, str], None]
"""Takes how many are done, of how many, and what is at hand."""


class Write(Protocol):
    """Makes a briefing; see `rag.briefing.write.write_briefing`."""

    def __call__(self, pipeline: Pipeline, request: Request, *, on_progress: Tell) -> Briefing:
        """Make it; whatever `on_progress` raises ends the making."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """So many of so many questions are answered; `label` is the one at hand."""

    done: int
    all: int
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """A briefing, and the key under which it is kept."""

    key: str
    briefing: Briefing


class Briefs:
    """Makes briefings at the desk, in line with those who ask, and keeps them for those who asked for them.

    Args:
        desk: Whose pipeline and line are used.
        write: What makes a briefing.
        most: How many are kept.
    """

    def __init__(self, desk: Desk, write: Write, *, most: int = MOST_KEPT) -> None:
        self.desk = desk
        self._write = write
        self._most = most
        self._kept: OrderedDict[tuple[str, str], Briefing] = OrderedDict()
        self._lock = threading.Lock()

    async def make(self, request: Request, asker: str) -> AsyncGenerator[Waiting | Progress | Made]:
        """Make a briefing: how many are before, how far it is, then the briefing.

        Whoever stops listening closes it, and the making ends at its next step.

        Raises:
            BusyError: The line is full.
            YigaiError: The library lacks the topic, or could not be read.
        """
        self.desk.line.require_room()
        if ahead := self.desk.line.ahead:
            yield Waiting(ahead=ahead)
        async with self.desk.line.seat():
            told: asyncio.Queue[Progress | None] = asyncio.Queue()
            stop = threading.Event()
            making = asyncio.ensure_future(asyncio.to_thread(self._made, request, _teller(told, stop)))
            making.add_done_callback(lambda _: told.put_nowait(None))
            try:
                while (progress := await told.get()) is not None:
                    yield progress
                briefing = making.result()
            finally:
                stop.set()
                await settled(making)  # the seat is not free before
        yield Made(key=self.keep(briefing, asker), briefing=briefing)

    def _made(self, request: Request, on_progress: Tell) -> Briefing:
        return self._write(self.desk.pipeline, request, on_progress=on_progress)

    def keep(self, briefing: Briefing, asker: str) -> str:
        """Keep a briefing under a key that nobody can guess."""
        key = secrets.token_urlsafe(16)
        with self._lock:
            self._kept[asker, key] = briefing
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return key

    def find(self, key: str, asker: str) -> Briefing | None:
        """Return a briefing of the asker's; None where there is none (any more)."""
        with self._lock:
            if (asker, key) not in self._kept:
                return None
            self._kept.move_to_end((asker, key))
            return self._kept[asker, key]

    def change(self, key: str, asker: str, change: Callable[[Briefing], Briefing]) -> Briefing | None:
        """Change a briefing of the asker's, and return it; None where there is none (any more).

        Raises:
            LookupError, ValueError: From `change`; the briefing is as it was.
        """
        with self._lock:
            known = self._kept.get((asker, key))
            if known is None:
                return None
            changed = change(known)
            self._kept[asker, key] = changed
            self._kept.move_to_end((asker, key))
            return changed


def _teller(told: asyncio.Queue[Progress | None], stop: threading.Event) -> Tell:
    """What the making thread tells its progress to; it ends the making once nobody listens."""
    loop = asyncio.get_running_loop()

    def tell(done: int, total: int, label: str) -> None:
        if stop.is_set():
            raise StoppedError
        loop.call_soon_threadsafe(told.put_nowait, Progress(done=done, all=total, label=label))

    return tell
