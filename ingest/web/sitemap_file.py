"""Reads a sitemap: the pages that it lists, or the sitemaps."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.web.bodies import gunzip
from ingest.web.problems import not_a_sitemap

_GZIP = b"\x1f\x8b"
_PIECE_BYTES = 65_536
_MAX_TEXT_CHARS = 4_200
_SPACES = b" \t\r\n\xef\xbb\xbf"
_WIDE = frozenset({b"\xff\xfe", b"\xfe\xff"})
# Many write addresses as they are; an entity that a file declares itself becomes text as well.
_BARE_AMPERSAND = re.compile(rb"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9A-Fa-f]{1,6});)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A page, or a sitemap, that is listed.

    Attributes:
        url: As it is written.
        changed: When the page is said to have changed; a day without a time is its last moment.
    """

    url: str
    changed: datetime.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapFile:
    """What one file lists, in its order; `is_cut` where it lists more than was taken."""

    pages: tuple[Entry, ...] = ()
    sitemaps: tuple[Entry, ...] = ()
    is_cut: bool = False


def parse_sitemap(content: bytes, *, max_bytes: int, max_entries: int) -> SitemapFile:
    """Read a sitemap: XML, a list of addresses as text, or either of them packed by gzip.

    Raises:
        FetchError: `not_a_sitemap`, `too_large` or `encoding`.
    """
    if content.startswith(_GZIP):
        content = gunzip(content, max_bytes=max_bytes)
    if content.lstrip(_SPACES)[:1] == b"<" or content[:2] in _WIDE:
        return _of_xml(content, max_entries)
    return _of_text(content, max_entries)


def changed_at(written: str) -> datetime.datetime | None:
    """Read a `lastmod`, in any form that the W3C's note on dates has; None for anything else."""
    text = written.strip()
    try:
        if len(text) in {4, 7}:
            return None  # a year or a month says too little to leave a page out
        if len(text) == 10:
            day = datetime.date.fromisoformat(text)
            return datetime.datetime.combine(day, datetime.time.max, tzinfo=datetime.UTC)
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=datetime.UTC)


@dataclass(slots=True)
class _Listing:
    """Hears a sitemap's XML; no tree is kept, however large it would be."""

    most: int
    pages: list[Entry] = field(default_factory=list)
    sitemaps: list[Entry] = field(default_factory=list)
    is_cut: bool = False
    is_begun: bool = False
    _path: list[str] = field(default_factory=list)
    _texts: dict[str, str] = field(default_factory=dict)

    def doctype(self, *_: object) -> None:
        """A sitemap has none; what has one wants entities, or is a page."""
        raise not_a_sitemap()

    def start(self, tag: str | bytes, *_: object) -> None:
        """An element begins."""
        name = str(tag).rpartition("}")[2].lower()
        if not self._path and name not in {"urlset", "sitemapindex"}:
            raise not_a_sitemap()
        self.is_begun = True
        self._path.append(name)
        if len(self._path) == 2:
            self._texts = {}

    def data(self, data: str | bytes) -> None:
        """Text of an entry's own elements."""
        if len(self._path) == 3 and self._path[2] in {"loc", "lastmod"}:
            name = self._path[2]
            self._texts[name] = (self._texts.get(name, "") + str(data))[:_MAX_TEXT_CHARS]

    def end(self, *_: object) -> None:
        """An element ends; with an entry's, there is another one."""
        if len(self._path) == 2 and self._texts.get("loc", "").strip():
            entry = Entry(url=self._texts["loc"].strip(), changed=changed_at(self._texts.get("lastmod", "")))
            entries = self.sitemaps if self._path[0] == "sitemapindex" else self.pages
            if len(entries) < self.most:
                entries.append(entry)
            else:
                self.is_cut = True
        if self._path:
            self._path.pop()

    def comment(self, text: str | bytes) -> None:
        """A comment says nothing to us."""

    def close(self) -> None:
        """The file ends."""


def _of_xml(content: bytes, max_entries: int) -> SitemapFile:
    from lxml import etree

    heard = _Listing(max_entries)
    parser = etree.XMLParser(
        target=heard, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    if content[:2] not in _WIDE:
        content = content.lstrip(_SPACES)
        content = content if b"<![CDATA[" in content else _BARE_AMPERSAND.sub(b"&amp;", content)
    try:
        for piece in _pieces(content):
            parser.feed(piece)
            if heard.is_cut:
                break
        else:
            parser.close()
    except etree.LxmlError as cause:
        if not (heard.pages or heard.sitemaps):
            raise not_a_sitemap() from cause
    if not heard.is_begun:
        raise not_a_sitemap()
    return SitemapFile(pages=tuple(heard.pages), sitemaps=tuple(heard.sitemaps), is_cut=heard.is_cut)


def _pieces(content: bytes) -> Iterator[bytes]:
    for start in range(0, len(content), _PIECE_BYTES):
        yield content[start : start + _PIECE_BYTES]


def _of_text(content: bytes, max_entries: int) -> SitemapFile:
    lines = [line.strip() for line in content.decode("utf-8", errors="replace").lstrip("\ufeff").splitlines()]
    pages = [Entry(url=line) for line in lines if line.lower().startswith(("http://", "https://"))]
    if not pages or len(pages) < sum(bool(line) for line in lines) / 2:
        raise not_a_sitemap()
    return SitemapFile(pages=tuple(pages[:max_entries]), is_cut=len(pages) > max_entries)
