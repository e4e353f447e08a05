from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from copies import copy_library
from web_server import WebServer, running

ASKED_S = 60
PASSWORDS = {"li.na": "correct:horse battery", "王五": "另一个足够长的密码", "guest": "guess-me-five-times"}


@dataclass(frozen=True)
class Guarded:
    """A server with accounts in a folder, and the secrets that it must never say."""

    server: WebServer
    secrets: tuple[str, ...]

    @property
    def address(self) -> str:
        """As a proxy sees it that takes the folder off the path."""
        return self.server.address


@pytest.fixture(scope="session")
def started(sample_library, tmp_path_factory) -> Callable[..., Iterator[WebServer]]:
    """Starts a server over a copy of the sample library."""

    def start(name: str, *options: object) -> Iterator[WebServer]:
        folder = tmp_path_factory.mktemp(name)
        library = copy_library(sample_library, folder / "library")
        with running(library, folder / "home", *options) as server:
            yield server
            server.process.send_signal(signal.SIGINT)
            assert server.process.wait(15) == 0

    return start


@pytest.fixture(scope="session")
def server(started) -> Iterator[WebServer]:
    yield from started("default")


@pytest.fixture(scope="session")
def narrow(started) -> Iterator[WebServer]:
    """A server that may only read its library, and lets one wait."""
    yield from started("narrow", "--read-only", "--queue", 1)


@pytest.fixture(scope="session")
def guarded(started, tmp_path_factory) -> Iterator[Guarded]:
    accounts = tmp_path_factory.mktemp("accounts") / "accounts.txt"
    for name, word in PASSWORDS.items():
        given = subprocess.run(
            [Path(sys.executable).with_name("yigai"), "password", name, "--auth", accounts],
            input=f"{word}\n",
            encoding="utf-8",
            capture_output=True,
        )
        assert given.returncode == 0, given.stderr
    hashes = [line.partition(":")[2] for line in accounts.read_text("utf-8").splitlines() if ":" in line]
    assert len(hashes) == len(PASSWORDS)
    for one in started("guarded", "--auth", accounts, "--root-path", "/yigai"):
        yield Guarded(one, (*PASSWORDS.values(), *hashes))


@pytest.fixture
def api(server) -> Iterator[httpx.Client]:
    """A program that asks the server: no cookies to begin with."""
    with httpx.Client(base_url=server.address, timeout=ASKED_S) as client:
        yield client


@pytest.fixture
def reader() -> Iterator[Callable[[str], httpx.Client]]:
    """Makes browsers that have opened the page of a server, and so have the cookie of a visitor."""
    clients: list[httpx.Client] = []

    def come(address: str) -> httpx.Client:
        client = httpx.Client(base_url=address, timeout=ASKED_S)
        clients.append(client)
        assert client.get("/", headers={"accept": "text/html"}).status_code == 200
        assert len(client.cookies) == 1
        return client

    yield come
    for client in clients:
        client.close()
