"""A reverse proxy on this machine, as an administrator puts one before the server: it serves it in a folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import httpx
from app_server import serving
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

_METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"]
_HOP_BY_HOP = {b"connection", b"keep-alive", b"transfer-encoding"}


@contextmanager
def proxied(target: str, folder: str, *, strips: bool) -> Iterator[str]:
    """Serve `target` in a folder; yields the address of the proxy itself, outside of which there is nothing.

    It takes the folder off the path or leaves it there, passes the Host header on, and streams.
    """

    async def forward(request: Request) -> StreamingResponse | PlainTextResponse:
        path = request.url.path
        if path != folder and not path.startswith(f"{folder}/"):
            return PlainTextResponse("outside of the folder", status_code=418)
        inner = (path.removeprefix(folder) or "/") if strips else path
        client = httpx.AsyncClient(verify=False, trust_env=False, timeout=60)
        sent = client.build_request(
            request.method,
            f"{target}{inner}?{request.url.query}" if request.url.query else f"{target}{inner}",
            headers=[pair for pair in request.headers.raw if pair[0] not in _HOP_BY_HOP],
            content=await request.body(),
        )
        received = await client.send(sent, stream=True)

        async def body():
            try:
                async for piece in received.aiter_raw():
                    yield piece
            finally:
                await received.aclose()
                await client.aclose()

        response = StreamingResponse(body(), status_code=received.status_code)
        kept = [pair for pair in received.headers.raw if pair[0].lower() not in _HOP_BY_HOP]
        response.raw_headers = [(name.lower(), value) for name, value in kept]
        return response

    with serving(Starlette(routes=[Route("/{path:path}", forward, methods=_METHODS)])) as address:
        yield address
