"""Find the names of divisions in Chinese text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.gazetteer import Name
from rag.naming.found import Found, Scan, by_context, highest, is_below
from rag.naming.surroundings import is_bare_place
from rag.normalise import contains_han

_UNIVERSITY = re.compile(r"(?:医科|中医药?|师范|理工|工业|财经|民族|科技|交通|农业|外国语|体育)?大学")
_AFTER_SMALL_COUNTY = frozenset("级域区市内乡医城里")


def find_han(scan: Scan) -> list[Found]:
    """Read the Chinese names of a folded text, in text order, the longest at each place."""
    text, sizes_by_opening, position, last = scan.text, scan.book.sizes, 0, len(scan.text) - 1
    while position < last:
        sizes = sizes_by_opening.get(text[position : position + 2])
        position = position + 1 if sizes is None else _take(scan, position, sizes)
    return sorted([*scan.found, *_known_words(scan)])


def _known_words(scan: Scan) -> Iterator[Found]:
    """Everyday words that are counties which the library speaks of: 大方, in a question about it."""
    shorts = {scan.book.regions[code].short: code for code in scan.known if code in scan.book.regions}
    for short in shorts.keys() & scan.book.rules["full"]:
        for match in re.finditer(short, scan.text):
            start, end = match.span()
            is_free = not any(f.start < end and start < f.end for f in scan.found)
            if is_free and is_bare_place(scan, start, end, (shorts[short],)):
                yield Found(start, end, (shorts[short],))


def _take(scan: Scan, start: int, sizes: tuple[int, ...]) -> int:
    """Read the longest name at `start`; return where to go on."""
    text, names, found = scan.text, scan.book.names, scan.found
    for size in sizes:
        end = start + size
        name = names.get(text[start:end])
        if name is None or len(text) < end or _is_cut_short(text, start, end):
            continue
        parent = found[-1] if found and found[-1].end == start else None
        below = highest(scan.book, (c for c in name.behind_parent if parent and is_below(c, parent.codes)))
        if parent and len(below) == 1:
            found[-1] = Found(parent.start, end, below)
            return end
        if name.behind_parent and not _may_stand_alone(scan, name, start, end):
            if not _stands_by_surroundings(scan, name, start, end):
                continue
        elif (codes := _meant(scan, name.anywhere, start)) and not _is_university(scan, start, end):
            found.append(Found(start, end, codes))
        return end
    return start + 1


def _is_university(scan: Scan, start: int, end: int) -> bool:
    return scan.text[start:end] in scan.book.bare and _UNIVERSITY.match(scan.text, end) is not None


def _stands_by_surroundings(scan: Scan, name: Name, start: int, end: int) -> bool:
    """Read a name that needs more than itself, if what stands around it is enough."""
    codes = name.behind_parent
    if not is_bare_place(scan, start, end, codes):
        return False
    if meant := _meant(scan, codes, start):
        scan.found.append(Found(start, end, meant))
    return True


def _meant(scan: Scan, codes: tuple[str, ...], start: int) -> tuple[str, ...]:
    """Which of several divisions of one name is meant: by what was named before; else all, where somebody asks."""
    if len(codes) < 2:
        return codes
    first = highest(scan.book, codes)
    if scan.is_question:
        return by_context(scan, codes, start) or tuple(dict.fromkeys((*first, *scan.are_known(codes))))
    return by_context(scan, codes, start) or (first if len(first) == 1 else ())


def _is_cut_short(text: str, start: int, end: int) -> bool:
    """Whether the suffix belongs to the next word: 区域, 市场; 县级 and 县域 behind a name of two characters."""
    last, following = text[end - 1], text[end : end + 1]
    if last in "区市":
        return following == ("域" if last == "区" else "场")
    return last == "县" and end - start == 2 and following in _AFTER_SMALL_COUNTY and bool(following)


def _may_stand_alone(scan: Scan, name: Name, start: int, end: int) -> bool:
    if not name.anywhere:
        return False
    text = scan.text
    needs_edge = text[start:end] in scan.book.rules["edge"] or (end - start == 2 and text[end - 1] == "县")
    return not needs_edge or start == 0 or not contains_han(text[start - 1])
