"""From a coroutine to plain iteration: an asynchronous source runs in a thread of the house, and can be cut off at once."""

from __future__ import annotations

import asyncio
import atexit
import contextvars
import queue
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing, suppress
from typing import TypeVar

from rag.errors import StoppedError

_T = TypeVar("_T")
_GLANCE_S = 0.05
"""How often somebody who waits looks whether the answer is still wanted."""
_AGAIN_S = 0.2
"""When a source that has not ended is cut off again; what it closes in between takes less."""
_FAREWELL_S = 2.0
"""How long a source that was cut off is waited for; one that cannot be cut off ends by its own time limit."""


class _End:
    """The source has ended, by itself or by an error."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


class _House:
    """One event loop for every source, in one thread, from the first source to the end of the program.

    Providers keep connections open from one request to the next, and a connection lives in the loop it was made in.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self.loop: asyncio.AbstractEventLoop

    def open(self) -> asyncio.AbstractEventLoop:
        """Return the running loop; a forked process has none until it asks."""
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self.loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._live, name="yigai-model", daemon=True)
                self._thread.start()
            return self.loop

    def is_inside(self) -> bool:
        """Whether this is the loop's own thread, which must never wait."""
        return threading.current_thread() is self._thread

    def close(self) -> None:
        """End the loop, so that the interpreter does not take it down in mid-step."""
        if self._thread is not None and self._thread.is_alive():
            self.loop.call_soon_threadsafe(self.loop.stop)
            self._thread.join(_FAREWELL_S)

    def _live(self) -> None:
        self.loop.run_forever()
        self.loop.close()


_HOUSE = _House()
atexit.register(_HOUSE.close)


def relay(
    make: Callable[[], AsyncGenerator[_T]], *, stop: threading.Event | None = None
) -> Generator[_T, None, None]:
    """Yield what an asynchronous source yields. Whoever closes the iterator, or sets `stop`, cuts the source off.

    Raises:
        StoppedError: `stop` was set.
    """
    items: queue.SimpleQueue[_T | _End] = queue.SimpleQueue()
    begun: queue.SimpleQueue[asyncio.Task[None]] = queue.SimpleQueue()
    loop, is_over = _HOUSE.open(), threading.Event()

    def begin() -> None:
        task = loop.create_task(_pump(make, items))
        task.add_done_callback(lambda _: is_over.set())
        begun.put(task)

    # In a context of its own: what surrounds the asker (callbacks, traces) is not the source's to inherit.
    loop.call_soon_threadsafe(begin, context=contextvars.Context())
    task = begun.get()
    try:
        while not isinstance(item := _next(items, stop), _End):
            yield item
        if item.error is not None:
            raise item.error
    finally:
        _cut_off(task, loop, is_over)


def _cut_off(task: asyncio.Task[None], loop: asyncio.AbstractEventLoop, is_over: threading.Event) -> None:
    """Cancel a task until it is over: Python 3.11's `wait_for`, which providers use, may swallow a cancellation."""
    with suppress(RuntimeError):  # the program ends, and the loop has closed
        for _ in range(round(_FAREWELL_S / _AGAIN_S)):
            loop.call_soon_threadsafe(task.cancel)
            if _HOUSE.is_inside() or is_over.wait(_AGAIN_S):
                return


async def _pump(make: Callable[[], AsyncGenerator[_T]], items: queue.SimpleQueue[_T | _End]) -> None:
    """Put all that the source yields into the queue, then its end."""
    try:
        async with aclosing(make()) as source:
            async for item in source:
                items.put(item)
    except asyncio.CancelledError:
        items.put(_End())
    except Exception as error:  # noqa: BLE001  # raised again where it is waited for
        items.put(_End(error))
    else:
        items.put(_End())


def _next(items: queue.SimpleQueue[_T | _End], stop: threading.Event | None) -> _T | _End:
    while True:
        if stop is not None and stop.is_set():
            raise StoppedError
        try:
            return items.get(timeout=None if stop is None else _GLANCE_S)
        except queue.Empty:
            continue
