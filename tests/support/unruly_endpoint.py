"""A language model's endpoint on this machine that misbehaves as its script says, over real connections.

`with endpoint(Reply(content="…"), over_quota("1")) as server:` replies in that order; the last entry is repeated.
What can be in a script is in `unruly_replies`.
"""

from __future__ import annotations

import json
import selectors
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

from unruly_replies import FOREVER, Entry, refusal
from unruly_wire import HangUp, Said, Step, Wait, Write, steps

PATH = "/v1/chat/completions"
WAIT_S = 5.0
CLOSE_WITHIN_S = 2.0
_POLL_S = 0.01

Outcome = Literal["whole", "cut", "hung_up", "closed"]


class _GoneError(Exception):
    """The client hung up, or the server is closed."""


@dataclass(kw_only=True)
class Exchange:
    """A request and what became of its reply.

    Attributes:
        at_s: When the request was whole, on the monotonic clock.
        sent_bytes: How much of the reply was handed to the network, headers included.
        outcome: None as long as it goes on; "cut": the script broke it off, "hung_up": the client left before the
            reply was whole, "closed": the test was over.
    """

    body: dict[str, Any]
    authorization: str | None
    at_s: float
    sent_bytes: int = 0
    outcome: Outcome | None = None


@dataclass(kw_only=True)
class UnrulyEndpoint:
    """The server as a test sees it.

    Attributes:
        url: What a client takes as its base address.
        failures: What went wrong in the server itself; closing it raises the first.
    """

    url: str
    script: list[Entry]
    exchanges: list[Exchange] = field(default_factory=list)
    failures: list[BaseException] = field(default_factory=list)
    is_closing: bool = False
    changed: threading.Condition = field(default_factory=threading.Condition)

    @property
    def requests(self) -> list[dict[str, Any]]:
        """The bodies, in the order in which they came."""
        return [exchange.body for exchange in self.exchanges]

    @property
    def keys(self) -> list[str | None]:
        """The Authorization headers, in the same order."""
        return [exchange.authorization for exchange in self.exchanges]

    def said(self, number: int = -1) -> str:
        """The last turn of a request: what the model is asked."""
        content: str = self.requests[number]["messages"][-1]["content"]
        return content

    def wait_for_requests(self, count: int, *, within_s: float = WAIT_S) -> None:
        """Wait until that many requests have come."""
        self._wait(lambda: len(self.exchanges) >= count, f"{count} requests", within_s)

    def wait_for_outcome(self, number: int = -1, *, within_s: float = WAIT_S) -> Outcome:
        """Wait until a reply is over, and say how it ended."""

        def is_over() -> bool:
            return self.exchanges[number].outcome is not None

        self._wait(is_over, f"the end of reply {number}", within_s)
        outcome = self.exchanges[number].outcome
        assert outcome is not None
        return outcome

    def wait_for_hang_up(self, number: int = -1, *, within_s: float = WAIT_S) -> None:
        """Wait until the client has hung up on a reply that was not whole."""
        outcome = self.wait_for_outcome(number, within_s=within_s)
        if outcome != "hung_up":
            raise AssertionError(f"the client did not hang up: the reply ended as {outcome!r}")

    def _wait(self, is_so: Callable[[], bool], what: str, within_s: float) -> None:
        with self.changed:
            if not self.changed.wait_for(is_so, timeout=within_s):
                ends = [exchange.outcome for exchange in self.exchanges]
                raise AssertionError(f"no {what} within {within_s} s; replies so far: {ends}")

    # What the connections do

    def begin(self, body: dict[str, Any], authorization: str | None) -> tuple[Exchange, Entry]:
        """Note a request, and choose what answers it."""
        with self.changed:
            exchange = Exchange(body=body, authorization=authorization, at_s=time.monotonic())
            self.exchanges.append(exchange)
            self.changed.notify_all()
            entry = self.script[0]
            refused = refusal(entry, body)
            if refused is None and len(self.script) > 1:
                del self.script[0]
            return exchange, refused or entry

    def end(self, exchange: Exchange, outcome: Outcome) -> None:
        """Note how a reply ended, unless that is known already."""
        with self.changed:
            if exchange.outcome is None:
                exchange.outcome = "closed" if outcome == "hung_up" and self.is_closing else outcome
            self.changed.notify_all()


