"""What sites ask of programs in robots.txt, as RFC 9309 reads it; asked for once a site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.web.client import Client
from ingest.web.options import FetchOptions
from ingest.web.pace import Pace
from ingest.web.problems import FetchError, crawl_delay, robots_forbid, robots_unreadable
from ingest.web.urls import Target, parse_target

if TYPE_CHECKING:
    from protego import Protego

PRODUCT = "yigai"
"""The name by which robots.txt speaks of this program."""
_MAX_BYTES = 5_000_000  # RFC 9309 wants 500 KiB at least to be read
_MAX_LINE_CHARS = 4_096
# Of a site whose robots.txt is not there, everything may be read.
_NONE_THERE = frozenset({"not_found", "forbidden", "http_status", "redirects"})
# The page would fail for the same reason, which says more than that robots.txt did.
_SAME_FOR_THE_PAGE = frozenset({"private_address", "unreachable", "tls", "proxy", "timeout", "too_slow"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Site:
    """A site's rules; without any, everything may be read, or with an error nothing."""

    rules: Protego | None = None
    error: FetchError | None = None


class Robots:
    """Says of each address whether its site lets it be read."""

    def __init__(self, client: Client, pace: Pace, options: FetchOptions) -> None:
        self._client = client
        self._pace = pace
        self._options = options
        self._sites: dict[str, _Site] = {}
        self._visited: set[str] = set()

    def permit(self, target: Target) -> None:
        """Let an address pass, and keep its site's pause from now on.

        Raises:
            FetchError: `robots`, `robots_unreadable`, `crawl_delay`; or why the site cannot be reached at all.
        """
        if target.origin not in self._sites:
            self._sites[target.origin] = self._look(target)
        site = self._sites[target.origin]
        if site.error is not None:
            raise site.error
        if site.rules is None:
            return
        if not site.rules.can_fetch(target.url, PRODUCT):
            raise robots_forbid(target.host)
        asked_s = site.rules.crawl_delay(PRODUCT) or 0.0
        if asked_s > self._options.max_delay_s:
            if target.origin in self._visited:
                raise crawl_delay(target.host, asked_s, self._options.max_delay_s)
        elif asked_s > 0:
            self._pace.ask(target.host, asked_s)
        self._visited.add(target.origin)

    def _look(self, target: Target) -> _Site:
        address = parse_target("/robots.txt", base=f"{target.origin}/")
        address = Target(url=address.url, host=address.host, origin=address.origin, login=target.login)
        try:
            found = self._client.fetch(address, permit=lambda _: None, max_bytes=_MAX_BYTES)
        except FetchError as error:
            if error.code in _NONE_THERE:
                return _Site()
            is_same = error.code in _SAME_FOR_THE_PAGE
            return _Site(error=error if is_same else robots_unreadable(target.host, error))
        return _Site(rules=_parsed(found.reply.body))


def _parsed(content: bytes) -> Protego:
    from protego import Protego

    lines = content.decode("utf-8", errors="replace").removeprefix("\ufeff").splitlines()
    return Protego.parse("\n".join(line for line in lines if len(line) <= _MAX_LINE_CHARS))
