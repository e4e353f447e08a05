"""Faithful claims, with what proves them, and what is made of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.types import Language, Verdict

Verify = Callable[..., Verdict]
"""As `rag.verify.verify`: (claim, evidence, *, context, language)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Faithful:
    """A sentence that its evidence supports.

    Attributes:
        evidence: The clauses it cites, one a line.
        context: What belongs to the evidence without standing in it, one a line: headings, date, place.
        language: Of the sentence.
        regions: Codes of the divisions that the evidence was found to speak of.
    """

    claim: str
    evidence: str
    context: str
    language: Language
    regions: tuple[str, ...] = ()

    @property
    def known(self) -> str:
        """Evidence and context."""
        return f"{self.evidence}\n{self.context}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """What a claim was turned into; of kind "same_…" it says what the original says, of any other kind it does not."""

    kind: str
    claim: str
    evidence: str
    context: str
    language: Language
    original: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptClaims:
    """Claims that the checker supports, and the number of those that it does not."""

    kept: tuple[Faithful, ...]
    left_out: int


def keep_supported(claims: Sequence[Faithful], *, verify: Verify | None = None) -> KeptClaims:
    """Leave out claims that are judged unsupported before anything is changed: what becomes of them tells nothing."""
    if verify is None:
        from rag.verify import verify as rules

        verify = rules
    kept = [
        c for c in claims if verify(c.claim, c.evidence, context=c.context, language=c.language).supported
    ]
    return KeptClaims(kept=tuple(kept), left_out=len(claims) - len(kept))
