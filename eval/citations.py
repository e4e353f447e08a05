"""Citation recall and precision as ALCE defines them (Gao et al. 2023, arXiv 2305.14627), with our checker as the judge.

Recall: the share of an answer's statements that all of their citations together support.
Precision: the share of its citations that are needed: the statement is supported, and the citation either supports it
alone or cannot be taken away from the others.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from eval.report import Tally
from rag.types import Citation

Supports = Callable[[str, Sequence[Citation]], bool]
"""Whether citations, taken together, support a statement; none support nothing."""


def citation_recall(statements: Sequence[tuple[str, Sequence[Citation]]], supports: Supports) -> Tally:
    """Count the supported statements of one answer; as a share of it, so that each answer weighs the same."""
    supported = sum(bool(cited) and supports(text, cited) for text, cited in statements)
    return Tally(hits=supported / len(statements), of=1) if statements else Tally(hits=0, of=0)


def citation_precision(statements: Sequence[tuple[str, Sequence[Citation]]], supports: Supports) -> Tally:
    """Count the needed citations of one answer, as a share of all of its citations; none at all are worth 0."""
    total = sum(len(cited) for _, cited in statements)
    needed = sum(_needed(text, cited, supports) for text, cited in statements)
    if not statements:
        return Tally(hits=0, of=0)
    return Tally(hits=needed / total if total else 0.0, of=1)


def _needed(text: str, cited: Sequence[Citation], supports: Supports) -> int:
    if not cited or not supports(text, cited):
        return 0
    return sum(_is_needed(text, cited, position, supports) for position in range(len(cited)))


def _is_needed(text: str, cited: Sequence[Citation], position: int, supports: Supports) -> bool:
    alone, others = cited[position], [*cited[:position], *cited[position + 1 :]]
    return supports(text, [alone]) or not (others and supports(text, others))
