"""The words of a Word paragraph: what was deleted, hidden or is a field's code is not among them."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from ingest.formats.package import attribute, child, local_name

_UNREAD = frozenset(
    (
        "pPr",
        "rPr",
        "del",
        "moveFrom",
        "instrText",
        "delText",
        "delInstrText",
        "commentReference",
        "annotationRef",
        "rt",  # the reading above a character
        "object",
        "sdtPr",
        "sdtEndPr",
        "footnoteRef",
        "endnoteRef",
        "binData",
    )
)
_NOTES = frozenset(("footnote", "endnote"))
_CHARACTERS = {"tab": " ", "ptab": " ", "noBreakHyphen": "-", "softHyphen": ""}
_BREAKS = frozenset(("br", "cr"))
_SYMBOLS = range(0xE000, 0xF900)  # glyphs of one font, with no meaning outside it


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A paragraph's lines (more than one where it has line breaks), and what hangs on it.

    Attributes:
        references: Its notes by kind and id.
        notes: Its notes, where they stand in it.
    """

    texts: tuple[str, ...]
    boxes: tuple[etree._Element, ...]
    references: tuple[tuple[str, str], ...]
    notes: tuple[etree._Element, ...]

    @property
    def has_words(self) -> bool:
        """Whether anything stands in the paragraph: Word numbers empty ones too, but nobody reads the number."""
        return any(text.strip() for text in self.texts)


def paragraph_lines(paragraph: etree._Element) -> Line:
    """Read a paragraph without what hangs on it."""
    lines: list[list[str]] = [[]]
    boxes: list[etree._Element] = []
    references: list[tuple[str, str]] = []
    notes: list[etree._Element] = []
    stack = list(reversed(paragraph))
    while stack:
        element = stack.pop()
        name = local_name(element)
        if name == "txbxContent":
            boxes.append(element)
        elif name in ("footnoteReference", "endnoteReference"):
            references.append((name.removesuffix("Reference"), attribute(element, "id") or ""))
        elif name in _NOTES:
            notes.append(element)
        elif name in _BREAKS:
            lines.append([])
        elif (characters := _characters(element, name)) is not None:
            lines[-1].append(characters)
        else:
            stack.extend(reversed(_inside(element, name)))
    return Line(
        texts=tuple(map("".join, lines)), boxes=tuple(boxes), references=tuple(references), notes=tuple(notes)
    )


def _characters(element: etree._Element, name: str) -> str | None:
    """What an element without others inside it stands for; None for one to look into."""
    if name == "t":
        return element.text or ""
    return _symbol(element) if name == "sym" else _CHARACTERS.get(name)


def _inside(element: etree._Element, name: str) -> list[etree._Element]:
    """The elements to read inside one; of the forms of one thing, the first."""
    if name in _UNREAD or (name == "r" and _is_hidden(element)) or is_deletion(element):
        return []
    if name != "AlternateContent":
        return list(element)
    chosen = child(element, "Choice")
    chosen = chosen if chosen is not None else child(element, "Fallback")
    return [] if chosen is None else list(chosen)


def is_deletion(element: etree._Element) -> bool:
    """Whether an element holds what the form of 2003 marks as deleted."""
    return local_name(element) == "annotation" and attribute(element, "type") == "Word.Deletion"


def _is_hidden(run: etree._Element) -> bool:
    mark = child(run, "rPr", "vanish")
    return mark is not None and attribute(mark, "val") not in ("0", "false")


def _symbol(element: etree._Element) -> str:
    try:
        code = int(attribute(element, "char") or "", 16)
    except ValueError:
        return ""
    return "" if code in _SYMBOLS or not 0x20 <= code < 0x110000 or 0xD800 <= code < 0xE000 else chr(code)
