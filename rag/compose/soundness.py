"""Is what a model wrote, and what of it is proven, an answer to the whole question?"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence

from rag.assess import Scored, is_in_place
from rag.compose import Draft, Quote
from rag.figures import find_figures
from rag.normalise import contains_han, count_han, fold
from rag.regions import is_within
from rag.types import Language
from rag.understand import Query
from rag.verify.forms import without_quotations

_DECLINES = re.compile(
    r"信息不足|(?:资料|材料|证据|文中|文章|原文)(?:中|里|内)?(?:均|都|也)?(?:没有|未|并未|并没有)(?:明确)?(?:提到|提及|提供|说明|给出|涉及|包含|回答)"
    r"|无法(?:回答|确定|得知|判断)|没有(?:找到)?(?:相关|足够)(?:的)?(?:信息|资料|内容)"
    r"|\binsufficient\b|\b(?:does|do|did)(?: not|n't) (?:answer|mention|say|state|provide|contain|specify|include)\b"
    r"|\b(?:cannot|can't|unable to) (?:answer|determine|be determined|find)\b|\bno (?:relevant |sufficient )?information\b"
    r"|\b(?:is|are) not (?:mentioned|provided|stated|specified)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(
    r"两[地市省县区者家]|双方|二者|各地|[都均](?!等|衡|匀|价|次|龄)|共同|\b(?:both|each of|all of them|these (?:two )?(?:reforms?|cities|places|counties)|the two|respectively)\b",
    re.IGNORECASE,
)
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_ASIDE = re.compile(r"[(（][^()（）]*[)）]")
_FEWEST_WORDS = 4


def declines(text: str) -> bool:
    """Whether a sentence says that the evidence does not answer."""
    return _DECLINES.search(text) is not None


def speaks_of_several(text: str) -> bool:
    """Whether a sentence says something of several places at once: 「两地都…」, "both reforms …"."""
    return _SEVERAL.search(text) is not None


def overreaches(query: Query, text: str, quotes: Sequence[Quote]) -> bool:
    """Whether a comparison says of several places what its quotes say of one."""
    if len(query.regions) < 2 or not speaks_of_several(text):
        return False
    told = [group for group in query.regions if any(_is_of(quote, group) for quote in quotes)]
    return len(told) < 2


def is_bare(text: str) -> bool:
    """Whether a sentence is a figure and hardly a word more: nobody can tell what it is the figure of."""
    figures = find_figures(text)
    rest = "".join(ch for at, ch in enumerate(text) if not any(f.start <= at < f.end for f in figures))
    words = len(_LATIN_WORD.findall(rest)) + count_han(rest)
    return words < _FEWEST_WORDS


def is_foreign(text: str, language: Language) -> bool:
    """Whether a sentence is not in the language of the answer; what it quotes, or adds in brackets, does not count."""
    own = _ASIDE.sub("", without_quotations(text))
    words, han = len(_LATIN_WORD.findall(own)), count_han(own)
    if language == "zh":
        return words >= 3 and han < words
    return contains_han(own)


def unanswered(
    query: Query, answering: Sequence[Scored], proven: Sequence[Draft]
) -> tuple[tuple[str, ...], ...]:
    """Places asked about of which the evidence speaks and nothing proven does; one empty group where none was named.

    A place counts as answered where a proven sentence rests on a sentence that answers, and holds a figure of the
    kind asked for where one is asked for.
    """
    groups = query.regions or ((),)
    return tuple(
        group
        for group in groups
        if _has_answer(query, group, answering) and not _told(query, group, answering, proven)
    )


def _has_answer(query: Query, group: tuple[str, ...], answering: Sequence[Scored]) -> bool:
    return bool(of_place(query, group, answering))


def of_place(query: Query, group: tuple[str, ...], answering: Sequence[Scored]) -> list[Scored]:
    """Answering sentences that speak of a place; all of them for the empty group."""
    narrowed = dataclasses.replace(query, regions=(group,) if group else ())
    return [s for s in answering if is_in_place(narrowed, s.candidate)]


def _told(query: Query, group: tuple[str, ...], answering: Sequence[Scored], proven: Sequence[Draft]) -> bool:
    there = [
        draft
        for draft in proven
        if any(_is_of(quote, group) and _answers(quote, answering) for quote in draft.quotes)
    ]
    if not query.asked.kind:
        return bool(there)
    return any(query.asked.accepts(figure) for draft in there for figure in find_figures(draft.text))


def _is_of(quote: Quote, group: tuple[str, ...]) -> bool:
    return not group or any(is_within(code, wanted) for code in quote.regions for wanted in group)


def _answers(quote: Quote, answering: Sequence[Scored]) -> bool:
    """Whether a quote holds a sentence that answers, or part of one."""
    return any(overlaps(quote, scored) for scored in answering)


def is_on_question(query: Query, quotes: Sequence[Quote], answering: Sequence[Scored]) -> bool:
    """Whether what proves a sentence has to do with the question: it answers, or names something that is asked about.

    What stands next to an answer is shown to the model as well, and may be anything.
    """
    if any(_answers(quote, answering) for quote in quotes):
        return True
    texts = [fold(quote.text) for quote in quotes]
    return any(aspect.strength(text) > 0 for aspect in query.subjects for text in texts)


def overlaps(quote: Quote, scored: Scored) -> bool:
    """Whether a quote and a sentence share words of the same article."""
    other = scored.candidate
    return quote.overlaps(other.article, other.start, other.end)


def is_sure(query: Query, answering: Sequence[Scored]) -> bool:
    """Whether the best sentence so plainly answers that a model's "no answer" is not believed.

    It speaks in its own words of everything that is asked, verbs included, and holds a figure of the kind asked for
    where one is: a sentence on the right subject may still not say how it is appraised, or where.
    """
    best = answering[0]
    named = all(aspect.strength(best.candidate.folded) > 0 for aspect in query.aspects)
    return bool(query.aspects) and named and (bool(best.figures) or not query.asked.kind)
