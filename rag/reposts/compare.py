"""Whether two articles are printings of one text, the one a correction of the other, or two articles.

Templates decide the design: two weekly notices, or two cities' notices made from one form, share four fifths of their
words. So a share of common words never decides alone: where a clause of the one has its counterpart in the other,
their figures, dates, places and names must agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from rag.normalise import fold
from rag.reposts.differences import Alignment, align, difference_between, likeness_of
from rag.reposts.printing import Printing, key_of, read_printing
from rag.types import RepostRelation

_SHORTEST_CHARS = 40  # below, two different announcements are too easily alike
_SHORTEST_SHARE = 0.4  # of the longer's length: a shorter one is a quotation, or an item of a digest
# Of texts compared clause by clause, which takes seconds; of two longer ones, the one holds the other or not.
_LONGEST_CHARS = 50_000
_SAME_SHARE = 0.75
_SAME_TITLE = 0.6
_SOME_NUMBERS = 4
_CORRECTED_SHARE = 0.85
_CORRECTED_WITHIN_DAYS = 31
_MOST_CORRECTIONS = 3
_MARK = re.compile(
    # Not 修订: a law or a plan that was revised is another one.
    r"更正|勘误|订正|(?:更新|修正)(?:版|稿|如下|说明|\)|\]|】|:|$)|有误|correction|corrected|erratum"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What of an article tells whether another is the same.

    Attributes:
        date: Publication date as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.
    """

    text: str
    title: str | None = None
    source: str | None = None
    date: str | None = None


def compare(one: Text, other: Text) -> RepostRelation | None:
    """Tell what one article is to the other; symmetric.

    "repost": the same text but for what is cut off or added at head, tail or in between; its wording may differ in
    places, its figures, dates, places, names and negations may not. "correction": nearly the same text, published
    within a month, that says of itself that it corrects (更正), a few of whose figures, places or names differ. A
    figure that was changed without a word is as well next week's: it makes two articles.
    """
    first, second = read_printing(one.text), read_printing(other.text)
    if (len(first.text), first.text) > (len(second.text), second.text):
        one, other, first, second = other, one, second, first
    if len(first.text) < _SHORTEST_CHARS or len(first.text) < _SHORTEST_SHARE * len(second.text):
        return None
    if first.text == second.text or len(second.text) > _LONGEST_CHARS:
        return "repost" if first.text in second.text and not _titles_contradict(one, other) else None
    if not (_share_numbers(first, second) and _share_enough(first, second)):
        return None
    alignment = align(first, second, is_strict=_later(one, other) is None)
    if alignment.same_share < _SAME_SHARE:
        return None
    if not alignment.contradictions:
        # What the longer one repeats in other figures is seen from its side only.
        alignment = replace(alignment, changed=align(second, first).changed)
    if not alignment.contradictions and not _titles_contradict(one, other):
        return "repost"
    return "correction" if _is_correction(one, other, alignment) else None


def _titles_contradict(one: Text, other: Text) -> bool:
    """Whether two titles are one form filled in with another figure, day or place; sites choose their own titles."""
    first, second = key_of(one.title or ""), key_of(other.title or "")
    if not first or not second or likeness_of(first, second) < _SAME_TITLE:
        return False
    return difference_between(fold(one.title or ""), fold(other.title or "")) != "wording"


def is_correcting(one: Text, other: Text) -> bool:
    """Of two articles whose relation is "correction", tell whether the first is the one that corrects."""
    return _later(one, other) is one


def _share_numbers(shorter: Printing, longer: Printing) -> bool:
    """Rule the same form filled in anew out for nearly nothing: half of its numbers, if it has some, must be there."""
    return len(shorter.numbers) < _SOME_NUMBERS or 2 * len(shorter.numbers & longer.numbers) >= len(
        shorter.numbers
    )


def _share_enough(shorter: Printing, longer: Printing, shingle_chars: int = 5) -> bool:
    """Rule most pairs out for the price of two sets: changed clauses leave at least some shingles as they were."""
    first, second = (
        {text[at : at + shingle_chars] for at in range(len(text) - shingle_chars + 1)}
        for text in (shorter.text, longer.text)
    )
    return len(first & second) >= 0.5 * _SAME_SHARE * len(first)


def _is_correction(one: Text, other: Text, alignment: Alignment) -> bool:
    if alignment.same_share < _CORRECTED_SHARE or _later(one, other) is None:
        return False
    most = max(_MOST_CORRECTIONS, alignment.figures // 4)
    return _are_near(one, other) and alignment.contradictions <= most and alignment.count("date") <= 1


def _later(one: Text, other: Text) -> Text | None:
    """Return the one that corrects: only it says so. Dates do not tell, for sites print the first form for days."""
    marked = [text for text in (one, other) if _is_marked(text)]
    return marked[0] if len(marked) == 1 else None


def _is_marked(text: Text) -> bool:
    """Whether an article says of itself that it corrects another: in its title, or at its head or tail."""
    clauses = read_printing(text.text).clauses
    places = (fold(text.title or ""), *clauses[:2], *clauses[-2:])
    return any(_MARK.search(place) for place in places)


def _are_near(one: Text, other: Text) -> bool:
    """Whether two articles were published within a month, as far as their dates tell."""
    if one.date is None or other.date is None:
        return True
    first, second = _day(one.date), _day(other.date)
    return first is not None and second is not None and abs((second - first).days) <= _CORRECTED_WITHIN_DAYS


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
