"""The words of an OpenDocument paragraph: comments, deleted and hidden words and page numbers are not among them."""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass

from lxml import etree

from ingest.formats.odt_styles import integer
from ingest.formats.package import attribute, local_name

_UNREAD = frozenset(
    (
        "annotation",
        "annotation-end",
        "tracked-changes",
        "ruby-text",
        "hidden-text",
        "hidden-paragraph",
        "note-citation",
        "image",
        "object",
        "object-ole",
        "title",
        "desc",
        "event-listeners",
        "forms",
        "script",
        "page-number",
        "page-count",
        "glue-point",
        "math",
    )
)
_BLANKS = re.compile(r"[ \t\r\n]+")
_MAX_BLANKS = 100


@dataclass(slots=True, kw_only=True)
class Line:
    """A paragraph's lines (more than one where it has line breaks), and the text boxes and notes that hang on it."""

    lines: list[list[str]]
    boxes: list[etree._Element]
    notes: list[etree._Element]

    @property
    def texts(self) -> list[str]:
        """The lines."""
        return [_BLANKS.sub(" ", "".join(pieces)) for pieces in self.lines]

    @property
    def has_words(self) -> bool:
        """Whether anything stands in the paragraph."""
        return any(piece.strip() for pieces in self.lines for piece in pieces)


def paragraph_lines(paragraph: etree._Element, *, hidden: Container[str]) -> Line:
    """Read a paragraph without what hangs on it; the words in the `hidden` styles are left out."""
    line = Line(lines=[[paragraph.text or ""]], boxes=[], notes=[])
    stack: list[etree._Element | str] = list(reversed(_with_tails(paragraph)))
    while stack:
        piece = stack.pop()
        if isinstance(piece, str):
            line.lines[-1].append(piece)
        elif not _take(piece, line, hidden):
            stack += reversed([piece.text or "", *_with_tails(piece)])
    return line


def _with_tails(element: etree._Element) -> list[etree._Element | str]:
    pieces: list[etree._Element | str] = []
    for inner in element:
        pieces += [inner, inner.tail or ""]
    return pieces


def _take(element: etree._Element, line: Line, hidden: Container[str]) -> bool:
    """Take an element whole; False for one to look into."""
    name = local_name(element)
    if name == "s":
        line.lines[-1].append(" " * min(integer(attribute(element, "c"), 1), _MAX_BLANKS))
    elif name == "tab":
        line.lines[-1].append(" ")
    elif name == "line-break":
        line.lines.append([])
    elif name == "text-box":
        line.boxes.append(element)
    elif name == "note":
        line.notes.append(element)
    else:
        return not name or name in _UNREAD or (attribute(element, "style-name") or "") in hidden
    return True
