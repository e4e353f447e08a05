"""Choices that fall the same way at every run: by a hash of what is chosen for, never by a random state."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import TypeVar

T = TypeVar("T")


def chance(*parts: object) -> int:
    """A number that depends on the parts alone, evenly spread below 2**64."""
    joined = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(hashlib.sha256(joined.encode("utf-8", "surrogatepass")).digest()[:8], "big")


def shuffled(items: Iterable[T], *seed: object) -> list[T]:
    """The items in an order that depends on the seed and their number alone."""
    return [item for _, item in sorted(enumerate(items), key=lambda pair: chance(*seed, pair[0]))]
