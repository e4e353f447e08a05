"""Where two printings differ in the same place, and whether that makes them say different things."""

from __future__ import annotations

import bisect
import difflib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.figures import Figure, find_figures, same_value
from rag.normalise import count_han
from rag.regions import find_regions, is_within
from rag.reposts.printing import Printing, has_clause, key_of, stands_in
from rag.reposts.senses import differ_in_sense

Difference = Literal["wording", "figure", "date", "place", "name", "sense"]

_ALIGNED = 0.5  # of the pairs of characters, for two clauses to be taken for one clause in two forms
_REACH = 12  # how many clauses away from its proportional place in a long gap a counterpart is looked for
_DIGITS = re.compile(r"\d+(?:\.\d+)*")
_DATES = ("date", "year")
# A place that no list has, or that only its parent tells from its namesakes; and a house of which there are many.
_PLACE = re.compile(r"[\u4e00-\u9fff](?:[省市县区旗州盟镇乡村]|医院|公司|集团|大学|学院|学校|社区|街道)$")
_ORDINAL = re.compile(r"第[一二三四五六七八九十百]+")
_LONGEST_CHARS = 300  # of clauses that are compared character by character: the time grows with the square
# What a local printing puts for the name of its own place, day or paper.
_POINTING = re.compile(r"[我本该全今昨明前当此]|记者|通讯员|日前|近日")


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A clause and its counterpart, which are not the same."""

    one: str
    other: str
    likeness: float
    difference: Difference


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """A printing held against another.

    Attributes:
        chars: How long the first one is.
        verbatim_chars: How much of it stands in the other word for word.
        figures: How many of the clauses that have a counterpart, or stand there word for word, hold digits.
        changed: Clauses that stand there in another form.
        missing: Clauses that do not stand there.
    """

    chars: int
    verbatim_chars: int
    figures: int
    changed: tuple[Changed, ...]
    missing: tuple[str, ...]

    @property
    def same_share(self) -> float:
        """The share of the text that stands in the other, changed clauses counted by their likeness."""
        likened = sum(c.likeness * len(key_of(c.one)) for c in self.changed)
        return (self.verbatim_chars + likened) / max(1, self.chars)

    @property
    def contradictions(self) -> int:
        """How many clauses do not say the same in both."""
        return self.count("figure", "date", "place", "name", "sense")

    def count(self, *differences: Difference) -> int:
        """Count the changed clauses of these kinds."""
        return sum(c.difference in differences for c in self.changed)


def align(one: Printing, other: Printing, *, is_strict: bool = False) -> Alignment:
    """Hold every clause of a printing against the other.

    Args:
        one: The printing whose clauses are looked for.
        other: Where they are looked for.
        is_strict: One contradiction is enough: what comes after the first is not looked at, so some of `missing` may not be.
    """
    verbatim = [stands_in(other, key) if len(key) > 3 else has_clause(other, key) for key in one.keys]
    pairs: dict[int, tuple[int, float]] = {}
    changed: list[Changed] = []
    for i, (j, likeness) in _counterparts(one, other, verbatim):
        pairs[i] = j, likeness
        changed.append(_changed(one.clauses[i], other.clauses[j], likeness))
        if is_strict and changed[-1].difference != "wording":
            break
    held = [i for i, found in enumerate(verbatim) if found or i in pairs]
    return Alignment(
        chars=len(one.text),
        verbatim_chars=sum(len(key) for key, found in zip(one.keys, verbatim, strict=True) if found),
        figures=sum(_DIGITS.search(one.keys[i]) is not None for i in held),
        changed=tuple(_with_names(changed)),
        missing=tuple(one.clauses[i] for i, found in enumerate(verbatim) if not found and i not in pairs),
    )


def _counterparts(
    one: Printing, other: Printing, verbatim: Sequence[bool]
) -> Iterator[tuple[int, tuple[int, float]]]:
    """Pair the clauses that are not in the other printing with the likest new one in the same gap."""
    for gap in _gaps(one.keys, other.keys):
        start, end, other_start, other_end = gap
        for i in range(start, end):
            if verbatim[i]:
                continue
            near = [j for j in _near(i, gap) if other.keys[j] not in one.text]
            if end - start == other_end - other_start:
                near.append(other_start + i - start)
            likeness, j = max(((likeness_of(one.keys[i], other.keys[j]), -j) for j in near), default=(0.0, 0))
            is_alone = end - start == other_end - other_start == 1 and start > 0 and end < len(one.keys)
            if likeness >= _ALIGNED or is_alone:
                yield i, (-j, likeness)


def _near(i: int, gap: tuple[int, int, int, int]) -> range:
    """Return the clauses of the other side of a gap that lie near a clause's place in it."""
    start, end, other_start, other_end = gap
    place = other_start + (i - start) * (other_end - other_start) // (end - start)
    return range(max(other_start, place - _REACH), min(other_end, place + _REACH + 1))


