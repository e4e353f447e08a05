"""The composer with a language model: it words the answer, and nothing it writes is taken for true before it is proven.

brief ─▶ model ─▶ read_claims ─▶ Scrutiny: each sentence a Draft with the words that prove it, or a Verdict
                                    └─▶ what then remains open, or contradicts it, the articles' own sentences tell
"""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.compose import Composing, Composition, Draft, Material
from rag.compose.blocks import choose_blocks
from rag.compose.brief import Brief, brief
from rag.compose.claims import CLAIMS_SCHEMA, read_claims
from rag.compose.completion import computed, contradicted, silences, supplement
from rag.compose.extractive import ExtractiveComposer
from rag.compose.scrutiny import Scrutiny
from rag.compose.soundness import is_sure
from rag.compose.statements import Statement
from rag.errors import GenerationError
from rag.llm.client import ModelClient, Reply, UnopenedModel
from rag.llm.failures import trouble
from rag.types import Verdict

if TYPE_CHECKING:
    from rag.verify import Meaning


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """How much the model can read and write at once, and how much of that an answer may take; in tokens."""

    whole_tokens: int = 4096
    answer_tokens: int = 600


class LlmComposer:
    """Lets a model word the answer; see `rag.compose.Composer`.

    Args:
        client: The model.
        window: How much it can read and write.
        meaning: Tells what is said in other words; without it, only words count.
        keeps_unsupported: Whether sentences that nothing proves are shown, plainly marked.
        is_structured: Whether claims are asked for in JSON, where the endpoint can.
    """

    name = "llm"

    def __init__(
        self,
        client: ModelClient | UnopenedModel,
        *,
        window: Window | None = None,
        meaning: Meaning | None = None,
        keeps_unsupported: bool = False,
        is_structured: bool = False,
    ) -> None:
        self.client = client
        self._window = window or Window()
        self._meaning = meaning
        self._keeps_unsupported = keeps_unsupported
        self._is_structured = is_structured

    def compose(self, material: Material) -> Composing:
        """Yield the model's sentences as they come and are proven, then what the articles have to add."""
        scrutiny = Scrutiny(material, meaning=self._meaning, keeps_unsupported=self._keeps_unsupported)
        reply, reason, begun = Reply(), None, time.perf_counter()
        try:
            yield from self._worded(material, scrutiny, reply)
        except GenerationError as error:
            reason = error.code
        timings = {"first_token": round(reply.first_token_ms, 2), "generate": _ms_since(begun)}
        proven = scrutiny.proven
        if scrutiny.is_declined and not proven and not is_sure(material.query, material.answering):
            return Composition(composer=self.name, is_declined=True, usage=reply.usage, timings_ms=timings)
        reason = reason or scrutiny.shortcoming()
        added = supplement(material, proven, is_broken=reason is not None)
        shown = {draft.text for draft in added}  # a sentence that is added brings its own card
        yield from (card for card in computed(material, proven) if card.text not in shown)
        yield from added
        disputed = list(contradicted(material, [*proven, *added]))
        yield from disputed
        yield from silences(material)
        return Composition(
            composer=_composer(proven, [*added, *disputed]),
            fallback_reason=reason if added or not proven else None,
            usage=reply.usage,
            timings_ms=timings,
        )

    def _worded(
        self, material: Material, scrutiny: Scrutiny, reply: Reply
    ) -> Generator[Draft | Verdict, None, None]:
        told = self._brief(material)
        reply.left_out = told.left_out
        with closing(self._statements(told, material, reply)) as statements:
            for statement in statements:
                outcome = scrutiny.judge(statement, told.blocks)
                if outcome is not None:
                    yield outcome
                if scrutiny.is_declined or scrutiny.goes_in_circles:
                    break
        if scrutiny.goes_in_circles:
            raise trouble("endless", self.client.place)

    def _brief(self, material: Material) -> Brief:
        query = material.query
        blocks = choose_blocks(query, material.answering, material.read)
        if not blocks:
            raise trouble("withheld", self.client.place)
        told = brief(
            query.text,
            blocks,
            query.language,
            window_tokens=self._window.whole_tokens,
            answer_tokens=self._window.answer_tokens,
        )
        if told is None:
            raise trouble("too_long", self.client.place)
        return told

    def _statements(self, told: Brief, material: Material, reply: Reply) -> Generator[Statement, None, None]:
        """Ask, and read what comes; a reply that breaks off in mid-sentence ends with the sentence before."""
        schema = CLAIMS_SCHEMA if self._is_structured else None
        pieces = self.client.stream(told.turns, reply=reply, stop=material.stop, schema=schema)
        with closing(pieces):
            yield from read_claims(pieces, place=self.client.place)


def _composer(proven: Sequence[Draft], added: Sequence[Draft]) -> str:
    if not proven:
        return ExtractiveComposer.name
    return f"{LlmComposer.name}+{ExtractiveComposer.name}" if added else LlmComposer.name


def _ms_since(begun: float) -> float:
    return round(1000 * (time.perf_counter() - begun), 2)
