"""Reads the body of a Word document: paragraphs with their numbers, and tables, with what hangs on them behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from ingest.blocks import Block
from ingest.formats.docx_numbering import Numbering
from ingest.formats.docx_runs import Line, is_deletion, paragraph_lines
from ingest.formats.docx_styles import Style, Styles, numbering_of, outline_level
from ingest.formats.ordinals import Number, as_lead
from ingest.formats.package import attribute, child, local_name
from ingest.tables import MAX_CELLS, MAX_COLUMNS, Spread, caption_above, repeated, table_rows

_TRANSPARENT = frozenset(
    (
        "sdt",
        "sdtContent",
        "customXml",
        "smartTag",
        "ins",
        "moveTo",
        "body",
        "AlternateContent",
        "Choice",
        "Fallback",
        "sect",
        "sub-section",
        "annotation",
        "content",
    )
)
_CONTENTS = "Table of Contents"
_NOTE_LABEL = "注："


@dataclass(slots=True, kw_only=True)
class Document:
    """What paragraphs are read with, and what has been met on the way.

    Attributes:
        notes: The footnotes and endnotes by kind and id.
        foreign: Gives the blocks of a part in another format that stands in the text, by its relation's id.
        waiting: Blocks that stand behind the paragraph or table being read: its notes and text boxes.
    """

    styles: Styles
    numbering: Numbering
    notes: Mapping[tuple[str, str], etree._Element]
    foreign: Callable[[str], Sequence[Block]]
    waiting: list[Block] = field(default_factory=list)
    had_contents: bool = False


def body_blocks(container: etree._Element, document: Document) -> Iterator[Block]:
    """Read what stands below an element, with the notes and text boxes of each paragraph after it."""
    above: list[str] = []
    for element in _content(container, document):
        name = local_name(element)
        if name == "p":
            made = list(_paragraph(element, document))
            above += [block.text for block in made]
        elif name == "altChunk":
            made = list(document.foreign(attribute(element, "id") or ""))
            above = [block.text for block in made[-3:]]
        else:
            made = list(_table(element, document, caption=caption_above(above[-3:])))
            above.clear()
        yield from made
        waiting, document.waiting = document.waiting, []
        yield from waiting


def _content(container: etree._Element, document: Document) -> Iterator[etree._Element]:
    """The paragraphs and tables directly inside an element, however they are wrapped."""
    for element in container:
        name = local_name(element)
        if name in ("p", "tbl", "altChunk"):
            yield element
        elif name == "AlternateContent":
            yield from _content(_alternative(element), document)
        elif name == "sdt" and _is_contents(element):
            document.had_contents = True
        elif name in _TRANSPARENT and not is_deletion(element):
            yield from _content(element, document)


def _is_contents(control: etree._Element) -> bool:
    gallery = child(control, "sdtPr", "docPartObj", "docPartGallery")
    return attribute(gallery, "val") == _CONTENTS


def _alternative(element: etree._Element) -> etree._Element:
    """One of the forms that the same thing is written in."""
    choice = child(element, "Choice")
    fallback = child(element, "Fallback")
    return choice if choice is not None else fallback if fallback is not None else element


def _paragraph(element: etree._Element, document: Document) -> Iterator[Block]:
    properties = child(element, "pPr")
    style = document.styles.of(properties)
    line = paragraph_lines(element)
    if style.is_contents:
        document.had_contents = True
        return
    number = _number(properties, style, document) if line.has_words else None
    stated = outline_level(properties)
    level = style.level if stated is None else stated
    texts = ["".join(line.texts)] if level else list(line.texts)
    for index, text in enumerate(texts):
        text = f"{number.text}{text.strip()}" if number and not index else text.strip()
        if text:
            yield Block(text=text, level=level, kind="item" if number and number.is_bullet else "text")
    document.waiting += _behind(line, document)


def _number(properties: etree._Element | None, style: Style, document: Document) -> Number | None:
    if (listed := child(properties, "listPr", "t")) is not None:  # the form of 2003 writes the number itself
        return Number(text=as_lead((attribute(listed, "val") or "")[:60]), is_bullet=False)
    own = numbering_of(properties)
    stated = own or style.numbering
    if own is not None and style.numbering is not None and not own[0]:
        stated = (style.numbering[0], own[1])
    style_id = attribute(child(properties, "pStyle"), "val") or document.styles.default_id
    return document.numbering.number(stated, style_id=style_id)


def _behind(line: Line, document: Document) -> list[Block]:
    """The text boxes and notes that hang on a paragraph."""
    held, document.waiting = document.waiting, []
    behind = [block for box in line.boxes for block in body_blocks(box, document)]
    for note in (*map(document.notes.get, line.references), *line.notes):
        texts = [block.text for block in body_blocks(note, document)] if note is not None else []
        behind += [Block(text=(_NOTE_LABEL if not i else "") + text) for i, text in enumerate(texts)]
    document.waiting = held
    return behind


def _table(element: etree._Element, document: Document, *, caption: str) -> Iterator[Block]:
    """Read a table of data as rows; one that only lays out a page, as the blocks in its cells."""
    rows = [row for row in _content_rows(element) if child(row, "trPr", "del") is None]
    cells = [list(_cells(row)) for row in rows]
    is_layout = max(map(len, cells), default=0) < 2 or any(
        inner.tag == element.tag for row in cells for cell in row for inner in cell.iter(element.tag)
    )
    if is_layout:
        for row in cells:
            for cell in row:
                if not _is_continued(cell):
                    yield from body_blocks(cell, document)
        return
    header = next((i for i, row in enumerate(rows) if child(row, "trPr", "tblHeader") is None), len(rows))
    laid = _laid_out(rows, cells, document)
    for text in table_rows(laid, header_rows=header or None, caption=caption):
        yield Block(text=text, kind="row")


def _content_rows(table: etree._Element) -> Iterator[etree._Element]:
    for element in table:
        name = local_name(element)
        if name == "tr":
            yield element
        elif name in _TRANSPARENT and not is_deletion(element):
            yield from _content_rows(element)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for element in row:
        name = local_name(element)
        if name == "tc":
            yield element
        elif name in _TRANSPARENT:
            yield from _cells(element)


def _is_continued(cell: etree._Element) -> bool:
    """Whether a cell belongs to the merged one above it."""
    merge = child(cell, "tcPr", "vMerge")
    merge = child(cell, "tcPr", "vmerge") if merge is None else merge
    return merge is not None and attribute(merge, "val") != "restart"


def _laid_out(
    rows: list[etree._Element], cells: list[list[etree._Element]], document: Document
) -> list[list[str]]:
    """Each row's texts, a merged cell's at every place it covers."""
    laid: list[list[str]] = []
    room = MAX_CELLS
    for row, listed in zip(rows, cells, strict=True):
        texts: list[str] = [""] * min(_span(child(row, "trPr", "gridBefore")), room)
        room -= len(texts)
        for cell in listed:
            at = len(texts)
            above = repeated(laid[-1][at]) if laid and at < len(laid[-1]) else ""
            text = above if _is_continued(cell) else _cell_text(cell, document)
            width = max(1, min(_span(child(cell, "tcPr", "gridSpan")), MAX_COLUMNS - at, room + 1))
            texts += [text, *[Spread(repeated(text))] * (width - 1)]
            room -= width - 1
        laid.append(texts)
    return laid


def _cell_text(cell: etree._Element, document: Document) -> str:
    """The lines of a cell; what hangs on its paragraphs waits for the table's end."""
    return "\n".join(
        block.text for element in _content(cell, document) for block in _paragraph(element, document)
    )


def _span(element: etree._Element | None) -> int:
    value = attribute(element, "val") or ""
    return min(int(value), MAX_COLUMNS) if value.isdecimal() and len(value) < 8 else 0
