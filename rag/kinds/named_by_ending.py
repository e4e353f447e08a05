"""Names that their last word gives away: 医院 and 局 end bodies, 县 and 机场 end places."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping

from rag.kinds.lexicon import any_of, words
from rag.kinds.types import Span

_LONGEST_NAME = 20
_LONGEST_GAP = 4
_HAN = re.compile(r"[\u4e00-\u9fff]*")
_BEFORE = re.compile(r"[\u4e00-\u9fffa-z0-9·・&-]*$")


def find_by_ending(text: str, group: str) -> list[Span]:
    """Find what ends with a word of a group (body, place); sure where that is more than one character."""
    spans: list[Span] = []
    for match in _ending(group).finditer(text):
        joins = bool(spans) and _belong_together(text, spans[-1], match.start())
        start = spans[-1].start if joins else _start(text, match.start(), spans[-1].end if spans else 0)
        is_sure = len(match[0]) > 1 and (group == "body" or match[0] not in words("site"))
        span = Span(start, match.end(), text[start : match.end()], is_sure)
        if _is_name(text, span, match, group):
            spans[len(spans) - joins :] = [span]
    return spans


def _belong_together(text: str, span: Span, at: int) -> bool:
    """Whether a name goes on to an ending at `at`: 光明药业 to 公司 in 光明药业股份有限公司."""
    between = text[span.end : at]
    is_near = len(between) <= _LONGEST_GAP and at - span.start <= _LONGEST_NAME
    return is_near and _HAN.fullmatch(between) is not None and not _cut().search(between)


@functools.cache
def _ending(group: str) -> re.Pattern[str]:
    return re.compile(any_of(group))


@functools.cache
def _goes_on() -> Mapping[str, frozenset[str]]:
    """What makes another word of a short ending: 部 is none in 部分, 局 none in 局面."""
    return {pair[0]: frozenset(pair[2:]) for pair in words("goes_on")}


@functools.cache
def _cut() -> re.Pattern[str]:
    return re.compile("|".join(sorted(words("cut"), key=len, reverse=True)))


@functools.cache
def _no_name(group: str) -> re.Pattern[str]:
    return re.compile(f"(?:{any_of(group)})$")


def _start(text: str, at: int, earliest: int) -> int:
    """Where the name whose ending begins at a position may begin: behind the last word that belongs to no name."""
    run = _BEFORE.search(text, max(earliest, at - _LONGEST_NAME), at)
    start = run.start() if run else at
    return max((match.end() for match in _cut().finditer(text, start, at)), default=start)


def _is_name(text: str, span: Span, ending: re.Match[str], group: str) -> bool:
    if span.start == ending.start():
        return False
    if text[span.end : span.end + 1] in _goes_on().get(ending[0], ()):
        return False
    return len(ending[0]) > 1 or not _no_name("no" + group).search(span.value)


def names_of(group: str, text: str) -> Iterator[Span]:
    """The words of a group themselves, wherever they stand."""
    for match in _ending(group).finditer(text):
        yield Span(match.start(), match.end(), match[0])
