"""How slides look: 16 to 9, fonts by name in the theme, three layouts of the library's template."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pptx
from lxml import etree
from pptx.dml.color import RGBColor
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.util import Emu, Inches, Pt

from rag.types import Language
from ui.exporting.fonts import SANS
from ui.exporting.trees import find

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.shapes.base import BaseShape
    from pptx.slide import Slide, SlideLayout

WIDTH, HEIGHT = Inches(13.333), Inches(7.5)
LEFT, TOP = Inches(0.6), Inches(1.5)
FIELD_WIDTH, FIELD_HEIGHT = Inches(12.1), Inches(5.2)
INK, SOFT, ACCENT = RGBColor(0x1D, 0x23, 0x27), RGBColor(0x56, 0x60, 0x69), RGBColor(0x1F, 0x56, 0x73)
WASH = RGBColor(0xEA, 0xF1, 0xF4)
TITLE_POINTS = 28.0
_KEPT = ("Title Slide", "Title and Content", "Title Only")
_TITLE = (LEFT, Inches(0.4), FIELD_WIDTH, Inches(0.9))
_BODY = (LEFT, TOP, FIELD_WIDTH, FIELD_HEIGHT)
_NUMBER = (Inches(11.7), Inches(6.9), Inches(1.0), Inches(0.4))
_COVER = {
    0: (Inches(1.0), Inches(1.4), Inches(11.3), Inches(2.2)),
    1: (Inches(1.0), Inches(3.9), Inches(11.3), Inches(2.6)),
}
_COVER_BAR = (Inches(0.6), Inches(1.4), Inches(0.12), Inches(5.1))
_TITLE_RULE = (LEFT, Inches(1.32), FIELD_WIDTH, Inches(0.03))
_BAR = """
<p:sp xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"
  xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">
  <p:nvSpPr><p:cNvPr id="99" name="Rule"/><p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr>
  <p:spPr><a:xfrm><a:off x="{0}" y="{1}"/><a:ext cx="{2}" cy="{3}"/></a:xfrm>
  <a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:srgbClr val="{4}"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr>
</p:sp>
"""
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"


def open_presentation() -> Presentation:
    """Return an empty presentation with the layouts "Title Slide", "Title and Content" and "Title Only"."""
    presentation = pptx.Presentation()
    presentation.slide_width, presentation.slide_height = WIDTH, HEIGHT
    master = presentation.slide_master
    for layout in list(presentation.slide_layouts):
        if layout.name not in _KEPT:
            presentation.slide_layouts.remove(layout)
    _name_theme_fonts(master.part.part_related_by(RELATIONSHIP_TYPE.THEME))
    for shape, box in zip(list(master.placeholders)[:2], (_TITLE, _BODY), strict=True):
        _place(shape, box)
    _dress_title(master.element)
    for layout in presentation.slide_layouts:
        _dress_layout(layout)
    return presentation


def layout_of(presentation: Presentation, name: str) -> SlideLayout:
    """Find a layout by its name."""
    return next(layout for layout in presentation.slide_layouts if layout.name == name)


def tag_language(slide: Slide, language: Language) -> None:
    """Tell spelling and voices which language the words are in; Chinese text in English slides is told by its font."""
    tag, other = ("zh-CN", "en-US") if language == "zh" else ("en-US", "zh-CN")
    for properties in slide.element.iter(f"{_A}rPr", f"{_A}endParaRPr"):
        properties.set("lang", tag)
        properties.set("altLang", other)


def number_slide(slide: Slide, number: int) -> None:
    """Put the number of a slide into its corner, as a field that follows when slides are moved."""
    box = slide.shapes.add_textbox(*_NUMBER)
    paragraph = box.text_frame.paragraphs[0]._p
    field = etree.SubElement(
        paragraph, f"{_A}fld", id="{6B1F2E0A-8C7D-4E5F-9A3B-2D1C0F4E5A6B}", type="slidenum"
    )
    properties = etree.SubElement(field, f"{_A}rPr", lang="en-US", sz="1100")
    fill = etree.SubElement(etree.SubElement(properties, f"{_A}solidFill"), f"{_A}srgbClr")
    fill.set("val", str(SOFT))
    etree.SubElement(field, f"{_A}t").text = str(number)
    paragraph.get_or_add_pPr().set("algn", "r")


def _place(shape: BaseShape, box: tuple[int, int, int, int]) -> None:
    shape.left, shape.top, shape.width, shape.height = (Emu(value) for value in box)


def _dress_layout(layout: SlideLayout) -> None:
    for shape in list(layout.placeholders):
        kind = shape.placeholder_format.idx
        if kind >= 10:  # date, footer and number, which no slide of ours takes over
            layout.shapes._spTree.remove(shape._element)
        elif layout.name == "Title Slide":
            _place(shape, _COVER[kind])
            _align(shape, "b" if kind == 0 else "t")
    box = _COVER_BAR if layout.name == "Title Slide" else _TITLE_RULE
    layout.shapes._spTree.append(etree.fromstring(_BAR.format(*map(int, box), ACCENT).strip()))


def _align(shape: BaseShape, anchor: str) -> None:
    """Set a field of the cover against its left edge and one of its others."""
    body = find(shape._element, f"{_P}txBody")
    find(body, f"{_A}bodyPr").set("anchor", anchor)
    for level in body.iter(f"{_A}lvl1pPr"):
        level.set("algn", "l")


def _dress_title(master: etree._Element) -> None:
    style = find(master, f".//{_P}titleStyle/{_A}lvl1pPr")
    style.set("algn", "l")
    properties = find(style, f"{_A}defRPr")
    properties.set("sz", str(int(Pt(TITLE_POINTS).pt * 100)))
    properties.set("b", "1")
    for fill in properties.findall(f"{_A}solidFill"):
        properties.remove(fill)
    fill = etree.Element(f"{_A}solidFill")
    etree.SubElement(fill, f"{_A}srgbClr", val=str(ACCENT))
    properties.insert(0, fill)


def _name_theme_fonts(part: object) -> None:
    theme = etree.fromstring(part.blob)  # type: ignore[attr-defined]
    for fonts in theme.iter(f"{_A}majorFont", f"{_A}minorFont"):
        find(fonts, f"{_A}latin").set("typeface", SANS.latin)
        find(fonts, f"{_A}ea").set("typeface", SANS.han)
        for font in fonts.findall(f"{_A}font"):
            if font.get("script") == "Hans":
                font.set("typeface", SANS.han)
    part._blob = etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)  # type: ignore[attr-defined]
