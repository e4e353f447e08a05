"""Measures the pieces of a page: what each looks like, and what stands around it; a row of numbers each."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from lxml.html import HtmlElement

from ingest.page.signs import NameSigns, is_end_mark, is_prose, name_signs, own_signs
from ingest.page.tree import Piece, tag_of

FEATURES = (
    "bias",
    "log_chars",
    "is_prose",
    "ends_sentence",
    "punctuation",
    "link_share",
    "is_heading",
    "is_item",
    "is_row",
    "is_table",
    "is_chrome",
    "is_comment",
    "is_main",
    "is_hidden",
    "says_chrome",
    "has_date",
    "in_best",
    "in_parent_of_best",
    "container_prose",
    "container_links",
    "outer_links",
    "is_between_prose",
    "prose_before",
    "prose_after",
    "same_path",
    "far_below",
    "far_above",
    "below_end_mark",
    "is_short",
    "short_between_prose",
    "link_in_best",
)
_LEAST_ABOVE_MARK = 0.1
_INLINE_CONTAINERS = frozenset(
    re.split(" ", "p h1 h2 h3 h4 h5 h6 li span blockquote dd dt pre font strong b center")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where the page's text is thickest.

    Attributes:
        best: The container with the most running text, or None on a page without any.
        inside: It, and all elements within it.
        around: What its parent holds besides.
        first: The place of the first running text in it; 0 without any.
        last: The place of the last one; -1 without any.
        marks: The places of the lines below which the page goes on to something else.
    """

    best: HtmlElement | None
    inside: frozenset[HtmlElement]
    around: frozenset[HtmlElement]
    first: int
    last: int
    marks: tuple[int, ...] = ()

    @staticmethod
    def container_of(piece: Piece) -> HtmlElement:
        """The element whose children, or whose broken lines, the piece stands among."""
        home = piece.home
        while tag_of(home) in _INLINE_CONTAINERS and (parent := home.getparent()) is not None:
            home = parent
        return home


@dataclass(slots=True)
class _Mass:
    """What an element holds, over all its pieces."""

    prose: int = 0
    chars: int = 0
    links: int = 0
    score: float = 0.0

    @property
    def link_share(self) -> float:
        return self.links / max(self.chars, 1)

    @property
    def thickness(self) -> float:
        return self.score * (1 - self.link_share)


@dataclass(slots=True, kw_only=True)
class _Places:
    """The page's elements by what they hold, and what their names say."""

    mass: dict[HtmlElement, _Mass] = field(default_factory=lambda: defaultdict(_Mass))
    named: dict[HtmlElement, NameSigns] = field(default_factory=dict)
    paths: Counter[str] = field(default_factory=Counter)
    prose: int = 0


def measure(pieces: Sequence[Piece]) -> tuple[Setting, list[list[float]]]:
    """Find where the text is thickest, and give each piece its row of numbers, in the order of `FEATURES`."""
    proses = [is_prose(piece) for piece in pieces]
    places = _survey(pieces, proses)
    setting = _setting(pieces, proses, places)
    common = places.paths.most_common(1)[0][0] if places.paths else ""
    marks = _marks(pieces, proses)
    first_mark = marks[0] if marks else len(pieces)
    rows = []
    for index, piece in enumerate(pieces):
        rows.append(
            own_signs(piece, proses[index])
            | _around(piece, places, setting)
            | _order(index, proses, setting)
            | {"same_path": float(_path(piece) == common), "below_end_mark": float(index >= first_mark)}
        )
    setting = replace(setting, marks=marks)
    return setting, [[_combined(row)[name] for name in FEATURES] for row in rows]


def _marks(pieces: Sequence[Piece], proses: Sequence[bool]) -> tuple[int, ...]:
    """The end marks that some of the page's running text stands above."""
    prose = sum(len(piece.block.text) for piece, is_one in zip(pieces, proses, strict=True) if is_one)
    above = 0
    marks = []
    for index, piece in enumerate(pieces):
        above += len(piece.block.text) if proses[index] else 0
        if above and above >= prose * _LEAST_ABOVE_MARK and is_end_mark(piece):
            marks.append(index)
    return tuple(marks)


