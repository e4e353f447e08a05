"""Tells addresses that anybody may fetch from those inside the own network."""

from __future__ import annotations

import ipaddress

from ingest.web.options import Resolve
from ingest.web.problems import private_address, unreachable

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# Translators (RFC 6052) reach the IPv4 address in the last four bytes.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
# For protocols and relays; Pythons differ on parts of them.
_RESERVED = (ipaddress.IPv4Network("192.0.0.0/24"), ipaddress.IPv4Network("192.88.99.0/24"))


def is_public(address: str) -> bool:
    """Whether an address is anybody's: not private, local, multicast or reserved, nor IPv6 around such an IPv4 one."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed in _NAT64:
            return _is_public(ipaddress.IPv4Address(int(parsed) & 0xFFFFFFFF))
        if parsed.sixtofour is not None and not _is_public(parsed.sixtofour):
            return False
    return _is_public(parsed)


def checked_addresses(host: str, port: int, *, resolve: Resolve, allow_private: bool) -> list[str]:
    """Look a host up, once, and give its addresses if every one of them may be fetched.

    Raises:
        FetchError: `unreachable` when it has none, `private_address` when one of them is not anybody's.
    """
    try:
        addresses = list(resolve(host, port))
    except (OSError, UnicodeError) as cause:
        raise unreachable(host, str(cause)) from cause
    if not addresses:
        raise unreachable(host, "no address")
    refused = [address for address in addresses if not allow_private and not is_public(address)]
    if refused:
        raise private_address(host, refused[0])
    return addresses


def is_literal(host: str) -> bool:
    """Whether a host is written as an address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_public(address: _Address) -> bool:
    if address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        return address.is_global and not address.is_site_local
    return address.is_global and not any(address in network for network in _RESERVED)
