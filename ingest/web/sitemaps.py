"""Lists the pages of a sitemap, and of the sitemaps that it lists, up to a bound."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from ingest.web.client import Client, Permit
from ingest.web.options import FetchOptions
from ingest.web.problems import (
    FetchError,
    nested_sitemap,
    other_host,
    too_many_pages,
    too_many_sitemaps,
)
from ingest.web.sitemap_file import Entry, parse_sitemap
from ingest.web.urls import parse_target, without_login

_MAX_BYTES = 50_000_000  # of one sitemap, unpacked, as the protocol has it
_MAX_LISTED = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """The pages in the order in which they are listed, and what is wrong with which sitemap."""

    pages: tuple[Entry, ...]
    problems: tuple[tuple[str, FetchError], ...]


def list_pages(url: str, *, client: Client, permit: Permit, options: FetchOptions) -> Listed:
    """Read a sitemap and those in it; none is read twice, and what is wrong with one leaves the others."""
    reading = _Reading(client, permit, options)
    waiting = deque([(url, 1)])
    while waiting and not reading.is_full:
        written, depth = waiting.popleft()
        try:
            waiting.extend((inner, depth + 1) for inner in reading.read(written, depth))
        except FetchError as error:
            reading.problems.append((without_login(written)[:200], error))
    return Listed(pages=tuple(reading.pages), problems=tuple(reading.problems))


class _Reading:
    """Reads sitemaps until there is enough of them."""

    def __init__(self, client: Client, permit: Permit, options: FetchOptions) -> None:
        self._client = client
        self._permit = permit
        self._options = options
        self._seen: set[str] = set()
        self._home: str | None = None
        self.pages: list[Entry] = []
        self.problems: list[tuple[str, FetchError]] = []
        self.is_full = False

    def read(self, written: str, depth: int) -> list[str]:
        """Take the pages of one sitemap; the addresses of those that it lists are for the next calls.

        Raises:
            FetchError: It cannot be read, or is one too many or too deep.
        """
        target = parse_target(written)
        if target.url in self._seen:
            return []
        if depth > self._options.max_sitemap_depth:
            raise nested_sitemap(self._options.max_sitemap_depth)
        if len(self._seen) >= self._options.max_sitemaps:
            self.is_full = True
            raise too_many_sitemaps(self._options.max_sitemaps)
        self._seen.add(target.url)
        found = self._client.fetch(target, permit=self._permit, max_bytes=_MAX_BYTES)
        file = parse_sitemap(found.reply.body, max_bytes=_MAX_BYTES, max_entries=_MAX_LISTED)
        self._home = self._home or found.target.host
        self._take(self._at_home(file.pages, target.url), target.url, is_cut=file.is_cut)
        return [entry.url for entry in self._at_home(file.sitemaps, target.url)]

    def _at_home(self, entries: tuple[Entry, ...], place: str) -> list[Entry]:
        """The entries on the first sitemap's host; the others are counted. Those that are no address go on as they are."""
        if self._options.other_hosts:
            return list(entries)
        kept = [entry for entry in entries if _host(entry.url) in {None, _bare(self._home)}]
        if len(kept) < len(entries):
            self.problems.append((place, other_host(str(self._home), len(entries) - len(kept))))
        return kept

    def _take(self, entries: list[Entry], place: str, *, is_cut: bool) -> None:
        room = self._options.max_pages - len(self.pages)
        self.pages.extend(entries[:room])
        if len(entries) > room or is_cut:
            self.problems.append((place, too_many_pages(min(self._options.max_pages, _MAX_LISTED))))
            self.is_full = len(entries) > room


def _host(url: str) -> str | None:
    try:
        return _bare(parse_target(url).host)
    except FetchError:
        return None


def _bare(host: str | None) -> str | None:
    """A host and the same one with `www.` are one site."""
    return host.removeprefix("www.") if host is not None else None
