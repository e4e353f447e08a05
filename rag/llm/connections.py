"""How requests leave for a model's server: nothing of another server's goes with them, nothing secret stays in a log."""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import httpx

from rag.llm.opening import is_here, public_part

_OF_OPENAI = ("OpenAI-Organization", "OpenAI-Project")
"""Its client sends what OPENAI_ORG_ID and OPENAI_PROJECT_ID say to whatever server it is given."""


def connection(base_url: str, *, timeout_s: float | None) -> dict[str, Any]:
    """Return what LangChain's model for OpenAI needs to reach a server, as it names it.

    Args:
        base_url: The server; a user name, a password and a query are sent, and logged by nobody.
        timeout_s: Seconds to wait for the next bytes; None waits for ever.
    """
    logging.getLogger("httpx").addFilter(_discreet)
    parts = urlsplit(base_url)
    options: dict[str, Any] = {
        # A proxy is for other machines.
        "trust_env": not is_here(base_url),
        # None is kept: one that the server has given up meanwhile would cost an attempt.
        "limits": httpx.Limits(max_keepalive_connections=0),
        "timeout": timeout_s,
    }
    if parts.username or parts.password:
        options["auth"] = httpx.BasicAuth(unquote(parts.username or ""), unquote(parts.password or ""))
    is_openai = parts.hostname == "api.openai.com"
    return {
        "base_url": public_part(base_url),
        "default_query": dict(parse_qsl(parts.query)),
        "http_client": httpx.Client(**options, event_hooks={} if is_openai else {"request": [_strip]}),
        "http_async_client": httpx.AsyncClient(
            **options, event_hooks={} if is_openai else {"request": [_strip_soon]}
        ),
    }


def _strip(request: httpx.Request) -> None:
    for name in _OF_OPENAI:
        request.headers.pop(name, None)


async def _strip_soon(request: httpx.Request) -> None:
    _strip(request)


def _discreet(record: logging.LogRecord) -> bool:
    """Leave of each address only what is public; httpx logs whole ones."""
    if isinstance(record.args, tuple):
        record.args = tuple(public_part(str(a)) if isinstance(a, httpx.URL) else a for a in record.args)
    return True
