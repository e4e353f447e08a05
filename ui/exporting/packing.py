"""Office files are zips: written again without the hour, so that the same briefing gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime
from typing import Protocol

_DAY = (1980, 1, 1, 0, 0, 0)
_OLDEST = datetime(1980, 1, 1, tzinfo=UTC)
_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_CONTENT_TYPES = "[Content_Types].xml"


class _Properties(Protocol):
    title: str
    subject: str
    author: str
    keywords: str
    comments: str
    last_modified_by: str
    revision: int
    created: datetime
    modified: datetime


def repack(content: bytes) -> bytes:
    """Return the same zip with its members in order of name, none with a time; the list of types comes first."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in sorted(old.namelist(), key=lambda name: (name != _CONTENT_TYPES, name)):
            new.writestr(zipfile.ZipInfo(name, _DAY), old.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def set_properties(properties: _Properties, *, title: str, subject: str, date: str, made_with: str) -> None:
    """Say what the document is and what made it; it is as old as the library's last article, not as its file."""
    # The format allows 255 characters.
    properties.title, properties.subject = title[:250], subject[:250]
    properties.author = properties.last_modified_by = made_with[:250]
    properties.keywords = properties.comments = ""
    properties.revision = 1
    properties.created = properties.modified = _moment(date)


def _moment(date: str) -> datetime:
    try:
        found = _DATE.match(date)
        day = datetime(int(found[1]), int(found[2]), int(found[3]), tzinfo=UTC) if found else _OLDEST
    except ValueError:
        day = _OLDEST
    return day.replace(tzinfo=None)  # both libraries take times without a zone for UTC
