"""The numbers that Word puts in front of paragraphs by itself: 一、 （一） 第一条 1.1. They are in no run's text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from ingest.formats.docx_styles import Styles
from ingest.formats.ordinals import Number, as_lead, ordinal
from ingest.formats.package import attribute, child, children

_PLACE = re.compile(r"%([1-9])")
_LEVELS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class _Level:
    """How one level of a list is numbered.

    Attributes:
        restart: The level (from 1) whose numbers start this one again; None for any above, 0 for none.
    """

    text: str = ""
    number_format: str = "decimal"
    start: int = 1
    restart: int | None = None
    suffix: str = "tab"
    is_legal: bool = False
    style_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Definition:
    """A `w:num`: the list whose counters it shares, its levels, and where it starts them anew."""

    list_id: str
    levels: Mapping[int, _Level]
    restarts: Mapping[int, int] = field(default_factory=dict)


class Numbering:
    """Counts through a document. Every numbered paragraph must be asked about once, in order."""

    def __init__(self, root: etree._Element | None, styles: Styles) -> None:
        """Read `numbering.xml`; without one nothing is numbered."""
        lists = {attribute(e, "abstractNumId") or "": e for e in children(root, "abstractNum")}
        self._definitions = {
            attribute(e, "numId") or "": _definition(e, lists, styles) for e in children(root, "num")
        }
        self._counters: dict[str, list[int | None]] = {}
        self._begun: set[str] = set()

    def number(self, stated: tuple[str, int | None] | None, *, style_id: str = "") -> Number | None:
        """Count a paragraph with this definition and level; None where it has no number."""
        definition = self._definitions.get(stated[0]) if stated else None
        if stated is None or definition is None:
            return None
        index = stated[1] if stated[1] is not None else _level_of_style(definition, style_id)
        level = definition.levels.get(index)
        if level is None:
            return None
        counters = self._counters.setdefault(definition.list_id, [None] * _LEVELS)
        if stated[0] not in self._begun:
            self._begun.add(stated[0])
            for at, start in definition.restarts.items():
                counters[at] = start - 1
        current = counters[index]
        counters[index] = level.start if current is None else current + 1
        for below in range(index + 1, _LEVELS):
            restart = definition.levels[below].restart if below in definition.levels else None
            if restart is None or (restart and index < restart):
                counters[below] = None
        if level.number_format in ("bullet", "none") and "%" not in level.text:
            return Number(text="", is_bullet=level.number_format == "bullet")
        return Number(text=_written(definition, index, counters), is_bullet=False)


def _written(definition: _Definition, index: int, counters: list[int | None]) -> str:
    level = definition.levels[index]

    def number_at(match: re.Match[str]) -> str:
        at = int(match[1]) - 1
        other = definition.levels.get(at, _Level())
        value = counters[at]
        number_format = "decimal" if level.is_legal and at != index else other.number_format
        return ordinal(other.start if value is None else value, number_format)

    text = _PLACE.sub(number_at, level.text).strip()
    return text if level.suffix == "nothing" else as_lead(text)


def _level_of_style(definition: _Definition, style_id: str) -> int:
    linked = (index for index, level in definition.levels.items() if style_id and level.style_id == style_id)
    return next(linked, 0)


def _definition(element: etree._Element, lists: Mapping[str, etree._Element], styles: Styles) -> _Definition:
    list_id = attribute(child(element, "abstractNumId"), "val") or ""
    levels = _levels(_linked(lists.get(list_id), lists, styles, element))
    restarts: dict[int, int] = {}
    for override in children(element, "lvlOverride"):
        at = _integer(attribute(override, "ilvl"), 0)
        if (start := attribute(child(override, "startOverride"), "val")) is not None and at < _LEVELS:
            restarts[at] = _integer(start, 1)
            levels[at] = replace(levels.get(at, _Level()), start=restarts[at])
        if (own := child(override, "lvl")) is not None and at < _LEVELS:
            levels[at] = _level(own)
    return _Definition(list_id=list_id, levels=levels, restarts=restarts)


def _linked(
    found: etree._Element | None,
    lists: Mapping[str, etree._Element],
    styles: Styles,
    number: etree._Element,
) -> etree._Element | None:
    """A list that has no levels of its own points to a style, and the style to a definition that does."""
    style_id = attribute(child(found, "numStyleLink"), "val")
    if style_id is None:
        return found
    style = styles.by_id.get(style_id)
    parent = number.getparent()
    for other in children(parent, "num") if style and style.numbering else ():
        if style and style.numbering and attribute(other, "numId") == style.numbering[0]:
            return lists.get(attribute(child(other, "abstractNumId"), "val") or "")
    return found


def _levels(element: etree._Element | None) -> dict[int, _Level]:
    found = ((_integer(attribute(e, "ilvl"), 0), e) for e in children(element, "lvl"))
    return {at: _level(e) for at, e in found if at < _LEVELS}


def _level(element: etree._Element) -> _Level:
    restart = attribute(child(element, "lvlRestart"), "val")
    legal = child(element, "isLgl")
    return _Level(
        text=(attribute(child(element, "lvlText"), "val") or "")[:60],
        number_format=attribute(child(element, "numFmt"), "val") or "decimal",
        start=_integer(attribute(child(element, "start"), "val"), 1),
        restart=None if restart is None else _integer(restart, 0),
        suffix=attribute(child(element, "suff"), "val") or "tab",
        is_legal=legal is not None and attribute(legal, "val") not in ("0", "false"),
        style_id=attribute(child(element, "pStyle"), "val") or "",
    )


def _integer(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 8 else otherwise
