"""The noun phrase in front of a change: what it is that changed."""

from __future__ import annotations

import re

from rag.normalise import contains_han, fold

_CLAUSE_START = re.compile(r"[，,。；;！!？?：:、\n“”「」（）()\]】]|\. ")
_LEADING = re.compile(
    r"(?:其中|同时|目前|并且?|而且?|但|把|将|推动|带动|促使|促进|实现|确保|比如|例如|此外|据悉|截至|全年|如今|[12][0-9x]{3}年(?:底|末|度)?(?:以来)?|"
    r".{0,12}(?:让|使得|令|使(?![用馆命]))|(?:the|its|and|while|where|a) )+"
)
_TRAILING = re.compile(
    r"(?:也|已经?|平?均|分别|进一步|逐步|大幅|显著|则|都|就|又|的|便|达到?|为|是|有|共| (?:has|have|had|was|were|been|"
    r"fell|fallen|dropped|declined|decreased|rose|risen|increased|grew|grown|went|shrank|cut|reduced|shortened|lowered|raised|"
    r"expanded|narrowed|changed|improved|down|up))+$| +$"
)
_ENGLISH_VERB = re.compile(
    r"\b(?:cut|reduced|shortened|lowered|raised|expanded|narrowed|brought|increased|improved) (?:the |its )?"
)
_MOVED = re.compile(
    r"(?:有所|有了|大幅度?|显著|明显|逐步|稳步|持续|进一步|连年|逐年|不断|实现了?)*"
    r"(?:下降|降低|减少|缩短|缩小|回落|上升|增长|增加|提高|提升|扩大|改善|好转|变化|翻(?:了?[一两二三四]?番)|翻倍)$"
)
_SUBJECT_CHARS = 24


def subject_before(text: str, stop: int) -> tuple[int, int] | None:
    """Find the noun phrase that ends at `stop` in its clause; None where it is not one plain phrase."""
    start = max(0, stop - 2 * _SUBJECT_CHARS - 12)
    bounds = list(_CLAUSE_START.finditer(text, start, stop))
    if bounds and bounds[-1][0] == "、":
        return None
    start = bounds[-1].end() if bounds else start
    folded = fold(text[start:stop])
    if len(folded) != stop - start:
        return None
    trailing = _trailing(folded)
    lead = _LEADING.match(folded, 0, trailing)
    left = lead.end() if lead else 0
    for verb in _ENGLISH_VERB.finditer(folded, left, trailing):
        left = verb.end()
    left += len(folded[left:trailing]) - len(folded[left:trailing].lstrip())
    phrase = folded[left:trailing]
    most = _SUBJECT_CHARS if contains_han(phrase) else 2 * _SUBJECT_CHARS
    is_plain = 2 <= len(phrase) <= most and not re.search(r"[0-9]", phrase)
    return (start + left, start + trailing) if is_plain else None


def subject_of_clause_before(text: str, stop: int) -> tuple[int, int] | None:
    """Find the subject in the clause before, where the one that ends at `stop` is empty: 「收入翻一番，由A增加到B」."""
    comma = text[stop - 1 : stop]
    if comma not in ("，", ","):
        return None
    clause = _CLAUSE_START.split(text[max(0, stop - 1 - 2 * _SUBJECT_CHARS) : stop - 1])[-1]
    moved = _MOVED.search(clause)
    return subject_before(text, stop - 1 - (len(clause) - moved.start())) if moved else None


def _trailing(folded: str) -> int:
    """Where the phrase ends once adverbs, verbs and blanks behind it are taken off."""
    end = len(folded)
    while end and (match := _TRAILING.search(folded[:end])):
        end = match.start()
    return end
