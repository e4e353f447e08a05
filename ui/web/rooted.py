"""Lets the server stand in a folder behind a proxy, whether or not the proxy takes that folder off the path."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.responses import RedirectResponse

from ui.web.places import local_path

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send


class Rooted:
    """An ASGI wrapper that puts the folder before every path that lacks it, which is the form routes and mounts agree on.

    Args:
        app: What is served.
        root: The folder, without a slash at its end; empty where there is none.
        pages: Local paths of pages, without a slash at their end. Pages name their parts relative to a path that ends
            with one, so whoever leaves it out is sent there.
    """

    def __init__(self, app: ASGIApp, *, root: str, pages: tuple[str, ...]) -> None:
        self._app, self._root = app, root
        self._without_slash = {f"{root}{page}" for page in pages} - {""}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        sent = str(scope["path"])
        path = sent if sent == self._root else f"{self._root}{local_path(sent, self._root)}"
        if scope["type"] == "http" and path in self._without_slash:
            # Without a host: behind a proxy this server's own name may be unknown to the browser.
            await RedirectResponse(f"{path}/{_query(scope)}", 307)(scope, receive, send)
            return
        if path != sent:
            scope = {**scope, "path": path, "raw_path": quote(path, safe="/%:@!$&'()*+,;=~").encode("ascii")}
        await self._app(scope, receive, send)


def _query(scope: Scope) -> str:
    query = scope.get("query_string", b"").decode("latin-1")
    return f"?{query}" if query else ""
