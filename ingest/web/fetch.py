"""Fetches pages, and the pages of a sitemap, into a folder from which they are ingested like any files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from ingest.web.client import Client
from ingest.web.options import FetchOptions, Surroundings
from ingest.web.pace import Pace
from ingest.web.problems import FetchError
from ingest.web.robots import PRODUCT, Robots
from ingest.web.saved import Fate, Folder
from ingest.web.sitemap_file import Entry
from ingest.web.sitemaps import list_pages
from ingest.web.transport import Transport
from ingest.web.urls import Target, parse_target, without_login


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedPage:
    """A page that is in the folder.

    Attributes:
        url: Its address, without a login.
        path: Its file.
        fate: `new`, `changed`, `unchanged` (asked for, and the same), or `skipped` (a sitemap says it is the same).
    """

    url: str
    path: Path
    fate: Fate


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchProblem:
    """An address, without a login, that is not in the folder as it should be, and why."""

    url: str
    error: FetchError


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchReport:
    """What became of every address, in the order in which they were named; none twice."""

    pages: tuple[FetchedPage, ...]
    problems: tuple[FetchProblem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchEvent:
    """One address is done: the `done`th of `total`."""

    done: int
    total: int
    outcome: FetchedPage | FetchProblem


OnEvent = Callable[[FetchEvent], None]


def fetch_pages(
    urls: Iterable[str],
    *,
    folder: Path,
    options: FetchOptions,
    on_event: OnEvent = lambda _: None,
    surroundings: Surroundings | None = None,
) -> FetchReport:
    """Fetch pages into a folder, one after the other; one that fails is a problem, and the rest goes on.

    Args:
        urls: Their addresses.
        folder: Made if it is not there. A page that is there from an earlier run is asked for only if it changed.
        options: Bounds and permissions.
        on_event: Told of each address.
        surroundings: Name service, clock and sleep; the machine's own unless given.

    Raises:
        FetchError: `unwritable`: nothing can be saved in the folder.
    """
    with _open(folder, options, surroundings or Surroundings()) as session:
        return session.fetch([Entry(url=url) for url in urls], on_event)


def fetch_sitemap(
    url: str,
    *,
    folder: Path,
    options: FetchOptions,
    on_event: OnEvent = lambda _: None,
    surroundings: Surroundings | None = None,
) -> FetchReport:
    """Fetch the pages that a sitemap lists into a folder; those that did not change since are not asked for.

    Arguments and errors are those of `fetch_pages`. What is wrong with the sitemap is a problem of its address.
    """
    with _open(folder, options, surroundings or Surroundings()) as session:
        listed = list_pages(url, client=session.client, permit=session.robots.permit, options=options)
        problems = tuple(FetchProblem(url=place, error=error) for place, error in listed.problems)
        report = session.fetch(listed.pages, on_event)
        return FetchReport(pages=report.pages, problems=(*problems, *report.problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Session:
    client: Client
    robots: Robots
    folder: Folder
    options: FetchOptions

    def fetch(self, entries: Iterable[Entry], on_event: OnEvent) -> FetchReport:
        outcomes: list[FetchedPage | FetchProblem] = []
        wanted = list(_targets(entries))
        for entry, target in wanted:
            try:
                outcome = self._one(entry, target) if isinstance(target, Target) else target
            except FetchError as error:
                if error.code == "unwritable":
                    raise
                outcome = FetchProblem(url=entry.url, error=error)
            outcomes.append(outcome)
            on_event(FetchEvent(done=len(outcomes), total=len(wanted), outcome=outcome))
        return FetchReport(
            pages=tuple(one for one in outcomes if isinstance(one, FetchedPage)),
            problems=tuple(one for one in outcomes if isinstance(one, FetchProblem)),
        )

    def _one(self, entry: Entry, target: Target) -> FetchedPage:
        before = self.folder.find(target)
        if before is not None and entry.changed is not None and before.is_as_new_as(entry.changed):
            return FetchedPage(url=target.url, path=before.path, fate="skipped")
        found = self.client.fetch(
            target,
            permit=self.robots.permit,
            conditions=(lambda _: {}) if before is None else before.conditions,
            max_bytes=self.options.max_bytes,
        )
        path, fate = self.folder.save(target, found, before=before)
        return FetchedPage(url=target.url, path=path, fate=fate)


def _targets(entries: Iterable[Entry]) -> Iterator[tuple[Entry, Target | FetchProblem]]:
    """Addresses in order, each once, whatever login or fragment they have; with what is wrong with those that are none."""
    seen: set[str] = set()
    for entry in entries:
        target: Target | FetchProblem
        try:
            target = parse_target(entry.url)
        except FetchError as error:
            target = FetchProblem(url=without_login(entry.url)[:200], error=error)
        if target.url not in seen:
            seen.add(target.url)
            yield Entry(url=target.url, changed=entry.changed), target


@contextmanager
def _open(folder: Path, options: FetchOptions, surroundings: Surroundings) -> Iterator[_Session]:
    place = Folder(folder, max_bytes=options.max_bytes)
    pace = Pace(surroundings, delay_s=options.delay_s)
    agent = f"{PRODUCT}/{metadata.version('yigai')}"
    with Transport(options, surroundings, user_agent=agent) as transport:
        client = Client(transport, pace, options)
        robots = Robots(client, pace, options)
        yield _Session(client=client, robots=robots, folder=place, options=options)
