"""Asks a server for one thing, once: no redirect is followed and nothing is tried again."""

from __future__ import annotations

import functools
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import TracebackType
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from ingest.web.addresses import is_public
from ingest.web.bodies import ACCEPTED, read_body
from ingest.web.dialling import Deadline, Dialler, checked, unchecked
from ingest.web.options import FetchOptions, Surroundings
from ingest.web.problems import (
    FetchError,
    bad_certificate,
    bad_proxy,
    broken_off,
    private_address,
    timed_out,
    too_large,
    too_slow,
    unreachable,
)
from ingest.web.urls import Target, without_login

_WITH_BODY = frozenset({200, 203})
_MAX_HEADER_CHARS = 4_096
_KEEPALIVE_S = 15.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What a server answered; `body` is unpacked, and empty where the status says that it is not the page."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def header(self, name: str) -> str | None:
        """A header's value, if it is there and no longer than one should be."""
        value = self.headers.get(name)
        return value if value is not None and len(value) <= _MAX_HEADER_CHARS else None


class Transport:
    """Connections to servers, and through proxies where these are asked for."""

    def __init__(self, options: FetchOptions, surroundings: Surroundings, *, user_agent: str) -> None:
        self._options = options
        self._user_agent = user_agent
        self._deadline = Deadline(options.whole_s)
        self._backend = Dialler(checked(options, surroundings), self._deadline)
        self._pools: dict[tuple[str, str | None], httpcore.ConnectionPool] = {}

    def __enter__(self) -> Transport:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for pool in self._pools.values():
            pool.close()

    @functools.cached_property
    def _tls(self) -> ssl.SSLContext:
        """The authorities that certificates must come from; to read them takes a while."""
        return httpx.create_ssl_context()

    def get(self, target: Target, *, headers: Mapping[str, str], max_bytes: int) -> Reply:
        """Ask for one address.

        Raises:
            FetchError: `private_address`, `unreachable`, `tls`, `timeout`, `broken_off`, `too_large` or `encoding`.
        """
        self._deadline.start()
        try:
            return self._get(target, headers=headers, max_bytes=max_bytes)
        except (httpcore.ConnectTimeout, httpcore.PoolTimeout) as cause:
            raise timed_out(target.host, self._options.connect_s) from cause
        except httpcore.TimeoutException as cause:
            raise self._late(target.host) from cause
        except httpcore.ConnectError as cause:
            raise _unconnected(target.host, cause) from cause
        except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.ProxyError, ssl.SSLError) as cause:
            raise broken_off(target.host) from cause

    def _late(self, host: str) -> FetchError:
        if self._deadline.is_over():
            return too_slow(host, self._options.whole_s)
        return timed_out(host, self._options.read_s)

    def _get(self, target: Target, *, headers: Mapping[str, str], max_bytes: int) -> Reply:
        limits = dict.fromkeys(("read", "write", "pool"), self._options.read_s)
        url = httpx.URL(target.url)
        with self._pool(target).stream(
            "GET",
            httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
            headers=self._headers(target, url, headers),
            extensions={"timeout": {**limits, "connect": self._options.connect_s}},
        ) as response:
            found = httpx.Headers(response.headers)
            body = b""
            if response.status in _WITH_BODY:
                body = _body(response.iter_stream(), found, max_bytes)
            return Reply(status=response.status, headers=found, body=body)

    def _headers(self, target: Target, url: httpx.URL, more: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
        request = httpx.Request("GET", url)
        request.headers.update(
            {
                "User-Agent": self._user_agent,
                "Accept": "text/html, application/xhtml+xml, application/pdf, text/plain;q=0.9, */*;q=0.5",
                "Accept-Encoding": ACCEPTED,
                "Accept-Language": "zh-CN, zh;q=0.9, en;q=0.5",
                **more,
            }
        )
        if target.login is not None:
            request = next(httpx.BasicAuth(*target.login).auth_flow(request))
        return request.headers.raw

    def _pool(self, target: Target) -> httpcore.ConnectionPool:
        scheme = target.origin.partition(":")[0]
        proxy = self._proxy(scheme, target.host) if self._options.use_env_proxies else None
        if (scheme, proxy) not in self._pools:
            tls = self._tls if scheme == "https" or (proxy or "").startswith("https:") else None
            self._pools[scheme, proxy] = self._direct(tls) if proxy is None else self._through(proxy, tls)
        return self._pools[scheme, proxy]

    def _proxy(self, scheme: str, host: str) -> str | None:
        """The environment's proxy for a host; None for those that it excepts."""
        proxy = getproxies().get(scheme) or getproxies().get("all")
        if not proxy or proxy_bypass(host):
            return None
        if not self._options.allow_private and _is_written_privately(host):
            raise private_address(host, host)
        return proxy if "://" in proxy else f"http://{proxy}"

    def _direct(self, tls: ssl.SSLContext | None) -> httpcore.ConnectionPool:
        return httpcore.ConnectionPool(
            ssl_context=tls, network_backend=self._backend, keepalive_expiry=_KEEPALIVE_S
        )

    def _through(self, proxy: str, tls: ssl.SSLContext | None) -> httpcore.ConnectionPool:
        try:
            made = httpx.Proxy(proxy)
        except (httpx.InvalidURL, ValueError) as cause:
            raise bad_proxy(without_login(proxy)) from cause
        if made.url.scheme not in {"http", "https"}:
            raise bad_proxy(without_login(proxy))
        return httpcore.HTTPProxy(
            str(made.url),
            proxy_auth=made.raw_auth,
            ssl_context=tls,
            proxy_ssl_context=tls if made.url.scheme == "https" else None,
            network_backend=Dialler(unchecked, self._deadline),
        )


def _body(pieces: Iterator[bytes], headers: httpx.Headers, max_bytes: int) -> bytes:
    length = headers.get("content-length", "")
    if length.isdecimal() and len(length) < 20 and int(length) > max_bytes:
        raise too_large(max_bytes)
    return read_body(pieces, encoding=headers.get("content-encoding", ""), max_bytes=max_bytes)


def _is_written_privately(host: str) -> bool:
    """Whether a host is, by its spelling alone, not anybody's: a proxy is not asked for what is inside."""
    name = host.rstrip(".")
    is_number = name.replace(".", "").replace(":", "").isalnum() and (":" in name or name[-1:].isdecimal())
    return name == "localhost" or name.endswith(".localhost") or (is_number and not is_public(name))


def _unconnected(host: str, cause: Exception) -> FetchError:
    inner: BaseException | None = cause
    while inner is not None and not isinstance(inner, ssl.SSLError):
        inner = inner.__cause__ or inner.__context__
    if isinstance(inner, ssl.SSLCertVerificationError):
        return bad_certificate(host, inner.verify_message)
    if isinstance(inner, ssl.SSLError):
        return bad_certificate(host, inner.reason or "TLS")
    return unreachable(host, str(cause) or "connection refused")
