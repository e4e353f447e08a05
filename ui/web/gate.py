"""The gate: who may come in, from where, and as whom they are known inside. Pure ASGI, nothing is buffered.

A request is turned away for its host, for a path that is closed, for coming from another site, or for not being
logged in, in this order; what passes carries `x-yigai-asker`, whatever the client sent under that name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from ui.web.credentials import (
    SESSION_COOKIE,
    VISITOR_COOKIE,
    account_asker,
    credentials_in,
    new_token,
    token_cookie,
    token_in,
    visitor_asker,
)
from ui.web.entrance import Entrance, TooManyAttemptsError
from ui.web.headers import guarding
from ui.web.places import host_name, is_same_origin, local_path, safe_next

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from ui.web.accounts import Accounts

ASKER_HEADER = b"x-yigai-asker"
ENTRANCE = "yigai.entrance"
"""Under this key of the scope the routes of `ui.web.login` find the gate's sessions; None without accounts."""

_CHANGES_NOTHING = ("GET", "HEAD", "OPTIONS")
_FROM_HERE = ("same-origin", "none")
_POLICY_VIOLATION = 1008
_CHALLENGE = 'Basic realm="yigai", charset="UTF-8"'
_WORDS = {
    "wrong_host": "请用本机地址打开。This server answers only under its own name; the Host header says another.",
    "not_found": "没有这个页面。There is nothing here.",
    "cross_site": "请求来自别的网站，已拒绝。The request comes from another site and is refused.",
    "unauthorized": "请先登录。Log in first: a session, Basic, or Bearer NAME:PASSWORD.",
    "too_many_attempts": "失败次数过多，请稍后再试。Too many attempts have failed; try again later.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the gate lets in.

    Attributes:
        accounts: Who may log in; None lets everyone in, each browser under its own visitor cookie.
        loopback_only_hosts: Names that a Host header may have; None where any may (not for a server on loopback).
        root_path: The folder that a proxy puts the server in, without a slash at its end.
        closed: Beginnings of paths that are answered with 404.
        open: Paths that need no login; one that ends with a slash stands for all below it.
    """

    accounts: Accounts | None = None
    loopback_only_hosts: tuple[str, ...] | None = None
    root_path: str = ""
    closed: tuple[str, ...] = ()
    open: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """Somebody who may pass: the name for inside (empty where there is none), and a cookie to give them."""

    asker: str = ""
    cookie: str = ""
    has_account: bool = False


class Gate:
    """The outermost layer of the server; put it around the whole application."""

    def __init__(self, app: ASGIApp, *, policy: Policy) -> None:
        self._app, self._policy = app, policy
        self._entrance = Entrance(policy.accounts) if policy.accounts is not None else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or answer it here; what is neither HTTP nor a websocket passes."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        decision = await self._decide(scope)
        if isinstance(decision, Admitted):
            out = guarding(send, cookie=decision.cookie, is_personal=decision.has_account)
            await self._app(self._inside(scope, decision), receive, out)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": _POLICY_VIOLATION, "reason": ""})
        else:
            await decision(scope, receive, guarding(send))

    async def _decide(self, scope: Scope) -> Admitted | Response:
        headers = Headers(scope=scope)
        if not _has_known_host(headers, self._policy.loopback_only_hosts):
            return PlainTextResponse(_WORDS["wrong_host"], status_code=421)
        if _is_closed(scope["path"], self._policy):
            return _refusal(404, "not_found")
        if not _is_from_here(scope, headers):
            return _refusal(403, "cross_site")
        if self._entrance is None:
            return _visitor(scope, headers, self._policy.root_path)
        try:
            return await self._account(scope, headers, self._entrance)
        except TooManyAttemptsError as error:
            return _refusal(429, "too_many_attempts", {"retry-after": str(error.wait_s)})

    async def _account(self, scope: Scope, headers: Headers, entrance: Entrance) -> Admitted | Response:
        token = token_in(_cookies(headers), SESSION_COOKIE)
        name = entrance.sessions.name_of(token) if token else None
        if name is None and _is_open(scope["path"], self._policy):
            return Admitted()
        if name is None:
            name = await _checked_name(scope, headers, entrance)
        if name is None:
            return _log_in_first(scope, headers, self._policy.root_path)
        return Admitted(asker=account_asker(name), has_account=True)

    def _inside(self, scope: Scope, admitted: Admitted) -> Scope:
        """The scope with our name for the asker; passwords go no further."""
        taken = {ASKER_HEADER} | ({b"authorization"} if self._entrance is not None else set())
        headers = [(name, value) for name, value in scope["headers"] if name.lower() not in taken]
        headers.append((ASKER_HEADER, admitted.asker.encode("ascii")))
        return {**scope, "headers": headers, ENTRANCE: self._entrance}


def _visitor(scope: Scope, headers: Headers, root_path: str) -> Admitted:
    token = token_in(_cookies(headers), VISITOR_COOKIE)
    if token is not None:
        return Admitted(asker=visitor_asker(token))
    if not _wants_page(scope, headers):
        return Admitted()
    token = new_token()
    cookie = token_cookie(VISITOR_COOKIE, token, path=root_path, is_secure=scope["scheme"] == "https")
    return Admitted(asker=visitor_asker(token), cookie=cookie)


async def _checked_name(scope: Scope, headers: Headers, entrance: Entrance) -> str | None:
    sent = headers.getlist("authorization")
    credentials = credentials_in(sent[0].encode("latin-1")) if len(sent) == 1 else None
    if credentials is None or not await entrance.check(credentials, client_address(scope)):
        return None
    return credentials.name


def client_address(scope: Scope) -> str:
    """Return where the request came from; empty where the server cannot tell."""
    client = scope.get("client")
    return str(client[0]) if client else ""


def _has_known_host(headers: Headers, known: tuple[str, ...] | None) -> bool:
    """Whether the Host header names this server: a page elsewhere may point its own name at our address."""
    if known is None:
        return True
    sent = headers.getlist("host")
    name = host_name(sent[0]) if len(sent) == 1 else None
    return name is not None and name in {host.strip("[]").lower() for host in known}


def _is_closed(path: str, policy: Policy) -> bool:
    """Whether the path is closed, also when a proxy's folder stands before it or slashes are doubled."""
    single = _without_doubled_slashes(path)
    return single.startswith(policy.closed) or local_path(single, policy.root_path).startswith(policy.closed)


def _is_open(path: str, policy: Policy) -> bool:
    local = local_path(path, policy.root_path)
    if ".." in local.split("/"):
        return False
    return any(local == entry or (entry.endswith("/") and local.startswith(entry)) for entry in policy.open)


def _without_doubled_slashes(path: str) -> str:
    while "//" in path:
        path = path.replace("//", "/")
    return path


def _is_from_here(scope: Scope, headers: Headers) -> bool:
    """Whether the request is our own page's, or no browser's. A websocket changes what it likes, so it is checked."""
    if scope["type"] == "http" and scope["method"] in _CHANGES_NOTHING:
        return True
    site, origins = headers.getlist("sec-fetch-site"), headers.getlist("origin")
    if site:
        return all(value in _FROM_HERE for value in site)
    return all(is_same_origin(origin, headers.get("host", "")) for origin in origins)


def _log_in_first(scope: Scope, headers: Headers, root_path: str) -> Response:
    if _wants_page(scope, headers):
        return RedirectResponse(
            f"{root_path}/login?next={quote(_asked_for(scope, root_path), safe='/')}", 303
        )
    # A challenge would make the browser ask for a password by itself, over the page that is open.
    is_page = "sec-fetch-mode" in headers
    return _refusal(401, "unauthorized", {} if is_page else {"www-authenticate": _CHALLENGE})


def _asked_for(scope: Scope, root_path: str) -> str:
    path = quote(local_path(scope["path"], root_path), safe="/@:+,;=~!$&'()*")
    query = scope.get("query_string", b"").decode("latin-1")
    return safe_next(f"{root_path}{path}{'?' if query else ''}{query}", root_path)


def _wants_page(scope: Scope, headers: Headers) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    ranges = ",".join(headers.getlist("accept")).lower().split(",")
    return any(part.split(";")[0].strip() == "text/html" for part in ranges)


def _cookies(headers: Headers) -> str:
    return ";".join(headers.getlist("cookie"))


def _refusal(status: int, code: str, headers: dict[str, str] | None = None) -> Response:
    error = {"code": code, "message": _WORDS[code]}
    return JSONResponse({"error": error}, status_code=status, headers=headers)
