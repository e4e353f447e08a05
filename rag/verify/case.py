"""A claim with its evidence, as every check sees them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from rag.figures import Figure, same_value
from rag.normalise import detect_language
from rag.types import Language
from rag.verify.clauses import ClauseMatcher
from rag.verify.computations import Computation
from rag.verify.forms import Span, without_quotations
from rag.verify.meaning import Meaning
from rag.verify.readings import Reading
from rag.verify.reasons import Finding, message

_CHINESE_GLOSS = re.compile(r"[（(][^（()）A-Za-z]{1,40}[)）]")


@dataclass(frozen=True)
class Case:
    """A claim with its evidence, as every check sees them."""

    claim: Reading
    evidence: Reading
    context: Reading
    computations: tuple[Computation, ...]
    language: Language
    meaning: Meaning | None = None

    @cached_property
    def prose(self) -> Reading:
        """The claim without quotations and computations."""
        return Reading(without_quotations(self.claim.text))

    @cached_property
    def is_cross(self) -> bool:
        """Whether the claim is English and the evidence Chinese, so that words cannot be compared."""
        return self.evidence.has_han and detect_language(_CHINESE_GLOSS.sub(" ", self.prose.text)) == "en"

    @cached_property
    def compact_all(self) -> str:
        """The compact form of evidence and context, a line break between them."""
        return f"{self.evidence.compact}\n{self.context.compact}"

    @cached_property
    def terms_all(self) -> frozenset[str]:
        """The terms of evidence and context."""
        return self.evidence.terms | self.context.terms

    @cached_property
    def matcher(self) -> ClauseMatcher:
        """Finds clauses of the evidence."""
        return ClauseMatcher(self.evidence)

    def finding(self, reason: str, span: Span, *parts: object) -> Finding:
        """Say what is wrong with a part of the claim, in the language of the case."""
        return Finding(reason, *span, message(reason, parts, self.language))

    def finding_of_all(self, reason: str, *parts: object) -> Finding:
        """Say what is wrong with the claim as a whole."""
        return self.finding(reason, (0, len(self.claim.text)), *parts)


def counted(case: Case) -> Iterator[tuple[int, Figure]]:
    """The claim's figures that are no dates and not computed."""
    results = [c.result for c in case.computations if c.result]
    for position, figure in enumerate(case.claim.figures):
        if figure.kind not in ("date", "year") and not any(same_value(figure, result) for result in results):
            yield position, figure
