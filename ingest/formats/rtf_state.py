"""What is known at one place of an RTF file, and where the words read there go."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.formats.rtf_paper import CellShape, Paper
from ingest.formats.rtf_text import SYMBOL, decoded


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What holds inside a group, and ends with it.

    Attributes:
        place: Where its words go: body, number, fact, fonts, code (a field's), nowhere, or twice (a group that says one thing two ways).
        skip: How many stand-in characters follow a Unicode escape.
        is_contents: The field that the group is makes a table of contents.
        font, east_font: The fonts of Western and of East Asian characters.
    """

    place: str = "body"
    paper: Paper
    fact: str = ""
    skip: int = 1
    font: int | None = None
    east_font: int | None = None
    is_eastern: bool = False
    is_unseen: bool = False
    level: int = 0
    is_in_table: bool = False
    is_contents: bool = False


@dataclass(slots=True, kw_only=True)
class Reader:
    """A document being read, token by token."""

    state: State
    stack: list[State] = field(default_factory=list)
    fonts: dict[int, str] = field(default_factory=dict)
    default_font: int | None = None
    page: str = "cp1252"
    pending: bytearray = field(default_factory=bytearray)
    code: list[str] = field(default_factory=list)
    had_contents: bool = False
    facts: dict[str, list[str]] = field(default_factory=dict)
    to_skip: int = 0
    is_starred: bool = False
    unreadable: int = 0
    next_shape: CellShape = field(default_factory=CellShape)


def flush(reader: Reader) -> None:
    """Decode the bytes gathered under one font: a Chinese character may be one byte in hex and one a letter."""
    if not reader.pending:
        return
    data = bytes(reader.pending)
    reader.pending.clear()
    state = reader.state
    font = state.font if state.font is not None else reader.default_font
    own = reader.fonts.get(-1 if font is None else font, "")
    east = reader.fonts.get(-1 if state.east_font is None else state.east_font, "")
    if own == SYMBOL and state.place == "number":
        write(reader, "•")
        return
    order = (east, own, reader.page) if state.is_eastern else (own, reader.page, east)
    text, spoilt = decoded(data, [codec for codec in order if codec not in ("", SYMBOL)])
    reader.unreadable += spoilt
    write(reader, text)


def write(reader: Reader, text: str) -> None:
    """Put text where the words of the present group go, behind the bytes that were read before it."""
    flush(reader)
    state = reader.state
    if state.is_unseen:
        return
    if state.place == "body":
        state.paper.pieces.append(text)
    elif state.place == "number":
        state.paper.number.append(text)
    elif state.place == "code":
        reader.code.append(text)
    elif state.place == "fact":
        reader.facts.setdefault(state.fact, []).append(text)
