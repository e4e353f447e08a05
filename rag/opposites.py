"""Words that say the opposite of each other: 加快 and 放缓, 增加 and 减少."""

from __future__ import annotations

import functools
import importlib.resources


@functools.cache
def opposite_pairs() -> tuple[tuple[str, str], ...]:
    """The pairs of `rag/data/opposites.tsv`, folded as `rag.normalise.fold` leaves text."""
    text = (importlib.resources.files("rag") / "data" / "opposites.tsv").read_text(encoding="utf-8")
    pairs = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return tuple((first, second) for first, second in pairs)
