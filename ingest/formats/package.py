"""Opens the zip files that documents are, and the XML in them, without believing what they say of themselves."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from lxml import etree

from ingest.formats.refusals import bomb, damaged, locked

MAX_PART_BYTES = 48_000_000
MAX_TOTAL_BYTES = 160_000_000
"""Of all parts that are read. Pictures are not."""
_MAX_PARTS = 20_000
# Repetitive XML packs to a hundredth; a bomb to a thousandth.
_MAX_RATIO = 300
_SMALL_BYTES = 2_000_000
_ENCRYPTED = 0x1
_READ_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


class Package:
    """A document's zip file: parts are read by name, each within its limits and all of them within one.

    Attributes:
        kind: What errors call the file.
    """

    def __init__(self, content: bytes, *, kind: str) -> None:
        """Open a zip file; nothing is unpacked yet."""
        self.kind = kind
        self._room = MAX_TOTAL_BYTES
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except _READ_ERRORS as cause:
            raise damaged(kind) from cause
        self._infos = {info.filename: info for info in self._zip.infolist()}
        if len(self._infos) > _MAX_PARTS:
            raise bomb(kind)

    @property
    def names(self) -> frozenset[str]:
        """The names of all parts."""
        return frozenset(self._infos)

    def read(self, name: str) -> bytes:
        """Unpack one part.

        Raises:
            UnreadableFileError: It is missing, broken, encrypted, or grows beyond every measure.
        """
        info = self._infos.get(name)
        if info is None:
            raise damaged(self.kind)
        if info.flag_bits & _ENCRYPTED:
            raise locked(self.kind)
        most = min(MAX_PART_BYTES, self._room)
        is_swollen = info.file_size > max(_SMALL_BYTES, _MAX_RATIO * info.compress_size)
        if info.file_size > most or is_swollen:
            raise bomb(self.kind)
        try:
            with self._zip.open(info) as part:
                content = part.read(most + 1)  # never more than the size it states, whatever is packed
        except _READ_ERRORS as cause:
            raise damaged(self.kind) from cause
        self._room -= len(content)
        return content

    def root(self, name: str) -> etree._Element:
        """Parse one part as XML."""
        return parse_xml(self.read(name), kind=self.kind)

    def root_or_none(self, name: str) -> etree._Element | None:
        """Parse a part that a document can do without: None where it is missing or broken."""
        if name not in self._infos:
            return None
        try:
            return etree.fromstring(self.read(name), parser=_parser())
        except etree.XMLSyntaxError:
            return None


def parse_xml(content: bytes, *, kind: str) -> etree._Element:
    """Parse XML of unknown origin: no entity is expanded, nothing is fetched, depth and text sizes are limited.

    Raises:
        UnreadableFileError: It is no XML, or nested without end, or declares entities.
    """
    try:
        root = etree.fromstring(content, parser=_parser())
    except etree.XMLSyntaxError as cause:
        too_deep = "depth" in str(cause).lower() or "huge" in str(cause).lower()
        raise (bomb(kind) if too_deep else damaged(kind)) from cause
    declared: Any = root.getroottree().docinfo.internalDTD
    if declared is not None and next(iter(declared.iterentities()), None) is not None:
        raise damaged(kind)  # no program writes entities into these
    return root


def local_name(element: etree._Element) -> str:
    """An element's name without its namespace; empty for what is no element."""
    tag: object = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: etree._Element | None, name: str) -> str | None:
    """The value of an attribute, whatever its namespace: the strict and the usual form of a format differ in it."""
    if element is None:
        return None
    for key, value in element.attrib.items():
        if str(key).rpartition("}")[2] == name:
            return str(value)
    return None


def child(element: etree._Element | None, *path: str) -> etree._Element | None:
    """The first element down a path of local names."""
    for name in path:
        if element is None:
            return None
        element = next((inner for inner in element if local_name(inner) == name), None)
    return element


def children(element: etree._Element | None, name: str) -> Iterator[etree._Element]:
    """All child elements of one local name."""
    if element is not None:
        yield from (inner for inner in element if local_name(inner) == name)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        huge_tree=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        remove_comments=True,
        remove_pis=True,
    )
