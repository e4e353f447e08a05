"""Trim a sentence to the clauses that answer, as one unbroken slice of the article."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.assess import Scored
from rag.evidence import paragraph_end
from rag.figures import find_figures
from rag.normalise import clause_spans, fold, sentence_spans
from rag.understand import Query

KEEP_WHOLE_CHARS = 100
"""A sentence up to this long is kept: the clause that answers need not repeat a word of the question."""

KEEP_WHOLE_FIGURE_CHARS = 60
"""The same where a figure is asked for, which tells the clause that answers."""

_RELEVANT_SHARE = 0.34
_FIGURE_MERIT = 0.5
_LEAD_IN = re.compile(
    r"(?:比如|例如|譬如|其中|同时|同時|此外|另外|据悉|據悉|据介绍|據介紹|具体来看|具體來看|目前|首先|其次|再次|最后|最後|也就是说|值得一提的是)\s*[，,：:]\s*"
)
_RESULT = re.compile(
    r"(?:并|从而|进而|由此|以此)?(?:让|讓|使|令|从而|從而|进而|進而|带动|帶動|惠及|实现|實現)"
)
_EXAMPLE = re.compile(r"(?:比如|例如|譬如|即|也就是|具体|具體|其中|包括)")
_LONGEST_EXAMPLE_CHARS = 120
_PAIRS = {"“": "”", "「": "」", "『": "』", "（": "）", "(": ")", "《": "》", "【": "】", "‘": "’"}
_TRAILING = " \t，,、：:；;"


def trim(query: Query, scored: Scored) -> tuple[int, int]:
    """Return the offsets of the clauses to quote: from the first that answers to the last, brackets kept whole.

    Where no figure is asked for, what the clauses led to (「让…」「使…」) and the example that explains them
    (「比如…」) belong to the answer.
    """
    candidate = scored.candidate
    text = candidate.article.text
    start, end = _without_lead_in(text, candidate.start, candidate.end)
    whole_end = end if query.asked.kind else _with_example(text, end)
    longest = KEEP_WHOLE_FIGURE_CHARS if query.asked.kind else KEEP_WHOLE_CHARS
    if end - start <= longest or "\n" in text[start:end]:
        return start, whole_end
    clauses = clause_spans(text, start, end)
    merits = [_merit(query, text[a:b]) for a, b in clauses]
    best = max(merits)
    kept = [i for i, merit in enumerate(merits) if merit and merit >= _RELEVANT_SHARE * best]
    if not kept:
        return start, end
    last = kept[-1]
    while not query.asked.kind and last + 1 < len(clauses) and _RESULT.match(text, *clauses[last + 1]):
        last += 1
    first, last = _balance(text, clauses, kept[0], last)
    if last == len(clauses) - 1:
        return clauses[first][0], whole_end
    return clauses[first][0], _end_of(text, clauses[last])


def _with_example(text: str, end: int) -> int:
    """Take in the next sentence of the paragraph where it only explains the one that ends here."""
    following = sentence_spans(text, end, paragraph_end(text, end))[:1] if text[end : end + 1] != "\n" else []
    for a, b in following:
        if _EXAMPLE.match(text, a, b) and b - a <= _LONGEST_EXAMPLE_CHARS:
            return b
    return end


def _merit(query: Query, clause: str) -> float:
    folded = fold(clause)
    merit = sum(a.weight * a.strength(folded) for a in query.aspects)
    if query.asked.kind and any(query.asked.accepts(f) for f in find_figures(clause)):
        merit += _FIGURE_MERIT
    return merit


def _without_lead_in(text: str, start: int, end: int) -> tuple[int, int]:
    match = _LEAD_IN.match(text, start, end)
    return (match.end(), end) if match and match.end() < end else (start, end)


def _balance(text: str, clauses: Sequence[tuple[int, int]], first: int, last: int) -> tuple[int, int]:
    """Widen a range of clauses until every bracket and quotation mark in it has its partner."""
    while True:
        opened, closed = _unpaired(text[clauses[first][0] : clauses[last][1]])
        if opened and last + 1 < len(clauses):
            last += 1
        elif closed and first > 0:
            first -= 1
        else:
            return first, last


def _unpaired(text: str) -> tuple[bool, bool]:
    """Whether an opening mark lacks its closing one, and whether a closing one lacks its opening one."""
    stack: list[str] = []
    closed = False
    for ch in text:
        if ch in _PAIRS:
            stack.append(_PAIRS[ch])
        elif ch in _PAIRS.values():
            if ch in stack:
                del stack[len(stack) - 1 - stack[::-1].index(ch) :]
            else:
                closed = True
    return bool(stack), closed


def _end_of(text: str, clause: tuple[int, int]) -> int:
    """A quote that stops inside its sentence does not keep the comma it stops at."""
    end = clause[1]
    while end > clause[0] + 1 and text[end - 1] in _TRAILING:
        end -= 1
    return end
