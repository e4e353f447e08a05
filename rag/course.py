"""The course of one answer: what each step took, and drafts on their way from the composer to the checker."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rag.compose import Composing, Composition, Draft
from rag.types import Said, Verdict


@dataclass(slots=True)
class Timings:
    """Milliseconds per step, in the order in which the steps ran."""

    ms: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add the time that the block takes to the step's."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.add(name, 1000 * (time.perf_counter() - start))

    def add(self, name: str, ms: float) -> None:
        """Add milliseconds to a step's."""
        self.ms[name] = round(self.ms.get(name, 0.0) + ms, 2)


class Composed:
    """Drafts as they are composed, the time that takes, and at the end how they came about."""

    def __init__(self, composing: Composing, timings: Timings) -> None:
        self._composing, self._timings = composing, timings
        self._first: Draft | Verdict | None = None
        self._is_over = False
        self.composition = Composition(composer="")

    def begin(self) -> None:
        """Wait for the first draft."""
        self._first = self._next()

    def __iter__(self) -> Iterator[Draft | Verdict]:
        drafted = self._first or self._next()
        while drafted is not None:
            yield drafted
            drafted = self._next()

    def _next(self) -> Draft | Verdict | None:
        if self._is_over:  # asked again, a generator would say that it returned nothing
            return None
        try:
            with self._timings.step("compose"):
                return next(self._composing)
        except StopIteration as end:
            self.composition, self._is_over = end.value, True
            return None

    def close(self) -> None:
        """Let the composer go, whatever it is waiting for."""
        self._composing.close()


def timed(outcomes: Iterator[Said | Verdict], timings: Timings) -> Iterator[Said | Verdict]:
    """Count as verifying what is not composing: the two take turns."""
    composed = timings.ms.get("compose", 0.0)
    while True:
        with timings.step("verify"):
            outcome = next(outcomes, None)
        now = timings.ms.get("compose", 0.0)
        timings.ms["verify"] = round(max(0.0, timings.ms["verify"] - (now - composed)), 2)
        composed = now
        if outcome is None:
            return
        yield outcome
