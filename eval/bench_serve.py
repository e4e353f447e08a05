"""Measure the running server with many people asking at once.

`python -m eval.bench_serve [--library DIR] [--people 20] [--seconds 60] [--way page|api] [--json]` starts `yigai ui` on
this machine, lets everyone ask one question after another without a pause, and stops by itself. Each person asks as the
page does (through its queue) or as a program does, first one alone, then all at once.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import re
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs
from rich.console import Console
from rich.table import Table

from eval.cases import read_suite, suites_folder

ALONE_S = 10.0
LONGEST_WAIT_S = 120.0
READY_WITHIN_S = 180.0
MOST_PEOPLE, MOST_SECONDS = 200, 600

Ask = Callable[[str], None]
"""Asks one question and returns when it is answered or refused; raises whatever goes wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a number of people had to wait for.

    Attributes:
        answered: Questions answered or refused.
        errors: What went wrong, a line each.
        fewest: Questions that the person who got the fewest answers got; 0: somebody was starved.
        most: The same of the person who got the most.
        p50_s: Half of the answers took no longer.
        p95_s: 95 of 100 took no longer.
    """

    people: int
    seconds: float
    answered: int
    errors: tuple[str, ...]
    fewest: int
    most: int
    p50_s: float
    p95_s: float
    longest_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A measurement: one person alone, everyone at once, and the most memory that the server held (None: unknown)."""

    way: str
    alone: Load
    together: Load
    ready_s: float
    peak_mb: float | None


