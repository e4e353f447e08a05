"""Labelled pairs: evidence, a claim, and whether the one supports the other; one JSON object a line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from eval.lines import read_lines
from rag.errors import SuiteError

SUPPORTED = frozenset({"entailment", "supported", "faithful", "true"})
UNSUPPORTED = frozenset({"neutral", "contradiction", "unsupported", "unfaithful", "false"})


class _Labelled(BaseModel):
    """Something that somebody judged."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)

    label: str

    @field_validator("label")
    @classmethod
    def _known(cls, label: str) -> str:
        if label.lower() not in SUPPORTED | UNSUPPORTED:
            known = ", ".join(sorted(SUPPORTED | UNSUPPORTED))
            raise ValueError(f"{label!r} is no label; there are {known}")
        return label

    @property
    def supported(self) -> bool:
        """Whether the evidence supports it."""
        return self.label.lower() in SUPPORTED


class Keyword(_Labelled):
    """A word of the claim that somebody judged on its own."""

    text: str


class Pair(_Labelled):
    """A claim with its evidence; other fields of the line are left alone.

    Attributes:
        label: One of `SUPPORTED` or `UNSUPPORTED`.
        context: What belongs to the evidence without standing in it: headings, date, place.
        kind: What sort of pair it is, to count apart.
    """

    id: str = ""
    premise: Annotated[str, Field(min_length=1)]
    hypothesis: Annotated[str, Field(min_length=1)]
    context: str = ""
    kind: str = ""
    keywords: tuple[Keyword, ...] = ()


def read_pairs(path: Path) -> list[Pair]:
    """Read a file of pairs; blank lines are passed over.

    Raises:
        SuiteError: There is no such file, a line is no pair, or there is none.
    """
    pairs = [pair for _, pair in read_lines(path, Pair)]
    if not pairs:
        raise SuiteError(path=path, line=0, problem="it holds no pair")
    return pairs
