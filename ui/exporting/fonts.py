"""Fonts by name, as Chinese offices have them, and what stands in for each where it is missing.

No font is packed into a file: 仿宋 and 黑体 come with Windows and with WPS; a document names its substitutes (its font
table), and a presentation says of each that it is a Chinese face, so that any machine with one shows no boxes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """A pair of fonts, one for Latin text and one for Chinese, with the substitutes of the latter in order."""

    latin: str
    han: str
    instead: tuple[str, ...]
    panose: str
    family: str


SERIF = Face(
    latin="Times New Roman",
    han="仿宋",
    instead=("FangSong", "仿宋_GB2312", "STFangsong", "Noto Serif CJK SC", "Source Han Serif SC", "SimSun"),
    panose="02010609060101010101",
    family="modern",
)
SANS = Face(
    latin="Arial",
    han="黑体",
    instead=("SimHei", "STHeiti", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Source Han Sans SC"),
    panose="02010609060101010101",
    family="modern",
)


def put_fonts(properties: _Element, face: Face) -> None:
    """Name the fonts of a run of a slide or a chart (`a:rPr`, `a:defRPr`), in place of any it names."""
    from lxml import etree

    for tag in ("latin", "ea", "cs"):
        for old in properties.findall(_A + tag):
            properties.remove(old)
    # The schema wants them behind line, fill and effects, before links.
    at = sum(1 for child in properties if etree.QName(child).localname in _BEFORE)
    latin = etree.Element(_A + "latin", typeface=face.latin)
    # 134, written as a signed byte: a font of Simplified Chinese.
    han = etree.Element(_A + "ea", typeface=face.han, panose=face.panose, pitchFamily="49", charset="-122")
    properties.insert(at, latin)
    properties.insert(at + 1, han)


_BEFORE = frozenset(("ln", "noFill", "solidFill", "gradFill", "effectLst", "highlight", "uLnTx", "uFillTx"))