def measure_load(address: str, questions: list[str], *, people: int, seconds: float, way: str) -> Load:
    """Let people ask for some time; each goes through the questions in an order of their own."""
    results = [_Person(way, address, questions, seed) for seed in range(people)]
    until = time.monotonic() + seconds
    threads = [threading.Thread(target=person.ask_until, args=(until,)) for person in results]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = sorted(second for person in results for second in person.seconds) or [float("nan")]
    counts = [len(person.seconds) for person in results]
    return Load(
        people=people,
        seconds=round(time.monotonic() - started, 1),
        answered=sum(counts),
        errors=tuple(error for person in results for error in person.errors),
        fewest=min(counts),
        most=max(counts),
        p50_s=round(statistics.median(took), 3),
        p95_s=round(took[max(0, -(-95 * len(took) // 100) - 1)], 3),
        longest_s=round(took[-1], 3),
    )


class _Person:
    def __init__(self, way: str, address: str, questions: list[str], seed: int) -> None:
        self._ask: Ask = _PageVisitor(address) if way == "page" else ask_api(address)
        self._order = random.Random(seed).sample(questions, len(questions))  # noqa: S311  # an order, no secret
        self.seconds: list[float] = []
        self.errors: list[str] = []

    def ask_until(self, until: float) -> None:
        """Ask one question after another; a question that was begun is waited for."""
        for number in range(sys.maxsize):
            start = time.monotonic()
            if start >= until:
                return
            try:
                self._ask(self._order[number % len(self._order)])
            except Exception as error:  # noqa: BLE001  # whatever goes wrong is a result here
                self.errors.append(f"{type(error).__name__}: {error}"[:200])
                time.sleep(0.5)
            else:
                self.seconds.append(time.monotonic() - start)


def ask_api(address: str) -> Ask:
    """Ask as a program does: POST /api/ask."""

    def ask(question: str) -> None:
        with _connected(address) as connection:
            body = json.dumps({"question": question})
            connection.request("POST", "/api/ask", body, {"Content-Type": "application/json"})
            answer = _read_json(connection.getresponse())
        if "answered" not in answer:
            raise ValueError(f"no answer: {answer}")

    return ask


class _PageVisitor:
    """Asks as the page does: joins Gradio's queue, and reads its events until the answer stands in the log."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._session = f"{random.getrandbits(60):x}"
        self._conversation = f"{random.getrandbits(60):x}"
        with _connected(address) as connection:
            connection.request("GET", "/", headers={"Accept": "text/html"})
            response = connection.getresponse()
            response.read()
            self._cookie = (response.getheader("Set-Cookie") or "").split(";")[0]
            connection.request("GET", "/config", headers={"Cookie": self._cookie})
            self._event, self._trigger = _ask_event(_read_json(connection.getresponse()))

    def __call__(self, question: str) -> None:
        body = {
            "data": [question, self._conversation, [], "", "", []],
            "fn_index": self._event,
            "trigger_id": self._trigger,
            "session_hash": self._session,
        }
        headers = {"Content-Type": "application/json", "Cookie": self._cookie}
        with _connected(self._address) as connection:
            connection.request("POST", "/gradio_api/queue/join", json.dumps(body), headers)
            _read_json(connection.getresponse())
            path = f"/gradio_api/queue/data?session_hash={self._session}"
            connection.request("GET", path, headers={"Cookie": self._cookie})
            self._read_events(connection.getresponse())

    def _read_events(self, response: http.client.HTTPResponse) -> None:
        outputs: list[str] = []
        for line in response:
            if not line.startswith(b"data:"):
                continue
            event = json.loads(line[5:])
            outputs.append(json.dumps(event.get("output"), ensure_ascii=False))
            if event["msg"] == "process_completed":
                if not event["success"] or 'class=\\"turn\\"' not in "".join(outputs):
                    raise ValueError(f"no answer: {line[:200]!r}")
                return
        raise ValueError("the events ended without an answer")


def _ask_event(config: dict[str, object]) -> tuple[int, int]:
    """Find the event of the button that asks, and the button."""
    components, events = config["components"], config["dependencies"]
    assert isinstance(components, list)  # noqa: S101  # Gradio's own document
    assert isinstance(events, list)  # noqa: S101  # Gradio's own document
    button = next(c["id"] for c in components if c["props"].get("elem_id") == "ask-button")
    return next(e["id"] for e in events if [button, "click"] in e["targets"]), button


@contextmanager
def _connected(address: str) -> Iterator[http.client.HTTPConnection]:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=LONGEST_WAIT_S)
    try:
        yield connection
    finally:
        connection.close()


def _read_json(response: http.client.HTTPResponse) -> dict[str, object]:
    body = response.read()
    if response.status != 200:
        raise ValueError(f"HTTP {response.status}: {body[:200]!r}")
    found: dict[str, object] = json.loads(body)
    return found


@contextmanager
def serving(library: Path) -> Iterator[tuple[str, int, float]]:
    """Run `yigai ui` while the block runs; gives its address, its process and the seconds until it was ready."""
    command = [str(Path(sys.executable).with_name("yigai")), "ui", "--port", "0", "--library", str(library)]
    started = time.monotonic()
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        yield _ready_address(process), process.pid, time.monotonic() - started
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=30)


def _ready_address(process: subprocess.Popen[str]) -> str:
    if process.stderr is not None:
        watchdog = threading.Timer(READY_WITHIN_S, process.kill)
        watchdog.start()
        for line in process.stderr:
            address = re.search(r"http://[^/\s]+", line)
            if address:
                watchdog.cancel()
                return address[0]
    raise SystemExit("yigai ui did not start")


def peak_mb(pid: int) -> float | None:
    """The most memory that a process has held, where the system says (Linux)."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return None
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return round(int(found[1]) / 1000, 1) if found else None


def measure(library: Path, *, people: int, seconds: float, way: str) -> Served:
    """Start the server, measure one person and then everyone, and stop it."""
    questions = sorted(
        {case.question for path in suites_folder().glob("*.jsonl") for case in read_suite(path).cases}
    )
    with serving(library) as (address, pid, ready_s):
        alone = measure_load(address, questions, people=1, seconds=min(ALONE_S, seconds), way=way)
        together = measure_load(address, questions, people=people, seconds=seconds, way=way)
        return Served(
            way=way, alone=alone, together=together, ready_s=round(ready_s, 1), peak_mb=peak_mb(pid)
        )


def show(served: Served) -> None:
    """Print a measurement for a person."""
    table = Table(title=f"yigai ui · {served.way} · ready in {served.ready_s} s · peak {served.peak_mb} MB")
    for name in ("people", "seconds", "answered", "errors", "fewest", "most", "p50 s", "p95 s", "longest s"):
        table.add_column(name, justify="right")
    for load in (served.alone, served.together):
        row = asdict(load) | {"errors": len(load.errors)}
        table.add_row(*map(str, row.values()))
    console = Console(width=110)
    console.print(table)
    for error in sorted(set(served.together.errors))[:5]:
        console.print(error, markup=False)


def main() -> None:
    """Read the arguments, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench_serve", description=__doc__)
    parser.add_argument("--library", type=Path, help="folder of the library; default: yours")
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--way", choices=("page", "api"), default="page")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    people, seconds = min(given.people, MOST_PEOPLE), min(given.seconds, MOST_SECONDS)
    usual = (
        os.environ.get("YIGAI_LIBRARY") or platformdirs.user_data_path("yigai", appauthor=False) / "library"
    )
    served = measure(given.library or Path(usual), people=people, seconds=seconds, way=given.way)
    if given.json:
        sys.stdout.write(json.dumps(asdict(served), ensure_ascii=False, indent=2) + "\n")
    else:
        show(served)
    sys.exit(1 if served.together.errors or not served.together.fewest else 0)


if __name__ == "__main__":
    main()
