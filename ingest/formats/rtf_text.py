"""The characters of RTF: its tokens, and its bytes under the code page of their font."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ingest.decode import plausibility

_TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|((?:\\'[0-9a-fA-F]{2})+)|\\(.)|([{}])|[\r\n]+|([^\\{}\r\n]+)|\\",
    re.DOTALL,
)
SYMBOL = "symbol"
"""What stands for the codec of a font of signs, whose bytes are no characters."""
_CHARSETS = {
    2: SYMBOL,
    77: "mac_roman",
    128: "cp932",
    129: "cp949",
    134: "gb18030",
    136: "big5hkscs",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}
_PAGES = {
    936: "gb18030",
    54936: "gb18030",
    950: "big5hkscs",
    951: "big5hkscs",
    65001: "utf-8",
    10000: "mac_roman",
}
_CHINESE = ("gb18030", "big5hkscs")
_EASTERN = (*_CHINESE, "cp932", "cp949")
# So many bytes must speak against a codec: against a Western name of Chinese bytes few are enough.
_SURE_BYTES = 4
_SURE_BYTES_EASTERN = 40
_PLAUSIBLE = 0.5


class Token(NamedTuple):
    """One of: a control word with its number, a control symbol, a brace, bytes given in hex, or literal bytes."""

    word: str = ""
    number: int | None = None
    symbol: str = ""
    brace: str = ""
    bytes_in_hex: bytes = b""
    literal: bytes = b""


def tokens(content: bytes) -> Iterator[Token]:
    """Cut RTF into tokens; the raw bytes behind `bin` are left out."""
    position = 0
    while (match := _TOKEN.match(content, position)) is not None:
        position = match.end()
        word, number, byte, symbol, brace, literal = match.groups()
        if word:
            value = None if number is None else int(number)
            if word == b"bin":
                position += max(0, value or 0)
            yield Token(word=word.decode("ascii"), number=value)
        elif byte:
            yield Token(bytes_in_hex=bytes.fromhex(byte.replace(b"\\'", b"").decode("ascii")))
        elif symbol:
            yield Token(symbol=symbol.decode("latin-1"))
        elif brace:
            yield Token(brace=brace.decode("ascii"))
        elif literal:
            yield Token(literal=literal)


def charset_codec(charset: int | None) -> str:
    """The codec of a font's charset; empty for those that leave it to the document."""
    return _CHARSETS.get(charset or 0, "")


def page_codec(page: int | None) -> str:
    """The codec of a code page; the Western one for a page that Python does not know."""
    codec = _PAGES.get(page or 0, f"cp{page}")
    try:
        codecs.lookup(codec)
    except LookupError:
        return "cp1252"
    return codec


def decoded(data: bytes, names: Sequence[str]) -> tuple[str, int]:
    """Decode bytes by the first codec that can, unless they are Chinese under a Western name; count what none can.

    Fonts of a Western charset hold Chinese bytes where a program replaced the font and not the text.
    """
    if data.isascii():
        return data.decode("ascii"), 0
    codec, named = _first_strict(data, names)
    sure = _SURE_BYTES_EASTERN if codec in _EASTERN else _SURE_BYTES
    if not codec or (len(data) >= sure and plausibility(named) < 0):
        best = max((_first_strict(data, (chinese,))[1] for chinese in _CHINESE), key=plausibility)
        if best and plausibility(best) >= _PLAUSIBLE:
            return best, 0
    if codec:
        return named, 0
    text = data.decode(names[0], errors="replace")
    return text, text.count("\ufffd")


def _first_strict(data: bytes, names: Sequence[str]) -> tuple[str, str]:
    """The first codec that reads all of it, with the text; both empty where none does."""
    for codec in names:
        try:
            return codec, data.decode(codec)
        except UnicodeDecodeError:
            continue
    return "", ""
