"""Names of an archive's files: in the encoding that they were written in, and never leading out of the archive."""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable

from ingest.decode import plausibility

_CODECS = ("utf-8", "gb18030", "big5hkscs")
_UNICODE_PATH = 0x7075
_DRIVE = re.compile(r"[A-Za-z]:")
_MIN_PLAUSIBLE = 0.25
_MAX_PART_CHARS = 200
_SAMPLE_NAMES = 1_000


def name_codec(names: Iterable[bytes]) -> str:
    """Tell the encoding of names that carry no mark of it, all together: a single one says too little.

    Windows in China writes GBK, in Taiwan Big5; what is neither is what the format says, code page 437.
    """
    joined = b"\n".join(name for name, _ in zip(names, range(_SAMPLE_NAMES), strict=False))
    if joined.isascii():
        return "utf-8"
    scores = {codec: score for codec in _CODECS if (score := _score(joined, codec)) is not None}
    if "utf-8" in scores:
        return "utf-8"
    best = max(scores, key=lambda codec: scores[codec], default="cp437")
    return best if scores.get(best, 0.0) >= _MIN_PLAUSIBLE else "cp437"


def decode_name(name: bytes, codec: str) -> str:
    """Decode one name; one that is in another encoding than the rest keeps its bytes recognisable."""
    try:
        return name.decode(codec)
    except UnicodeDecodeError:
        return name.decode(name_codec([name]), errors="backslashreplace")


def unicode_name(name: bytes, extra: bytes) -> str | None:
    """The UTF-8 name that WinZip, 7-Zip and others put beside the one in a local encoding, if it is of this name."""
    position = 0
    while position + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, position)
        field = extra[position + 4 : position + 4 + size]
        position += 4 + size
        if kind == _UNICODE_PATH and len(field) > 5 and field[0] == 1:
            (checksum,) = struct.unpack_from("<L", field, 1)
            if checksum == zlib.crc32(name):
                return _utf8(field[5:])
    return None


def safe_name(name: str) -> tuple[str, bool]:
    """The name without what leads out of a folder, and whether there was any of that.

    Backslashes are separators only once a name is decoded: half of a character in GBK or Big5 may look like one.
    """
    parts = [part.strip() for part in name.replace("\\", "/").split("/")]
    leads_out = name.startswith(("/", "\\")) or any(
        part == ".." or _DRIVE.fullmatch(part[:2]) for part in parts
    )
    kept = [_printable(_DRIVE.sub("", part, count=1) if _DRIVE.match(part) else part) for part in parts]
    kept = [part[:_MAX_PART_CHARS] for part in kept if part not in {"", ".", ".."}]
    return "/".join(kept) or "unnamed", leads_out


def is_hidden(name: str) -> bool:
    """Whether a file is none that a person put there: hidden, or left by macOS, Windows or Office."""
    parts = name.split("/")
    return any(part.startswith((".", "~$")) or part == "__MACOSX" for part in parts) or parts[
        -1
    ].casefold() in {"thumbs.db", "desktop.ini"}


def _score(joined: bytes, codec: str) -> float | None:
    try:
        return plausibility(joined.decode(codec))
    except UnicodeDecodeError:
        return None


def _utf8(field: bytes) -> str | None:
    try:
        return field.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _printable(part: str) -> str:
    return "".join(ch if ch.isprintable() else "_" for ch in part).strip()
