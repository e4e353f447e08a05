"""Whether what the claim says in English is what Chinese evidence says: glosses and reform terms."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.figures import find_figures, in_english, same_value
from rag.normalise import contains_han, fold
from rag.verify.case import Case
from rag.verify.forms import compact, quotations
from rag.verify.named import concepts_in, places_in
from rag.verify.reasons import Finding

_GLOSS_LABEL = re.compile(r"^\s*(?:[A-Za-z]{3,12}:)?")


def is_gloss_list(case: Case) -> bool:
    """Whether a claim is of the form "Terms: 编制 = staffing quota; 六项 = 6."."""
    return all(
        len(pair) == 2 and contains_han(pair[0]) and not contains_han(pair[1]) for pair in _glosses(case)
    )


def check_glosses(case: Case) -> Iterator[Finding]:
    """Judge a list of glosses by its pairs: words of the evidence, translated."""
    for written, english in _glosses(case):
        start = case.claim.text.find(written)
        if compact(written) not in case.compact_all and not _is_figure_of(case, written):
            yield case.finding("quote", (start, start + len(written)), written)
        elif not _is_translation(written, english.strip()):
            yield case.finding("gloss", (start, start + len(written)), written, english)


def _is_figure_of(case: Case, written: str) -> bool:
    """Whether it is a figure of the evidence in other writing: 3万例 for 30000例."""
    figures = find_figures(written)
    return (
        len(figures) == 1 and figures[0].raw == written.strip() and bool(case.evidence.equals_of(figures[0]))
    )


def _glosses(case: Case) -> list[list[str]]:
    listed = _GLOSS_LABEL.sub("", case.claim.text.strip().removesuffix("."), count=1)
    return [part.split(" = ") for part in listed.split(";")]


def _is_translation(written: str, english: str) -> bool:
    """Whether the figures are the same, or the glossary has both under one concept."""
    from rag.glossary import find_concepts

    if any(fold(english) in map(fold, m.concept.en) for m in find_concepts(written)):
        return True
    figures, others = find_figures(written), find_figures(english)
    if len(figures) == 1 and in_english(figures[0]) == english:
        return True
    is_same = len(figures) == len(others) and all(map(same_value, figures, others))
    return bool(figures) and is_same and not concepts_in(english)


def check_concepts(case: Case) -> Iterator[Finding]:
    """An English claim about Chinese evidence: its reform terms must be there, and something must be checkable."""
    if not case.is_cross:
        return
    from rag.glossary import concept

    claimed = concepts_in(case.prose.text)
    known = concepts_in(case.evidence.text) | concepts_in(case.context.text)
    for name in sorted(claimed - known):
        names = concept(name)
        # Inside a longer term (市级公立医院) the shorter one (公立医院) is not found, but it is there.
        if not any(form in case.compact_all for form in names.zh):
            yield case.finding_of_all("concept", names.zh[0] if case.language == "zh" else names.en[0])
    has_more = case.claim.figures or case.computations or any(True for _ in quotations(case.claim.text))
    if not (claimed or has_more or places_in(case.claim.text)):
        yield case.finding_of_all("nothing")
