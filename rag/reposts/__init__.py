"""Printings of one text: signatures to find them by, the comparison that decides, and the groups that they form."""

from __future__ import annotations

from rag.reposts.compare import Text, compare, is_correcting
from rag.reposts.groups import Group, Grouping, Store
from rag.reposts.novelty import is_repeated
from rag.reposts.signature import bands, is_current, signature

__all__ = [
    "Group",
    "Grouping",
    "Store",
    "Text",
    "bands",
    "compare",
    "is_correcting",
    "is_current",
    "is_repeated",
    "signature",
]
