"""Ask the language model one short thing: is it there, and how long does it take?"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.errors import GenerationError
from rag.llm.failures import trouble

if TYPE_CHECKING:
    from rag.llm.client import ModelClient

_HELLO = [("human", "1 + 1 = ?")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCheck:
    """How it went; `problem` is empty where it answered."""

    ms: float
    problem: GenerationError | None = None

    @property
    def ok(self) -> bool:
        """Whether it answered."""
        return self.problem is None


def check_model(client: ModelClient) -> ModelCheck:
    """Ask, and measure; never raises what the model's failing means."""
    begun, problem = time.perf_counter(), None
    try:
        reply = client.complete(_HELLO)
        if not reply.strip():
            problem = trouble("empty", client.place)
    except GenerationError as error:
        problem = error
    return ModelCheck(ms=round(1000 * (time.perf_counter() - begun), 1), problem=problem)
