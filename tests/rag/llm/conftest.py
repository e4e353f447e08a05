"""A client of a misbehaving endpoint, and a server that only notes what it is sent."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from unruly_endpoint import UnrulyEndpoint

from rag.build import build_client
from rag.llm.client import ModelClient
from rag.settings import load_settings


@pytest.fixture
def client_of() -> Callable[..., ModelClient]:
    """Makes a client as the program does, of an endpoint, with patience for a busy machine unless told otherwise."""

    def make(server: UnrulyEndpoint, **settings: object) -> ModelClient:
        patient = {"llm_timeout_s": 20.0, "llm_first_token_s": 10.0, "llm_retries": 0}
        return build_client(
            load_settings(**patient | {"llm_base_url": server.url, "llm_model": "m"} | settings)
        )

    return make


@dataclass(kw_only=True)
class Recorder:
    """Notes every request: its path, its headers in lower case, its body."""

    url: str
    seen: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def wait(self, count: int = 1, *, within_s: float = 10.0) -> None:
        """Wait until that many requests have come."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.seen) >= count, within_s), self.seen


@pytest.fixture
def recorder() -> Iterator[Recorder]:
    """A server that answers everything with an empty JSON object."""

    class Notes(BaseHTTPRequestHandler):
        def note(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            with made.changed:
                made.seen.append((self.path, headers, body))
                made.changed.notify_all()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        do_GET = do_POST = do_PATCH = note

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Notes)
    made = Recorder(url=f"http://127.0.0.1:{server.server_port}")
    serving = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    serving.start()
    yield made
    server.shutdown()
    serving.join()
    server.server_close()
