"""Opens the text of a large table without holding it several times over."""

from __future__ import annotations

import codecs
import io
from dataclasses import dataclass
from typing import TextIO

from ingest.decode import decode
from rag.errors import IngestError

_LARGE_BYTES = 4_000_000
_PIECE_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TextStream:
    """A text to be read once, from its start, and the codec that reads it."""

    lines: TextIO
    codec: str


def open_text(content: bytes, *, newline: str | None) -> TextStream:
    """Open bytes as text; `newline` as in `open`.

    The codec of a large file is told by its start, and then holds for every byte of it or is not used.

    Raises:
        UnreadableFileError: `binary` or `encoding`, as `decode` does.
    """
    if len(content) > _LARGE_BYTES:
        codec = _codec_of_start(content)
        if codec is not None and _reads_all(content, codec):
            lines = io.TextIOWrapper(io.BytesIO(content), encoding=codec, newline=newline)
            return TextStream(lines=lines, codec=codec)
    decoded = decode(content)
    return TextStream(lines=io.StringIO(decoded.text.removeprefix("\ufeff"), newline), codec=decoded.codec)


def _codec_of_start(content: bytes) -> str | None:
    start = content[:_PIECE_BYTES]
    try:
        decoded = decode(start[: start.rfind(b"\n") + 1] or start)
    except IngestError:
        return None
    # Without a byte order mark, the wide codecs would need their own rule for where a line ends.
    return None if decoded.unreadable or decoded.codec in {"utf-16-le", "utf-16-be"} else decoded.codec


def _reads_all(content: bytes, codec: str) -> bool:
    decoder = codecs.getincrementaldecoder(codec)()
    view = memoryview(content)
    try:
        for start in range(0, len(content), _PIECE_BYTES):
            decoder.decode(bytes(view[start : start + _PIECE_BYTES]))
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
