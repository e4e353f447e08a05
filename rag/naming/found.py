"""What a scan has found so far, and what that says of the names that follow."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from rag.gazetteer import Gazetteer, gazetteer

_CONTEXT_CHARS = 400  # how far back a parent may stand that tells which 鼓楼区 is meant


class Found(NamedTuple):
    """The divisions that `[start, end)` of a folded text may name, the likeliest first."""

    start: int
    end: int
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """One reading of a folded text.

    Attributes:
        is_question: Whether somebody asks: a place is then likely meant, and what it may mean is all kept.
        known: Codes of the places that the library speaks of, where a question is read.
        glosses: Codes of the Chinese names in the text by where they start, for the Latin ones that they explain.
        found: The places of one script read so far, in text order.
        held: What `holds` has looked for.
    """

    book: Gazetteer
    text: str
    is_question: bool = False
    known: Collection[str] = ()
    glosses: Mapping[int, str] = field(default_factory=dict)
    found: list[Found] = field(default_factory=list)
    held: dict[str, bool] = field(default_factory=dict)

    def holds(self, name: str) -> bool:
        """Whether a name is anywhere in the text; each is looked for once, for a long text may hold thousands of one."""
        if name not in self.held:
            self.held[name] = name in self.text
        return self.held[name]

    def are_known(self, codes: Iterable[str]) -> tuple[str, ...]:
        """Keep the codes that the library speaks of, or of a place in them."""
        return tuple(code for code in codes if any(is_within(known, code) for known in self.known))


def ancestors(code: str) -> tuple[str, ...]:
    """Return the codes above `code`, outermost first: province, then prefecture where there is one."""
    above = dict.fromkeys((code[:2] + "0000", code[:4] + "00"))
    return tuple(c for c in above if c != code and c in gazetteer().regions)


def is_within(code: str, ancestor: str) -> bool:
    """Whether `code` is `ancestor` or lies in it."""
    return code.startswith(stem(ancestor))


def stem(code: str) -> str:
    """Return what the codes of a division and of all that lies in it begin with."""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def is_below(code: str, parents: Sequence[str]) -> bool:
    """Whether a division lies in one of others, and is none of them."""
    return any(code != parent and is_within(code, parent) for parent in parents)


def highest(book: Gazetteer, codes: Iterable[str]) -> tuple[str, ...]:
    """Keep the codes of the highest level among them."""
    unique = list(dict.fromkeys(codes))
    level = min((book.regions[c].level for c in unique), default=0)
    return tuple(c for c in unique if book.regions[c].level == level)


def by_context(scan: Scan, codes: Sequence[str], start: int) -> tuple[str, ...]:
    """Return the one code in, or beside, a region named shortly before, the nearest first; none if that does not decide."""
    regions = scan.book.regions
    for earlier in reversed(scan.found):
        if start - earlier.end > _CONTEXT_CHARS:
            break
        named = earlier.codes[0]
        is_sibling = regions[named].level == regions[codes[0]].level
        for around in (named, *(ancestors(named)[-1:] if is_sibling else ())):
            inside = tuple(c for c in codes if is_within(c, around))
            if len(inside) == 1:
                return inside
    return ()