def _path(piece: Piece) -> str:
    tags: list[str] = []
    node: HtmlElement | None = piece.home
    while node is not None and len(tags) < 7:
        tags.append(tag_of(node))
        node = node.getparent()
    return "/".join(tags)


def _survey(pieces: Sequence[Piece], proses: Sequence[bool]) -> _Places:
    """Sum up what each element holds."""
    places = _Places()
    for piece, prose in zip(pieces, proses, strict=True):
        length = len(piece.block.text)
        node: HtmlElement | None = piece.home
        while node is not None:
            mass = places.mass[node]
            mass.chars += length
            mass.links += piece.link_chars
            mass.prose += length if prose else 0
            node = node.getparent()
        if prose:
            places.prose += length
            places.paths[_path(piece)] += length
    return places


def _names(element: HtmlElement, places: _Places) -> NameSigns:
    """What the element, or anything around it, is named."""
    chain: list[HtmlElement] = []
    node: HtmlElement | None = element
    while node is not None and node not in places.named:
        chain.append(node)
        node = node.getparent()
    above = places.named[node] if node is not None else NameSigns()
    for node in reversed(chain):
        above = places.named[node] = name_signs(node, above)
    return above


def _setting(pieces: Sequence[Piece], proses: Sequence[bool], places: _Places) -> Setting:
    best = _best_container(pieces, proses, places)
    parent = best.getparent() if best is not None else None
    inside = frozenset(best.iter()) if best is not None else frozenset()
    around = frozenset(parent.iter()) - inside if parent is not None else frozenset()
    held = [i for i, piece in enumerate(pieces) if proses[i] and piece.home in inside]
    first, last = (held[0], held[-1]) if held else (0, -1)
    return Setting(best=best, inside=inside, around=around, first=first, last=last)


def _best_container(pieces: Sequence[Piece], proses: Sequence[bool], places: _Places) -> HtmlElement | None:
    """The element that holds the most running text nearby: a child's counts whole, further down it counts less."""
    for piece, prose in zip(pieces, proses, strict=True):
        if not prose:
            continue
        names = _names(piece.home, places)
        weight = 0.2 if names.is_chrome or names.is_comment or names.is_hidden else 1.0
        worth = weight * (min(len(piece.block.text), 400) + 20)
        node: HtmlElement | None = Setting.container_of(piece)
        for share in (1.0, 0.6, 0.3):
            if node is None:
                break
            places.mass[node].score += worth * share
            node = node.getparent()
    scored = [node for node, mass in places.mass.items() if mass.score > 0]
    return max(scored, key=lambda node: places.mass[node].thickness, default=None)


def _around(piece: Piece, places: _Places, setting: Setting) -> dict[str, float]:
    """What a piece stands in."""
    names = _names(piece.home, places)
    container = Setting.container_of(piece)
    mass = places.mass[container]
    outer = container.getparent()
    return {
        "is_chrome": float(names.is_chrome),
        "is_comment": float(names.is_comment),
        "is_main": float(names.is_main),
        "is_hidden": float(names.is_hidden),
        "in_best": float(piece.home in setting.inside),
        "in_parent_of_best": float(piece.home in setting.around),
        "container_prose": mass.prose / max(places.prose, 1),
        "container_links": mass.link_share,
        "outer_links": places.mass[outer].link_share if outer is not None else mass.link_share,
    }


def _order(index: int, proses: Sequence[bool], setting: Setting) -> dict[str, float]:
    """What a piece comes before and after."""
    has_any = setting.last >= 0
    return {
        "is_between_prose": float(setting.first <= index <= setting.last),
        "prose_before": sum(proses[max(0, index - 3) : index]) / 3,
        "prose_after": sum(proses[index + 1 : index + 4]) / 3,
        "far_below": math.log1p(max(0, index - setting.last)) / 3 if has_any else 0.0,
        "far_above": math.log1p(max(0, setting.first - index)) / 3 if has_any else 0.0,
    }


def _combined(row: dict[str, float]) -> dict[str, float]:
    """Add what only means something together."""
    return row | {
        "short_between_prose": row["is_short"] * row["is_between_prose"],
        "link_in_best": row["link_share"] * row["in_best"],
    }
