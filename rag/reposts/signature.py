"""MinHash signatures of texts, and the bands under which texts that may be the same are found.

The signature is one version byte, then `_HASHES` minima of 32 bits, little-endian. `bands` knows one version:
what another version left in a library is made anew from the text (`is_current`).
"""

from __future__ import annotations

import hashlib
import struct

from rag.reposts.printing import read_printing

VERSION = 1
"""Changes with the folding, the shingles, or what the library of MinHash makes of them (a test holds it fast)."""

_SHINGLE_CHARS = 5
_BANDS, _ROWS = 42, 3
_HASHES = 128  # a power of two is the fast case; the last two are in no band
_SEED = 1
_AT_ONCE = 100_000  # shingles held in memory
_LAYOUT = struct.Struct(f"<B{_HASHES}I")


def signature(text: str) -> bytes:
    """Make the signature of a text; equal for printings that differ in width, script, spacing or punctuation."""
    from rensa import RMinHash

    key = read_printing(text).text
    sketch = RMinHash(_HASHES, _SEED)
    count = max(1, len(key) - _SHINGLE_CHARS + 1)
    for start in range(0, count, _AT_ONCE):
        places = range(start, min(count, start + _AT_ONCE))
        sketch.update([key[at : at + _SHINGLE_CHARS] for at in places])
    return _LAYOUT.pack(VERSION, *sketch.digest())


def is_current(signature: bytes) -> bool:
    """Whether a signature was made by this version."""
    return len(signature) == _LAYOUT.size and signature[0] == VERSION


def bands(signature: bytes) -> tuple[int, ...]:
    """Return the hashes, as signed 64-bit integers, that two similar texts have at least one of in common.

    Two texts of Jaccard similarity J share one with probability 1 - (1 - J³)^42: .94 at J = .4 (the shorter is two
    fifths of the longer), .996 at .5, .29 at .2; texts on different matters (J about .01) in 1 of 24,000 pairs.

    Raises:
        ValueError: Another version made the signature.
    """
    minima = _minima(signature)
    return tuple(_band_hash(band, minima[band * _ROWS : (band + 1) * _ROWS]) for band in range(_BANDS))


def _band_hash(band: int, minima: tuple[int, ...]) -> int:
    digest = hashlib.blake2b(struct.pack(f"<B{_ROWS}I", band, *minima), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def _minima(signature: bytes) -> tuple[int, ...]:
    if not is_current(signature):
        raise ValueError(
            f"a signature of version {VERSION} is needed, got {signature[:1]!r}; sign the text again"
        )
    return _LAYOUT.unpack(signature)[1:]
