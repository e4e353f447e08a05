"""Every kind of change, and the mutants made with them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

from eval.mutations import amounts, citations, inventions, manners, places, rewritings, statements, years
from eval.mutations.chance import chance
from eval.mutations.claims import Faithful, Mutant
from eval.mutations.pool import Pool
from eval.mutations.script import is_traditional, to_traditional
from eval.mutations.wording import differs
from rag.normalise import simplify

SAME = "same_"
"""What the kinds that change no meaning begin with."""

_CHANGES: Mapping[str, Callable[[Faithful], Iterator[str]]] = MappingProxyType(
    {
        "digit": amounts.wrong_digits,
        "unit": amounts.wrong_units,
        "qualifier": amounts.wrong_bounds,
        "year": years.wrong_years,
        "city": places.wrong_places,
        "direction": statements.reversed_directions,
        "manner": manners.confused_manners,
        "negation": statements.denials,
        "modality": statements.turned_plans,
        "added_detail": inventions.with_added_clauses,
        "same_verbatim": rewritings.verbatim,
        "same_traditional": rewritings.traditional,
        "same_width": amounts.full_width,
        "same_figure": amounts.figures_otherwise,
        "same_synonym": rewritings.synonyms,
        "same_trimmed": rewritings.trimmed,
        "same_frame": rewritings.framed,
        "same_order": rewritings.reordered,
    }
)
_BESIDE_OTHERS: Mapping[str, Callable[[Faithful, Pool], Iterator[tuple[str, str, str]]]] = MappingProxyType(
    {
        "swapped_subjects": citations.exchanged_parts,
        "wrong_citation": citations.wrong_citations,
        "invented": citations.inventions,
    }
)
KINDS: tuple[str, ...] = (
    *(kind for kind in _CHANGES if not kind.startswith(SAME)),
    *_BESIDE_OTHERS,
    *(kind for kind in _CHANGES if kind.startswith(SAME)),
)


def mutate(faithful: Sequence[Faithful], *, per_kind: int) -> list[Mutant]:
    """Make up to `per_kind` mutants of every kind, spread over the claims; the same for the same claims.

    Args:
        faithful: Claims that their evidence supports; see `keep_supported`.
        per_kind: A kind that fits few claims may stay below it.

    Raises:
        ValueError: `per_kind` is negative.
    """
    if per_kind < 0:
        raise ValueError(f"per_kind is {per_kind}; it cannot be negative")
    pool = Pool(tuple(dict.fromkeys(faithful)))
    return [mutant for kind in KINDS for mutant in _mutants(kind, pool, per_kind)]


def _mutants(kind: str, pool: Pool, per_kind: int) -> list[Mutant]:
    """One of each claim in turn, then a second of each where that is too few; never more of one."""
    made: dict[Mutant, None] = {}
    further: list[Iterator[Mutant]] = []
    for claim in sorted(pool.claims, key=lambda c: chance(kind, c.claim, c.evidence)):
        if len(made) >= per_kind:
            return list(made)
        products = _products(kind, claim, pool)
        first = next(products, None)
        if first is not None:
            made[first] = None
            further.append(products)
    for products in further:
        second = next(products, None)
        if second is not None and len(made) < per_kind:
            made[second] = None
    return list(made)


def _products(kind: str, claim: Faithful, pool: Pool) -> Iterator[Mutant]:
    """What a kind makes of one claim, without what is no change after all."""
    for text, evidence, context in _rewrites(kind, claim, pool):
        if kind.startswith(SAME):
            is_made = rewritings.is_rewritten(kind, claim, text)
        else:
            is_made = evidence != claim.evidence or differs(text, claim.claim)
        if is_made:
            yield Mutant(
                kind=kind,
                claim=text,
                evidence=evidence,
                context=context,
                language=claim.language,
                original=claim.claim,
            )


def _rewrites(kind: str, claim: Faithful, pool: Pool) -> Iterator[tuple[str, str, str]]:
    """What a kind makes of one claim. The words that kinds look for are Simplified; Traditional claims stay Traditional."""
    if not is_traditional(claim.claim):
        yield from _rewrites_of_simplified(kind, claim, pool)
        return
    simplified = dataclasses.replace(claim, claim=simplify(claim.claim))
    for text, evidence, context in _rewrites_of_simplified(kind, simplified, pool):
        yield to_traditional(text), evidence, context


def _rewrites_of_simplified(kind: str, claim: Faithful, pool: Pool) -> Iterator[tuple[str, str, str]]:
    if kind in _BESIDE_OTHERS:
        return _BESIDE_OTHERS[kind](claim, pool)
    return ((text, claim.evidence, claim.context) for text in _CHANGES[kind](claim))
