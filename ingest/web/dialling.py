"""Opens connections to addresses that were checked, and to no other; a reply has to come within its time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from functools import partial

import httpcore

from ingest.web.addresses import checked_addresses
from ingest.web.options import FetchOptions, Surroundings


class Deadline:
    """When the reply at hand must have come, on the clock that sockets use."""

    def __init__(self, whole_s: float) -> None:
        self._whole_s = whole_s
        self._until = time.monotonic() + whole_s

    def start(self) -> None:
        """A new reply begins."""
        self._until = time.monotonic() + self._whole_s

    def is_over(self) -> bool:
        """Whether no time is left."""
        return time.monotonic() >= self._until

    def left(self, wanted_s: float | None) -> float:
        """Seconds to wait for the next bytes: as many as wanted, and no more than are left.

        Raises:
            httpcore.ReadTimeout: None are left.
        """
        left = self._until - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout("the whole reply took too long")
        return left if wanted_s is None else min(left, wanted_s)


AddressesOf = Callable[[str, int], Sequence[str]]


def checked(options: FetchOptions, surroundings: Surroundings) -> AddressesOf:
    """Look a host up once for each connection, and check every address: no name is looked up twice."""
    return partial(checked_addresses, resolve=surroundings.resolve, allow_private=options.allow_private)


def unchecked(host: str, _: int) -> Sequence[str]:
    """A proxy's, which the person chose and which may be anywhere."""
    return [host]


class Dialler(httpcore.NetworkBackend):
    """Connects to the addresses that a host is said to have, and to no other."""

    def __init__(self, addresses_of: AddressesOf, deadline: Deadline) -> None:
        self._addresses_of = addresses_of
        self._deadline = deadline
        self._backend = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first of the host's addresses that answers.

        Raises:
            FetchError: `unreachable` or `private_address`.
        """
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in self._addresses_of(host, port):
            try:
                stream = self._backend.connect_tcp(
                    address,
                    port,
                    timeout=self._deadline.left(timeout),
                    local_address=local_address,
                    socket_options=socket_options,
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as cause:
                failure = cause
            else:
                return _Timed(stream, self._deadline)
        raise failure or httpcore.ConnectError("no address")


class _Timed(httpcore.NetworkStream):
    """A connection whose waits end with the reply's time: a byte every few seconds is no way to hold it for ever."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: object, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        stream = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout))  # type: ignore[arg-type]
        return _Timed(stream, self._deadline)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)
