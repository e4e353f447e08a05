"""Puts our style, script and language into the document that Gradio serves, before anything of it runs."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from rag.types import Language
from ui.web.view import LANG_TAGS
from ui.web.words import word

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_LANG = re.compile(r'(<html\b[^>]*?\blang=")[^"]*(")', re.DOTALL)
_HEAD = re.compile(r"<head>")
# Cards for social networks: they name hosts of Gradio's makers, and say nothing of this page.
_SOCIAL = re.compile(r'\s*<meta\s[^>]*\b(?:property="og:|name="twitter:)[^>]*>')
# Of an app to install, which this is not; it would be looked for outside the folder that a proxy gives us.
_MANIFEST = re.compile(r'\s*<link rel="manifest"[^>]*>')


class Dress:
    """An ASGI wrapper around one Gradio page: changes its document, passes everything else through untouched."""

    def __init__(self, app: ASGIApp, *, language: Language, root: str) -> None:
        self._app = app
        self._language = language
        self._root = root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a request."""
        if scope["type"] != "http" or scope["method"] != "GET" or _inner_path(scope) not in ("", "/"):
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def collect(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start":
                start = message
                return
            body += message.get("body", b"")
            if message.get("more_body") or start is None:
                return
            await self._finish(start, body, send)

        await self._app(scope, receive, collect)

    async def _finish(self, start: Message, body: bytes, send: Send) -> None:
        headers = [(name, value) for name, value in start["headers"] if name != b"content-length"]
        if any(name == b"content-type" and value.startswith(b"text/html") for name, value in headers):
            body = dressed(body.decode("utf-8"), language=self._language, root=self._root).encode("utf-8")
        headers.append((b"content-length", str(len(body)).encode()))
        await send({**start, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _inner_path(scope: Scope) -> str:
    """The path below the mount: Starlette keeps the whole path and says in `root_path` how much is above."""
    path, above = str(scope["path"]), str(scope.get("root_path", ""))
    return path[len(above) :] if above and path.startswith(above) else path


def dressed(document: str, *, language: Language, root: str) -> str:
    """Return the document in our language, with our style and script first in its head."""
    tag = LANG_TAGS[language]
    at = html.escape(f"{root}/static-yigai")
    # The language of Gradio's own words follows the browser's; this page has one language, and says which.
    ours = (
        f'<head><title>{word("title", language)}</title><script>Object.defineProperty(navigator,"language",{{get:()=>"{tag}"}});</script>'
        f'<link rel="icon" type="image/svg+xml" href="{at}/icon.svg">'
        f'<link rel="stylesheet" href="{at}/page.css"><script src="{at}/page.js"></script>'
    )
    document = _MANIFEST.sub("", _SOCIAL.sub("", document))
    document = _LANG.sub(rf"\g<1>{tag}\g<2>", document, count=1)
    return _HEAD.sub(lambda _: ours, document, count=1)
