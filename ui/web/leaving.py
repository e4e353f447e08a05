"""Stop working for a client that has hung up: a language model's answer takes a while, and holds a seat."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import TypeVar

from starlette.requests import ClientDisconnect, Request

_T = TypeVar("_T")


async def while_listening(request: Request, work: Coroutine[object, object, _T]) -> _T:
    """Await some work for a request whose body has been read; give it up when the client hangs up.

    Raises:
        ClientDisconnect: The client is gone; the work was cancelled.
    """
    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            return working.result()
        raise ClientDisconnect
    finally:
        for task in (working, leaving):
            task.cancel()
        with suppress(asyncio.CancelledError):
            await leaving
        if not working.done():
            with suppress(asyncio.CancelledError):
                await working


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
