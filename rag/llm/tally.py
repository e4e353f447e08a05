"""What a conversation and a reply come to, in tokens, and how the reply ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.tokens import count_tokens
from rag.types import Usage

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk

Turn = tuple[str, str]
"""Role ("system", "human", "ai") and text."""

_TOKENS_PER_TURN = 6


class Tally:
    """What the pieces of a reply say besides their text."""

    def __init__(self) -> None:
        self.prompt = self.completion = 0
        self.text = self.finish = ""

    def add(self, chunk: AIMessageChunk) -> None:
        """Take a piece in."""
        self.text += str(chunk.text)
        if used := chunk.usage_metadata:
            self.prompt += used["input_tokens"]
            self.completion += used["output_tokens"]
        told = chunk.response_metadata
        self.finish = str(
            told.get("finish_reason") or told.get("stop_reason") or told.get("done_reason") or self.finish
        )

    def usage(self, model: str, turns: Sequence[Turn]) -> Usage:
        """What the model says that it read and wrote, or else our own count."""
        if self.prompt or self.completion:
            return Usage(model=model, prompt_tokens=self.prompt, completion_tokens=self.completion)
        return Usage(
            model=model,
            prompt_tokens=tokens_of(turns),
            completion_tokens=count_tokens(self.text),
            estimated=True,
        )


def tokens_of(turns: Sequence[Turn]) -> int:
    """Count the tokens of a conversation, with some for what stands between its turns."""
    return sum(count_tokens(text) + _TOKENS_PER_TURN for _, text in turns)
