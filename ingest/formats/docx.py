"""Reads Word documents: the parts of the package, or the one XML file that Word can write in its place.

The XML is read directly: mammoth leaves out automatic numbers (第一条, 一、), and python-docx opens no document that
lacks a part it does not need.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Sequence
from functools import partial

from lxml import etree

from ingest.blocks import Block, Markup
from ingest.decode import decode
from ingest.formats.docx_body import Document, body_blocks
from ingest.formats.docx_numbering import Numbering
from ingest.formats.docx_styles import read_styles
from ingest.formats.package import Package, attribute, child, children, local_name, parse_xml
from ingest.formats.properties import property_facts
from ingest.formats.refusals import damaged
from ingest.webpage import fragment_blocks
from rag.errors import UnreadableFileError

_MAIN_TYPE = "/officeDocument"
_FOREIGN_TYPE = "/aFChunk"
_KIND = "docx"
_ZIP = b"PK\x03\x04"
_CONTENTS_NOTE = "the table of contents was left out"


def read_docx(content: bytes) -> Markup:
    """Read a Word document.

    Raises:
        UnreadableFileError: It is damaged, protected, or grows beyond every measure.
    """
    package = Package(content, kind=_KIND)
    main = _main_part(package)
    body = child(package.root(main), "body")
    if body is None:
        raise damaged(_KIND)
    folder, name = posixpath.split(main)
    styles = read_styles(package.root_or_none(f"{folder}/styles.xml"))
    relations = package.root_or_none(f"{folder}/_rels/{name}.rels")
    missing: list[str] = []
    document = Document(
        styles=styles,
        numbering=Numbering(package.root_or_none(f"{folder}/numbering.xml"), styles),
        notes=_notes(package, folder),
        foreign=partial(_foreign_blocks, package, _targets(relations, folder), missing),
    )
    blocks = tuple(body_blocks(body, document))
    notes = [_CONTENTS_NOTE] if document.had_contents else []
    notes += [f"{len(missing)} inserted files could not be read"] if missing else []
    facts = property_facts(package.root_or_none("docProps/core.xml"))
    return Markup(blocks=blocks, page_facts=facts, notes=tuple(notes))


def read_word_xml(content: bytes) -> Markup:
    """Read a Word document that is one XML file: the form of 2003, or a package written as one.

    Raises:
        UnreadableFileError: It is damaged, or nested without end.
    """
    root = parse_xml(content, kind=_KIND)
    if local_name(root) == "package":
        return read_docx(_packed(root))
    body = child(root, "body")
    if body is None:
        raise damaged(_KIND)
    styles = read_styles(child(root, "styles"))
    document = Document(styles=styles, numbering=Numbering(None, styles), notes={}, foreign=lambda _: ())
    blocks = tuple(body_blocks(body, document))
    notes = (_CONTENTS_NOTE,) if document.had_contents else ()
    return Markup(blocks=blocks, page_facts=property_facts(child(root, "DocumentProperties")), notes=notes)


def _main_part(package: Package) -> str:
    """The name of the part that holds the text, as the package's own relations give it."""
    relations = package.root_or_none("_rels/.rels")
    for relation in children(relations, "Relationship"):
        if (attribute(relation, "Type") or "").endswith(_MAIN_TYPE):
            return (attribute(relation, "Target") or "").lstrip("/")
    return "word/document.xml"


def _notes(package: Package, folder: str) -> dict[tuple[str, str], etree._Element]:
    found = {}
    for kind in ("footnote", "endnote"):
        for note in children(package.root_or_none(f"{folder}/{kind}s.xml"), kind):
            if attribute(note, "type") is None:  # the others are the lines that part notes from the text
                found[kind, attribute(note, "id") or ""] = note
    return found


def _targets(relations: etree._Element | None, folder: str) -> dict[str, str]:
    """The parts in other formats that stand in the text, by their relation's id."""
    return {
        attribute(relation, "Id") or "": posixpath.normpath(
            posixpath.join("/", folder, attribute(relation, "Target") or "")
        ).lstrip("/")
        for relation in children(relations, "Relationship")
        if (attribute(relation, "Type") or "").endswith(_FOREIGN_TYPE)
    }


def _foreign_blocks(
    package: Package, targets: dict[str, str], missing: list[str], relation_id: str
) -> Sequence[Block]:
    """The blocks of a page, message, RTF or text that a program put into a document whole; each is read once."""
    from ingest.formats import read_document

    name = targets.pop(relation_id, "")
    try:
        content = package.read(name)
        if content.startswith(_ZIP):  # a document in a document could go on without end
            raise damaged(_KIND)
        read = read_document(content, suffix=posixpath.splitext(name)[1])
        return read[0].blocks if read is not None else fragment_blocks(decode(content).text)
    except UnreadableFileError:
        missing.append(name)
        return ()


def _packed(root: etree._Element) -> bytes:
    """Write a package that is one XML file as the zip file that it stands for."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for part in children(root, "part"):
            written = child(part, "xmlData")
            if written is not None and len(written):
                name = (attribute(part, "name") or "").lstrip("/")
                archive.writestr(name, etree.tostring(written[0], encoding="utf-8"))
    return buffer.getvalue()
