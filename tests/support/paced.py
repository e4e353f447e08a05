"""A pipeline whose every step a test sets off, and one that fails: what the desk does between steps can be seen."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

from rag.pipeline import Event, Step
from rag.types import Answer, Filter, Refusal

WAIT_S = 5


class PacedPipeline:
    """Answers each question once it is let on, and notes what becomes of each."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.closed: list[str] = []
        self.histories: list[tuple[str, ...]] = []
        self.is_inside = threading.Event()
        self.go = threading.Event()

    def stream(self, question: str, *, history: Sequence[str], **_: Filter) -> Iterator[Event]:
        """Begin a step, take as long as the test wants it to, answer."""
        self.begun.append(question)
        self.histories.append(tuple(history))
        try:
            yield Step(name="retrieve")
            self.is_inside.set()
            if not self.go.wait(WAIT_S):
                raise TimeoutError("nobody let the step go on")
            yield Step(name="assess")
            yield refusal(question)
        finally:
            self.closed.append(question)


class FailingPipeline:
    """Fails after its first step."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def stream(self, *_: str, **__: object) -> Iterator[Event]:
        """Begin a step, and fail."""
        yield Step(name="retrieve")
        raise self._error


def refusal(question: str) -> Answer:
    """The shortest answer there is."""
    return Answer(
        question=question,
        language="zh",
        sentences=(),
        citations=(),
        refusal=Refusal(code="not_found", message="没有。"),
        composer="paced",
    )
