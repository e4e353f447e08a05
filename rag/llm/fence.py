"""Keep material apart from instructions: tags that no material can close."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence


def fence_of(texts: Sequence[str]) -> str:
    """A number that none of the texts holds, the same for the same texts: no text can close its own tag."""
    whole = "\0".join(texts)
    fence = whole
    while fence in whole:
        fence = hashlib.sha256(f"{fence}\0{whole}".encode()).hexdigest()[:8]
    return fence
