"""Is every checkable part of a claim supported by its evidence? Deterministic, linear in the texts, no model.

exact words? ─▶ a list of glosses? ─▶ computations ─▶ figures ─▶ their subjects ─▶ dates ─▶ places ─▶ names and quotations ─▶ bodies ─▶ direction
             ─▶ negation ─▶ plan or fact ─▶ wording (same language) or concepts (across languages)

Each check returns a verdict that ends the row, or None to pass the claim on.
"""

from __future__ import annotations

from collections.abc import Callable

from rag.types import Language, Verdict
from rag.verify.case import Case
from rag.verify.computations import split_computations
from rag.verify.dates import check_dates
from rag.verify.figures import check_computations, check_figures, check_subjects
from rag.verify.names import check_bodies, check_names
from rag.verify.places import check_places
from rag.verify.readings import Reading
from rag.verify.statements import check_direction, check_modality, check_negation
from rag.verify.translations import check_concepts, check_glosses
from rag.verify.wording import check_wording, is_verbatim

__all__ = ["MOST_CHARS", "verify"]

MOST_CHARS = 4000
"""A longer claim is no sentence; it is supported only word for word."""

_CHECKS: tuple[Callable[[Case], Verdict | None], ...] = (
    check_glosses,
    check_computations,
    check_figures,
    check_subjects,
    check_dates,
    check_places,
    check_names,
    check_bodies,
    check_direction,
    check_negation,
    check_modality,
    check_wording,
    check_concepts,
)


def verify(claim: str, evidence: str, *, context: str = "", language: Language = "zh") -> Verdict:
    """Check a claim against its evidence.

    Args:
        claim: One sentence; parts in the form "(computed: A − B = C)" are recomputed.
        evidence: What the claim cites.
        context: What belongs to the evidence without standing in it: headings, title, date, place.
        language: Of the reason.
    """
    text, computations = split_computations(claim)
    case = Case(Reading(text), Reading(evidence), Reading(context), tuple(computations), language)
    if not case.claim.compact:
        return case.unsupported("nothing")
    if not computations and is_verbatim(case) and check_figures(case) is None:
        return Verdict(supported=True)
    if len(claim) > MOST_CHARS:
        return case.unsupported("long")
    verdicts = (check(case) for check in _CHECKS)
    return next((verdict for verdict in verdicts if verdict is not None), Verdict(supported=True))
