"""The small file beside a saved page: where it came from, and how to ask whether there is a newer one."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import json
import os
import re
import tempfile
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from ingest.load import SIDECAR_SUFFIX, read_bytes
from rag.errors import IngestError

_VERSION = 1
_MAX_BYTES = 65_536
_MAX_VALUE_CHARS = 4_200
_PAGE_URL = re.compile(r"https?://[^\s@/?#]+(?:[/?#]\S*)?", re.IGNORECASE)
_CHARSET = re.compile(r"[A-Za-z0-9_.:\-]{1,40}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sidecar:
    """What is known of a saved page beside its bytes.

    Attributes:
        url: The address that was asked for.
        final_url: The address where it was found, after redirects.
        fetched_at: When it was last known to be current, in ISO 8601 and UTC.
        sha256: Of the saved bytes; a page that was changed by hand has another.
        content_type: The header.
        charset: The charset that the header declares.
        etag: What the server calls this version.
        last_modified: When the server says that it changed, as it wrote it.
    """

    url: str
    final_url: str
    fetched_at: str
    sha256: str
    content_type: str | None = None
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None

    def is_of(self, content: bytes) -> bool:
        """Whether these are the bytes that were saved."""
        return hashlib.sha256(content).hexdigest() == self.sha256

    def fetched(self) -> datetime.datetime:
        """`fetched_at` as a time."""
        return datetime.datetime.fromisoformat(self.fetched_at)


def sidecar_path(page: Path) -> Path:
    """Where the sidecar of a page is."""
    return page.with_name(page.name + SIDECAR_SUFFIX)


def is_sidecar(path: Path) -> bool:
    """Whether a file of that name is a sidecar."""
    return path.name.lower().endswith(SIDECAR_SUFFIX)


def read_sidecar(path: Path) -> Sidecar | None:
    """Read what is known of a saved page, given the page's path; None where there is no sidecar, or no sound one."""
    beside = sidecar_path(path)
    try:
        # A folder in its place is none; to say so is cheaper than to open it.
        return _checked(json.loads(read_bytes(beside, max_bytes=_MAX_BYTES))) if beside.is_file() else None
    except (IngestError, OSError, ValueError, RecursionError):
        return None


def write_sidecar(path: Path, sidecar: Sidecar) -> None:
    """Write the sidecar of a page, whole or not at all.

    Raises:
        OSError: It cannot be written.
    """
    values = {
        "yigai_page": _VERSION,
        **{name: value for name, value in asdict(sidecar).items() if value is not None},
    }
    write_whole(sidecar_path(path), (json.dumps(values, ensure_ascii=False, indent=1) + "\n").encode())


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, whole or not at all.

    Raises:
        OSError: It cannot be written.
    """
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def _checked(values: object) -> Sidecar | None:
    """Take of a JSON value what a sidecar may hold; whoever wrote it, nothing else gets further."""
    if not isinstance(values, dict) or values.get("yigai_page") != _VERSION:
        return None
    known = {field.name for field in fields(Sidecar)}
    texts = {name: value for name, value in values.items() if name in known and _is_line(value)}
    for name, pattern in (("url", _PAGE_URL), ("final_url", _PAGE_URL), ("sha256", _SHA256)):
        if not pattern.fullmatch(texts.get(name, "")):
            return None
    if not _CHARSET.fullmatch(texts.get("charset", "")):
        texts.pop("charset", None)
    try:
        fetched = datetime.datetime.fromisoformat(texts.get("fetched_at", ""))
    except ValueError:
        return None
    return Sidecar(**texts) if fetched.tzinfo is not None else None


def _is_line(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _MAX_VALUE_CHARS and value.isprintable()
