"""Fetches one thing: by way of redirects, each checked like the first address, and again where a server was busy."""

from __future__ import annotations

import datetime
import email.utils
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ingest.web.options import FetchOptions
from ingest.web.pace import Pace
from ingest.web.problems import FetchError, bad_status, broken_off, busy, too_many_redirects
from ingest.web.transport import Reply, Transport
from ingest.web.urls import Target, parse_target

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TRY_AGAIN = frozenset({429, 500, 502, 503, 504})
_TRY_AGAIN_AFTER = frozenset({"timeout", "broken_off", "unreachable"})

Permit = Callable[[Target], None]
"""Raises FetchError where an address may not be fetched; called for each hop."""
Conditions = Callable[[Target], Mapping[str, str]]
"""The headers by which a page is asked for only if it is another than the one that is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A reply of status 200, 203 or 304, and where it was found in the end."""

    target: Target
    reply: Reply


class Client:
    """Fetches with patience, up to a bound in everything."""

    def __init__(self, transport: Transport, pace: Pace, options: FetchOptions) -> None:
        self._transport = transport
        self._pace = pace
        self._options = options

    def fetch(
        self, target: Target, *, permit: Permit, conditions: Conditions = lambda _: {}, max_bytes: int
    ) -> Found:
        """Fetch an address.

        Raises:
            FetchError: Any of its codes.
        """
        seen = set()
        for _ in range(self._options.max_redirects + 1):
            seen.add(target.url)
            permit(target)
            headers = conditions(target)
            reply = self._patiently(target, headers=headers, max_bytes=max_bytes)
            if reply.status in {200, 203} or (reply.status == 304 and headers):
                return Found(target=target, reply=reply)
            if reply.status not in _REDIRECTS:
                raise busy(reply.status, None) if reply.status >= 500 else bad_status(reply.status)
            location = reply.header("location")
            if location is None:
                break
            target = _next(target, location)
            if target.url in seen:
                break
        raise too_many_redirects(self._options.max_redirects)

    def _patiently(self, target: Target, *, headers: Mapping[str, str], max_bytes: int) -> Reply:
        """Ask; once more, after a pause, where the server was busy or the connection broke."""
        for attempt in range(self._options.retries + 1):
            is_last = attempt == self._options.retries
            wait_s = self._options.backoff_s * 2**attempt
            self._pace.wait(target.host)
            try:
                reply = self._transport.get(target, headers=headers, max_bytes=max_bytes)
            except FetchError as error:
                if is_last or error.code not in _TRY_AGAIN_AFTER:
                    raise
            else:
                if reply.status not in _TRY_AGAIN:
                    return reply
                asked_s = retry_after_s(reply.header("retry-after"))
                if is_last or (asked_s or 0.0) > self._options.max_wait_s:
                    raise busy(reply.status, asked_s)
                wait_s = wait_s if asked_s is None else asked_s
            self._pace.rest(min(wait_s, self._options.max_wait_s))
        raise broken_off(target.host)  # with fewer than no retries


def _next(target: Target, location: str) -> Target:
    """Where a redirect leads; a login goes along within its own origin only."""
    found = parse_target(location, base=target.url)
    login = found.login or (target.login if found.origin == target.origin else None)
    return Target(url=found.url, host=found.host, origin=found.origin, login=login)


def retry_after_s(header: str | None) -> float | None:
    """Seconds that a server asks to wait for, as a number or a date; None where it asks for nothing that is either."""
    text = (header or "").strip()
    if text.isascii() and text.isdecimal():
        return float(text[:9])
    try:
        date = email.utils.parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=datetime.UTC)
    return max(0.0, (date - datetime.datetime.now(datetime.UTC)).total_seconds())
