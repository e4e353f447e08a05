"""What is said to the model: instructions, worked examples, the evidence in its fence, the question; within its budget."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from prompts import load_prompt
from rag.compose.blocks import Block, fit_blocks
from rag.llm.fence import fence_of
from rag.llm.tally import Turn, tokens_of
from rag.tokens import count_tokens
from rag.types import Language

_EXAMPLE = re.compile(
    r"^evidence:\n(?P<evidence>.*?)\nquestion: (?P<question>.*?)\nanswer: (?P<answer>.*?)$", re.S | re.M
)
_BETWEEN_TOKENS = 4
_MARGIN = 0.05
"""Share of the window left free: another tokenizer than ours counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """A conversation to put to a model, the blocks in it, and how many sentences of the evidence did not fit."""

    turns: tuple[Turn, ...]
    blocks: tuple[Block, ...]
    left_out: int = 0


def brief(
    question: str, blocks: Sequence[Block], language: Language, *, window_tokens: int, answer_tokens: int
) -> Brief | None:
    """Put a question and its evidence into words; None where not even one sentence of evidence fits.

    Args:
        question: Self-contained.
        blocks: The evidence, best first.
        language: Of the answer.
        window_tokens: What the model can read and write at once.
        answer_tokens: What of that the answer may take.
    """
    opening = _opening(language)
    frame = tokens_of([*opening, ("human", _framed("", question, language))])
    room = int(window_tokens * (1 - _MARGIN)) - answer_tokens - frame
    fitted = fit_blocks(
        blocks,
        budget_tokens=room,
        size=lambda block: count_tokens(_clean(block.shown(language))) + _BETWEEN_TOKENS,
    )
    if not fitted:
        return None
    evidence = "\n".join(block.shown(language) for block in fitted)
    return Brief(
        turns=(*opening, ("human", _framed(evidence, question, language))),
        blocks=tuple(fitted),
        left_out=sum(len(b.sentences) for b in blocks) - sum(len(b.sentences) for b in fitted),
    )


@functools.cache
def _opening(language: Language) -> tuple[Turn, ...]:
    """Instructions and examples: the same for every question, so that a server may keep what it has read of them."""
    turns: list[Turn] = [("system", load_prompt("answer", language).format())]
    for example in _EXAMPLE.finditer(load_prompt("answer_examples", language).text):
        turns.append(("human", _framed(example["evidence"], example["question"], language)))
        turns.append(("ai", example["answer"]))
    return tuple(turns)


def _framed(evidence: str, question: str, language: Language) -> str:
    evidence, question = _clean(evidence), _clean(question)
    prompt = load_prompt("answer_question", language)
    return prompt.format(fence=fence_of([evidence, question]), evidence=evidence, question=question)


def _clean(text: str) -> str:
    """Without lone surrogates, which cannot be sent."""
    return text.encode("utf-8", "replace").decode()
