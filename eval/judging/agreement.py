"""How far two judges agree beyond what chance alone would give."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence


def cohen_kappa(a: Sequence[Hashable], b: Sequence[Hashable]) -> float | None:
    """Cohen's kappa of two judges' verdicts on the same claims, in the same order.

    Returns:
        1 for full agreement, 0 for what chance gives, below 0 for less; None where it is not defined: nothing was
        judged, or both gave one and the same verdict throughout.

    Raises:
        ValueError: The two did not judge the same number of claims.
    """
    if len(a) != len(b):
        raise ValueError(f"two judges of the same claims gave {len(a)} and {len(b)} verdicts")
    first, second = Counter(a), Counter(b)
    agreed = len(a) * sum(one == other for one, other in zip(a, b, strict=True))
    by_chance = sum(count * second[verdict] for verdict, count in first.items())
    most = len(a) ** 2
    # Whole numbers until here, so that "not defined" is exact.
    return None if most == by_chance else (agreed - by_chance) / (most - by_chance)
