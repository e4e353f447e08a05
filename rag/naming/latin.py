"""Find the names of divisions in Latin text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rag.gazetteer import latin_key
from rag.naming.found import Found, Scan, by_context, is_below

_WORD = re.compile(
    "(?P<stem>[a-z\u00df-\u024f]+(?:['`\u00b4\u2019\u2018\u02bc](?!s(?![a-z]))[a-z\u00df-\u024f]+)*)"
)
_TYPE_WORDS = {
    "city": ("市",),
    "municipality": ("市",),
    "province": ("省",),
    "autonomous region": ("自治区",),
    "special administrative region": ("特别行政区",),
    "prefecture": ("州", "地区", "盟", "市"),
    "autonomous prefecture": ("州",),
    "league": ("盟",),
    "county": ("县", "旗"),
    "autonomous county": ("县", "旗"),
    "banner": ("旗",),
    "district": ("区",),
}
_LONGEST_NAME_WORDS = 3
_SYLLABLES = re.compile(
    "[aeiou\u00fc]+[^aeiou\u00fc]+[aeiou\u00fc]|[aeiou]{3}n"
)  # Long, Song and Ding are more often words and people
_GLOSS = re.compile(r" ?[(（]")
_BEFORE_A_PLACE = re.compile(
    "in|at|of|from|to|for|into|near|around|within|across|about|on|and|or|with|between|by|than|versus|vs|as|like|visit|compared?"
    "|did|does|do|has|have|had|is|are|was|were|can|could|will|would|should"
)


class _Match(NamedTuple):
    """A Latin name: `is_typed` with City, County ... behind it; `is_placed` where a place is likely to stand."""

    start: int
    end: int
    codes: tuple[str, ...]
    is_typed: bool
    is_doubtful: bool
    is_placed: bool


def find_latin(scan: Scan) -> list[Found]:
    """Read the Latin names of a folded text, in text order."""
    text, found = scan.text, scan.found
    matches = list(_matches(scan))
    for first, last, codes in _link_addresses(text, matches):
        start, end = matches[first].start, matches[last].end
        if (
            found
            and _is_gap(text[found[-1].end : start])
            and (below := [c for c in codes if is_below(c, found[-1].codes)])
        ):
            found[-1] = Found(found[-1].start, end, tuple(below))
            continue
        if first == last:
            codes = list(_alone(scan, matches[first]))
        if codes:
            found.append(Found(start, end, tuple(codes)))
    return found


def _alone(scan: Scan, match: _Match) -> tuple[str, ...]:
    """Decide what a Latin name without a parent beside it means; "Wuwei (无为市)" says so itself."""
    opening = _GLOSS.match(scan.text, match.end)
    gloss = scan.glosses.get(opening.end()) if opening else None
    if gloss is not None and gloss in match.codes:
        return (gloss,)
    if match.is_doubtful and not match.is_typed:
        return scan.are_known(match.codes) if match.is_placed else ()
    regions = scan.book.regions
    codes = match.codes
    if not match.is_typed:
        high = tuple(c for c in codes if regions[c].level < 3)
        codes = (*high, *_counties(scan, match, is_alone=not high))
    if len(codes) < 2:
        return codes
    inside = by_context(scan, codes, match.start)
    if regions[codes[0]].level == 3 and not scan.is_question:  # several counties, as with 鼓楼区
        return inside
    return tuple(dict.fromkeys(inside + codes))


def _counties(scan: Scan, match: _Match, *, is_alone: bool) -> tuple[str, ...]:
    """The counties that a name without County may mean: none but in a question; beside a city, those of the library."""
    low = tuple(c for c in match.codes if scan.book.regions[c].level == 3)
    known = scan.are_known(low)
    is_long = _SYLLABLES.search(scan.text, match.start, match.end)
    if not scan.is_question or not is_long or not (match.is_placed or known):
        return ()
    return low if is_alone else known


def _link_addresses(text: str, matches: Sequence[_Match]) -> list[tuple[int, int, list[str]]]:
    """Join "Jieshou, Fuyang, Anhui": (first match, last match, codes of the first), in text order."""
    linked: list[tuple[int, int, list[str]]] = []
    for number in range(len(matches) - 1, -1, -1):
        match = matches[number]
        if linked and re.fullmatch(r",?\s{1,2}", text[match.end : matches[number + 1].start]):
            _, last, parents = linked[-1]
            below = [c for c in match.codes if is_below(c, parents)]
            if below:
                linked[-1] = (number, last, below)
                continue
        linked.append((number, number, list(match.codes)))
    return linked[::-1]


def _is_gap(between: str) -> bool:
    return re.fullmatch("(?:['\u2019]s)?[ \t]{1,2}", between) is not None


def _matches(scan: Scan) -> Iterator[_Match]:
    book, text = scan.book, scan.text
    words = [(m.start(), m.end("stem"), latin_key(m["stem"])) for m in _WORD.finditer(text)]
    number = 0
    while number < len(words):
        first = number
        key, size = _longest_latin(scan, words, number)
        start, end = words[first][0], words[first + size - 1][1]
        number += size
        if not key or _is_in_address(text, start, end) or key.replace(" ", "_") in book.rules["latin-phrase"]:
            continue
        suffixes, used = _type_word(text, words, number - 1)
        typed = (
            tuple(c for c in book.latin[key] if book.regions[c].name.endswith(suffixes)) if suffixes else ()
        )
        if typed:
            number, end = number + used, words[number + used - 1][1]
        elif (
            number < len(words) and words[number][2] == "university" and _is_gap(text[end : words[number][0]])
        ):
            continue
        yield _Match(
            start=start,
            end=end,
            codes=typed or tuple(book.latin[key]),
            is_typed=bool(typed),
            is_doubtful=key in book.rules["latin"]
            and text[start:end].isalpha(),  # Ji'an is clear, Jian is not
            is_placed=_is_placed(text, words, first),
        )


def _is_placed(text: str, words: Sequence[tuple[int, int, str]], number: int) -> bool:
    """Whether a name opens its clause, or stands behind a word that places stand behind: not behind a surname."""
    if not number or text[words[number - 1][1] : words[number][0]].strip():
        return True
    return _BEFORE_A_PLACE.fullmatch(words[number - 1][2]) is not None


def _longest_latin(scan: Scan, words: Sequence[tuple[int, int, str]], number: int) -> tuple[str, int]:
    """Return the longest known name that begins with word `number`, and how many words it has; else an empty name."""
    known, phrases = scan.book.latin, scan.book.rules["latin-phrase"]
    for size in range(min(_LONGEST_NAME_WORDS, len(words) - number), 0, -1):
        part = words[number : number + size]
        gaps = {scan.text[a[1] : b[0]] for a, b in itertools.pairwise(part)}
        if not gaps <= {" ", "-"}:
            continue
        key = " ".join(word for _, _, word in part)
        if key in known or key.replace(" ", "_") in phrases:
            return key, size
        joined = key.replace(" ", "")  # Lu-an; and, as people type it, Wu Hu
        if gaps and joined in known and (gaps == {"-"} or _is_city_in_question(scan, joined)):
            return joined, size
    return "", 1


def _is_city_in_question(scan: Scan, key: str) -> bool:
    return scan.is_question and scan.book.regions[scan.book.latin[key][0]].level < 3


def _type_word(text: str, words: Sequence[tuple[int, int, str]], number: int) -> tuple[tuple[str, ...], int]:
    """Return the suffixes that the type behind word `number` stands for, and how many words it has."""
    for size in range(min(3, len(words) - number - 1), 0, -1):
        part = words[number : number + size + 1]
        key = " ".join(word for _, _, word in part[1:])
        if key in _TYPE_WORDS and all(_is_gap(text[a[1] : b[0]]) for a, b in itertools.pairwise(part)):
            return _TYPE_WORDS[key], size
    return (), 0


def _is_in_address(text: str, start: int, end: int) -> bool:
    """Whether a Latin word is part of an address on the net, a file name or a code."""
    before, after = text[start - 1 : start], text[end : end + 2]
    return (
        before in {".", "/", "@", "_"}
        or before.isdigit()
        or after[:1] in {"@", "/", "_"}
        or after[:1].isdigit()
        or (len(after) == 2 and after[0] == "." and after[1].isalnum())
    )
