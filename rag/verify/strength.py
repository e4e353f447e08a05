"""Whether the claim says more than the evidence: all for some, only for also, the first or the most of several."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.normalise import fold
from rag.verify.case import Case
from rag.verify.cues import NEGATION
from rag.verify.reasons import Finding

# What strengthens a statement, by kind: words that a claim must not add, and words of the evidence that bear them out.
_KINDS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = (
    (
        re.compile(
            r"所有|全部(?!门)|任何|一切|每一?[个家所名位项]|无一例外|统统|人人|处处|"
            r"\b(?:all|every|any|entire(?:ly)?|each)\b(?! of these)"
        ),
        re.compile(
            r"所有|全部|任何|一切|每|全[国省市县区员面体覆程数额]|各|均|都|普遍|人人|处处|全行业|\b(?:all|every|any|each|both|entire)\b"
        ),
    ),
    (
        re.compile(
            r"唯一|独一无二|只有|只能|仅有|仅限|(?<![不])仅仅|\b(?:only|sole(?:ly)?|exclusively|nothing but)\b"
        ),
        re.compile(r"唯一|只|仅|才|限于|\b(?:only|sole|solely|exclusively|just)\b"),
    ),
    (
        re.compile(
            r"最(?!近|后|终|初|新|低|高|多|少|小|大)|首[个家次例创批]|第一[个家次例]|率先|之最|史上|"
            r"\b(?:the (?:first|most|best|largest|biggest|highest|lowest|greatest)|unprecedented)\b"
        ),
        re.compile(
            r"最|首|第一|率先|先行|先河|冠|\b(?:first|most|best|largest|biggest|highest|lowest|greatest)\b"
        ),
    ),
    (
        re.compile(
            r"一定(?=[能会要是有可将])|必然|必定|毫无疑问|绝对|完全|彻底|永远|始终|从未|从来|根本(?!上|性)|"
            r"\b(?:certainly|always|never|completely|totally|absolutely|inevitably)\b"
        ),
        re.compile(
            r"一定|必|绝对|完全|彻底|永|始终|一直|长期|从|根本|确保|保证|全|\b(?:certainly|always|never|completely|totally|absolutely|fully)\b"
        ),
    ),
)


def check_strength(case: Case) -> Iterator[Finding]:
    """A claim must not add that something holds for all, alone, first or for certain."""
    if case.is_cross:
        return
    claimed = fold(case.prose.text)
    known = f"{case.evidence.folded}\n{case.context.folded}"
    for strong, bearing in _KINDS:
        match = strong.search(claimed)
        if match and not _is_denied(claimed, match.start()) and not bearing.search(known):
            span = case.prose.unfolded(*match.span())
            yield case.finding("strength", span, case.prose.text[slice(*span)])


def _is_denied(text: str, at: int) -> bool:
    """Whether a denial stands close before: 不再是唯一 and 不只有 claim less, not more."""
    before = text[max(0, at - 6) : at]
    return before.endswith("不") or NEGATION.search(before) is not None
