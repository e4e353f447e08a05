"""Addresses of pages: told apart from what is none, without secrets, and the names of the files that pages become."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from ingest.web.addresses import is_literal
from ingest.web.problems import bad_url

_MAX_URL_CHARS = 4_096
_MAX_NAME_BYTES = 120
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.\-]{0,252})")
_UNSAFE = re.compile(r"(?:[^\w.]|\.(?!\w)|(?<!\w)\.)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """An address of a page.

    Attributes:
        url: The address as it may be shown: without user name, password and fragment.
        host: Lower case, as DNS spells it.
        origin: What `robots.txt` is of: scheme, host and port.
        login: User name and password, for this origin only.
    """

    url: str
    host: str
    origin: str
    login: tuple[str, str] | None = None


def parse_target(written: str, *, base: str | None = None) -> Target:
    """Read an address, relative to `base` where there is one.

    Raises:
        FetchError: `url`: it is none, or not of http or https.
    """
    import httpx

    text = written.strip()
    shown = without_login(text)[:200]
    if not text or len(text) > _MAX_URL_CHARS or not text.isprintable():
        raise bad_url(shown)
    try:
        url = httpx.URL(text) if base is None else httpx.URL(base).join(text)
        host = url.raw_host.decode("ascii").lower()
    except (httpx.InvalidURL, ValueError, UnicodeError, TypeError) as cause:
        raise bad_url(shown) from cause
    is_port = url.port is None or 0 < url.port < 65_536
    if url.scheme not in {"http", "https"} or not is_port or not (_HOST.fullmatch(host) or is_literal(host)):
        raise bad_url(shown)
    login = (url.username, url.password) if url.userinfo else None
    public = url.copy_with(userinfo=b"", fragment=None)
    port = f":{url.port}" if url.port is not None else ""
    shown_host = f"[{host}]" if ":" in host else host
    parts = urlsplit(str(public))
    address = parts._replace(path=parts.path or "/").geturl()
    return Target(url=address, host=host, origin=f"{url.scheme}://{shown_host}{port}", login=login)


def without_login(text: str) -> str:
    """An address as written, however wrong, without what stands before an @ in its host."""
    return re.sub(r"(?<=//)[^/?#]*@", "", text)


def file_stem(url: str) -> str:
    """Name the file of an address: host and path as far as they can be read, and a hash that tells addresses apart.

    The same address always has the same name; of two addresses, no two have, on any file system.
    """
    _, _, rest = url.partition("://")
    readable = unicodedata.normalize("NFC", unquote(rest.partition("?")[0], errors="replace"))
    readable = _UNSAFE.sub("-", readable).strip("-._").casefold()
    readable = readable.encode()[:_MAX_NAME_BYTES].decode(errors="ignore")
    digest = hashlib.sha256(url.encode()).hexdigest()[:12]
    return f"{readable.strip('-._') or 'page'}-{digest}"
