"""Answers as a language model words them, and a pipeline that gives one sentence by sentence."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

from answers import CITATION

from rag.errors import StoppedError
from rag.pipeline import Event, Step
from rag.types import Answer, FallbackReason, Said, Sentence, Usage

MODEL = "qwen<b>2.5</b>"
REASONS = get_args(FallbackReason)

PROVEN = Sentence(text="芜湖市投入10亿元。", citations=(1,))
UNPROVEN = Sentence(text="<i>合肥也投入了。</i>", citations=(), supported=False)


def worded(**changes: Any) -> Answer:
    """An answer worded by a model, unless `changes` say otherwise."""
    answer = Answer(
        question="芜湖投入了多少?",
        language="zh",
        sentences=(PROVEN,),
        citations=(CITATION,),
        refusal=None,
        composer="llm",
        usage=Usage(model=MODEL, prompt_tokens=120, completion_tokens=30),
    )
    return dataclasses.replace(answer, **changes)


@dataclass(frozen=True)
class Worder:
    """Stands for the composer of a pipeline."""

    name: str = "llm"


class WordedPipeline:
    """Gives one answer step by step, whatever is asked."""

    def __init__(self, answer: Answer, *, library: Any = None) -> None:
        self.answer = answer
        self.library = library
        self.composer = Worder(answer.composer)
        self.stops: list[threading.Event] = []

    def stream(self, question: str, *, stop: threading.Event, **_: object) -> Iterator[Event]:
        self.stops.append(stop)
        for name in ("retrieve", "assess", "compose", "verify"):
            yield Step(name=name)
        for sentence in self.answer.sentences:
            new = self.answer.citations if sentence == self.answer.sentences[0] else ()
            yield Said(sentence=sentence, citations=new)
        yield dataclasses.replace(self.answer, question=question)


class WaitingPipeline:
    """Waits for a model that never replies, until somebody sets `stop`."""

    def __init__(self, *, library: Any = None) -> None:
        self.library = library
        self.composer = Worder()
        self.is_waiting = threading.Event()
        self.closed: list[str] = []

    def stream(self, question: str, *, stop: threading.Event, **_: object) -> Iterator[Event]:
        try:
            yield Step(name="compose")
            self.is_waiting.set()
            if not stop.wait(10):
                raise TimeoutError("nobody said that the answer is not wanted any more")
            raise StoppedError
        finally:
            self.closed.append(question)
