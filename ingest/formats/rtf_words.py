"""What RTF's control words do to the text around them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from ingest.formats.rtf_paper import CellShape
from ingest.formats.rtf_state import Reader, write
from ingest.formats.rtf_text import charset_codec, page_codec

CHARACTERS: Mapping[str, str] = {
    "tab": " ",
    "line": "\n",
    "lbr": "\n",
    "emdash": "—",
    "endash": "–",
    "emspace": "\u3000",
    "enspace": " ",
    "qmspace": " ",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "nestcell": " ",
    "nestrow": "\n",
    "~": "\u00a0",
    "_": "-",
    "{": "{",
    "}": "}",
    "\\": "\\",
}


def follow(reader: Reader, word: str, number: int | None) -> None:
    """Follow a word that changes how text is read, or that is text."""
    if word in CHARACTERS:
        write(reader, CHARACTERS[word])
    elif reader.state.place == "body" and word in LAYOUT:
        LAYOUT[word](reader, number)
    elif word in SETTINGS:
        SETTINGS[word](reader, number)


def _paragraph(reader: Reader, _: int | None) -> None:
    reader.state.paper.end_paragraph(level=reader.state.level, is_in_table=reader.state.is_in_table)


def _paragraph_defaults(reader: Reader, _: int | None) -> None:
    reader.state = replace(reader.state, level=0, is_in_table=False)


def _outline(reader: Reader, number: int | None) -> None:
    level = min((number or 0) + 1, 6) if 0 <= (number or 0) < 9 else 0
    reader.state = replace(reader.state, level=level)


def _in_table(reader: Reader, _: int | None) -> None:
    reader.state = replace(reader.state, is_in_table=True)


def _row_defaults(reader: Reader, _: int | None) -> None:
    reader.state.paper.shapes, reader.next_shape = [], CellShape()
    reader.state.paper.is_header_row = False


def _row_is_header(reader: Reader, _: int | None) -> None:
    reader.state.paper.is_header_row = True


def _cell_edge(reader: Reader, number: int | None) -> None:
    reader.next_shape.edge = number or 0
    reader.state.paper.shapes.append(reader.next_shape)
    reader.next_shape = CellShape()


def _right_of_merged(reader: Reader, _: int | None) -> None:
    reader.next_shape.is_right_of_merged = True


def _below_merged(reader: Reader, _: int | None) -> None:
    reader.next_shape.is_below_merged = True


def _cell(reader: Reader, _: int | None) -> None:
    reader.state.paper.end_cell()


def _row(reader: Reader, _: int | None) -> None:
    reader.state.paper.end_row()


def _font(reader: Reader, number: int | None) -> None:
    is_eastern = reader.state.is_eastern and reader.state.place != "fonts"
    reader.state = replace(
        reader.state, font=number, east_font=number if is_eastern else reader.state.east_font
    )


def _associated_font(reader: Reader, number: int | None) -> None:
    if reader.state.is_eastern:
        reader.state = replace(reader.state, east_font=number)


def _font_charset(reader: Reader, number: int | None) -> None:
    if reader.state.place == "fonts" and reader.state.font is not None:
        reader.fonts[reader.state.font] = charset_codec(number)


def _default_font(reader: Reader, number: int | None) -> None:
    reader.default_font = number


def _code_page(reader: Reader, number: int | None) -> None:
    reader.page = page_codec(number)


def _stand_ins(reader: Reader, number: int | None) -> None:
    reader.state = replace(reader.state, skip=max(0, min(number if number is not None else 1, 100)))


def _plain(reader: Reader, _: int | None) -> None:
    reader.state = replace(reader.state, font=None, east_font=None, is_eastern=False, is_unseen=False)


def _unseen(reader: Reader, number: int | None) -> None:
    reader.state = replace(reader.state, is_unseen=number != 0)


def _eastern(reader: Reader, _: int | None) -> None:
    reader.state = replace(reader.state, is_eastern=True)


def _western(reader: Reader, _: int | None) -> None:
    reader.state = replace(reader.state, is_eastern=False)


_Follow = Callable[[Reader, int | None], None]
LAYOUT: Mapping[str, _Follow] = {
    "par": _paragraph,
    "sect": _paragraph,
    "pard": _paragraph_defaults,
    "outlinelevel": _outline,
    "intbl": _in_table,
    "trowd": _row_defaults,
    "trhdr": _row_is_header,
    "cellx": _cell_edge,
    "clmrg": _right_of_merged,
    "clvmrg": _below_merged,
    "cell": _cell,
    "row": _row,
}
SETTINGS: Mapping[str, _Follow] = {
    "f": _font,
    "af": _associated_font,
    "fcharset": _font_charset,
    "deff": _default_font,
    "ansicpg": _code_page,
    "uc": _stand_ins,
    "plain": _plain,
    "v": _unseen,
    "deleted": _unseen,
    "dbch": _eastern,
    "loch": _western,
    "hich": _western,
}
