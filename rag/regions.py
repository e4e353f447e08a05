"""China's divisions down to counties: finding their names in Chinese or Latin text, and telling which lies in which."""

from __future__ import annotations

import difflib
import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rag.gazetteer import Gazetteer, Name, Region, gazetteer, latin_key
from rag.normalise import contains_han, fold_aligned

_CONTEXT_CHARS = 400  # how far back a parent may stand that tells which 鼓楼区 is meant
_UNIVERSITY = re.compile(r"(?:医科|中医药?|师范|理工|工业|财经|民族|科技|交通|农业|外国语|体育)?大学")
_AFTER_SMALL_COUNTY = frozenset("级域区市内乡医城里")
_WORD = re.compile("(?P<stem>[a-z\u00df-\u024f]+(?:['\u2019\u2018\u02bc](?!s(?![a-z]))[a-z\u00df-\u024f]+)*)")
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


class _Found(NamedTuple):
    start: int
    end: int
    codes: tuple[str, ...]


class _LatinMatch(NamedTuple):
    start: int
    end: int
    codes: tuple[str, ...]
    is_typed: bool
    is_doubtful: bool


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


def full_name(code: str) -> str:
    """Return the official name behind those of its ancestors: 安徽省芜湖市, 北京市朝阳区."""
    return "".join(region(c).name for c in (*ancestors(code), code))


def english_name(code: str) -> str:
    """Return the usual Latin name."""
    return region(code).english[0]


def find_regions(text: str) -> list[RegionMention]:
    """Find the divisions that are named in a text, in text order, without overlaps; the longest reading wins.

    A parent that stands right before (Chinese) or right before or after, as in an address (Latin), belongs to the
    mention of its child. Bare names count for provinces and prefectures; a county needs its suffix or a parent, and
    one of several counties of the same name needs its parent shortly before. A bare name in front of 大学 or
    University is part of that body's name, which often works elsewhere, and does not count.
    """
    folded = fold_aligned(text)
    book = gazetteer()
    found = [*_find_han(book, folded.text), *_find_latin(book, folded.text)]
    mentions = []
    for found_start, found_end, codes in sorted(found):
        known = [book.regions[code] for code in codes]
        start, end = folded.span(found_start, found_end)
        mentions.append(RegionMention(region=known[0], start=start, end=end, alternatives=tuple(known[1:])))
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
        return _highest(book, _read_path(book, _han_key(name)[:60], ""))
    whole = book.latin.get(latin_key(fold_aligned(name).text.strip()))
    if whole:
        return _highest(book, whole)
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


def _highest(book: Gazetteer, codes: Iterable[str]) -> tuple[str, ...]:
    """Keep the codes of the highest level among them."""
    unique = list(dict.fromkeys(codes))
    level = min((book.regions[c].level for c in unique), default=0)
    return tuple(c for c in unique if book.regions[c].level == level)


def _find_han(book: Gazetteer, text: str) -> list[_Found]:
    found: list[_Found] = []
    sizes_by_opening, position, last = book.sizes, 0, len(text) - 1
    while position < last:
        sizes = sizes_by_opening.get(text[position : position + 2])
        position = position + 1 if sizes is None else _take(book, text, position, found)
    return found


def _take(book: Gazetteer, text: str, start: int, found: list[_Found]) -> int:
    """Read the longest name at `start` into `found`; return where to go on."""
    for size in book.sizes[text[start : start + 2]]:
        name = book.names.get(text[start : start + size])
        if name is None or len(text) < start + size or _is_cut_short(text, start, start + size):
            continue
        parent = found[-1] if found and found[-1].end == start else None
        below = _highest(book, (c for c in name.behind_parent if parent and _is_below(c, parent.codes)))
        if parent and len(below) == 1:
            found[-1] = _Found(parent.start, start + size, below)
            return start + size
        if name.behind_parent and not _may_stand_alone(book, name, text, start, start + size):
            continue
        codes = name.anywhere if len(name.anywhere) < 2 else _by_context(book, name.anywhere, start, found)
        if codes and not (text[start : start + size] in book.bare and _UNIVERSITY.match(text, start + size)):
            found.append(_Found(start, start + size, codes))
        return start + size
    return start + 1


def _is_below(code: str, parents: Sequence[str]) -> bool:
    return any(code != parent and is_within(code, parent) for parent in parents)


