from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
from copies import copy_library
from web_server import WebServer, running

ASKED_MS = 30_000
_FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
]  # fmt: skip


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Debian's Chromium; CI must have it, elsewhere these tests are skipped."""
    found = os.environ.get("CHROMIUM") or next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))),
        None,
    )
    if found is None and os.environ.get("CI"):
        pytest.fail("no Chromium: .ci/run installs Debian's package `chromium`")
    if found is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium fonts-noto-cjk)")
    return str(found)


@pytest.fixture(scope="session")
def server(chromium_path, sample_library, tmp_path_factory) -> Iterator[WebServer]:
    """The real server over a copy of the sample library."""
    folder = tmp_path_factory.mktemp("web")
    library = copy_library(sample_library, folder / "library")
    with running(library, folder / "home") as started:
        yield started


@pytest.fixture(scope="module")
def chromium(chromium_path) -> Iterator[Any]:
    """A browser for the tests of one file: while its driver runs, no asynchronous test can."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=_FLAGS)
        yield browser
        browser.close()


@dataclass
class Visitor:
    """A person at a browser of their own, with everything their page asked for and complained of."""

    page: Any
    address: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", self._note)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", self._refuse)

    def _note(self, message: Any) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def _refuse(self, dialog: Any) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    @property
    def strangers(self) -> list[str]:
        """Requests to anything but the server."""
        host = urlsplit(self.address).netloc
        return [
            u
            for u in self.requests
            if urlsplit(u).scheme in ("http", "https", "ws") and urlsplit(u).netloc != host
        ]

    def open(self, path: str = "/") -> Any:
        self.page.goto(self.address + path)
        self.page.wait_for_selector("#log .conversation", timeout=ASKED_MS)
        return self.page

    def ask(self, question: str) -> Any:
        """Ask as a person does; returns the turn that answers."""
        before = self.page.locator("#log .turn").count()
        self.page.locator("#question-box textarea").fill(question)
        self.page.locator("#question-box textarea").press("Enter")
        turn = self.page.locator("#log .turn").nth(before)
        turn.wait_for(timeout=ASKED_MS)
        return turn

    def search(self, text: str) -> None:
        """Type into the library's search."""
        box = self.page.locator("#search textarea")
        box.clear()
        box.press_sequentially(text, delay=20)

    def tab(self, name: str) -> None:
        self.page.get_by_role("tab", name=name, exact=True).click()


@pytest.fixture
def visit(chromium, server):
    """Opens a browser with nothing in it: `visit()`, `visit(width=390)`; each is another person."""
    contexts = []

    def come(*, width: int = 1280, height: int = 900, address: str = "", **options: Any) -> Visitor:
        context = chromium.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        return Visitor(context.new_page(), address or server.address)

    yield come
    for context in contexts:
        context.close()


@pytest.fixture
def visitor(visit) -> Visitor:
    return visit()
