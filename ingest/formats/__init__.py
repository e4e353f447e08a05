"""Reads the documents of offices: tells what a file is by its bytes first, for a name says little, and then by its name."""

from __future__ import annotations

import re

from ingest.blocks import Markup
from ingest.formats.package import Package
from ingest.formats.refusals import damaged, locked, old_format, other_kind, unknown_zip

__all__ = ["read_document"]

_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BLANKS = b"\xef\xbb\xbf \t\r\n\0"
_PDF_WITHIN = 1_024
_HEADER_BYTES = 8_192
_HEADER_LINE = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}:")
_MIME_LINE = re.compile(rb"(?:mime-version|content-type)\s*:", re.IGNORECASE)
_WORD_XML = re.compile(rb'progid="Word\.Document"|<(?:w:wordDocument|pkg:package)\b')
_MHTML_SUFFIXES = frozenset((".mht", ".mhtml"))
_ZIP_SUFFIXES = frozenset((".docx", ".docm", ".odt", ".epub"))
# What the streams of an old Office file are called, in the order to look for them.
_STREAMS = (
    ("WordDocument", "Word (.doc, .wps)", "docx"),
    ("Workbook", "Excel (.xls)", "csv"),
    ("Book", "Excel (.xls)", "csv"),
    ("PowerPoint Document", "PowerPoint (.ppt)", "pdf"),
)
# Parts that tell a zip file which is no article, what it is, and what to save it as.
_OTHER_ZIPS = (
    ("xl/workbook.xml", "Excel (.xlsx)", "csv"),
    ("xl/workbook.bin", "Excel (.xlsb)", "csv"),
    ("ppt/presentation.xml", "PowerPoint (.pptx)", "pdf"),
    ("OFD.xml", "OFD", "pdf"),
)
_OTHER_OPENDOCUMENT = (
    ("spreadsheet", "csv"),
    ("presentation", "pdf"),
    ("graphics", "pdf"),
    ("formula", "odt"),
    ("chart", "pdf"),
)


def read_document(content: bytes, *, suffix: str) -> tuple[Markup, str] | None:
    """Read a document, and name its format: docx, odt, rtf, pdf, epub or mhtml.

    Args:
        content: The file's bytes, which decide.
        suffix: The file's suffix, for what the bytes leave open.

    Returns:
        None when the bytes are none of these, and are to be read as text: a `.doc` is often a page or plain text.

    Raises:
        UnreadableFileError: It is one of these and cannot be read, or a kind that is not read, such as an old `.doc`.
    """
    if content.startswith(_ZIP):
        return _read_zip(content, suffix=suffix.lower())
    if content.startswith(_OLE):
        raise _old_office(content)
    start = content[:_PDF_WITHIN].lstrip(_BLANKS)
    if start.startswith(b"%PDF-") or (suffix.lower() == ".pdf" and b"%PDF-" in start):
        from ingest.formats.pdf import read_pdf

        return read_pdf(content), "pdf"
    if start.startswith(b"{\\rtf"):
        from ingest.formats.rtf import read_rtf

        return read_rtf(content), "rtf"
    if _is_message(content):
        from ingest.formats.mhtml import read_mhtml

        return read_mhtml(content), "mhtml"
    if _WORD_XML.search(content[:_HEADER_BYTES]):
        from ingest.formats.docx import read_word_xml

        return read_word_xml(content), "docx"
    return None


def _read_zip(content: bytes, *, suffix: str) -> tuple[Markup, str]:
    package = Package(content, kind=suffix[1:] if suffix in _ZIP_SUFFIXES else "zip")
    kind = _zip_kind(package, suffix=suffix)
    if kind == "docx":
        from ingest.formats.docx import read_docx

        return read_docx(content), kind
    if kind == "odt":
        from ingest.formats.odt import read_odt

        return read_odt(content), kind
    from ingest.formats.epub import read_epub

    return read_epub(content), kind


def _zip_kind(package: Package, *, suffix: str) -> str:
    """What kind of document a zip file is, by the parts in it.

    Raises:
        UnreadableFileError: It is none that is read.
    """
    names = package.names
    for part, what, instead in _OTHER_ZIPS:
        if part in names:
            raise other_kind(what, instead)
    is_named = suffix in (".docx", ".docm") and "[Content_Types].xml" in names
    if is_named or any(name.startswith("word/") for name in names):
        return "docx"
    stated = package.read("mimetype")[:200].strip().decode("ascii", "replace") if "mimetype" in names else ""
    if stated.startswith("application/epub") or "META-INF/container.xml" in names:
        return "epub"
    if "content.xml" in names:
        return _opendocument_kind(stated)
    raise damaged(suffix[1:]) if suffix in _ZIP_SUFFIXES else unknown_zip()


def _opendocument_kind(stated: str) -> str:
    for kind, instead in _OTHER_OPENDOCUMENT:
        if kind in stated:
            raise other_kind(f"OpenDocument {kind}", instead)
    return "odt"


def _old_office(content: bytes) -> Exception:
    """Say of an old Office file what to save it as; a new one with a password has the form of an old one."""
    if _has_stream(content, "EncryptedPackage"):
        return locked("Office")
    for stream, what, instead in _STREAMS:
        if _has_stream(content, stream):
            return old_format(what, instead)
    return old_format("Office", "docx")


def _has_stream(content: bytes, name: str) -> bool:
    return name.encode("utf-16-le") + b"\0\0" in content


def _is_message(content: bytes) -> bool:
    """Whether bytes begin as a message does, with header lines of which one says that it is in MIME's form."""
    lines = content[:_HEADER_BYTES].lstrip(_BLANKS).splitlines()
    if not lines or not _HEADER_LINE.match(lines[0]):
        return False
    for line in lines:
        if _MIME_LINE.match(line):
            return True
        if not line.strip() or not (line[:1] in b" \t" or _HEADER_LINE.match(line)):
            return False
    return False
