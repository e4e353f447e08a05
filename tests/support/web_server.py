"""The real server in a process of its own, which can reach nothing but this machine."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

READY_WITHIN_S = 120

# Run by the interpreter at start, before anything else: the network is off but for loopback.
_GUARD = """
import socket

def _refuse(kind):
    real = getattr(socket.socket, kind)

    def guarded(self, address, *rest):
        inside = self.family == getattr(socket, "AF_UNIX", None) or str(address[0]).startswith(("127.", "::1"))
        if not inside:
            import pathlib, os
            with open(os.environ["NETWORK_LOG"], "a") as log:
                log.write(f"{kind} {address!r}\\n")
            raise OSError(f"the network is off: {kind} {address!r}")
        return real(self, address, *rest)

    setattr(socket.socket, kind, guarded)

for kind in ("connect", "connect_ex", "sendto"):
    _refuse(kind)
_getaddrinfo = socket.getaddrinfo

def getaddrinfo(host, *rest, **named):
    if host not in (None, "127.0.0.1", "localhost", "::1", "0.0.0.0"):
        import os
        with open(os.environ["NETWORK_LOG"], "a") as log:
            log.write(f"getaddrinfo {host!r}\\n")
        raise OSError(f"the network is off: {host!r}")
    return _getaddrinfo(host, *rest, **named)

socket.getaddrinfo = getaddrinfo
"""


@dataclass(frozen=True)
class WebServer:
    """A server that runs.

    Attributes:
        address: Without a slash at its end.
        library: Its library, which tests may change.
        network_log: A line for each attempt to reach another machine.
    """

    address: str
    library: Path
    network_log: Path
    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)


@contextmanager
def running(
    library: Path, folder: Path, *options: object, env: dict[str, str] | None = None
) -> Iterator[WebServer]:
    """Start `yigai ui` on a free port, wait until it says that it is ready, and stop it afterwards as Ctrl+C does."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "sitecustomize.py").write_text(_GUARD, encoding="utf-8")
    log = folder / "network.log"
    log.touch()
    plain = {n: v for n, v in os.environ.items() if not n.startswith(("YIGAI_", "PYTHON"))}
    process = subprocess.Popen(
        [
            Path(sys.executable).with_name("yigai"),
            "ui",
            "--port",
            "0",
            "--library",
            library,
            *map(str, options),
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={
            **plain,
            "PYTHONPATH": str(folder),
            "NETWORK_LOG": str(log),
            "YIGAI_LANGUAGE": "en",
            "YIGAI_REPORTS": str(folder / "reports"),
            **(env or {}),
        },
    )
    said: list[str] = []
    try:
        yield WebServer(_address(process, said), library, log, process, said)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert process.stderr is not None
        process.stderr.close()


def _address(process: subprocess.Popen[str], said: list[str]) -> str:
    ready = threading.Event()
    found: list[str] = []

    def listen() -> None:
        assert process.stderr is not None
        for line in process.stderr:
            said.append(line.rstrip("\n"))
            address = re.search(r"http://[^/\s]+", line)
            if address:
                found.append(address[0])
                ready.set()
        ready.set()

    threading.Thread(target=listen, daemon=True).start()
    if not ready.wait(READY_WITHIN_S) or not found:
        raise AssertionError("the server did not start:\n" + "\n".join(said))
    return found[0]
