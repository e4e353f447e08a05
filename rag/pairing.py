"""Questions that ask each of several places for a thing of its own (芜湖的债务和铜仁的编制分别怎么样): one question for each."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from rag.items import MOST_ITEMS, Item, asks_for_most
from rag.normalise import contains_han, fold_aligned
from rag.regions import RegionMention
from rag.terms import content_terms

_LINK = re.compile(
    r"\s*(?:[,;。?、]\s*(?:以及|还有|而|和|与|及)?|以及|还有|和|与|跟|同|及|而)\s*(?:请问|那么|那|在)?\s*$"
)
_ENGLISH_LINK = re.compile(r"\s*(?:[,;?]\s*)?\band\b\s*|[,;?]\s+")
_OPENING = re.compile(
    r"^\W*(?:please |请问|请)?(?:比较|介绍|(?:tell me(?: about)?|describe|compare|what about|how about|what|how|when|why|which)\b"
    r"(?: (?:is|are|was|were|did|do|does|has|have|much|many|of))*\s*)?"
)
_TAIL = re.compile(
    r"(?:分别|各自|各[有是为占达]|都[有是]|又[有是]|究竟|到底|如何|怎|有[什哪何]|是[什多哪如怎]|多少|[吗呢?。!]|[,;]?(?:哪|谁)|$).*$|\s*\brespectively\b.*$"
)
_ASKS = re.compile(r"怎|如何|多少|什么|哪|几[个家年]|[吗呢]|何|谁|\b(?:how|what|when|where|why|who|which)\b")
_IN = re.compile(r"\s*(?:在|\b(?:in|of|at|for|by))?\s*$")
_OF = re.compile(r"^\s*(?:的|['’]s\b)?\s*")
_WHICH = re.compile(r"^[，,；;]?(?:哪|谁).*$")
_TOGETHER = re.compile(r"^(?:分别|各自|各|都|又)|^\s*\brespectively\b")
_MEASURES_UP = re.compile(r"比|相较|\bthan\b|\bcompared\b|\bdiffer|差距|差异|区别|不同|异同")


def paired_items(text: str, mentions: Sequence[RegionMention]) -> tuple[Item, ...]:
    """Each place of a question with what is asked of it alone; none where they are asked for the same thing.

    Args:
        text: The question.
        mentions: The places that it names, in its order.

    Returns:
        No items, or one for each place, which its name is the code of; `mark` is what is asked, in the question's words.
    """
    codes = [mention.region.code for mention in mentions]
    is_measured = asks_for_most(text) or _MEASURES_UP.search(fold_aligned(text).text)
    if not 2 <= len(set(codes)) == len(codes) <= MOST_ITEMS or is_measured:
        return ()
    chunks = _chunks(text, mentions)
    opening, tail = _shared(text, mentions, chunks) if chunks else ("", "")
    owned = [
        _beside(chunk, text[m.start : m.end], opening, tail)
        for chunk, m in zip(chunks, mentions, strict=False)
    ]
    if not owned or not _are_apart(owned):
        return ()
    return tuple(
        Item(kind="place", name=code, question=_whole(chunk, opening, tail), mark=" ".join(own).strip())
        for code, chunk, own in zip(codes, chunks, owned, strict=True)
    )


def _chunks(text: str, mentions: Sequence[RegionMention]) -> list[str]:
    """Cut a question where one place's part is linked to the next one's; nothing where there is no such link."""
    start, chunks = 0, []
    for one, other in itertools.pairwise(mentions):
        between = fold_aligned(text[one.end : other.start])
        if contains_han(text):
            link = _LINK.search(between.text)
        else:
            link = max(_ENGLISH_LINK.finditer(between.text), key=lambda m: m.end(), default=None)
        if link is None:
            return []
        begin, end = between.span(*link.span())
        chunks.append(text[start : one.end + begin])
        start = one.end + end
    return [*chunks, text[start:]]


def _shared(text: str, mentions: Sequence[RegionMention], chunks: Sequence[str]) -> tuple[str, str]:
    """What opens the first part and ends the last one, and is meant for all of them."""
    folded = fold_aligned(text[: mentions[0].start])
    opening = _OPENING.match(folded.text)
    rest = fold_aligned(text[mentions[-1].end :])
    tail = _TAIL.search(rest.text)
    stop = rest.span(*tail.span())[0] if tail else len(rest.text)
    if not content_terms(rest.text[:stop]) or all(map(_asks, chunks[:-1])):  # each asks for itself
        stop = len(rest.text.rstrip(" ?。!"))
    begin = folded.span(*opening.span())[1] if opening and opening.end() else 0
    return text[:begin], text[mentions[-1].end + stop :]


def _beside(chunk: str, place: str, opening: str, tail: str) -> tuple[str, str]:
    """What a part says before its place and behind it, without what all parts share."""
    before, _, behind = chunk.removeprefix(opening).removesuffix(tail).partition(place)
    return _IN.sub("", before), _OF.sub("", behind).strip(" ，,。？?")


def _are_apart(owned: Sequence[tuple[str, str]]) -> bool:
    """Whether all parts say something, on the same side of their place, and each something else."""
    sides = [[frozenset(content_terms(part)) for part in side] for side in zip(*owned, strict=True)]
    said = [before | behind for before, behind in zip(*sides, strict=True)]
    return any(all(side) for side in sides) and all(
        one - other and other - one for one, other in itertools.combinations(said, 2)
    )


def _whole(chunk: str, opening: str, tail: str) -> str:
    """A part as a question of its own."""
    own = chunk.removesuffix(tail)
    if _asks(own):
        return f"{own.rstrip('?？ ')}{'？' if contains_han(chunk) else '?'}"
    # Which of them has more can only be told by how much each has.
    ending = _WHICH.sub("是多少？", _TOGETHER.sub("", tail))
    return f"{'' if chunk.startswith(opening) else opening}{own}{ending}"


def _asks(text: str) -> bool:
    return _ASKS.search(fold_aligned(text).text) is not None
