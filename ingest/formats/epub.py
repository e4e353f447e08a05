"""Reads EPUB books: the chapters in reading order, without the pages that only lead to them."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote

from lxml import etree

from ingest.blocks import Block, Markup
from ingest.decode import decode
from ingest.formats.package import Package, attribute, child, children, local_name
from ingest.formats.refusals import damaged, locked
from ingest.webpage import fragment_blocks
from rag.errors import UnreadableFileError

_KIND = "epub"
_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGE_TYPES = frozenset(("application/xhtml+xml", "text/html", "application/xml", "text/xml"))
_VOID = "area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr"
# An HTML parser takes `<a id="x"/>` for the beginning of a link that never ends.
_SELF_CLOSED = re.compile(
    rf"<(?!(?:{_VOID})\b)([A-Za-z][\w:.-]{{0,40}})((?:\s[^<>]{{0,2000}})?)/>", re.IGNORECASE
)
_FACTS = {"title": "title", "creator": "author", "publisher": "source", "date": "date"}
_NOBODY = frozenset(("unknown", "未知", "佚名", "none", "n/a"))
_MAX_FACT_CHARS = 300
_FEWEST_LINKS = 3


def read_epub(content: bytes) -> Markup:
    """Read a book.

    Raises:
        UnreadableFileError: It is damaged, protected, or grows beyond every measure.
    """
    package = Package(content, kind=_KIND)
    opf_name = _opf_name(package)
    opf = package.root(opf_name)
    names = _reading_order(opf, posixpath.dirname(opf_name))
    protected = _protected(package)
    if any(name in protected for name in names):
        raise locked(_KIND)
    missing = sum(name not in package.names for name in names)
    chapters = [_chapter(package, name) for name in names if name in package.names]
    if not chapters:
        raise damaged(_KIND)
    blocks = tuple(block for chapter in chapters for block in chapter if not _leads_to_all(chapter))
    notes = (f"{missing} chapters are missing",) if missing else ()
    return Markup(blocks=blocks, page_facts=_facts(opf), notes=notes)


def _opf_name(package: Package) -> str:
    """The name of the part that lists the others."""
    container = package.root_or_none(_CONTAINER)
    for rootfile in children(child(container, "rootfiles"), "rootfile"):
        name = posixpath.normpath(unquote(attribute(rootfile, "full-path") or "").lstrip("/"))
        if name in package.names:
            return name
    found = sorted(name for name in package.names if name.lower().endswith(".opf"))
    if not found:
        raise damaged(_KIND)
    return found[0]


def _reading_order(opf: etree._Element, folder: str) -> list[str]:
    """The names of the chapters in the order of the spine, each once; without the book's navigation."""
    items = {attribute(item, "id") or "": item for item in children(child(opf, "manifest"), "item")}
    leading = {
        _name_of(reference, folder)
        for reference in children(child(opf, "guide"), "reference")
        if (attribute(reference, "type") or "").lower() == "toc"
    }
    names: dict[str, None] = {}
    for reference in children(child(opf, "spine"), "itemref"):
        item = items.get(attribute(reference, "idref") or "")
        if item is None or "nav" in (attribute(item, "properties") or "").split():
            continue
        name = _name_of(item, folder)
        if (attribute(item, "media-type") or "").lower() in _PAGE_TYPES and name not in leading:
            names[name] = None
    return list(names)


def _name_of(element: etree._Element, folder: str) -> str:
    href = unquote((attribute(element, "href") or "").partition("#")[0])
    return posixpath.normpath(posixpath.join(folder, href))


def _protected(package: Package) -> frozenset[str]:
    """The parts that are encrypted: fonts often are, in a book that anybody may read."""
    root = package.root_or_none(_ENCRYPTION)
    if root is None:
        return frozenset()
    references = (e for e in root.iter() if local_name(e) == "CipherReference")
    return frozenset(unquote(attribute(e, "URI") or "").lstrip("/") for e in references)


def _chapter(package: Package, name: str) -> list[Block]:
    content = package.read(name)
    try:
        text = decode(content).text
    except UnreadableFileError as cause:
        raise damaged(_KIND) from cause
    return fragment_blocks(_SELF_CLOSED.sub(r"<\1\2></\1>", text))


def _leads_to_all(chapter: list[Block]) -> bool:
    """Whether a chapter is a table of contents: links, and at most a heading or two."""
    links = sum(block.is_link for block in chapter)
    return links >= _FEWEST_LINKS and len(chapter) - links <= 2


def _facts(opf: etree._Element) -> dict[str, str]:
    facts: dict[str, str] = {}
    for element, name in _stated(child(opf, "metadata")):
        text = " ".join((element.text or "").split())
        if 0 < len(text) <= _MAX_FACT_CHARS and text.lower() not in _NOBODY:
            facts.setdefault(name, text)
    return facts


def _stated(metadata: etree._Element | None) -> Iterator[tuple[etree._Element, str]]:
    """What the book says of itself; a date on which the file was changed says nothing."""
    for element in metadata.iter() if metadata is not None else ():
        name = _FACTS.get(local_name(element))
        if name and attribute(element, "event") in (None, "publication", "original-publication"):
            yield element, name
