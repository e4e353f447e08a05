"""Tells what kind of file a reply is: by its first bytes, its declared type, and the address's own suffix."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from ingest.load import SUPPORTED_SUFFIXES
from ingest.web.problems import empty, not_a_page

_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".xhtml",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/x-markdown": ".md",
    "application/pdf": ".pdf",
    "application/x-pdf": ".pdf",
    "application/msword": ".doc",
    "application/vnd.ms-works": ".wps",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.oasis.opendocument.text": ".odt",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "application/epub+zip": ".epub",
    "multipart/related": ".mhtml",
    "message/rfc822": ".mhtml",
    "application/x-mimearchive": ".mhtml",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/json": ".json",
    "application/x-ndjson": ".ndjson",
    "application/zip": ".zip",
    "application/x-zip-compressed": ".zip",
}
_SAYS_NOTHING = frozenset(
    {"", "application/octet-stream", "binary/octet-stream", "application/download", "application/x-download"}
    | {
        "application/force-download",
        "application/x-msdownload",
        "application/xml",
        "text/xml",
        "unknown/unknown",
    }
)
_ZIPPED = frozenset({".docx", ".docm", ".odt", ".epub", ".zip"})
_PAGE_SUFFIXES = frozenset({".html", ".htm", ".xhtml", ".shtml"})
_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body)[\s>]", re.IGNORECASE)
_SITEMAP = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)[\s>]")
_CHARSET = re.compile(r";\s*charset\s*=\s*[\"']?([A-Za-z0-9_.:\-]{1,40})", re.IGNORECASE)
_LOOKED_AT = 2_048
_MAX_TYPE_CHARS = 1_000


def media_type(header: str | None) -> str:
    """The kind that a Content-Type header names; empty where it names none."""
    return (header or "")[:_MAX_TYPE_CHARS].partition(";")[0].strip().lower()


def header_charset(header: str | None) -> str | None:
    """The charset that a Content-Type header names."""
    match = _CHARSET.search((header or "")[:_MAX_TYPE_CHARS])
    return match.group(1) if match else None


def page_suffix(url: str, content_type: str | None, content: bytes) -> str:
    """The suffix of the file that a reply becomes.

    Args:
        url: Where it was found; its suffix tells kinds apart that the header does not.
        content_type: The header.
        content: The body.

    Raises:
        FetchError: `empty` or `not_a_page`.
    """
    if not content.strip():
        raise empty()
    kind = media_type(content_type)
    start = content[:_LOOKED_AT]
    named = PurePosixPath(unquote(urlsplit(url).path)).suffix.lower()
    suffix = _by_content(start, _SUFFIXES.get(kind), named)
    if suffix is None and kind not in _SAYS_NOTHING:
        suffix = _SUFFIXES.get(kind)
    if suffix is None and kind in _SAYS_NOTHING and named in SUPPORTED_SUFFIXES - _PAGE_SUFFIXES:
        suffix = named
    if suffix is None or (suffix == ".xml" and kind):
        raise not_a_page(content_type, is_sitemap=_SITEMAP.search(start) is not None)
    return suffix


def _by_content(start: bytes, by_type: str | None, named: str) -> str | None:
    """The kind, where the first bytes leave no doubt: servers send documents as pages, and errors as documents."""
    if start.startswith(b"%PDF-"):
        return ".pdf"
    if start.startswith(b"{\\rtf"):
        return ".rtf"
    if start.startswith(b"PK\x03\x04"):
        return next((suffix for suffix in (by_type, named) if suffix in _ZIPPED), ".zip")
    if _PAGE.search(start) and by_type not in {".mhtml", ".md", ".txt", ".csv", ".tsv", ".json", ".ndjson"}:
        return by_type if by_type in _PAGE_SUFFIXES else ".html"
    return None
