"""What every response carries so that browsers let nothing else in, and what none may carry."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import Message, Send

RawHeaders = list[tuple[bytes, bytes]]

# Gradio starts from inline scripts and builds functions from text, so the page needs both 'unsafe-inline' and
# 'unsafe-eval'; what is shown is escaped all the same, and nothing can be loaded from or sent to anywhere else.
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "frame-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
        "worker-src 'self' blob:",
    )
)
_ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "SAMEORIGIN",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
_OPENS_TO_OTHERS = b"access-control-allow-"
_STARTS = ("http.response.start", "websocket.http.response.start")


def guarded(headers: Iterable[tuple[bytes, bytes]]) -> RawHeaders:
    """Return the headers with ours in place; a policy that the response came with is kept."""
    ours = {name.encode(): value.encode() for name, value in _ALWAYS.items()}
    kept = [
        (name, value)
        for name, value in headers
        if name.lower() not in ours and not name.lower().startswith(_OPENS_TO_OTHERS)
    ]
    if not any(name.lower() == b"content-security-policy" for name, _ in kept):
        kept.append((b"content-security-policy", CONTENT_SECURITY_POLICY.encode()))
    return kept + list(ours.items())


def guarding(send: Send, *, cookie: str = "", is_personal: bool = False) -> Send:
    """Return a `send` that puts the headers on the way out; bodies pass as they come, piece by piece.

    A response that sets the cookie may not be kept by anyone; a personal one may not be shared by a cache.
    """

    async def send_guarded(message: Message) -> None:
        if message["type"] in _STARTS:
            headers = guarded(message.get("headers", ()))
            message = {**message, "headers": _marked(headers, cookie=cookie, is_personal=is_personal)}
        await send(message)

    return send_guarded


def _marked(headers: RawHeaders, *, cookie: str, is_personal: bool) -> RawHeaders:
    if cookie:
        kept = [(name, value) for name, value in headers if name.lower() != b"cache-control"]
        return [*kept, (b"cache-control", b"no-store"), (b"set-cookie", cookie.encode("ascii"))]
    if is_personal and not any(name.lower() == b"cache-control" for name, _ in headers):
        return [*headers, (b"cache-control", b"private")]
    return headers
