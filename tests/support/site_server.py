"""A web site on this machine that answers as it is told, and remembers what it was asked."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True, kw_only=True)
class Page:
    """What is answered. `raw` is sent instead of everything else; `drip_s` is a pause before each byte of either."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    kind: str | None = "text/html; charset=utf-8"
    raw: bytes | None = None
    drip_s: float = 0.0
    wait_s: float = 0.0


Answer = Page | Callable[[Mapping[str, str]], Page]
"""A page, or what makes one of the request's headers."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request, on the clock of this machine."""

    path: str
    headers: Mapping[str, str]
    at: float


class Site:
    """What is where; an address that is not there is not found. An answer that is a list is given one after the other."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.pages: dict[str, Answer | list[Answer]] = {}
        self.asked: list[Asked] = []

    def paths(self) -> list[str]:
        """The paths that were asked for, but for robots.txt."""
        return [one.path for one in self.asked if one.path != "/robots.txt"]

    def answer(self, path: str, headers: Mapping[str, str]) -> Page:
        """Give the page of a path, and remember that it was asked for."""
        self.asked.append(Asked(path=path, headers=headers, at=time.monotonic()))
        answer = self.pages.get(path, Page(status=404))
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        return answer if isinstance(answer, Page) else answer(headers)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    site: Site

    def handle_error(self, *_: object) -> None:
        """Clients leave in the middle, as some tests want."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 20
    server: _Server

    def do_GET(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        page = self.server.site.answer(self.path, headers)
        time.sleep(page.wait_s)
        try:
            self._send(page)
        except OSError:
            self.close_connection = True

    def _send(self, page: Page) -> None:
        if page.raw is not None:
            self._drip(page.raw, page.drip_s)
            self.close_connection = True
            return
        self.send_response(page.status)
        headers = {"Content-Length": str(len(page.body)), **page.headers}
        if page.kind is not None:
            headers.setdefault("Content-Type", page.kind)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self._drip(page.body, page.drip_s)

    def _drip(self, content: bytes, pause_s: float) -> None:
        for piece in [bytes([b]) for b in content] if pause_s else [content]:
            time.sleep(pause_s)
            self.wfile.write(piece)

    def log_message(self, *_: object) -> None:
        """Nothing to the terminal."""


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    """Run a site on a free port of 127.0.0.1; with `tls`, over TLS."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.site = Site(server.server_address[1])
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.site
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()
