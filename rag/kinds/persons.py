"""Finds names of people in folded Chinese text: a surname counts only where something around it says that it is one."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import NamedTuple

from rag.kinds.lexicon import any_of, begins_with, ends_in, foreign_places, words
from rag.kinds.types import Span

_HAN = "\u4e00-\u9fff"
_STRONG = 2
_ENOUGH = 3
_SHORTEST_RUN = 3


class _Patterns(NamedTuple):
    surname: re.Pattern[str]
    given: re.Pattern[str]
    no_name: re.Pattern[str]
    ruler: re.Pattern[str]
    dotted: re.Pattern[str]
    run: re.Pattern[str]


@functools.cache
def _patterns() -> _Patterns:
    sounds = f"[{''.join(sorted(words('translit')))}]"
    part = rf"(?:{sounds}{{1,9}}|[a-z]\.?|[a-z]{{2,12}})"
    not_given = "".join(sorted(w for w in words("nogiven") if len(w) == 1))
    return _Patterns(
        surname=re.compile(
            f"(?P<japanese>{any_of('japanese')})|(?P<compound>{any_of('compound')})"
            f"|(?P<rare>{any_of('rare')})|(?P<common>{any_of('surname')})"
        ),
        given=re.compile(f"(?:(?![{not_given}])[{_HAN}]){{1,3}}"),
        no_name=re.compile(any_of("noname")),
        ruler=re.compile(
            rf"(?:[汉唐宋元明清魏晋隋梁陈齐周辽金吴燕赵秦楚][{_HAN}]{{0,2}}(?:[帝宗祖](?![国制教位王])|[一二]世)"
            rf"|[{_HAN}]{{1,3}}(?:亲王|郡王|贝勒|皇后|太后|贵妃|王后|天皇|大帝|皇帝|可汗|公爵|伯爵|侯爵|爵士)(?:[{_HAN}]{{2}}(?=[^{_HAN}]|$))?"
            rf"|{sounds}{{2,5}}(?:[一二三四五六七八九十]{{1,2}}世|十[一二三四五六七八九]|汗(?![国位])))"
        ),
        dotted=re.compile(rf"{part}(?: ?[·•‧・∙⋅] ?{part})+"),
        run=re.compile(rf"{sounds}{{2,7}}"),
    )


def find_persons(text: str) -> list[Span]:
    """Find names of people, the surer rules first; a later rule never cuts into what an earlier one found."""
    found: list[Span] = []
    for find in (_dotted, _rulers, _names, _foreign):
        found += [span for span in find(text) if not _overlaps(span, found)]
    return sorted(found)


def may_name_person(text: str) -> bool:
    """Whether a folded text may name someone whom `find_persons` is not sure enough of to say where the name is."""
    patterns = _patterns()
    telling = words("foreign")
    if any(sum(ch in telling for ch in run) >= _STRONG for run in patterns.run.findall(text)):
        return True
    return any(_may_open_name(text, match) for match in patterns.surname.finditer(text))


def _may_open_name(text: str, surname: re.Match[str]) -> bool:
    """Whether one boundary stands where a name would have it, and the surname is hardly ever anything else."""
    given = _patterns().given.match(text, surname.end())
    if given is None or surname.lastgroup == "common" or _patterns().no_name.match(text, surname.start()):
        return False
    ends = range(surname.end() + 1, min(given.end(), surname.end() + 2) + 1)
    return _left(text, surname.start()) > 0 or any(_right(text, end) > 0 for end in ends)


def _overlaps(span: Span, others: list[Span]) -> bool:
    return any(span.start < other.end and other.start < span.end for other in others)


def _dotted(text: str) -> Iterator[Span]:
    for match in _patterns().dotted.finditer(text):
        yield Span(match.start(), match.end(), re.sub(r"[ •‧・∙⋅]", "·", match[0]))


def _rulers(text: str) -> Iterator[Span]:
    for match in _patterns().ruler.finditer(text):
        yield Span(match.start(), match.end(), match[0])


def _names(text: str) -> Iterator[Span]:
    patterns = _patterns()
    position = 0
    while match := patterns.surname.search(text, position):
        is_single = len(match[0]) == 1
        span = None if is_single and patterns.no_name.match(text, match.start()) else _name(text, match)
        position = span.end if span else match.start() + 1
        if span:
            yield span


def _name(text: str, surname: re.Match[str]) -> Span | None:
    """The name that begins with a surname, of two given characters rather than one; None where nothing says it is one."""
    given = _patterns().given.match(text, surname.end())
    if given is None:
        return None
    left = _left(text, surname.start())
    is_common = surname.lastgroup == "common"
    longest = len(given[0]) if surname.lastgroup == "japanese" else min(2, len(given[0]))
    best: Span | None = None
    most = 0
    for size in sorted(range(1, longest + 1), key=lambda n: (n == 1, n)):
        end = surname.end() + size
        strength = left + _right(text, end)
        needed = _ENOUGH if is_common else _STRONG
        if strength >= needed and strength > most:
            best = Span(surname.start(), end, text[surname.start() : end], strength >= _ENOUGH)
            most = strength
    return best


def _left(text: str, at: int) -> int:
    """How far what stands before says that a name begins: 2 a title or role, 1 a boundary, 0 nothing."""
    end = at - (text[at - 1 : at] == " ")
    if ends_in("before", text, end):
        return _STRONG
    return int(at == 0 or not _is_han(text[at - 1]) or ends_in("edge", text, at))


def _right(text: str, at: int) -> int:
    if begins_with("after", text, at):
        return _STRONG
    return int(at == len(text) or not _is_han(text[at]) or begins_with("edge", text, at))


def _is_han(ch: str) -> bool:
    return "\u4e00" <= ch <= "\u9fff"


def _foreign(text: str) -> Iterator[Span]:
    """Transliterations without a dot (安德森, 牛顿): characters that names are written with, and no place."""
    telling = words("foreign")
    for match in _patterns().run.finditer(text):
        run = match[0]
        known = sum(ch in telling for ch in run)
        is_short = len(run) < _SHORTEST_RUN
        stands_alone = not is_short or _left(text, match.start()) + _right(text, match.end()) >= _STRONG
        if known >= _STRONG and known * 2 >= len(run) and stands_alone and not _foreign_place().search(run):
            yield Span(match.start(), match.end(), run, False)


@functools.cache
def _foreign_place() -> re.Pattern[str]:
    return re.compile(foreign_places()[0])
