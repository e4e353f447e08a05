"""China's divisions down to counties: finding their names in Chinese or Latin text, and telling which lies in which."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection
from dataclasses import dataclass

from rag.gazetteer import Gazetteer, Region, gazetteer, latin_key
from rag.naming.found import Scan, highest
from rag.naming.found import ancestors as ancestors
from rag.naming.found import is_within as is_within
from rag.naming.found import stem as stem
from rag.naming.han import find_han
from rag.naming.latin import find_latin
from rag.normalise import contains_han, fold_aligned


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionMention:
    """A region named at `[start, end)` of the text, parents that stand right beside it included.

    Attributes:
        alternatives: Other regions that the same Latin name may mean (Suzhou: 苏州, 宿州), less known ones last.
    """

    region: Region
    start: int
    end: int
    alternatives: tuple[Region, ...] = ()


def region(code: str) -> Region:
    """Return the division of that code.

    Raises:
        ValueError: There is none.
    """
    try:
        return gazetteer().regions[code]
    except KeyError:
        raise ValueError(
            f"no division has code {code[:20]!r}; codes have six digits, such as '340200'"
        ) from None


def full_name(code: str) -> str:
    """Return the official name behind those of its ancestors: 安徽省芜湖市, 北京市朝阳区."""
    return "".join(region(c).name for c in (*ancestors(code), code))


def english_name(code: str) -> str:
    """Return the usual Latin name."""
    return region(code).english[0]


def find_regions(text: str) -> list[RegionMention]:
    """Find the divisions that a text of an article names, in text order, without overlaps; the longest reading wins.

    A parent that stands right before (Chinese) or right before or after, as in an address (Latin), belongs to the
    mention of its child. Bare names count for provinces and prefectures. A bare Chinese name of a county counts where
    what stands around it says so (`rag.naming.surroundings`), a Latin one with County or a parent; one of several
    counties of the same name needs its parent shortly before. A bare name in front of 大学 or University is part of
    that body's name, which often works elsewhere, and does not count.
    """
    return _find(text, is_question=False)


def find_asked_regions(question: str, known: Collection[str] = ()) -> list[RegionMention]:
    """Find the divisions that a question names: as `find_regions`, and more, since a question is short and about something.

    Bare names of counties count in Latin too, and on either side's word alone. What a name may mean is all kept, as
    the mention's alternatives.

    Args:
        question: What is asked.
        known: Codes of the places that the library speaks of; these may be named by words that are everyday words too.
    """
    return _find(question, is_question=True, known=known)


def _find(text: str, *, is_question: bool, known: Collection[str] = ()) -> list[RegionMention]:
    folded = fold_aligned(text)
    book = gazetteer()
    han = find_han(Scan(book=book, text=folded.text, is_question=is_question, known=known))
    glosses = {found.start: found.codes[0] for found in han}
    latin = find_latin(
        Scan(book=book, text=folded.text, is_question=is_question, known=known, glosses=glosses)
    )
    mentions = []
    for found_start, found_end, codes in sorted([*han, *latin]):
        named = [book.regions[code] for code in codes]
        start, end = folded.span(found_start, found_end)
        mentions.append(RegionMention(region=named[0], start=start, end=end, alternatives=tuple(named[1:])))
    return mentions


def resolve(name: str) -> Region | None:
    """Return the one division a person means by `name`, or None if it is unknown or could be several.

    Full, short, with parents, Traditional, or Latin; a province wins over a city of the same name (吉林).
    """
    codes = _candidates(name)
    return region(codes[0]) if len(codes) == 1 else None


def suggest(name: str, limit: int = 5) -> list[Region]:
    """Return divisions for an error message: all that `name` could mean, else those spelled most like it."""
    book = gazetteer()
    codes = list(_candidates(name))
    if not codes:
        key = _han_key(name) if contains_han(name) else latin_key(name.lower())
        known = book.resolvable if contains_han(name) else book.latin
        close = difflib.get_close_matches(key[:40], known, n=limit, cutoff=0.5)
        codes = [code for match in close for code in known[match]]
    return [book.regions[code] for code in dict.fromkeys(codes)][:limit]


def _candidates(name: str) -> tuple[str, ...]:
    book = gazetteer()
    if contains_han(name):
        return highest(book, _read_path(book, _han_key(name)[:60], ""))
    whole = book.latin.get(latin_key(fold_aligned(name).text.strip()))
    if whole:
        return highest(book, whole)
    mentions = find_regions(name)
    if len(mentions) != 1 or name[: mentions[0].start].strip() or name[mentions[0].end :].strip():
        return ()
    return tuple(r.code for r in (mentions[0].region, *mentions[0].alternatives))


def _han_key(name: str) -> str:
    return re.sub(r"[\s,，、·]", "", fold_aligned(name).text)


def _read_path(book: Gazetteer, path: str, parent: str) -> list[str]:
    """Read names one behind the other, each within the one before; `parent` is empty at the start."""
    codes: list[str] = []
    for size in range(len(path), 1, -1):
        known = [
            c
            for c in book.resolvable.get(path[:size], ())
            if not parent or (c != parent and is_within(c, parent))
        ]
        if size == len(path):
            codes += known
        else:
            codes += [c for code in known for c in _read_path(book, path[size:], code)]
    return codes
