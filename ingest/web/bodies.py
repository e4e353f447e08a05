"""Unpacks what a server sends, piece by piece, and stops where it becomes too much."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from ingest.web.problems import bad_encoding, too_large

ACCEPTED = "gzip, deflate"
"""What is asked for: encodings that can be unpacked within a bound."""
_PIECE_BYTES = 65_536
_GZIP = b"\x1f\x8b"
_MAX_MEMBERS = 1_000
_ANY_HEADER = zlib.MAX_WBITS | 32


def read_body(pieces: Iterable[bytes], *, encoding: str, max_bytes: int) -> bytes:
    """Put a body together.

    Args:
        pieces: As they come from the network.
        encoding: The Content-Encoding header; empty for none.
        max_bytes: The most that is taken, both as it comes and unpacked.

    Raises:
        FetchError: `too_large`; `encoding` for one that was not asked for, or bytes that are not in it.
    """
    names = [
        name.strip().lower()
        for name in encoding.split(",")
        if name.strip(" ,").lower() not in {"", "identity"}
    ]
    if len(names) > 1 or not set(names) <= {"gzip", "x-gzip", "deflate"}:
        raise bad_encoding(encoding[:40])
    bounded = _bounded(pieces, max_bytes)
    unpacked = _inflated(bounded, names[0]) if names else bounded
    return b"".join(_bounded(unpacked, max_bytes))


def gunzip(content: bytes, *, max_bytes: int) -> bytes:
    """Unpack a gzip file.

    Raises:
        FetchError: `too_large` or `encoding`.
    """
    pieces = (content[start : start + _PIECE_BYTES] for start in range(0, len(content), _PIECE_BYTES))
    return read_body(pieces, encoding="gzip", max_bytes=max_bytes)


def _bounded(pieces: Iterable[bytes], max_bytes: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > max_bytes:
            raise too_large(max_bytes)
        yield piece


def _inflated(pieces: Iterable[bytes], name: str) -> Iterator[bytes]:
    unpacker = _Unpacker(name)
    for piece in pieces:
        yield from unpacker.unpack(piece)
    if not unpacker.is_whole:
        raise bad_encoding(name)


class _Unpacker:
    """Unpacks gzip, of which several may follow one another, or deflate.

    What follows and is not gzip again is passed over, as browsers do.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._inflater: zlib._Decompress | None = None
        self._begun = 0
        self._held = b""
        self._is_over = False

    @property
    def is_whole(self) -> bool:
        """Whether what began has ended."""
        return self._inflater is None and (self._begun > 0 or not self._held)

    def unpack(self, piece: bytes) -> Iterator[bytes]:
        """Take the next bytes, and give what they unpack to, in bounded pieces."""
        self._held += b"" if self._is_over else piece
        while self._held:
            if self._inflater is None and not self._begin():
                return
            yield from self._rest_of_one()

    def _begin(self) -> bool:
        """Begin to unpack what is held, if that can be told and is something to unpack."""
        if len(self._held) < len(_GZIP):
            return False
        if self._begun and not self._held.startswith(_GZIP):
            self._is_over, self._held = True, b""
            return False
        self._begun += 1
        if self._begun > _MAX_MEMBERS:
            raise bad_encoding(self._name)
        # Deflate has zlib's header, as the standard says; some servers leave it out.
        is_bare = self._name == "deflate" and not _has_header(self._held)
        self._inflater = zlib.decompressobj(-zlib.MAX_WBITS if is_bare else _ANY_HEADER)
        return True

    def _rest_of_one(self) -> Iterator[bytes]:
        rest, self._held = self._held, b""
        while self._inflater is not None:
            try:
                unpacked = self._inflater.decompress(rest, _PIECE_BYTES)
            except zlib.error as cause:
                raise bad_encoding(self._name) from cause
            rest = self._inflater.unconsumed_tail
            if unpacked:
                yield unpacked
            if self._inflater.eof:
                self._held, self._inflater = self._inflater.unused_data, None
            elif not rest and len(unpacked) < _PIECE_BYTES:
                return


def _has_header(start: bytes) -> bool:
    """Whether these are the two bytes of zlib's header."""
    return start[0] & 0x0F == 8 and int.from_bytes(start[:2], "big") % 31 == 0
