"""Whether a sentence holds what a question asks for."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from rag.figures import Asked, expected_units
from rag.figures.units import CANONICAL, MEASURED
from rag.kinds.finding import figures_of, find_things, folded_form
from rag.kinds.lexicon import any_of, heads_of
from rag.kinds.persons import may_name_person
from rag.kinds.types import AskedFor, Kind
from rag.normalise import fold

_SURE, _LIKELY, _OPEN, _UNLIKELY, _NEVER = 1.0, 0.75, 0.5, 0.25, 0.0
_UNIT_REACH = 8
# A name whose last four characters stand in the question is known, whatever was taken in before it.
_KNOWN_TAIL = 4
_FINE = {
    "year": re.compile(r"年|[12][0-9]{3}|世纪|[朝代]|时期|期间"),
    "month": re.compile(r"月|-[0-9]{2}"),
    "day": re.compile(r"[日号天晨晚]|初[一二三四五六七八九十]|[0-9]/[0-9]"),
}
_PERCENT = re.compile(r"[%‰]|分之|成|半|多数|大部|绝大|全部|倍")
_NO_COUNT = re.compile(r"[%‰]|分之|百分|元$")
_ORDINAL = re.compile(r"^第|[0-9一二三四五六七八九十](?:届|号|位|名|期|次|代|任|回|集|章|条|季)")
_BARE = re.compile(r"[0-9.,]+[万亿千百]*[多余几]?|[零一二两三四五六七八九十百千万亿\u3007]+[多余几]?")
_NUMERALS = frozenset("0123456789.零一二两三四五六七八九十百千万亿")
_REASON = re.compile(
    r"因|由于|为了|以便|原因|所以|导致|致使|使得|理由|目的|旨在|鉴于|为避免|出于|缘|避免|防止"
)
_MANNER = re.compile(
    r"通过|采取|采用|利用|运用|以[^,。]{1,16}(?:方式|形式|方法|手段)|先后?|步骤|首先|其次|按照?|根据|依靠|凭|借助|经由|方法|方式|手段|用"
)
_DEFINITION = re.compile(r"[是指即]|意为|意思|意指|称为|定义|称作|就是|表示|象征|:|—|又称|名为|一种")
_LISTING = re.compile(r"[、]|以及|及其|和|与|包括|分别|例如|还有|;|等")
# Where a thing happens need not have a name: in the shallow sea, on the campus.
_SOMEWHERE = re.compile(
    r"[在于到至从往自由位经](?:[^,。;]{1,20}(?:[上中内里外旁侧处边间下]|附近|周围|一带|沿线|沿岸|各地|地区)|[^,。;]{0,12}[东南西北][部方端侧面])|[东南西北]部|[左右前后上下东西南北][边侧端面方]|沿岸|地带|[部带]位?(?=[,。;]|$)|籍贯|祖籍|[\u4e00-\u9fff]{2}人(?=[,。;(]|$)|各地|全球|世界|国内外|海外|当地|境内"
)


class _Candidate(NamedTuple):
    folded: str
    following: str
    is_sure: bool


class _Asking(NamedTuple):
    question: AskedFor
    text: str
    figures: Asked


def could_answer(question: AskedFor, sentence: str, question_text: str) -> float:
    """How far a sentence may hold what is asked for: 1 surely, 0 surely not, between where it is unsure.

    What the question names itself does not count. A question of no kind, or for yes or no, any sentence may answer.
    """
    kind = question.head_kind if question.kind == "list" else question.kind
    scorer = _SCORERS.get(kind) if kind else None
    if scorer is None:
        return _listing(sentence) if question.kind == "list" else _SURE
    return scorer(_Asking(question, _squeezed(question_text), expected_units_of(question_text)), sentence)


@functools.lru_cache(maxsize=1024)
def expected_units_of(question_text: str) -> Asked:
    """The kind of figure asked for, read once for all sentences that are held against a question."""
    return expected_units(question_text)


@functools.lru_cache(maxsize=16384)
def _squeezed(text: str) -> str:
    return folded_form(text).text.replace(" ", "")


@functools.lru_cache(maxsize=16384)
def _candidates(sentence: str, kind: Kind) -> tuple[_Candidate, ...]:
    whole = folded_form(sentence).text
    # Seldom not so: a character that folds to several shifts what follows it.
    is_aligned = len(whole) == len(sentence)

    def form(start: int, end: int) -> str:
        return (whole[start:end] if is_aligned else fold(sentence[start:end])).replace(" ", "")

    return tuple(
        _Candidate(form(t.start, t.end), form(t.end, t.end + _UNIT_REACH), t.is_sure)
        for t in find_things(sentence, kind)
    )


def _new(asking: _Asking, sentence: str, kind: Kind) -> list[_Candidate]:
    """The things of a sentence that the question does not name itself."""
    return [c for c in _candidates(sentence, kind) if not _is_known(c.folded, asking.text)]


def _is_known(name: str, question: str) -> bool:
    bare = name.strip('《》“”「」『』"‘’〈〉')
    if len(bare) > _KNOWN_TAIL and bare[-_KNOWN_TAIL:] in question:
        return True
    at = question.find(bare)
    while at >= 0:
        if not _is_inside_numeral(question, at, at + len(bare)):
            return True
        at = question.find(bare, at + 1)
    return False


def _is_inside_numeral(text: str, start: int, end: int) -> bool:
    """Whether a span is a piece of a longer numeral: 4 in 2014."""
    if start == end:
        return False
    return (text[start] in _NUMERALS and start > 0 and text[start - 1] in _NUMERALS) or (
        text[end - 1] in _NUMERALS and end < len(text) and text[end] in _NUMERALS
    )


def _best(candidates: list[_Candidate], otherwise: float) -> float:
    if any(c.is_sure for c in candidates):
        return _SURE
    return max(_LIKELY, otherwise) if candidates else otherwise


def _person(asking: _Asking, sentence: str) -> float:
    named = _best(_new(asking, sentence, "person"), _NEVER)
    if named:
        return named
    return _OPEN if _new(asking, sentence, "body") or _may_be_someone(sentence) else _NEVER


@functools.lru_cache(maxsize=16384)
def _may_be_someone(sentence: str) -> bool:
    """Whether a sentence speaks of people without a name (居民, 财政), or of someone whose name no rule is sure of."""
    text = _squeezed(sentence)
    return _role().search(text) is not None or may_name_person(text)


@functools.cache
def _role() -> re.Pattern[str]:
    return re.compile(rf"(?:{any_of('role')})(?![类口们种体格物性])")


def _body(asking: _Asking, sentence: str) -> float:
    if asking.question.head not in heads_of("strict"):
        return _best(_new(asking, sentence, "body"), _OPEN)
    return _best(_new(asking, sentence, "body"), _OPEN if _new(asking, sentence, "title") else _NEVER)


def _place(asking: _Asking, sentence: str) -> float:
    named = _best(_new(asking, sentence, "place"), _NEVER)
    if named:
        return named
    return _OPEN if _new(asking, sentence, "body") or _SOMEWHERE.search(_squeezed(sentence)) else _NEVER


def _time(asking: _Asking, sentence: str) -> float:
    fine = asking.question.precision
    return max((_time_score(c, fine) for c in _new(asking, sentence, "time")), default=_NEVER)


def _time_score(candidate: _Candidate, fine: str | None) -> float:
    fits = fine is None or _FINE[fine].search(candidate.folded) is not None
    if not fits:
        return _UNLIKELY
    return _SURE if candidate.is_sure else _OPEN


def _number(asking: _Asking, sentence: str) -> float:
    found = _new(asking, sentence, "number")
    if asking.figures.kind == "any" and not asking.question.unit:
        return _best(found, _NEVER)
    scored = max((_number_score(c, asking) for c in found), default=_NEVER)
    accepts = scored < _SURE and asking.figures.kind != "any" and _has_accepted(asking, sentence)
    return _SURE if accepts else scored


def _has_accepted(asking: _Asking, sentence: str) -> bool:
    return any(
        asking.figures.accepts(f) and not _is_known(_squeezed(f.raw), asking.text)
        for f in figures_of(folded_form(sentence).text)
    )


def _number_score(candidate: _Candidate, asking: _Asking) -> float:
    unit = asking.question.unit
    if unit == "%":
        return _SURE if _PERCENT.search(candidate.folded) else _UNLIKELY
    if asking.figures.kind == "ordinal":
        return _SURE if _ORDINAL.search(candidate.folded) else _UNLIKELY
    if unit and (unit in candidate.folded or unit in candidate.following):
        return _SURE
    if unit and CANONICAL.get(unit) in MEASURED:
        return _OPEN if _BARE.fullmatch(candidate.folded) else _UNLIKELY
    is_count = asking.figures.kind == "count"
    return _OPEN if is_count and _NO_COUNT.search(candidate.folded) else _LIKELY


def _title(asking: _Asking, sentence: str) -> float:
    is_quoted = asking.question.head in heads_of("work")
    return _best(_new(asking, sentence, "title"), _UNLIKELY if is_quoted else _OPEN)


def _telling(pattern: re.Pattern[str]) -> Callable[[_Asking, str], float]:
    """A scorer for what has no names: words that often come with it raise the score, nothing lowers it."""

    def score(_: _Asking, sentence: str) -> float:
        return _SURE if pattern.search(_squeezed(sentence)) else _OPEN

    return score


def _listing(sentence: str) -> float:
    return _SURE if _LISTING.search(_squeezed(sentence)) else _OPEN


_SCORERS: Mapping[Kind, Callable[[_Asking, str], float]] = {
    "person": _person,
    "body": _body,
    "place": _place,
    "time": _time,
    "number": _number,
    "title": _title,
    "reason": _telling(_REASON),
    "manner": _telling(_MANNER),
    "definition": _telling(_DEFINITION),
}
