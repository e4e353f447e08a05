"""Whether the claim's words are the evidence's: word for word, or most of them clause by clause."""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator

from rag.normalise import fold
from rag.verify.case import Case
from rag.verify.cues import NEGATION, PLAN
from rag.verify.forms import Span, compact_aligned, terms_of
from rag.verify.meaning import character_share, says_the_same
from rag.verify.readings import Reading
from rag.verify.reasons import Finding

SHARE_OF_CLAUSE = 0.55
"""A clause of the claim must find this share of its character pairs (or words) in the evidence; less is invented."""

SHARE_OF_CLAIM = 0.7
"""The same for the claim as a whole."""

_MOST_SENTENCES = 60
_SHORT_CHARS = 240
_FILLER = re.compile(
    r"其中|同时|目前|强调|承认|坦言|谈到|主张|说明|透露|认为|并且?|以及|还有?|通过|进行|根据|文章|显示|表明|介绍|指出|表示|报道|提到|方面|情况|分别|据|称|该|等|的|了|在|是|和|与|及|已经?|为|达到?|共|可以|能够|将|从|由|至|到|对|把|让|使|年|约|也|而|且|有|个|"
    r"\b(?:the|an?|of|in|on|at|to|and|or|by|for|with|from|was|were|is|are|has|had|have|that|which|its|their|it|as|this|these|articles?|says?|said|according|reports?|reported|source)\b"
)


def is_verbatim(case: Case) -> bool:
    """Whether the claim stands in the evidence word for word, and is not cut out of a denial or a plan."""
    wanted = case.claim.compact
    text, offsets = compact_aligned(case.evidence.text)
    position = text.find(wanted)
    for _ in range(20):
        if position < 0:
            return False
        start = offsets[position]
        lead = fold(case.evidence.text[max(case.evidence.clause_at(start)[0], start - 40) : start])
        if not (NEGATION.search(lead) or PLAN.search(lead)):
            return True
        position = text.find(wanted, position + 1)
    return False


def check_wording(case: Case) -> Iterator[Finding]:
    """Most of what the claim says must be in the evidence's own words, or mean the same, clause by clause and as a whole."""
    if case.is_cross:
        return
    found = total = 0
    for start, end in case.claim.clauses:
        words = _FILLER.split(_without_figures(case.claim, (start, end)))
        terms = [term for part in words for term in terms_of(part) if len(term) > 1]
        held = sum(term in case.terms_all for term in terms)
        if len(terms) >= (3 if held else 2) and held < SHARE_OF_CLAUSE * len(terms):
            if not _is_said_otherwise(case, (start, end), "".join(words)):
                yield case.finding("wording", (start, end), case.claim.text[start:end])
            held = len(terms)
        found, total = found + held, total + len(terms)
    whole = (0, len(case.claim.text))
    if total and found < SHARE_OF_CLAIM * total and not _is_said_otherwise(case, whole, case.claim.text):
        yield case.finding_of_all("wording", case.claim.text.strip())


def _is_said_otherwise(case: Case, span: Span, words: str) -> bool:
    """Whether the sentence of the evidence that shares most characters with a part of the claim means the same."""
    if case.meaning is None:
        return False
    evidence = case.evidence
    sentences = [evidence.text[start:end] for start, end in evidence.sentences[:_MOST_SENTENCES]]
    best = max(sentences, key=lambda sentence: character_share(words, sentence), default="")
    # A summary draws on several sentences: short evidence is read as a whole, too.
    whole = [evidence.text] if len(sentences) > 1 and len(evidence.text) <= _SHORT_CHARS else []
    clause = case.claim.text[slice(*span)]
    return any(says_the_same(clause, words, text, case.meaning) for text in (best, *whole))


def _without_figures(reading: Reading, span: Span) -> str:
    pieces, position = [], span[0]
    first = bisect.bisect_left(reading.figures, span[0], key=lambda f: f.start)
    for figure in reading.figures[first:]:
        if figure.start >= span[1]:
            break
        pieces.append(reading.text[position : figure.start])
        position = max(position, figure.end)
    return fold(" ".join([*pieces, reading.text[position : span[1]]]))
