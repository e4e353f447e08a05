"""Words of a claim that annotators judged one by one: which of them does the checker point at?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eval.metrics import bootstrap_interval
from eval.pairfile import Pair
from rag.normalise import fold_aligned
from rag.verify import Finding
from rag.verify.forms import compact


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """How many of some keywords the checker points at, with the 95% interval of the share."""

    flagged: int
    of: int
    share: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeywordReport:
    """Keywords that the annotators found bad and good; a good checker points at the bad ones alone."""

    bad: Flagged
    good: Flagged


def flagged_keywords(judged: Sequence[tuple[Pair, Sequence[Finding]]]) -> KeywordReport | None:
    """Count the keywords that the checker points at; None where no pair has any."""
    bad: list[bool] = []
    good: list[bool] = []
    for pair, findings in judged:
        evidence = compact(pair.premise)
        for keyword in pair.keywords:
            (good if keyword.supported else bad).append(
                is_flagged(keyword.text, pair.hypothesis, findings, evidence=evidence)
            )
    return KeywordReport(bad=_flagged(bad), good=_flagged(good)) if bad or good else None


def is_flagged(keyword: str, claim: str, findings: Sequence[Finding], *, evidence: str) -> bool:
    """Whether a finding points at a keyword.

    A finding about a whole clause points at those of its words that do not stand in the evidence; one about a figure, a
    place or a name points at all that it touches.

    Args:
        keyword: A word of the claim.
        claim: Where the findings' offsets belong to.
        findings: Of the checker.
        evidence: In its compact form.
    """
    is_known = compact(keyword) in evidence
    return any(
        finding.start < end
        and start < finding.end
        and not (is_known and finding.end - finding.start > end - start + 8)
        for start, end in _occurrences(keyword, claim)
        for finding in findings
    )


def _occurrences(keyword: str, claim: str) -> Iterator[tuple[int, int]]:
    folded, wanted = fold_aligned(claim), fold_aligned(keyword.strip()).text
    at = folded.text.find(wanted) if wanted else -1
    while at >= 0:
        yield folded.span(at, at + len(wanted))
        at = folded.text.find(wanted, at + 1)


def _flagged(flags: Sequence[bool]) -> Flagged:
    if not flags:
        return Flagged(flagged=0, of=0, share=None, low=None, high=None)
    low, high = bootstrap_interval([float(f) for f in flags], [1.0] * len(flags))
    return Flagged(
        flagged=sum(flags), of=len(flags), share=round(sum(flags) / len(flags), 6), low=low, high=high
    )
