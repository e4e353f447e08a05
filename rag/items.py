"""What a question sets side by side: places, years, or topics that it names in one breath (药品集采和耗材集采)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.glossary import find_concepts
from rag.normalise import contains_han, fold_aligned
from rag.regions import RegionMention, find_regions

ItemKind = Literal["place", "year", "topic"]

MOST_ITEMS = 6
"""Of more, each would get too little room to say anything."""

_AND = r"\s*(?:以及|还有|和|与|與|跟|同|及|、|,|，|/|\bversus\b|\bvs\b\.?|\band\b|\bwith\b|\bto\b)+\s*(?:in |the |of )*"
_LINK = re.compile(_AND)
_HAN = r"[\u4e00-\u9fff]"
_YEAR = r"(?<!\d)((?:19|20)\d{2})(?!\d)\s*年?"
_YEARS = re.compile(rf"{_YEAR}(?:{_AND}{_YEAR}){{1,5}}", re.IGNORECASE)
_ONE_YEAR = re.compile(_YEAR)
_EACH = re.compile(
    r"分别|各自|各(?:有|是|为|占|靠|解决|怎|如何|多少|达|采取|实施)|两者|二者|比较|对比|相比|不同|区别|异同|差异"
    r"|\bcompar|\bversus\b|\bvs\b|\bdiffer|\brespectively\b|\beach\b|\bboth\b|哪一?个.{0,8}[多少高低大小长短快慢]"
)
_PLACE_LINK = re.compile(rf"{_AND}|\s*(?:相比|比|对比|compared with|compared to)\s*", re.IGNORECASE)
_MOST = re.compile(
    r"(?<!至)最(?:高|低|多|少|大|小|长|短|快)|(?:哪|谁).{0,12}(?:更|较)(?:高|低|多|少|大|小|长|短|快)"
    r"|\b(?:which|who|where)\b.{0,80}\b(?:highest|lowest|most|least|fewest|largest|smallest|longest|shortest|higher|lower|more|less|larger|smaller)\b"
)
_SHARED = 2
_WIDEST = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One of the things compared, with what is asked of it.

    Attributes:
        name: As the question has it; a year is its four digits, a place its division code.
        question: The whole question, asked of this one alone.
        mark: What sets it apart from the others: 「药品」 of 药品集采 beside 耗材集采; of a place what is asked of it
            alone (`rag.pairing`); empty for a year.
    """

    kind: ItemKind
    name: str
    question: str
    mark: str = ""


def asks_for_most(text: str) -> bool:
    """Whether a question asks which of several has the most, or the least."""
    return _MOST.search(fold_aligned(text).text) is not None


def are_listed(text: str, mentions: Sequence[RegionMention]) -> frozenset[str]:
    """Codes of places that stand in one list (「广东和深圳」): each is asked about, even where one lies in the other."""
    return frozenset(
        place.region.code
        for one, other in itertools.pairwise(mentions)
        if _PLACE_LINK.fullmatch(fold_aligned(text[one.end : other.start]).text)
        for place in (one, other)
    )


def year_items(text: str) -> tuple[Item, ...]:
    """The years of a list (「2020年和2022年」), each with the question about it alone; a range (2019—2024年) is no list."""
    folded = fold_aligned(text)
    match = _YEARS.search(folded.text)
    if match is None or _is_range(folded.text, match):
        return ()
    years = list(dict.fromkeys(m[1] for m in _ONE_YEAR.finditer(match[0])))[:MOST_ITEMS]
    start, end = folded.span(*match.span())
    sign = "年" if "年" in match[0] else ""
    space = " " if match[0][-1:].isspace() else ""
    if len(years) < 2:
        return ()
    return tuple(
        Item(kind="year", name=year, question=f"{text[:start]}{year}{sign}{space}{text[end:]}")
        for year in years
    )


def _is_range(text: str, match: re.Match[str]) -> bool:
    """Whether "2019 to 2024", "between 2019 and 2024" names a stretch of time; 「相比」 makes two of its ends."""
    before = text[max(0, match.start() - 10) : match.start()]
    stretches = re.search(r"\b(?:from|between|during)\s*$|[从自由]$", before) is not None
    return (stretches or re.search(r"\bto\b", match[0]) is not None) and not _EACH.search(text)


def topic_items(text: str) -> tuple[Item, ...]:
    """Topics that a question names side by side (「编制与薪酬」), each with the question about it alone."""
    spans = _alike(text) or _concepts_in_a_row(text)
    names = [text[a:b].strip() for a, b in spans]
    if len({name.lower() for name in names}) < 2:
        return ()
    head, tail = text[: spans[0][0]], text[spans[-1][1] :]
    return tuple(
        Item(kind="topic", name=name, question=f"{head}{name}{tail}", mark=mark)
        for name, mark in zip(names, _marks(names), strict=True)
    )


def wants_each(text: str) -> bool:
    """Whether a question wants what it names told apart: 分别, 各有, 比较, 不同, each, respectively."""
    return _EACH.search(fold_aligned(text).text) is not None


def _marks(names: Sequence[str]) -> Iterable[str]:
    """What of each name the others do not share at their end."""
    shared = min(_shared_end(names[0], other) for other in names[1:])
    is_telling = shared >= _SHARED and all(map(contains_han, names))
    return [name[: len(name) - shared] if is_telling else name for name in names]


def _shared_end(one: str, other: str) -> int:
    return sum(
        1
        for _ in itertools.takewhile(
            lambda pair: pair[0] == pair[1], zip(one[::-1], other[::-1], strict=False)
        )
    )


def _concepts_in_a_row(text: str) -> list[tuple[int, int]]:
    """The longest list of reform terms with nothing between them but and, or a comma."""
    rows: list[list[tuple[int, int]]] = []
    terms = [m for m in find_concepts(text) if m.concept.kind == "term"]
    for before, mention in zip([None, *terms], terms, strict=False):
        if (
            before is not None
            and before.concept.id != mention.concept.id
            and _LINK.fullmatch(fold_aligned(text[before.end : mention.start]).text)
        ):
            rows[-1].append((mention.start, mention.end))
        else:
            rows.append([(mention.start, mention.end)])
    longest = max(rows, key=len, default=[])
    return longest[:MOST_ITEMS] if len(longest) > 1 else []


def _alike(text: str) -> list[tuple[int, int]]:
    """Two names of one length that end alike, one on each side of 和: 药品集采和耗材集采, 第一方阵与第三方阵."""
    places = [(m.start, m.end) for m in find_regions(text)]
    for link in re.finditer(rf"(?<={_HAN})(?:以及|和|与|與|跟|及|、)(?={_HAN})", text):
        found = _pair_at(text, *link.span())
        if found and not any(a < found[1][1] and found[0][0] < b for a, b in places):
            return found
    return []


def _pair_at(text: str, left_end: int, right_start: int) -> list[tuple[int, int]] | None:
    run = re.match(rf"{_HAN}+", text[right_start:])
    left = re.search(rf"{_HAN}+$", text[:left_end])
    if run is None or left is None:
        return None
    for size in range(min(_WIDEST, len(left[0]), len(run[0])), _SHARED, -1):
        one, other = left[0][-size:], run[0][:size]
        if one != other and _shared_end(one, other) >= _SHARED:
            return [(left_end - size, left_end), (right_start, right_start + size)]
    return None
