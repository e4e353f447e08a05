"""Changes to a briefing before it is exported: what is left out, what is put in one's own words, how things are called.

Quoted lines stay as they were proven: to word them otherwise is for the file that is made of it. Places in a briefing are
addresses: `s2` its third section, `s2.0` that one's first part, `s2.0/line1`, `s2/row0`, `s2/chart0` what stands in it.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeVar

from rag.briefing.citing import first_uses, with_numbers
from rag.briefing.types import Briefing, Line, Section

_T = TypeVar("_T")
Kind = Literal["section", "line", "row", "chart"]

MOST_NOTE_CHARS = 2000
_ADDRESS = re.compile(r"s([0-9]{1,4}(?:\.[0-9]{1,4}){0,7})(?:/(line|row|chart)([0-9]{1,5}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """Where something stands.

    Attributes:
        path: Positions of the section and of the parts inside it, outermost first.
        at: Position in the section; 0 for the section itself.
    """

    path: tuple[int, ...]
    kind: Kind = "section"
    at: int = 0

    def __str__(self) -> str:
        tail = "" if self.kind == "section" else f"/{self.kind}{self.at}"
        return f"s{'.'.join(map(str, self.path))}{tail}"


def parse_address(text: str) -> Address:
    """Read an address.

    Raises:
        ValueError: It is none.
    """
    match = _ADDRESS.fullmatch(text)
    if match is None:
        raise ValueError(text)
    path = tuple(int(part) for part in match[1].split("."))
    if match[2] is None:
        return Address(path=path)
    return Address(path=path, kind=match[2], at=int(match[3]))  # type: ignore[arg-type]  # the pattern allows no other


def without(briefing: Briefing, address: Address) -> Briefing:
    """Leave something out, and the sources that nothing cites any more; sources are numbered anew.

    Raises:
        LookupError: There is nothing at that address.
    """
    *above, last = address.path
    if address.kind == "section":
        parts = _cut(_parts(briefing, above), last)
        left = _with_parts(briefing, above, parts)
    else:
        left = _changed(briefing, address.path, lambda section: _less(section, address.kind, address.at))
    return renumbered(left)


def with_note(briefing: Briefing, path: Sequence[int], text: str) -> Briefing:
    """Add a line of the trainer's own to a section: it is marked as such and cites nothing.

    Raises:
        LookupError: There is no such section.
        ValueError: The text is empty or longer than `MOST_NOTE_CHARS`.
    """
    words = " ".join(text.split())
    if not 0 < len(words) <= MOST_NOTE_CHARS:
        raise ValueError(len(words))
    return _changed(
        briefing,
        path,
        lambda s: dataclasses.replace(s, lines=(*s.lines, Line(text=words, is_own=True))),
    )


def renamed(briefing: Briefing, path: Sequence[int], heading: str) -> Briefing:
    """Give a section another heading; with an empty path, the briefing another title.

    Raises:
        LookupError: There is no such section.
        ValueError: The heading is empty or longer than `MOST_NOTE_CHARS`.
    """
    words = " ".join(heading.split())
    if not 0 < len(words) <= MOST_NOTE_CHARS:
        raise ValueError(len(words))
    if not path:
        return dataclasses.replace(briefing, title=words)
    return _changed(briefing, path, lambda section: dataclasses.replace(section, heading=words))


def renumbered(briefing: Briefing) -> Briefing:
    """Keep the sources that are cited, numbered from 1 in the order in which they are first cited."""
    order = first_uses(briefing.sections)
    known = {source.number: source for source in briefing.sources}
    return dataclasses.replace(
        briefing,
        sections=tuple(with_numbers(section, order) for section in briefing.sections),
        sources=tuple(dataclasses.replace(known[old], number=new) for old, new in order.items()),
    )


def _less(section: Section, kind: Kind, at: int) -> Section:
    if kind == "line":
        return dataclasses.replace(section, lines=_cut(section.lines, at))
    if kind == "chart":
        return dataclasses.replace(section, charts=_cut(section.charts, at))
    if section.grid is None:
        raise LookupError(at)
    rows = _cut(section.grid.rows, at)
    return dataclasses.replace(section, grid=dataclasses.replace(section.grid, rows=rows) if rows else None)


def _cut(items: tuple[_T, ...], at: int) -> tuple[_T, ...]:
    if at >= len(items):
        raise LookupError(at)
    return items[:at] + items[at + 1 :]


def _parts(briefing: Briefing, path: Sequence[int]) -> tuple[Section, ...]:
    """The sections at the top, or the parts of the section at a path."""
    parts = briefing.sections
    for at in path:
        if at >= len(parts):
            raise LookupError(at)
        parts = parts[at].parts
    return parts


def _with_parts(briefing: Briefing, path: Sequence[int], parts: tuple[Section, ...]) -> Briefing:
    if not path:
        return dataclasses.replace(briefing, sections=parts)
    return _changed(briefing, path, lambda section: dataclasses.replace(section, parts=parts))


def _changed(briefing: Briefing, path: Sequence[int], change: Callable[[Section], Section]) -> Briefing:
    return dataclasses.replace(briefing, sections=_changed_in(briefing.sections, path, change))


def _changed_in(
    parts: tuple[Section, ...], path: Sequence[int], change: Callable[[Section], Section]
) -> tuple[Section, ...]:
    at, *inner = path
    if at >= len(parts):
        raise LookupError(at)
    old = parts[at]
    new = dataclasses.replace(old, parts=_changed_in(old.parts, inner, change)) if inner else change(old)
    return (*parts[:at], new, *parts[at + 1 :])
