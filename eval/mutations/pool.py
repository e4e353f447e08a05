"""All faithful claims side by side: which of them could be mistaken for one another."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from eval.mutations.chance import chance
from eval.mutations.claims import Faithful
from eval.mutations.wording import counted_figures, missing_runs, says_value
from rag.verify.computations import split_computations
from rag.verify.forms import terms_of

MOST_HELD = 0.5
"""A text that holds this share of a claim's terms may support it, whoever wrote it."""


class Pool:
    """The claims that wrong citations are taken from."""

    def __init__(self, claims: Sequence[Faithful]) -> None:
        self.claims = tuple(claims)

    @cached_property
    def _terms(self) -> dict[Faithful, frozenset[str]]:
        return {claim: terms_of(claim.known) for claim in self.claims}

    @cached_property
    def _lines(self) -> dict[Faithful, frozenset[str]]:
        return {claim: frozenset(claim.context.split("\n")) - {""} for claim in self.claims}

    def rivals(self, faithful: Faithful) -> list[Faithful]:
        """Claims whose evidence does not support this one, the hardest first: same article, same place, same words."""
        own, terms, lines = terms_of(faithful.claim), self._terms_of(faithful), self._lines_of(faithful)

        def nearness(other: Faithful) -> tuple[int, int, int]:
            same_place = bool(faithful.regions) and faithful.regions == other.regions
            shared = 10 * len(terms & self._terms[other]) // (1 + min(len(terms), len(self._terms[other])))
            return (
                -2 * len(lines & self._lines[other]) - same_place,
                -shared,
                chance(faithful.claim, other.evidence),
            )

        near = sorted((o for o in self.claims if o.evidence != faithful.evidence), key=nearness)
        return [other for other in near[:40] if not _may_support(faithful, own, other, self._terms[other])]

    def strangers(self, faithful: Faithful) -> list[Faithful]:
        """Claims of other articles on other places, in an order that chance gives."""
        lines = self._lines_of(faithful)
        return sorted(
            (o for o in self.claims if o.regions != faithful.regions and not lines & self._lines[o]),
            key=lambda other: chance(faithful.claim, other.claim),
        )

    def _terms_of(self, claim: Faithful) -> frozenset[str]:
        return self._terms.get(claim) or terms_of(claim.known)

    def _lines_of(self, claim: Faithful) -> frozenset[str]:
        return self._lines.get(claim) or frozenset(claim.context.split("\n")) - {""}


def _may_support(faithful: Faithful, own: frozenset[str], other: Faithful, known: frozenset[str]) -> bool:
    """Whether another evidence holds much of a claim's words, or all of its figures and some of them."""
    if faithful.language == "en":
        stated, _ = split_computations(faithful.claim)
        figures = counted_figures(stated)
        return not missing_runs(faithful.claim, other.known) and all(
            says_value(other.known, f) for f in figures
        )
    held = len(own & known) / len(own) if own else 1.0
    if held >= MOST_HELD:
        return True
    figures = counted_figures(faithful.claim)
    return bool(figures) and held >= MOST_HELD / 2 and all(says_value(other.evidence, f) for f in figures)
