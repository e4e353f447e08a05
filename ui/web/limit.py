"""Bounds what a request may send, as it comes: a body that is too large is refused before it is in memory."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Limit:
    """An ASGI wrapper that refuses bodies beyond `most_bytes`; under `upload_paths`, beyond `most_upload_bytes`."""

    def __init__(
        self, app: ASGIApp, *, most_bytes: int, upload_paths: tuple[str, ...], most_upload_bytes: int
    ) -> None:
        self._app = app
        self._most, self._most_upload = most_bytes, most_upload_bytes
        self._upload_paths = upload_paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._most_upload if str(scope["path"]).endswith(self._upload_paths) else self._most
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if declared.isdigit() and int(declared) > most:
            await _too_large(most)(scope, receive, send)
            return
        has_started, received = False, 0

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > most:
                raise _TooLargeError
            return message

        async def noted(message: Message) -> None:
            nonlocal has_started
            if received > most and not has_started:
                return  # whatever the application makes of it: what is too large is answered here
            has_started = True
            await send(message)

        with suppress(_TooLargeError):
            await self._app(scope, counted, noted)
        if received > most and not has_started:
            await _too_large(most)(scope, receive, send)


class _TooLargeError(Exception):
    """The body is longer than it may be."""


def _too_large(most: int) -> JSONResponse:
    error = {
        "code": "too_large",
        "message": f"The request is too large: at most {most:,} bytes.",
        "message_zh": f"请求太大：最多 {most:,} 字节。",
    }
    return JSONResponse({"error": error}, status_code=413)
