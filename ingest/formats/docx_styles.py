"""What a Word document's styles say: which paragraphs are headings, contents, and which are numbered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from ingest.formats.package import attribute, child, children

# Word writes the built-in names in English whatever language it speaks; other programs do not always.
_HEADING_NAME = re.compile(
    r"(?:heading|标题|標題|überschrift|titre|título|заголовок|見出し|제목) ?([1-9])", re.IGNORECASE
)
_TITLE_NAMES = frozenset(("title", "标题", "標題"))
_CONTENTS_NAME = re.compile(
    r"(?:toc|(?:wpsoffice手动)?目录|目錄) ?(?:\d|heading|标题)|table of figures|图表目录", re.IGNORECASE
)
_LONGEST_CHAIN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """A paragraph style with what it inherits.

    Attributes:
        level: Heading level 1 to 6, 0 for body.
        numbering: The number definition and level that its paragraphs have of it, where there is one.
    """

    level: int = 0
    is_contents: bool = False
    numbering: tuple[str, int | None] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Styles:
    """The styles by id, and the id of the style of paragraphs that name none."""

    by_id: Mapping[str, Style] = field(default_factory=dict)
    default_id: str = ""

    def of(self, properties: etree._Element | None) -> Style:
        """The style of a paragraph, given its properties."""
        style_id = attribute(child(properties, "pStyle"), "val") or self.default_id
        return self.by_id.get(style_id, _PLAIN)


_PLAIN = Style()


def read_styles(root: etree._Element | None) -> Styles:
    """Read `styles.xml`; without one every paragraph is plain."""
    raw = {attribute(e, "styleId") or "": e for e in children(root, "style")}
    by_id = {style_id: _style(style_id, raw) for style_id in raw}
    default = next(
        (
            style_id
            for style_id, e in raw.items()
            if attribute(e, "default") in ("1", "true") and attribute(e, "type") == "paragraph"
        ),
        "",
    )
    return Styles(by_id=by_id, default_id=default)


def outline_level(properties: etree._Element | None) -> int | None:
    """The heading level that a paragraph's or style's properties state: 0 says body, None says nothing."""
    value = attribute(child(properties, "outlineLvl"), "val")
    if value is None or not _is_small(value):
        return None
    return min(int(value) + 1, 6) if int(value) < 9 else 0


def numbering_of(properties: etree._Element | None) -> tuple[str, int | None] | None:
    """The number definition and level that properties state; the level may be left to the definition."""
    stated = child(properties, "numPr")
    if stated is None:
        return None
    number_id = attribute(child(stated, "numId"), "val")
    level = attribute(child(stated, "ilvl"), "val")
    return (number_id or "", int(level) if level is not None and _is_small(level) else None)


def _is_small(text: str) -> bool:
    """Whether a text is a whole number of a size that a level can have; Python refuses to read a huge one."""
    return text.isdecimal() and len(text) < 4


def _style(style_id: str, raw: Mapping[str, etree._Element]) -> Style:
    chain = list(_chain(style_id, raw))
    names = [(attribute(child(e, "name"), "val") or "").strip().lower() for e in chain]
    levels = [outline_level(child(e, "pPr")) for e in chain]
    level = next((found for found in levels if found is not None), None)
    if level is None:
        level = next((int(m[1]) for name in names if (m := _HEADING_NAME.fullmatch(name))), 0)
    if not level and names and names[0] in _TITLE_NAMES:
        level = 1
    numbering = [found for e in chain if (found := numbering_of(child(e, "pPr"))) is not None]
    return Style(
        level=min(level, 6),
        is_contents=any(map(_CONTENTS_NAME.match, names)),
        numbering=_merged(numbering),
    )


def _merged(stated: list[tuple[str, int | None]]) -> tuple[str, int | None] | None:
    """A style may state the level only, and leave the definition to the one it is based on."""
    number_id = next((number_id for number_id, _ in stated if number_id), "")
    level = next((level for _, level in stated if level is not None), None)
    return (number_id, level) if number_id else None


def _chain(style_id: str, raw: Mapping[str, etree._Element]) -> Iterator[etree._Element]:
    """A style and those it is based on; a ring of them ends."""
    for _ in range(_LONGEST_CHAIN):
        element = raw.get(style_id)
        if element is None:
            return
        yield element
        style_id = attribute(child(element, "basedOn"), "val") or ""
