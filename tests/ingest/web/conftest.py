from __future__ import annotations

from dataclasses import replace

import pytest
from site_server import serving

from ingest.web import FetchOptions, Surroundings
from ingest.web.fetch import fetch_pages, fetch_sitemap

OPTIONS = FetchOptions(delay_s=0, backoff_s=0, allow_private=True, connect_s=5, read_s=5, whole_s=10)


class Clock:
    """Time that passes when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 1_000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def read(self) -> float:
        return self.now


@pytest.fixture
def options():
    """Options for a server on this machine; nobody waits."""
    return OPTIONS


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def site():
    with serving() as one:
        yield one


@pytest.fixture
def here(clock):
    """Surroundings in which every name but an address is this machine, and nobody sleeps."""
    looked_up = []

    def resolve(host, port):
        looked_up.append(host)
        return ["127.0.0.1"]

    surroundings = Surroundings(resolve=resolve, clock=clock.read, sleep=clock.sleep)
    return surroundings, looked_up


@pytest.fixture
def fetch(tmp_path, here):
    """Fetches addresses into a folder; options by name."""

    def run(*urls, **options):
        return fetch_pages(
            urls, folder=tmp_path / "pages", options=replace(OPTIONS, **options), surroundings=here[0]
        )

    return run


@pytest.fixture
def crawl(tmp_path, here):
    """Fetches the pages of a sitemap into the same folder."""

    def run(url, **options):
        return fetch_sitemap(
            url, folder=tmp_path / "pages", options=replace(OPTIONS, **options), surroundings=here[0]
        )

    return run
