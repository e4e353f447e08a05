"""What a request brings along to say who sends it: cookies and the Authorization header. Nothing here raises."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import secrets
from dataclasses import dataclass, field
from urllib.parse import quote

from ui.web.accounts import account_name

VISITOR_COOKIE, SESSION_COOKIE = "yigai_visitor", "yigai_session"
_TOKEN_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)
_YEAR_S = 365 * 24 * 3600
_MOST_HEADER_CHARS = 8192


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """A name and a password that somebody claims to have; neither is checked yet."""

    name: str
    password: str = field(repr=False)


def new_token() -> str:
    """Return 256 random bits in the alphabet of a cookie."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


def token_in(cookie_header: str, name: str) -> str | None:
    """Return the first well-formed token under that name in a Cookie header."""
    for pair in cookie_header.split(";"):
        found, _, value = pair.strip(" \t").partition("=")
        if found == name and _TOKEN.fullmatch(value):
            return value
    return None


def token_cookie(name: str, token: str, *, path: str, is_secure: bool) -> str:
    """Return the Set-Cookie value that gives a token, or with an empty one takes it away."""
    parts = [f"{name}={token}", f"Path={path or '/'}", "HttpOnly", "SameSite=Lax"]
    if not token:
        parts.append("Max-Age=0")
    elif name == VISITOR_COOKIE:
        parts.append(f"Max-Age={_YEAR_S}")
    return "; ".join([*parts, "Secure"] if is_secure else parts)


def visitor_asker(token: str) -> str:
    """Return what a visitor is called inside; their cookie cannot be told from it."""
    return f"v:{hashlib.sha256(token.encode('ascii')).hexdigest()[:32]}"


def account_asker(name: str) -> str:
    """Return what somebody with an account is called inside, in ASCII."""
    return f"u:{quote(name, safe='')}"


def credentials_in(authorization: bytes) -> Credentials | None:
    """Read an Authorization header: Basic, or Bearer with `NAME:PASSWORD`, plain or in base64.

    Clients of OpenAI's interface send their API key as Bearer.
    """
    if len(authorization) > _MOST_HEADER_CHARS:
        return None
    scheme, _, rest = authorization.strip().partition(b" ")
    rest = rest.strip()
    match scheme.lower():
        case b"basic":
            return _pair(_decoded(rest))
        case b"bearer":
            return _pair(rest if b":" in rest else _decoded(rest))
        case _:
            return None


def _decoded(text: bytes) -> bytes:
    """Decode either alphabet of base64, with or without its padding; nothing where it is neither."""
    try:
        standard = text.rstrip(b"=").translate(bytes.maketrans(b"-_", b"+/"))
        return base64.b64decode(standard + b"=" * (-len(standard) % 4), validate=True)
    except (binascii.Error, ValueError):
        return b""


def _pair(raw: bytes) -> Credentials | None:
    try:
        name, colon, password = raw.decode("utf-8").partition(":")
    except UnicodeDecodeError:
        return None
    known = account_name(name)
    return Credentials(name=known, password=password) if colon and known else None
