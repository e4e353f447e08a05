"""Tells which regions an article as a whole is about; a passage's own regions are told when it is split off."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.regions import RegionMention

_NATIONWIDE = frozenset(("全国", "全國", "中国", "中國", "国家", "國家", "nationwide", "china", "national"))
_LIST_SEPARATORS = re.compile(r"[、,，;；/|]")
_MAX_REGION_TEXT_CHARS = 200_000
_MAX_REGIONS = 12
_SHORT_TEXT_CHARS = 1200


def tell_regions(named: Sequence[str], *, title: str, issuer: str, text: str) -> tuple[tuple[str, ...], str]:
    """The codes of the regions that an article is about, and where that is said; the parents follow from the codes.

    Args:
        named: The regions that a person named for it, which decide where there are any.
        title: Its title; regions in it are its own.
        issuer: Who issued it: a body's region is its document's.
        text: What it says; only a region that rules all of it is taken.
    """
    names = [name.strip() for value in named for name in _LIST_SEPARATORS.split(value) if name.strip()]
    if names:
        if any(name.lower() in _NATIONWIDE for name in names):
            return (), ""
        resolved = [code for name in names for code in _codes(name)]
        return tuple(dict.fromkeys(resolved))[:_MAX_REGIONS], "front matter"
    for words, origin in ((title, "title"), (issuer, "issuer")):
        if found := _found(words):
            return found, origin
    ruling = _ruling(text[:_MAX_REGION_TEXT_CHARS])
    return ((ruling,), "text") if ruling else ((), "")


def _found(words: str) -> tuple[str, ...]:
    from rag.regions import find_regions

    return tuple(dict.fromkeys(mention.region.code for mention in find_regions(words)))[:_MAX_REGIONS]


def _codes(name: str) -> list[str]:
    """The region a name stands for; of a longer name, as `省` and `市` together, those found in it."""
    from rag.regions import find_regions, resolve

    region = resolve(name)
    return [region.code] if region is not None else [mention.region.code for mention in find_regions(name)]


def _ruling(text: str) -> str | None:
    from rag.regions import find_regions

    mentions = find_regions(text)
    dominant = _dominant([mention.region.code for mention in mentions])
    return dominant if dominant is not None and _is_throughout(dominant, mentions, len(text)) else None


def _is_throughout(code: str, mentions: Sequence[RegionMention], length: int) -> bool:
    """Whether a region is named in every third of a longer text: one chapter about a place is not the article."""
    from rag.regions import is_within

    thirds = {mention.start * 3 // length for mention in mentions if is_within(mention.region.code, code)}
    return length < _SHORT_TEXT_CHARS or len(thirds) == 3


def _dominant(mentions: Sequence[str]) -> str | None:
    """The narrowest region with at least three mentions and three fifths of all, places inside it counted."""
    from rag.regions import is_within

    counts = Counter(mentions)
    leading = [code for code, _ in counts.most_common(50)]
    totals = {code: sum(n for inner, n in counts.items() if is_within(inner, code)) for code in leading}
    ruling = [code for code in leading if totals[code] >= 3 and totals[code] * 5 >= len(mentions) * 3]
    narrowest = [
        code for code in ruling if not any(code != other and is_within(other, code) for other in ruling)
    ]
    return narrowest[0] if len(narrowest) == 1 else None