@contextmanager
def endpoint(*script: Entry) -> Iterator[UnrulyEndpoint]:
    """Serve a script. Leaving the block ends every reply at once; a fault of the server itself is raised there."""
    if not script:
        raise ValueError("a script has at least one entry")
    listener = _Listener(list(script))
    failures = listener.endpoint.failures
    listener.start()
    try:
        yield listener.endpoint
    except BaseException as error:
        listener.stop()
        for failure in failures:
            error.add_note(f"the server failed: {failure!r}")
        raise
    listener.stop()
    if failures:
        raise AssertionError("the server failed") from failures[0]


class _Listener(ThreadingHTTPServer):
    request_queue_size = 64
    daemon_threads = True
    block_on_close = False  # it joins without a limit; `stop` does not

    def __init__(self, script: list[Entry]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.endpoint = UnrulyEndpoint(url=f"http://127.0.0.1:{self.server_port}/v1", script=script)
        self._connections: dict[threading.Thread, socket.socket] = {}
        self._accepting = threading.Thread(target=self.serve_forever, args=(_POLL_S,), daemon=True)

    def start(self) -> None:
        self._accepting.start()

    def process_request(self, request: Any, client_address: Any) -> None:
        thread = threading.Thread(
            target=self.process_request_thread, args=(request, client_address), daemon=True
        )
        self._connections[thread] = request
        thread.start()

    def handle_error(self, *_: Any) -> None:
        error = sys.exception()
        if error and not isinstance(error, OSError):  # a connection may break between two requests
            self.endpoint.failures.append(error)

    def stop(self) -> None:
        self.endpoint.is_closing = True
        self.shutdown()
        self.server_close()
        for connection in self._connections.values():
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)  # wakes whoever reads, writes or waits there
        until = time.monotonic() + CLOSE_WITHIN_S
        for thread in (self._accepting, *self._connections):
            thread.join(max(0.0, until - time.monotonic()))
            if thread.is_alive():
                self.endpoint.failures.append(TimeoutError(f"{thread.name} did not end"))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Listener

    def setup(self) -> None:
        super().setup()
        self._arrivals = selectors.DefaultSelector()
        self._arrivals.register(self.connection, selectors.EVENT_READ)

    def finish(self) -> None:
        self._arrivals.close()
        super().finish()

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path != PATH:
            self.send_error(404)
            return
        exchange, entry = self.server.endpoint.begin(json.loads(raw), self.headers["Authorization"])
        outcome: Outcome = "cut"
        try:
            self._reply(steps(entry, exchange.body), exchange)
        except (_GoneError, OSError):
            self.close_connection = True
            outcome = "hung_up"
        except Exception as error:  # noqa: BLE001  # of the script itself: shown when the server is closed
            self.close_connection = True
            self.server.endpoint.failures.append(error)
        self.server.endpoint.end(exchange, outcome)

    def _reply(self, todo: Iterator[Step], exchange: Exchange) -> None:
        for step in todo:
            match step:
                case Wait():
                    self._wait(step.seconds)
                case Write():
                    self._wait(0)
                    self.wfile.write(step.sent)
                    exchange.sent_bytes += len(step.sent)
                case Said():
                    self.server.endpoint.end(exchange, "whole")
                case HangUp():
                    self._hang_up(is_reset=step.is_reset)

    def _wait(self, seconds: float) -> None:
        """Let time pass; of a client that waits for its reply there is nothing to read but that it has gone."""
        if self._arrivals.select(None if seconds == FOREVER else seconds):
            raise _GoneError

    def _hang_up(self, *, is_reset: bool) -> None:
        self.close_connection = True
        if is_reset:
            # Closed with nothing lingering, a connection ends in RST; the usual way first sends a FIN.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            socket.close(self.connection.detach())

    def log_message(self, *arguments: object) -> None:
        pass
