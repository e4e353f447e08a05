"""The wrong place, and two places that change places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from eval.mutations.chance import shuffled
from eval.mutations.claims import Faithful
from eval.mutations.wording import is_quoted, quoted_spans, splice, split_clauses, swap
from rag.gazetteer import Region, gazetteer
from rag.normalise import contains_han
from rag.regions import RegionMention, ancestors, english_name, find_regions, is_within
from rag.regions import region as place
from rag.verify.forms import Span

_PART_OF_NAME = re.compile(
    r"时间|大学|学院|路|街|大道|银行|日报|晚报|晨报|电视|卫视|新闻|网|共识|宣言|方言|话"
)
_OWN_BODIES = frozenset({"71", "81", "82"})
"""Provinces whose bodies have other names: what is told of a health commission does not read there."""

_TRIES = 8


def wrong_places(faithful: Faithful) -> Iterator[str]:
    """Put another place of the same level in the stead of one, wherever the claim names it outside quotations."""
    claim = faithful.claim
    mentions = find_regions(claim)
    known = {m.region.code for m in find_regions(faithful.known)} | {m.region.code for m in mentions}
    for code in shuffled(dict.fromkeys(m.region.code for m in mentions), claim, "city"):
        named = _outside_quotations(claim, [m for m in mentions if m.region.code == code])
        if any(_PART_OF_NAME.match(claim, m.end) for m in named):
            continue
        for other in _others(code, known, claim)[:_TRIES]:
            changed = _renamed(claim, named, other)
            if changed and faithful.language == "en":
                # Latin names of counties are not found without their type: On Jieshou (安徽省阜阳市界首市).
                changed = changed.replace(f"{english_name(code)} (", f"{english_name(other.code)} (")
            if changed and other.code in {m.region.code for m in find_regions(changed)}:
                yield changed
                break


def _outside_quotations(claim: str, mentions: list[RegionMention]) -> list[RegionMention]:
    quoted = quoted_spans(claim)
    free = [m for m in mentions if not is_quoted((m.start, m.end), quoted)]
    return free or mentions


def _others(code: str, known: Iterable[str], *seed: object) -> list[Region]:
    """Places of the same level, those of the same province first, that have nothing to do with those known."""
    regions = gazetteer().regions
    level = regions[code].level
    apart = [
        r
        for r in regions.values()
        if r.level == level
        and r.code[:2] not in _OWN_BODIES
        and not any(is_within(r.code, k) or is_within(k, r.code) for k in known)
    ]
    near = [r for r in apart if level > 1 and r.code[:2] == code[:2]]
    return [*shuffled(near, *seed), *shuffled([r for r in apart if r not in near][:400], *seed)]


def _renamed(claim: str, mentions: list[RegionMention], other: Region) -> str | None:
    for mention in sorted(mentions, key=lambda m: -m.start):
        name = name_like(claim[mention.start : mention.end], mention.region, other)
        if name is None:
            return None
        claim = splice(claim, (mention.start, mention.end), name)
    return claim


def name_like(written: str, region: Region, other: Region) -> str | None:
    """Name another place in the form in which one is written; None where that form is not known."""
    if not contains_han(written):
        return english_name(other.code)
    above = {place(code).level for code in ancestors(region.code) if place(code).short in written}
    if above:
        return "".join(
            place(c).name
            for c in (*ancestors(other.code), other.code)
            if place(c).level in {*above, other.level}
        )
    if written == region.name:
        return other.name
    if written == region.short and other.level < 3:
        return other.short
    return None


def swapped_places(faithful: Faithful) -> Iterator[str]:
    """Let two places of the same level, each in a clause that says something of it, change places."""
    claim = faithful.claim
    clauses = split_clauses(claim)
    mentions = find_regions(claim)
    pairs = [
        (a, b)
        for i, a in enumerate(mentions)
        for b in mentions[i + 1 :]
        if a.region.level == b.region.level and a.region.code != b.region.code and _tell(claim, clauses, a, b)
    ]
    for a, b in shuffled(pairs, claim, "swapped_places"):
        yield swap(claim, (a.start, a.end), (b.start, b.end))


def _tell(claim: str, clauses: list[Span], a: RegionMention, b: RegionMention) -> bool:
    """Whether the two open two different clauses that hold no third place, and each says enough."""
    first, second = (next((c for c in clauses if c[0] <= m.start < c[1]), (0, 0)) for m in (a, b))
    opens = a.start - first[0] <= 1 and b.start - second[0] <= 1
    long_enough = all(end - m.end >= 6 for (_, end), m in ((first, a), (second, b)))
    alone = all(len(find_regions(claim[start:end])) == 1 for start, end in (first, second))
    same = claim[a.end : first[1]] == claim[b.end : second[1]]
    return first != second and opens and long_enough and alone and not same
