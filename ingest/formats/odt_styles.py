"""What an OpenDocument text's styles say: which paragraphs are headings, what is hidden, and how lists are numbered."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from ingest.formats.package import attribute, child, children, local_name

MAX_LEVELS = 10
_LONGEST_CHAIN = 20
_TITLE_NAMES = frozenset(("title", "标题", "標題"))
_HEADING_NAME = re.compile(r"(?:heading|标题|標題)(?:_20_| )([1-9])", re.IGNORECASE)
_LEVEL_STYLES = ("list-level-style-number", "list-level-style-bullet", "outline-level-style")


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelStyle:
    """How one level of a list is numbered.

    Attributes:
        pattern: The number as it is written, with `%1%` where the first level's number stands; empty to make it of the rest.
        shown: How many levels' numbers are written, this one's last.
    """

    number_format: str = ""
    prefix: str = ""
    suffix: str = ""
    pattern: str = ""
    start: int = 1
    shown: int = 1
    is_bullet: bool = False


ListStyle = Mapping[int, LevelStyle]
"""The levels of a list, from 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Styles:
    """The styles by name.

    Attributes:
        levels: The heading level of paragraphs of a style, where it is not 0.
        list_names: The list style that paragraphs of a style have.
        hidden: The styles whose words nobody sees.
        lists: The list styles.
        outline: How headings are numbered that stand in no list.
    """

    levels: Mapping[str, int] = field(default_factory=dict)
    list_names: Mapping[str, str] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    lists: Mapping[str, ListStyle] = field(default_factory=dict)
    outline: ListStyle = field(default_factory=dict)


def read_styles(*roots: etree._Element | None) -> Styles:
    """Read the styles of `styles.xml` and `content.xml`, the later ones before the earlier."""
    raw: dict[str, etree._Element] = {}
    lists: dict[str, ListStyle] = {}
    outline: ListStyle = {}
    for element in (e for root in roots for e in _style_elements(root)):
        name = attribute(element, "name") or ""
        if local_name(element) == "style":
            raw[name] = element
        elif local_name(element) == "list-style":
            lists[name] = _list_style(element)
        else:
            outline = _list_style(element)
    chains = {name: list(_chain(name, raw)) for name in raw}
    return Styles(
        levels={name: level for name, chain in chains.items() if (level := _level(chain))},
        list_names={
            name: found for name, chain in chains.items() if (found := _first(chain, "list-style-name"))
        },
        hidden=frozenset(name for name, chain in chains.items() if any(map(_is_hidden, chain))),
        lists=lists,
        outline=outline,
    )


def integer(text: str | None, otherwise: int) -> int:
    """Read a whole number of at most seven digits."""
    return int(text) if text and text.isdecimal() and len(text) < 8 else otherwise


def _style_elements(root: etree._Element | None) -> Iterator[etree._Element]:
    for part in ("styles", "automatic-styles"):
        for element in child(root, part) if child(root, part) is not None else ():  # type: ignore[union-attr]
            if local_name(element) in ("style", "list-style", "outline-style"):
                yield element


def _chain(name: str, raw: Mapping[str, etree._Element]) -> Iterator[etree._Element]:
    """A style and those it is based on; a ring of them ends."""
    for _ in range(_LONGEST_CHAIN):
        element = raw.get(name)
        if element is None:
            return
        yield element
        name = attribute(element, "parent-style-name") or ""


def _first(chain: list[etree._Element], name: str) -> str:
    return next((value for element in chain if (value := attribute(element, name))), "")


def _level(chain: list[etree._Element]) -> int:
    stated = integer(_first(chain, "default-outline-level"), 0)
    if stated:
        return min(stated, 6)
    for element in chain:
        for name in (attribute(element, "display-name"), attribute(element, "name")):
            if name and (match := _HEADING_NAME.fullmatch(name)):
                return min(int(match[1]), 6)
            if name and name.lower() in _TITLE_NAMES:
                return 1
    parent = attribute(chain[-1], "parent-style-name") if chain else None
    return 1 if parent and parent.lower() in _TITLE_NAMES else 0


def _is_hidden(element: etree._Element) -> bool:
    shown = (child(element, part) for part in ("text-properties", "section-properties"))
    return any(attribute(properties, "display") == "none" for properties in shown)


def _list_style(element: etree._Element) -> ListStyle:
    levels = {}
    for name in _LEVEL_STYLES:
        for stated in children(element, name):
            at = integer(attribute(stated, "level"), 1) - 1
            if 0 <= at < MAX_LEVELS:
                levels[at] = _level_style(stated, is_bullet=name == "list-level-style-bullet")
    return levels


def _level_style(element: etree._Element, *, is_bullet: bool) -> LevelStyle:
    return LevelStyle(
        number_format=(attribute(element, "num-format") or "")[:40],
        prefix=(attribute(element, "num-prefix") or "")[:40],
        suffix=(attribute(element, "num-suffix") or "")[:40],
        pattern=(attribute(element, "num-list-format") or "")[:80],
        start=integer(attribute(element, "start-value"), 1),
        shown=min(integer(attribute(element, "display-levels"), 1), MAX_LEVELS),
        is_bullet=is_bullet,
    )
