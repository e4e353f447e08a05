"""Lists what is in a zip file: by its directory, or where that is gone by looking for the files themselves."""

from __future__ import annotations

import functools
import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_LOCAL = struct.Struct("<4s5H3L2H")
_LOCAL_MARK = b"PK\x03\x04"
_CENTRAL_MARK = b"PK\x01\x02"
_ENCRYPTED, _SIZES_FOLLOW, _UTF8 = 0x1, 0x8, 0x800
_STORED, _DEFLATED = 0, 8
_UNIX = 3
# bz2 and lzma unpack at once whatever a read takes in: 4 kB of it are at most about 80 MB.
_READ_BYTES = 4_096
_MAX_PIECE_BYTES = 65_536
_MAX_NAME_BYTES = 4_096

DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError),
    *(struct.error, ValueError, IndexError, OverflowError),
)
"""What Python raises over a damaged or hostile archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A file in an archive.

    Attributes:
        raw_name: The name's bytes as they were written.
        pieces: Unpacks it piece by piece; raises one of `DAMAGE`, or NotImplementedError for a compression unknown here.
    """

    raw_name: bytes
    extra: bytes
    pieces: Callable[[], Iterator[bytes]]
    packed_size: int = 0
    is_utf8: bool = False
    is_encrypted: bool = False
    is_folder: bool = False
    is_link: bool = False


def count_entries(content: bytes) -> int:
    """Count what may be entries of the directory: no fewer than there are, without making one."""
    return content.count(_CENTRAL_MARK)


def list_entries(content: bytes) -> tuple[Iterator[Entry], bool]:
    """List the files of an archive, and say whether its directory is whole."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        return iter([_of_directory(archive, info, content) for info in archive.infolist()]), True
    except (*DAMAGE, NotImplementedError):
        return _scan(content), False


def _of_directory(archive: zipfile.ZipFile, info: zipfile.ZipInfo, content: bytes) -> Entry:
    is_utf8 = bool(info.flag_bits & _UTF8)
    raw = info.orig_filename.encode("utf-8" if is_utf8 else "cp437")
    mode = info.external_attr >> 16
    return Entry(
        raw_name=raw,
        extra=info.extra,
        pieces=lambda: _unpack(archive, info, content),
        packed_size=info.compress_size,
        is_utf8=is_utf8,
        is_encrypted=bool(info.flag_bits & _ENCRYPTED),
        is_folder=raw.endswith((b"/", b"\\")) and info.file_size == 0,
        is_link=info.create_system == _UNIX and stat.S_ISLNK(mode),
    )


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo, content: bytes) -> Iterator[bytes]:
    try:
        file = archive.open(info)
    except zipfile.BadZipFile:
        # A name may be written otherwise in the directory than before the file, which Python takes for damage.
        start = _data_start(content, info.header_offset)
        if start is None or info.compress_type not in {_STORED, _DEFLATED}:
            raise
        window = memoryview(content)[start : start + info.compress_size]
        yield from _checked(window, info.compress_type, checksum=info.CRC)
        return
    with file:
        while piece := file.read(_READ_BYTES):
            yield piece


def _scan(content: bytes) -> Iterator[Entry]:
    """Find files by the marks before them; each ends where it says, or else where the next begins."""
    position = content.find(_LOCAL_MARK)
    while position >= 0:
        start = _data_start(content, position)
        if start is None:
            position = content.find(_LOCAL_MARK, position + 4)
            continue
        _, _, flags, method, _, _, checksum, packed, _, name_size, _ = _LOCAL.unpack_from(content, position)
        named = position + _LOCAL.size
        raw = content[named : named + name_size]
        stop = start + packed if packed and not flags & _SIZES_FOLLOW else _next_mark(content, start)
        window = memoryview(content)[start:stop]
        yield Entry(
            raw_name=raw,
            extra=content[named + name_size : start],
            pieces=functools.partial(
                _checked, window, method, checksum=None if flags & _SIZES_FOLLOW else checksum
            ),
            packed_size=len(window),
            is_utf8=bool(flags & _UTF8),
            is_encrypted=bool(flags & _ENCRYPTED),
            is_folder=raw.endswith(b"/"),
        )
        position = content.find(_LOCAL_MARK, min(stop, len(content)))


def _next_mark(content: bytes, start: int) -> int:
    ends = (content.find(mark, start) for mark in (_LOCAL_MARK, _CENTRAL_MARK))
    return min((end for end in ends if end >= 0), default=len(content))


def _data_start(content: bytes, position: int) -> int | None:
    """Where a file's bytes begin, past the header at `position`; None if there is no header."""
    if position < 0 or content[position : position + 4] != _LOCAL_MARK:
        return None
    if position + _LOCAL.size > len(content):
        return None
    *_, name_size, extra_size = _LOCAL.unpack_from(content, position)
    start = position + _LOCAL.size + int(name_size) + int(extra_size)
    return start if start <= len(content) and 0 < name_size <= _MAX_NAME_BYTES else None


def _checked(window: memoryview, method: int, *, checksum: int | None) -> Iterator[bytes]:
    """Unpack a file that was found without the directory, and hold it against its checksum where there is one."""
    if method not in {_STORED, _DEFLATED}:
        raise NotImplementedError(f"compression {method}")
    if method == _STORED and checksum is None:
        raise zipfile.BadZipFile("where it ends is not known")
    found = 0
    for piece in _inflate(window) if method == _DEFLATED else _slices(window):
        found = zlib.crc32(piece, found)
        yield piece
    if checksum is not None and found != checksum:
        raise zipfile.BadZipFile("its checksum is another")


def _slices(window: memoryview) -> Iterator[bytes]:
    for start in range(0, len(window), _READ_BYTES):
        yield bytes(window[start : start + _READ_BYTES])


def _inflate(window: memoryview) -> Iterator[bytes]:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    for packed in _slices(window):
        rest = packed
        while True:
            unpacked = inflater.decompress(rest, _MAX_PIECE_BYTES)
            rest = inflater.unconsumed_tail
            if unpacked:
                yield unpacked
            if inflater.eof:
                return
            # A full piece may not be all: some is kept inside once everything packed was taken in.
            if not rest and len(unpacked) < _MAX_PIECE_BYTES:
                break
    raise EOFError("it breaks off")
