"""How pages are fetched, and what of the machine a test may replace."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

Resolve = Callable[[str, int], Sequence[str]]
"""The addresses of a host, as text, in the order in which to try them; OSError where it has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOptions:
    """How pages are fetched.

    Attributes:
        delay_s: Seconds from one request to a host to the next; a longer Crawl-delay of the host is kept.
        max_delay_s: The longest Crawl-delay that is waited for; a host that asks for more gives one page a run.
        connect_s: Seconds to reach a host.
        read_s: Seconds to wait for the next bytes.
        whole_s: Seconds that one reply may take from first to last.
        max_bytes: The largest page, unpacked.
        max_redirects: How often a page may say that it is somewhere else.
        retries: How often a page is asked for again after a server's error or a broken connection.
        backoff_s: Seconds before the first of these; each further one doubles them. Retry-After goes before.
        max_wait_s: The longest such wait; a server that asks for more is left.
        allow_private: Whether addresses inside the own network may be fetched.
        use_env_proxies: Whether HTTP_PROXY and its kin are followed. A proxy looks names up itself: what addresses
            they have cannot be checked then.
        max_pages: The most pages of a sitemap.
        max_sitemaps: The most sitemaps of a sitemap.
        max_sitemap_depth: Sitemaps that list sitemaps; 1 is one that lists pages only.
        other_hosts: Whether pages of other hosts than the sitemap's are fetched.
    """

    delay_s: float = 1.0
    max_delay_s: float = 60.0
    connect_s: float = 10.0
    read_s: float = 20.0
    whole_s: float = 120.0
    max_bytes: int = 20_000_000
    max_redirects: int = 5
    retries: int = 2
    backoff_s: float = 2.0
    max_wait_s: float = 60.0
    allow_private: bool = False
    use_env_proxies: bool = False
    max_pages: int = 1_000
    max_sitemaps: int = 50
    max_sitemap_depth: int = 3
    other_hosts: bool = False


def look_up(host: str, port: int) -> list[str]:
    """Ask the system for a host's addresses.

    Raises:
        OSError: It has none, or it cannot be asked.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What fetching takes from the machine."""

    resolve: Resolve = field(default=look_up)
    clock: Callable[[], float] = field(default=time.monotonic)
    sleep: Callable[[float], None] = field(default=time.sleep)