def _gaps(one: Sequence[str], other: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield the stretches between clauses that both have once, in the same order.

    Not difflib's: its time grows with the square of a text that repeats itself on purpose.
    """
    counts, other_counts = Counter(one), Counter(other)
    place = {key: j for j, key in enumerate(other) if other_counts[key] == 1}
    pairs = [(i, place[key]) for i, key in enumerate(one) if counts[key] == 1 and key in place]
    i = j = 0
    for next_i, next_j in [*_longest_rise(pairs), (len(one), len(other))]:
        if next_i > i and next_j > j:
            yield i, next_i, j, next_j
        i, j = next_i + 1, next_j + 1


def _longest_rise(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest choice of pairs, given by rising first number, whose second numbers rise as well."""
    ends: list[int] = []  # the smallest second number that a rise of each length can end with
    last: list[int] = []  # the index of that pair
    before: list[int] = []  # of each pair, the index of the one it follows; -1 for none
    for index, (_, j) in enumerate(pairs):
        length = bisect.bisect_left(ends, j)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [j]
        last[length : length + 1] = [index]
    chosen = []
    index = last[-1] if last else -1
    while index >= 0:
        chosen.append(pairs[index])
        index = before[index]
    return chosen[::-1]


def likeness_of(a: str, b: str) -> float:
    """Return Dice's coefficient of the pairs of characters of two keys that are not empty."""
    first, second = (Counter(f"{key} {key[0]}"[i : i + 2] for i in range(len(key))) for key in (a, b))
    return 2 * (first & second).total() / (first.total() + second.total())


def _changed(one: str, other: str, likeness: float) -> Changed:
    return Changed(one=one, other=other, likeness=likeness, difference=difference_between(one, other))


def difference_between(one: str, other: str) -> Difference:
    """Say in what two forms of a clause differ; figures that only one of them has are wording."""
    left, right = find_figures(one), find_figures(other)
    for figure in tuple(left):
        same = next((other_figure for other_figure in right if _agree(figure, other_figure)), None)
        if same is not None:
            left.remove(figure)
            right.remove(same)
            one, other = _blanked(one, figure), _blanked(other, same)
    kinds = {figure.kind in _DATES for figure in left} & {figure.kind in _DATES for figure in right}
    if False in kinds or (not kinds and _differ_in_digits(one, other)):
        return "figure"
    if kinds:
        return "date"
    if _differ_in_place(one, other):
        return "place"
    return "sense" if differ_in_sense(one, other) else "wording"


def _blanked(clause: str, figure: Figure) -> str:
    return clause[: figure.start] + " " * (figure.end - figure.start) + clause[figure.end :]


def _agree(a: Figure, b: Figure) -> bool:
    """Whether two figures may be the same one: 8月9日 is part of 2023年8月9日, and 9日 of both."""
    if a.kind in _DATES and b.kind in _DATES:
        first, second = (_DIGITS.findall(key_of(figure.raw)) for figure in (a, b))
        shorter, longer = sorted(([part.lstrip("0") for part in parts] for parts in (first, second)), key=len)
        return bool(shorter) and (longer[-len(shorter) :] == shorter or longer[: len(shorter)] == shorter)
    return same_value(a, b)


def _differ_in_digits(one: str, other: str) -> bool:
    """Compare the numbers that are left: of a share, a document, a model, or a figure read in one clause only."""
    for numbers in (_DIGITS, _ORDINAL):
        first, second = (Counter(numbers.findall(clause)) for clause in (one, other))
        if first - second and second - first:
            return True
    return False


def _differ_in_place(one: str, other: str) -> bool:
    """Whether a place stands in one clause where another stands in the other; 武汉 and 武汉市江岸区 may be one."""
    counts = [Counter(mention.region.code for mention in find_regions(clause)) for clause in (one, other)]
    first, second = set(counts[0] - counts[1]), set(counts[1] - counts[0])
    left = [a for a in first if not any(is_within(a, b) or is_within(b, a) for b in second)]
    right = [b for b in second if not any(is_within(a, b) or is_within(b, a) for a in first)]
    if left and right:
        return True
    return any(
        _PLACE.search(a) and _PLACE.search(b) and not _POINTING.search(a + b)
        for first, second, after in _replaced(one, other)
        for a, b in ((first + after[:n], second + after[:n]) for n in range(3))
    )


def _with_names(changed: Sequence[Changed]) -> Iterator[Changed]:
    """Take the same word put for the same word in two clauses for another name: a template filled in anew."""
    swaps = [set(swapped(c.one, c.other)) for c in changed]
    counts = Counter(swap for found in swaps for swap in found)
    for one, found in zip(changed, swaps, strict=True):
        is_name = one.difference == "wording" and any(counts[swap] > 1 for swap in found)
        yield (
            Changed(one=one.one, other=one.other, likeness=one.likeness, difference="name")
            if is_name
            else one
        )


def swapped(one: str, other: str) -> list[tuple[str, str]]:
    """List what of two Han characters or more stands in one clause for something such in the other."""
    pairs = [(a, b) for a, b, _ in _replaced(one, other)]
    return [(a, b) for a, b in pairs if min(count_han(a), count_han(b)) > 1 and not _POINTING.search(a + b)]


def _replaced(one: str, other: str) -> list[tuple[str, str, str]]:
    """List what stands in one clause for something else in the other, with the two characters that follow both."""
    first, second = key_of(one), key_of(other)
    if max(len(first), len(second)) > _LONGEST_CHARS:
        return []
    matcher = difflib.SequenceMatcher(None, first, second, autojunk=False)
    return [
        (first[i:j], second[k:m], first[j : j + 2])
        for tag, i, j, k, m in matcher.get_opcodes()
        if tag == "replace"
    ]
