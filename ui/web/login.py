"""Logging in and out: a page of its own that needs no script, and nothing from anywhere else."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from rag.types import Language
from ui.web.accounts import MOST_NAME_CHARS, account_name
from ui.web.credentials import SESSION_COOKIE, Credentials, token_cookie, token_in
from ui.web.entrance import Entrance, TooManyAttemptsError
from ui.web.gate import ENTRANCE, client_address
from ui.web.places import safe_next
from ui.web.view import LANG_TAGS, fill
from ui.web.words import word

_HERE = Path(__file__).parent / "templates"
_MOST_FORM_BYTES = 16 * 1024
_MOST_FIELDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginPage:
    """What the page shows; `next_path` is where it leads, and is checked already."""

    language: Language
    next_path: str
    root_path: str = ""
    name: str = ""
    error: str = ""


def login_routes(root_path: str = "") -> list[Route]:
    """Return `GET` and `POST /login` and `POST /logout`, for an application behind the gate."""

    async def show(request: Request) -> Response:
        return _show(request, root_path)

    async def enter(request: Request) -> Response:
        return await _enter(request, root_path)

    async def leave(request: Request) -> Response:
        return _leave(request, root_path)

    return [
        Route("/login", show, methods=["GET"], name="login"),
        Route("/login", enter, methods=["POST"], name="enter"),
        Route("/logout", leave, methods=["POST"], name="logout"),
    ]


def render_login(page: LoginPage) -> str:
    """Return the page as HTML."""
    other: Language = "en" if page.language == "zh" else "zh"
    switch = urlencode({"lang": other, "next": page.next_path})
    return fill(
        "login",
        language=page.language,
        root=page.root_path,
        page=page,
        switch=f"{page.root_path}/login?{switch}",
        style=_style(),
        most_name_chars=MOST_NAME_CHARS,
    )


def _show(request: Request, root_path: str) -> Response:
    entrance, next_path = _entrance(request), safe_next(request.query_params.get("next", ""), root_path)
    token = _token(request)
    if entrance is None or (token and entrance.sessions.name_of(token)):
        return _go(next_path)
    language = _language(request.query_params.get("lang", ""))
    return _page(LoginPage(language=language, next_path=next_path, root_path=root_path))


async def _enter(request: Request, root_path: str) -> Response:
    entrance, form = _entrance(request), await _form(request)
    wanted = form if form is not None else dict(request.query_params)
    page = LoginPage(
        language=_language(wanted.get("lang", "")),
        next_path=safe_next(wanted.get("next", ""), root_path),
        root_path=root_path,
        name=wanted.get("name", "")[:MOST_NAME_CHARS],
    )
    if entrance is None:
        return _go(page.next_path)
    if form is None:
        return _failed(page, word("login_unreadable", page.language), status=400)
    return await _checked(request, entrance, page, form)


async def _checked(request: Request, entrance: Entrance, page: LoginPage, form: dict[str, str]) -> Response:
    name = account_name(form.get("name", "").strip())
    try:
        is_right = name is not None and await entrance.check(
            Credentials(name=name, password=form.get("password", "")), client_address(request.scope)
        )
    except TooManyAttemptsError as error:
        response = _failed(page, error.localised(page.language), status=429)
        response.headers["retry-after"] = str(error.wait_s)
        return response
    if name is None or not is_right:
        return _failed(page, word("login_wrong", page.language), status=403)
    return _with_session(request, entrance, page, name)


def _with_session(request: Request, entrance: Entrance, page: LoginPage, name: str) -> Response:
    """Begin a session under a new token: one that was there before may be known to somebody else."""
    if (earlier := _token(request)) is not None:
        entrance.sessions.close(earlier)
    return _go(page.next_path, cookie=_cookie(request, page.root_path, entrance.sessions.open(name)))


def _leave(request: Request, root_path: str) -> Response:
    entrance, token = _entrance(request), _token(request)
    if entrance is None:
        return _go(f"{root_path}/")
    if token is not None:
        entrance.sessions.close(token)
    return _go(f"{root_path}/login", cookie=_cookie(request, root_path, ""))


async def _form(request: Request) -> dict[str, str] | None:
    """Read the form; None where it is none, or longer than any of ours. Of a field given twice the last counts."""
    if (
        request.headers.get("content-type", "").partition(";")[0].strip()
        != "application/x-www-form-urlencoded"
    ):
        return None
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > _MOST_FORM_BYTES:
            return None
    try:
        return dict(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MOST_FIELDS))
    except ValueError:
        return None


def _entrance(request: Request) -> Entrance | None:
    found = request.scope[ENTRANCE]
    return found if isinstance(found, Entrance) else None


def _token(request: Request) -> str | None:
    return token_in(";".join(request.headers.getlist("cookie")), SESSION_COOKIE)


def _cookie(request: Request, root_path: str, token: str) -> str:
    return token_cookie(SESSION_COOKIE, token, path=root_path, is_secure=request.scope["scheme"] == "https")


def _language(wanted: str) -> Language:
    return "en" if wanted == "en" else "zh"


def _go(path: str, *, cookie: str = "") -> Response:
    response = RedirectResponse(path, status_code=303, headers={"cache-control": "no-store"})
    if cookie:
        response.headers["set-cookie"] = cookie
    return response


def _failed(page: LoginPage, error: str, *, status: int) -> Response:
    return _page(replace(page, error=error), status=status)


def _page(page: LoginPage, *, status: int = 200) -> Response:
    headers = {
        "cache-control": "no-store",
        "content-security-policy": _policy(_style()),
        "content-language": LANG_TAGS[page.language],
    }
    return HTMLResponse(render_login(page), status_code=status, headers=headers)


def _style() -> str:
    """The style as it is: ours, and named by hash in the policy, so that it must not be escaped."""
    from markupsafe import Markup

    return Markup((_HERE / "login.css").read_text(encoding="utf-8").strip())  # noqa: S704 — the package's own file


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
