"""Lines cut into pieces that fit, and pieces packed into pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TypeVar

from rag.briefing.types import Line
from ui.exporting.measure import line_count, wrap

# Chinese faces differ in how far apart their lines stand; this is the most of those that were looked at.
_LINE_HEIGHT = 1.48
_AFTER = 0.4  # of a line, behind each paragraph
_Tag = TypeVar("_Tag")


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A field for text, in points: size of the type, width and height."""

    points: float
    width: float
    height: float

    @property
    def ems(self) -> float:
        """Width of a line."""
        return self.width / self.points

    @property
    def lines(self) -> int:
        """How many lines of one paragraph fit, at least one."""
        return max(1, int(self.height / (self.points * _LINE_HEIGHT) - _AFTER))

    def height_of(self, lines: int, paragraphs: int = 1) -> float:
        """Points that paragraphs of so many lines take together."""
        return (lines + paragraphs * _AFTER) * self.points * _LINE_HEIGHT


def shown_text(line: Line) -> str:
    """A line with its markers, as it is measured."""
    return " ".join([*([line.text] if line.text else []), *(f"[{number}]" for number in line.sources)])


def lines_of(line: Line, room: Room) -> int:
    """Estimate how many lines of a field a line takes."""
    return line_count(shown_text(line), room.ems)


def cut_line(line: Line, room: Room, most: int) -> list[Line]:
    """Cut a line into pieces of at most `most` lines; each marker stands with the piece in which it ends up."""
    wrapped = wrap(shown_text(line), room.ems)
    if len(wrapped) <= most:
        return [line]
    pieces = []
    marks_at, at = _places(line), 0
    for first in range(0, len(wrapped), most):
        end = at + sum(map(len, wrapped[first : first + most]))
        numbers = tuple(number for number, place in marks_at if at <= place < end)
        pieces.append(replace(line, text=line.text[at:end], sources=numbers))
        at = end
    return pieces


def _places(line: Line) -> list[tuple[int, int]]:
    """Each marker with the place of its bracket in the text that is shown."""
    places, at = [], len(line.text)
    for number in line.sources:
        at += 1 if at else 0
        places.append((number, at))
        at += len(f"[{number}]")
    return places


def pack(pieces: Iterable[tuple[Line, _Tag]], room: Room) -> list[list[tuple[Line, _Tag]]]:
    """Pack pieces, each of which fits by itself, into as few pages as their order allows."""
    pages: list[list[tuple[Line, _Tag]]] = []
    used = 0.0
    for piece, tag in pieces:
        height = room.height_of(lines_of(piece, room))
        if not pages or used + height > room.height:
            pages.append([])
            used = 0.0
        pages[-1].append((piece, tag))
        used += height
    return pages
