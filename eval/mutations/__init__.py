"""Does the checker notice? Faithful claims made unfaithful in known ways, and harmlessly rewritten, then judged."""

from __future__ import annotations

from eval.mutations.claims import Faithful, KeptClaims, Mutant, Verify, keep_supported
from eval.mutations.detection import detect, wilson_interval
from eval.mutations.sources import faithful_from_answers, faithful_from_library
from eval.mutations.suite import KINDS, SAME, mutate

__all__ = [
    "KINDS",
    "SAME",
    "Faithful",
    "KeptClaims",
    "Mutant",
    "Verify",
    "detect",
    "faithful_from_answers",
    "faithful_from_library",
    "keep_supported",
    "mutate",
    "wilson_interval",
]
