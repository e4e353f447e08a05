"""How a Word document looks: styles with fonts by name, the table of substitutes, the page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from rag.types import Language
from ui.exporting.fonts import SANS, SERIF, Face
from ui.exporting.trees import find
from ui.exporting.word_parts import make

if TYPE_CHECKING:
    from docx.document import Document
    from docx.styles.style import ParagraphStyle
    from lxml.etree import _Element

INK = RGBColor(0x1D, 0x23, 0x27)
SOFT = RGBColor(0x56, 0x60, 0x69)
ACCENT = RGBColor(0x1F, 0x56, 0x73)
LINK = "BriefingLink"
ASIDE = "BriefingAside"
CELL = "BriefingCell"  # ids and names alike
BODY_POINTS = 12.0
CELL_POINTS = 10.0
_TABLE_STYLES = ("TableNormal", "TableGrid")
_STRAY = ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    name: str
    points: float
    face: Face = SERIF
    is_bold: bool = False
    before: float = 0
    after: float = 6
    colour: RGBColor = INK


_LOOKS = (
    _Look(name="Title", points=24, face=SANS, is_bold=True, before=24, after=12),
    _Look(name="Heading 1", points=17, face=SANS, is_bold=True, before=20, after=8, colour=ACCENT),
    _Look(name="Heading 2", points=14, face=SANS, is_bold=True, before=14, after=6),
    _Look(name="Heading 3", points=12.5, face=SANS, is_bold=True, before=10, after=4),
    _Look(name="TOC Heading", points=15, face=SANS, is_bold=True, before=18, after=8, colour=ACCENT),
    _Look(name="toc 1", points=12, after=3),
    _Look(name="toc 2", points=11, after=2),
    _Look(name="toc 3", points=11, after=2),
    _Look(name="List Bullet", points=BODY_POINTS, after=5),
    _Look(name="Caption", points=11, face=SANS, is_bold=True, before=10, after=4),
    _Look(name="Footer", points=9, face=SANS, after=0, colour=SOFT),
    _Look(name="footnote text", points=9, after=2),
    _Look(name=CELL, points=CELL_POINTS, after=2),
)
# Word's own styles that the library's template lacks, by the names under which Word knows them.
_IDS = {
    "toc 1": "TOC1",
    "toc 2": "TOC2",
    "toc 3": "TOC3",
    "footnote text": "FootnoteText",
    "footnote reference": "FootnoteReference",
}
_CHARACTER_STYLES = (("footnote reference", None), (LINK, ACCENT), (ASIDE, SOFT))


def dress_document(document: Document, language: Language) -> None:
    """Set fonts, styles and page of a new document."""
    _drop_table_styles(document)
    _set_defaults(document, language)
    normal = document.styles["Normal"]
    _apply(normal, _Look(name="Normal", points=BODY_POINTS))
    for look in _LOOKS:
        _apply(_style(document, look.name), look)
    for level in (1, 2, 3):
        _style(document, f"toc {level}").paragraph_format.left_indent = Cm(0.6 * (level - 1))
        _style(document, f"Heading {level}").paragraph_format.keep_with_next = True
    _style(document, "Caption").paragraph_format.keep_with_next = True
    _add_character_styles(document)
    _list_substitutes(document)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21.0), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.5)
    section.top_margin = section.bottom_margin = Cm(2.3)


def _drop_table_styles(document: Document) -> None:
    """Leave out the hundred styles of tables that the library's template brings and no briefing uses."""
    styles = document.styles.element
    for style in styles.findall(qn("w:style")):
        if style.get(qn("w:type")) == "table" and style.get(qn("w:styleId")) not in _TABLE_STYLES:
            styles.remove(style)


def _style(document: Document, name: str) -> ParagraphStyle:
    styles = document.styles
    if name not in styles:
        added = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH, builtin=name in _IDS)
        added.base_style = styles["Normal"]
        added.element.set(qn("w:styleId"), _IDS.get(name, name))
    return cast("ParagraphStyle", styles[name])


def _apply(style: ParagraphStyle, look: _Look) -> None:
    style.font.size = Pt(look.points)
    style.font.bold = look.is_bold
    style.font.italic = False
    style.font.color.rgb = look.colour
    form = style.paragraph_format
    form.space_before, form.space_after = Pt(look.before), Pt(look.after)
    form.line_spacing_rule = WD_LINE_SPACING.MULTIPLE
    form.line_spacing = 1.25
    _name_fonts(style.element.get_or_add_rPr(), look.face)
    border = style.element.pPr.find(qn("w:pBdr"))
    if border is not None:
        style.element.pPr.remove(border)


def _name_fonts(properties: _Element, face: Face) -> None:
    fonts = properties.get_or_add_rFonts()  # type: ignore[attr-defined]
    for name in _STRAY:
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name, font in (
        ("ascii", face.latin),
        ("hAnsi", face.latin),
        ("eastAsia", face.han),
        ("cs", face.latin),
    ):
        fonts.set(qn(f"w:{name}"), font)


def _set_defaults(document: Document, language: Language) -> None:
    properties = document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    _name_fonts(properties, SERIF)
    tongue = properties.find(qn("w:lang"))
    tongue.set(qn("w:val"), "en-US")
    tongue.set(qn("w:eastAsia"), "zh-CN")
    document.settings.element.find(qn("w:themeFontLang")).set(qn("w:eastAsia"), "zh-CN")
    mode = find(document.settings.element, f".//{qn('w:compatSetting')}[@{qn('w:name')}='compatibilityMode']")
    mode.set(qn("w:val"), "15")  # of Word 2013 and later; else its title says "compatibility mode"
    document.core_properties.language = "zh-CN" if language == "zh" else "en-US"


def _add_character_styles(document: Document) -> None:
    for name, colour in _CHARACTER_STYLES:
        style = document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER, builtin=name in _IDS)
        style.element.set(qn("w:styleId"), _IDS.get(name, name))
        if colour is None:
            style.font.superscript = True
        else:
            style.font.color.rgb = colour


def _list_substitutes(document: Document) -> None:
    """Name in the font table what may stand in for a face that a machine has not."""
    part = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    table = parse_xml(part.blob)
    for face in (SERIF, SANS):
        font = make("font", name=face.han)
        # In the order of the schema.
        font.append(make("altName", val=",".join(face.instead)))
        font.append(make("panose1", val=face.panose))
        font.append(make("charset", val="86"))
        font.append(make("family", val=face.family))
        font.append(make("pitch", val="fixed"))
        table.append(font)
    part._blob = _serialised(table)


def _serialised(element: _Element) -> bytes:
    from lxml import etree

    return etree.tostring(element, xml_declaration=True, encoding="UTF-8", standalone=True)
