"""Parts of a Word document that its library has no words for: runs in two scripts, fields, bookmarks, links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

if TYPE_CHECKING:
    from docx.text.paragraph import Paragraph
    from lxml.etree import _Element


def set_style(paragraph: Paragraph, style_id: str) -> Paragraph:
    """Give a paragraph a style; the library would look through all styles each time."""
    paragraph._p.style = style_id
    return paragraph


def make(tag: str, *children: _Element, **attributes: object) -> _Element:
    """Make an element of Word's namespace (`make("jc", val="left")`), with attributes of that namespace."""
    element = OxmlElement(f"w:{tag}")
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), str(value))
    element.extend(children)
    return element


def make_text(text: str, tag: str = "t") -> _Element:
    """Make the text of a run, its spaces kept."""
    element = make(tag)
    element.text = text
    element.set(qn("xml:space"), "preserve")
    return element


def make_run(text: str, style: str = "") -> _Element:
    """Make a run. Quotation marks and dashes, which both scripts have, take the Chinese face if the text is Chinese."""
    properties = make("rPr")
    if style:
        properties.append(make("rStyle", val=style))
    if any("\u3000" <= ch <= "\u9fff" or ch >= "\uff00" for ch in text):
        properties.append(make("rFonts", hint="eastAsia"))
    return make("r", properties, make_text(text))


def make_field(instruction: str, shown: str, style: str = "") -> list[_Element]:
    """Make the runs of a field that shows a text until it is updated."""
    return [
        _field_run(make("fldChar", fldCharType="begin"), style),
        _field_run(make_text(f" {instruction} ", "instrText"), style),
        _field_run(make("fldChar", fldCharType="separate"), style),
        *([_field_run(make_text(shown), style)] if shown else []),
        _field_run(make("fldChar", fldCharType="end"), style),
    ]


def _field_run(child: _Element, style: str) -> _Element:
    properties = [make("rPr", make("rStyle", val=style))] if style else []
    return make("r", *properties, child)


def make_bookmark(name: str, number: int, inside: list[_Element]) -> list[_Element]:
    """Put elements of a paragraph between the marks of a bookmark; `number` is unique in the document."""
    return [make("bookmarkStart", id=number, name=name), *inside, make("bookmarkEnd", id=number)]


def make_inner_link(anchor: str, inside: list[_Element]) -> _Element:
    """Make a link to a bookmark."""
    return make("hyperlink", *inside, anchor=anchor, history=1)


def add_outer_link(paragraph: Paragraph, address: str, style: str) -> None:
    """Add an address as a link to itself; the caller has seen to it that it is one of the web."""
    link = make("hyperlink", make_run(address, style), history=1)
    link.set(qn("r:id"), paragraph.part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    paragraph._p.append(link)
