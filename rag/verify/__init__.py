"""Is every checkable part of a claim supported by its evidence? Deterministic, linear in the texts, no model.

exact words? ─▶ a list of glosses? ─▶ computations ─▶ figures ─▶ their subjects ─▶ by or to ─▶ swaps ─▶ dates ─▶ places ─▶ names and quotations ─▶ bodies ─▶ direction ─▶ opposites
             ─▶ negation ─▶ plan or fact ─▶ strength ─▶ small words ─▶ wording, else meaning (same language) or concepts (across languages)

Each check yields what it finds wrong, with the part of the claim it is about; `verify` stops at the first.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from rag.types import Language, Verdict
from rag.verify.case import Case
from rag.verify.computations import split_computations
from rag.verify.dates import check_dates
from rag.verify.figures import check_computations, check_figures, check_subjects
from rag.verify.manner import check_manner
from rag.verify.meaning import EncoderMeaning, Meaning
from rag.verify.names import check_bodies, check_names
from rag.verify.opposites import check_opposites
from rag.verify.places import check_places
from rag.verify.readings import Reading
from rag.verify.reasons import FIGURE_REASONS, Finding
from rag.verify.statements import check_direction, check_modality, check_negation
from rag.verify.strength import check_strength
from rag.verify.swaps import check_swaps
from rag.verify.tokens import check_endings, check_items, check_tokens
from rag.verify.translations import check_concepts, check_glosses, is_gloss_list
from rag.verify.wording import check_wording, is_verbatim

__all__ = ["FIGURE_REASONS", "MOST_CHARS", "EncoderMeaning", "Finding", "Meaning", "audit", "verify"]

MOST_CHARS = 4000
"""A longer claim is no sentence; it is supported only word for word."""

_CHECKS: tuple[Callable[[Case], Iterator[Finding]], ...] = (
    check_computations,
    check_figures,
    check_subjects,
    check_manner,
    check_swaps,
    check_dates,
    check_places,
    check_names,
    check_bodies,
    check_direction,
    check_opposites,
    check_negation,
    check_modality,
    check_strength,
    check_tokens,
    check_endings,
    check_items,
    check_wording,
    check_concepts,
)


def verify(
    claim: str,
    evidence: str,
    *,
    context: str = "",
    language: Language = "zh",
    meaning: Meaning | None = None,
) -> Verdict:
    """Check a claim against its evidence.

    Args:
        claim: One sentence; parts in the form "(computed: A − B = C)" are recomputed.
        evidence: What the claim cites.
        context: What belongs to the evidence without standing in it: headings, title, date, place.
        language: Of the reason.
        meaning: Tells what is said in other words; without it, only words count.
    """
    first = next(_findings(claim, evidence, context, language, meaning), None)
    return Verdict(supported=True) if first is None else Verdict(supported=False, reason=first.message)


def audit(
    claim: str,
    evidence: str,
    *,
    context: str = "",
    language: Language = "zh",
    meaning: Meaning | None = None,
) -> list[Finding]:
    """Check a claim as `verify` does, and list everything that its evidence does not support; empty if supported."""
    return list(_findings(claim, evidence, context, language, meaning))


def _findings(
    claim: str, evidence: str, context: str, language: Language, meaning: Meaning | None
) -> Iterator[Finding]:
    text, computations = split_computations(claim)
    case = Case(Reading(text), Reading(evidence), Reading(context), tuple(computations), language, meaning)
    if not case.claim.compact:
        return iter([case.finding_of_all("nothing")])
    if not computations and is_verbatim(case) and not any(check_figures(case)):
        return iter(())
    if len(claim) > MOST_CHARS:
        return iter([case.finding_of_all("long")])
    if is_gloss_list(case):
        return check_glosses(case)
    return itertools.chain.from_iterable(check(case) for check in _CHECKS)
