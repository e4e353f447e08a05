"""Reads OpenDocument texts: paragraphs with their automatic numbers, headings, lists, tables, notes and text boxes.

The XML is read directly, as for Word: the libraries for it give neither the numbers nor the order of notes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from ingest.blocks import Block, Markup
from ingest.formats.odt_numbering import Counters, ListCounters
from ingest.formats.odt_runs import Line, paragraph_lines
from ingest.formats.odt_styles import Styles, integer, read_styles
from ingest.formats.odt_table import TableCell, read_table
from ingest.formats.ordinals import Number
from ingest.formats.package import Package, attribute, child, local_name
from ingest.formats.properties import property_facts
from ingest.formats.refusals import damaged, locked
from ingest.tables import caption_above, grid, table_rows

_KIND = "odt"
_MANIFEST = "META-INF/manifest.xml"
_WRAPPERS = frozenset(("section", "index-body", "bibliography", "text", "page-sequence"))
_CONTENTS = frozenset(
    (
        "table-of-content",
        "illustration-index",
        "table-index",
        "object-index",
        "user-index",
        "alphabetical-index",
    )
)
_LISTS = frozenset(("list", "numbered-paragraph"))
_NOTE_LABEL = "注："


@dataclass(slots=True, kw_only=True)
class _Document:
    """What paragraphs are read with, and what has been met on the way.

    Attributes:
        waiting: Blocks that stand behind the paragraph or table being read: its notes and text boxes.
    """

    styles: Styles
    lists: ListCounters = field(default_factory=ListCounters)
    headings: Counters = field(default_factory=Counters)
    waiting: list[Block] = field(default_factory=list)
    had_contents: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class _List:
    """The list that an item stands in."""

    counters: Counters
    style_name: str
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    """A paragraph, heading or table; `place` is given for what begins a list item.

    Attributes:
        start: Where the item starts the numbers anew.
    """

    element: etree._Element
    place: _List | None = None
    start: int | None = None
    is_listed: bool = False


def read_odt(content: bytes) -> Markup:
    """Read an OpenDocument text.

    Raises:
        UnreadableFileError: It is damaged, protected, or grows beyond every measure.
    """
    package = Package(content, kind=_KIND)
    if _is_locked(package):
        raise locked(_KIND)
    root = package.root("content.xml")
    body = child(root, "body", "text")
    if body is None:
        raise damaged(_KIND)
    document = _Document(styles=read_styles(package.root_or_none("styles.xml"), root))
    blocks = tuple(_blocks(body, document))
    facts = property_facts(package.root_or_none("meta.xml"))
    notes = ("the table of contents was left out",) if document.had_contents else ()
    return Markup(blocks=blocks, page_facts=facts, notes=notes)


def _is_locked(package: Package) -> bool:
    manifest = package.root_or_none(_MANIFEST)
    return manifest is not None and any(local_name(e) == "encryption-data" for e in manifest.iter())


def _blocks(container: etree._Element, document: _Document) -> Iterator[Block]:
    """Read what stands below an element, with the notes and text boxes of each paragraph after it."""
    above: list[str] = []
    for item in _items(container, document):
        if local_name(item.element) == "table":
            made = list(_table(item.element, document, caption=caption_above(above[-3:])))
            above.clear()
        else:
            made = list(_paragraph(item, document))
            above += [block.text for block in made]
        yield from made
        waiting, document.waiting = document.waiting, []
        yield from waiting


def _items(container: etree._Element, document: _Document) -> Iterator[_Item]:
    """The paragraphs, headings and tables inside an element, however they are wrapped."""
    for element in container:
        name = local_name(element)
        if name in ("p", "h", "table"):
            yield _Item(element=element)
        elif name in _LISTS:
            yield from _listed(element, document)
        elif name in _CONTENTS:
            document.had_contents = True
        elif (name in _WRAPPERS and not _is_hidden(element, document)) or name in (
            "frame",
            "text-box",
            "g",
            "a",
        ):
            yield from _items(element, document)


def _is_hidden(element: etree._Element, document: _Document) -> bool:
    style_name = attribute(element, "style-name") or ""
    return attribute(element, "display") == "none" or style_name in document.styles.hidden


def _listed(element: etree._Element, document: _Document) -> Iterator[_Item]:
    """The items of a list that stands in no other."""
    style_name = attribute(element, "style-name") or ""
    counters = document.lists.of_list(
        list_id=attribute(element, "id") or attribute(element, "list-id") or "",
        style_name=style_name,
        continued_id=attribute(element, "continue-list") or attribute(element, "list-id"),
        is_continued=attribute(element, "continue-numbering") == "true",
    )
    if local_name(element) == "numbered-paragraph":
        level = max(0, integer(attribute(element, "level"), 1) - 1)
        place = _List(counters=counters, style_name=style_name, level=level)
        yield from _entry(element, document, place)
    else:
        yield from _entries(element, document, _List(counters=counters, style_name=style_name, level=0))


def _entries(element: etree._Element, document: _Document, place: _List) -> Iterator[_Item]:
    for entry in element:
        name = local_name(entry)
        if name == "list-item":
            yield from _entry(entry, document, place)
        elif name == "list-header":
            yield from (_Item(element=item.element, is_listed=True) for item in _items(entry, document))


def _entry(entry: etree._Element, document: _Document, place: _List) -> Iterator[_Item]:
    """One item of a list: its first paragraph is numbered, and the lists in it go one level down."""
    stated = attribute(entry, "start-value")
    start = integer(stated, 1) if stated is not None else None
    is_first = True
    for element in entry:
        name = local_name(element)
        if name in ("p", "h"):
            yield _Item(element=element, place=place if is_first else None, start=start, is_listed=True)
            is_first = False
        elif name == "list":
            if attribute(element, "continue-numbering") != "true" and not is_first:
                place.counters.restart(place.level + 1)
            style_name = attribute(element, "style-name") or place.style_name
            inner = _List(counters=place.counters, style_name=style_name, level=place.level + 1)
            yield from _entries(element, document, inner)
        elif name == "table":
            yield _Item(element=element)


def _paragraph(item: _Item, document: _Document) -> Iterator[Block]:
    style_name = attribute(item.element, "style-name") or ""
    if style_name in document.styles.hidden:
        return
    line = paragraph_lines(item.element, hidden=document.styles.hidden)
    level = document.styles.levels.get(style_name, 0)
    if local_name(item.element) == "h":
        level = max(1, min(integer(attribute(item.element, "outline-level"), 1), 6))
    number = _number(item, document) if line.has_words else None
    texts = ["".join(line.texts)] if level else line.texts
    for index, text in enumerate(texts):
        text = f"{number.text}{text.strip()}" if number and not index else text.strip()
        if text:
            yield Block(text=text, level=level, kind="item" if number and number.is_bullet else "text")
    document.waiting += _behind(line, document)


def _number(item: _Item, document: _Document) -> Number | None:
    """The number in front of a list item, or of a heading that stands in no list."""
    element, place = item.element, item.place
    if place is not None:
        own = document.styles.list_names.get(attribute(element, "style-name") or "", "")
        style = document.styles.lists.get(place.style_name or own, {})
        return place.counters.count(place.level, style, start=item.start)
    if local_name(element) != "h" or item.is_listed or attribute(element, "is-list-header") == "true":
        return None
    level = integer(attribute(element, "outline-level"), 1) - 1
    is_new = attribute(element, "restart-numbering") == "true"
    start = integer(attribute(element, "start-value"), 1) if is_new else None
    return document.headings.count(level, document.styles.outline, start=start) if level >= 0 else None


def _behind(line: Line, document: _Document) -> list[Block]:
    """The text boxes and notes that hang on a paragraph."""
    held, document.waiting = document.waiting, []
    behind = [block for box in line.boxes for block in _blocks(box, document)]
    for note in line.notes:
        body = child(note, "note-body")
        texts = [block.text for block in _blocks(body, document)] if body is not None else []
        behind += [Block(text=(_NOTE_LABEL if not i else "") + text) for i, text in enumerate(texts)]
    document.waiting = held
    return behind


def _table(element: etree._Element, document: _Document, *, caption: str) -> Iterator[Block]:
    """Read a table of data as rows; one that only lays out a page, as the blocks in its cells."""
    table = read_table(element)
    if table.is_layout:
        for row in table.rows:
            for cell in row:
                yield from _blocks(cell.element, document)
        return
    laid = grid([[_laid(cell, document) for cell in row] for row in table.rows])
    for text in table_rows(laid, header_rows=table.header_rows or None, caption=caption):
        yield Block(text=text, kind="row")


def _laid(cell: TableCell, document: _Document) -> tuple[str, int, int]:
    """The lines of a cell with its spans; what hangs on its paragraphs waits for the table's end."""
    blocks = (block for item in _items(cell.element, document) for block in _paragraph(item, document))
    return "\n".join(block.text for block in blocks), cell.columns, cell.rows
