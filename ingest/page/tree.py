"""Parses HTML and reads its tree as pieces of text in reading order, each with the place that it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from ingest.blocks import Block, BlockKind
from ingest.page.table import table_lines

# As a regular expression's alternatives: the tags that begin or end a block.
HTML_BREAK = (
    "address|article|aside|blockquote|body|br|center|dd|div|dl|dt|fieldset|figcaption|figure|footer|form|h[1-6]|header|"
    "hr|html|legend|li|main|nav|ol|p|pre|section|table|tbody|td|tfoot|th|thead|tr|ul"
)
_BREAK_TAGS = frozenset(HTML_BREAK.replace("h[1-6]", "h1|h2|h3|h4|h5|h6").split("|"))
_UNREAD_TAGS = frozenset(
    [
        "head",
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "select",
        "option",
        "button",
        "input",
        "textarea",
        "iframe",
        "object",
        "embed",
        "audio",
        "video",
        "canvas",
        "map",
        "title",
        "meta",
        "link",
        "noframes",
        "frameset",
    ]
)
_CHROME_TAGS = frozenset(("nav", "footer", "aside"))
_LEVELS = {f"h{level}": level for level in range(1, 7)}
_NEWLINE_IN_CHINESE = re.compile(
    r"(?<=[\u2e80-\u9fff\uff00-\uffef])[ \t]*\n\s*(?=[\u2e80-\u9fff\uff00-\uffef])"
)
_BLANKS = re.compile(r"[ \t\r\n]+")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A block of a page, and where it stands.

    Attributes:
        home: The innermost element that makes a block of it, or the data table that it is a row of.
        link_chars: How many of its characters are links.
    """

    block: Block
    home: HtmlElement
    link_chars: int
    is_table: bool = False


def parse(markup: str) -> HtmlElement | None:
    """Parse as a browser would; the text is decoded already, so what it declares about its bytes is ignored."""
    source = _XML_DECLARATION.sub("", markup, count=1).encode("utf-8", errors="replace")
    try:
        return document_fromstring(source, parser=HTMLParser(encoding="utf-8", remove_pis=True))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def tag_of(element: etree._Element) -> str:
    """The element's tag in lower case; a comment has none."""
    tag: object = element.tag  # a comment's tag is a function
    return tag.lower() if isinstance(tag, str) else ""


def pieces_of(root: HtmlElement) -> Iterator[Piece]:
    """Yield the pieces of a tree with a loop: trees can be deep."""
    collector = _Collector(root)
    walker = etree.iterwalk(root, events=("start", "end", "comment"))
    for event, element in walker:
        if event == "start":
            yield from _start(element, collector, walker)
            continue
        if event == "end":
            yield from _end(element, collector)
        if element is not root:
            collector.add(element.tail, element.getparent())
    yield from collector.flush()


class _Collector:
    """Gathers text until a block ends."""

    def __init__(self, root: HtmlElement) -> None:
        self.level = 0
        self.kind: BlockKind = "text"
        self._home = root
        self._pieces: list[str] = []
        self._link_depth = 0
        self._link_chars = 0
        self._chars = 0

    def enter_link(self) -> None:
        self._link_depth += 1

    def leave_link(self) -> None:
        self._link_depth = max(0, self._link_depth - 1)

    def add(self, text: str | None, home: HtmlElement | None) -> None:
        if not text:
            return
        length = len(text.strip())
        if length and not self._chars and home is not None:
            self._home = home
        self._pieces.append(text)
        self._chars += length
        self._link_chars += length if self._link_depth else 0

    def flush(self) -> Iterator[Piece]:
        if self._chars:
            text = _BLANKS.sub(" ", _NEWLINE_IN_CHINESE.sub("", "".join(self._pieces))).strip()
            is_link = 0 < self._link_chars >= self._chars * 0.8
            block = Block(text=text, level=self.level, kind=self.kind, is_link=is_link)
            if text:
                yield Piece(block=block, home=_block_home(self._home), link_chars=self._link_chars)
        self.level, self.kind = 0, "text"
        self._pieces, self._link_chars, self._chars = [], 0, 0


def _block_home(element: HtmlElement) -> HtmlElement:
    """The element itself, or the nearest one around it that makes a block."""
    while tag_of(element) not in _BREAK_TAGS and (parent := element.getparent()) is not None:
        element = parent
    return element


def _start(element: HtmlElement, collector: _Collector, walker: etree.iterwalk) -> Iterator[Piece]:
    tag = tag_of(element)
    if tag in _UNREAD_TAGS:
        walker.skip_subtree()
        return
    if tag == "table" and (lines := table_lines(element)):
        yield from collector.flush()
        yield from (_row_piece(line, element) for line in lines)
        walker.skip_subtree()
        return
    if tag == "tr" and (row := _row_text(element)):
        yield from collector.flush()
        links = sum(len("".join(map(str, link.itertext()))) for link in element.iter("a"))
        is_link = links >= len(row) * 0.7
        yield Piece(block=Block(text=row, kind="row", is_link=is_link), home=element, link_chars=links)
        walker.skip_subtree()
        return
    if tag in _BREAK_TAGS:
        yield from collector.flush()
        collector.level = _LEVELS.get(tag, 0)
        collector.kind = "item" if tag == "li" else "text"
    if tag == "a" or tag in _CHROME_TAGS:
        collector.enter_link()
    collector.add(element.text, element)


def _row_piece(line: str, table: HtmlElement) -> Piece:
    return Piece(block=Block(text=line, kind="row"), home=table, link_chars=0, is_table=True)


def _end(element: HtmlElement, collector: _Collector) -> Iterator[Piece]:
    tag = tag_of(element)
    if tag in _BREAK_TAGS:
        yield from collector.flush()
    if tag == "a" or tag in _CHROME_TAGS:
        collector.leave_link()


def _row_text(row: etree._Element) -> str:
    """Join the cells of a data table's row; a layout table's cells hold blocks, and are not joined."""
    cells = [child for child in row if tag_of(child) in {"td", "th"}]
    if len(cells) < 2 or len(cells) > 60:
        return ""
    if any(tag_of(inner) in _BREAK_TAGS for cell in cells for inner in cell.iterdescendants()):
        return ""
    texts = [_BLANKS.sub(" ", "".join(map(str, cell.itertext()))).strip() for cell in cells]
    return " | ".join(text for text in texts if text) if max(map(len, texts)) <= 300 else ""
