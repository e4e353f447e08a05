"""Where a request comes from and where it may be sent on to: hosts, origins, addresses, paths. Pure."""

from __future__ import annotations

import ipaddress
import re
from typing import ClassVar
from urllib.parse import unquote, urlsplit

from rag.errors import ServeError

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")
"""The names by which a browser on this machine calls a server that listens on loopback."""
_HOST = re.compile(
    r"(?:\[(?P<six>[0-9A-Fa-f:.]+)\]|(?P<name>[^\s:/@\[\]\\?#]+))(?::(?P<port>\d{1,5}))?", re.ASCII
)
_DEFAULT_PORTS = {"http": "80", "https": "443"}
_NOT_IN_A_PATH = re.compile(r"[\x00-\x20\x7f\\]")
_MOST_PATH_CHARS = 2000
_NETWORK_BITS = 64


class OpenDoorError(ServeError):
    """The server would let everyone on the network in."""

    templates: ClassVar = {
        "en": "Others could reach {host!r}, and no accounts are set. Add them with --auth FILE "
        "(make it with: yigai password NAME --auth FILE), or let everyone in with --no-auth.",
        "zh": "别人也能访问 {host!r}，而没有设置账户。请用 --auth 文件 指定账户"
        "（新建：yigai password 用户名 --auth 文件），或者用 --no-auth 让所有人进入。",
    }


def may_serve(host: str, *, has_accounts: bool, no_auth: bool) -> bool:
    """Say whether to listen on `host`: off loopback only with accounts, or where it is wanted without."""
    return has_accounts or no_auth or is_loopback(host)


def is_loopback(host: str) -> bool:
    """Say whether only this machine can reach the host; an empty one stands for every interface."""
    name = host.strip().removeprefix("[").removesuffix("]").lower()
    try:
        return name == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def host_name(host: str) -> str | None:
    """Return the name in a Host header, without port and brackets; None where it is malformed."""
    parts = _HOST.fullmatch(host)
    return (parts["six"] or parts["name"]).lower() if parts else None


def is_same_origin(origin: str, host: str) -> bool:
    """Say whether an Origin header names the host that the request went to; the opaque origin `null` does not."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    default = _DEFAULT_PORTS.get(parts.scheme)
    if default is None or parts.path or parts.query or parts.fragment:
        return False
    there, here = _authority(parts.netloc, default), _authority(host, default)
    return there is not None and there == here


def network_of(address: str) -> str:
    """Return what attempts are counted by: the address, but of IPv6 the network, which one customer has whole."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address[:100]
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed.packed, _NETWORK_BITS), strict=False))


def local_path(path: str, root_path: str) -> str:
    """Return the path below the folder that the server stands in; a proxy may or may not have taken that off."""
    if root_path and (path == root_path or path.startswith(f"{root_path}/")):
        return path[len(root_path) :] or "/"
    return path


def safe_next(wanted: str, root_path: str = "") -> str:
    r"""Return the path to go on to, if it is one of this server's; else its first page.

    Whatever a browser could take for another host is turned away: `//host`, `/\\host`, schemes, control characters
    (browsers drop some of them first), and dots that lead out of the server's own folder.
    """
    home = f"{root_path}/"
    is_ours = wanted.startswith(home) and not wanted.startswith("//") and len(wanted) <= _MOST_PATH_CHARS
    if not is_ours or _NOT_IN_A_PATH.search(wanted) or not wanted.isascii():
        return home
    segments = re.split(r"[/\\]", unquote(re.split("[?#]", wanted)[0]))
    has_detour = any(segment in (".", "..") for segment in segments) or "" in segments[1:-1]
    return home if has_detour else wanted


def _authority(netloc: str, default_port: str) -> tuple[str, str] | None:
    parts = _HOST.fullmatch(netloc)
    if parts is None:
        return None
    return (parts["six"] or parts["name"]).lower(), (parts["port"] or default_port)
