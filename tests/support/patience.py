"""How long something took, and what a client got of a reply."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from rag.errors import GenerationError
from rag.llm.client import ModelClient

TURNS = [("human", "问题")]


@contextmanager
def within(seconds: float, *, least: float = 0.0) -> Iterator[None]:
    """Hold the block to a time: bounds of waiting, wide enough for a busy machine."""
    begun = time.monotonic()
    yield
    assert least <= time.monotonic() - begun < seconds


def outcome(client: ModelClient) -> tuple[str, str]:
    """What came of a reply, and why it ended early (empty: it did not)."""
    pieces: list[str] = []
    try:
        pieces.extend(client.stream(TURNS))
    except GenerationError as error:
        return "".join(pieces), error.code
    return "".join(pieces), ""
