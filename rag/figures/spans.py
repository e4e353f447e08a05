"""What the readers of dates, shares, quantities and the rest hand back."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from rag.figures.amounts import Amount


@dataclass(frozen=True, slots=True)
class Read:
    """What a reader made of a position: an amount, or None for a span that is no figure."""

    start: int
    end: int
    amount: Amount | None
    step: Decimal = Decimal(1)