def _is_cut_short(text: str, start: int, end: int) -> bool:
    """Whether the suffix belongs to the next word: 区域, 市场; 县级 and 县域 behind a name of two characters."""
    last, following = text[end - 1], text[end : end + 1]
    if last in "区市":
        return following == ("域" if last == "区" else "场")
    return last == "县" and end - start == 2 and following in _AFTER_SMALL_COUNTY and bool(following)


def _may_stand_alone(book: Gazetteer, name: Name, text: str, start: int, end: int) -> bool:
    if not name.anywhere:
        return False
    needs_edge = text[start:end] in book.rules["edge"] or (end - start == 2 and text[end - 1] == "县")
    return not needs_edge or start == 0 or not contains_han(text[start - 1])


def _by_context(
    book: Gazetteer, codes: Sequence[str], start: int, found: Sequence[_Found]
) -> tuple[str, ...]:
    """Return the one code in, or beside, a region named shortly before, the nearest first; none if that does not decide."""
    for earlier in reversed(found):
        if start - earlier.end > _CONTEXT_CHARS:
            break
        named = earlier.codes[0]
        is_sibling = book.regions[named].level == book.regions[codes[0]].level
        for around in (named, *(ancestors(named)[-1:] if is_sibling else ())):
            inside = tuple(c for c in codes if is_within(c, around))
            if len(inside) == 1:
                return inside
    return ()


def _find_latin(book: Gazetteer, text: str) -> list[_Found]:
    matches = list(_latin_matches(book, text))
    found: list[_Found] = []
    for first, last, codes in _link_addresses(text, matches):
        start, end = matches[first].start, matches[last].end
        if (
            found
            and _is_gap(text[found[-1].end : start])
            and (below := [c for c in codes if _is_below(c, found[-1].codes)])
        ):
            found[-1] = _Found(found[-1].start, end, tuple(below))
            continue
        if first == last:
            codes = list(_plain_latin(book, matches[first], found))
        if codes:
            found.append(_Found(start, end, tuple(codes)))
    return found


def _plain_latin(book: Gazetteer, match: _LatinMatch, found: Sequence[_Found]) -> tuple[str, ...]:
    """Decide what a Latin name without a parent beside it means."""
    codes = match.codes if match.is_typed else tuple(c for c in match.codes if book.regions[c].level < 3)
    if match.is_doubtful and not match.is_typed:
        return ()
    if len(codes) < 2:
        return codes
    inside = _by_context(book, codes, match.start, found)
    if book.regions[codes[0]].level == 3:  # several counties, as with 鼓楼区
        return inside
    return tuple(dict.fromkeys(inside + codes))


def _link_addresses(text: str, matches: Sequence[_LatinMatch]) -> list[tuple[int, int, list[str]]]:
    """Join "Jieshou, Fuyang, Anhui": (first match, last match, codes of the first), in text order."""
    linked: list[tuple[int, int, list[str]]] = []
    for number in range(len(matches) - 1, -1, -1):
        match = matches[number]
        if linked and re.fullmatch(r",?\s{1,2}", text[match.end : matches[number + 1].start]):
            _, last, parents = linked[-1]
            below = [c for c in match.codes if _is_below(c, parents)]
            if below:
                linked[-1] = (number, last, below)
                continue
        linked.append((number, number, list(match.codes)))
    return linked[::-1]


def _is_gap(between: str) -> bool:
    return re.fullmatch("(?:['\u2019]s)?[ \t]{1,2}", between) is not None


def _latin_matches(book: Gazetteer, text: str) -> Iterator[_LatinMatch]:
    words = [(m.start(), m.end("stem"), latin_key(m["stem"])) for m in _WORD.finditer(text)]
    number = 0
    while number < len(words):
        key, size = _longest_latin(book, text, words, number)
        start, end = words[number][0], words[number + size - 1][1]
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
        codes = typed or tuple(book.latin[key])
        is_doubtful = key in book.rules["latin"] and text[start:end].isalpha()  # Ji'an is clear, Jian is not
        yield _LatinMatch(start, end, codes, bool(typed), is_doubtful)


def _longest_latin(
    book: Gazetteer, text: str, words: Sequence[tuple[int, int, str]], number: int
) -> tuple[str, int]:
    """Return the longest known name that begins with word `number`, and how many words it has; else an empty name."""
    for size in range(min(_LONGEST_NAME_WORDS, len(words) - number), 0, -1):
        part = words[number : number + size]
        key = " ".join(word for _, _, word in part)
        gaps = all(text[a[1] : b[0]] in {" ", "-"} for a, b in itertools.pairwise(part))
        if gaps and (key in book.latin or key.replace(" ", "_") in book.rules["latin-phrase"]):
            return key, size
    return "", 1


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
