"""Ask a chat model within time: retries, a circuit breaker, and every failure in our own words."""

from __future__ import annotations

import asyncio
import copy
import dataclasses
import logging
import threading
import time
from collections.abc import AsyncGenerator, Generator, Sequence
from contextlib import aclosing, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from rag.errors import GenerationError, StoppedError
from rag.llm.circuit import Circuit
from rag.llm.failures import failure, is_passing, status_of, trouble, words_of
from rag.llm.relay import relay
from rag.llm.tally import Tally, Turn
from rag.llm.tracing import Tracing, untraced
from rag.llm.waits import wait_s
from rag.types import Usage

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk
    from langchain_core.runnables import Runnable

    _Source = AsyncGenerator[AIMessageChunk]

_log = logging.getLogger(__name__)

_NOT_UNDERSTOOD = {400, 422}
_LONGEST_WAIT_S = 8.0
"""Whoever is told to come back later than this is better served by the articles' own words now."""
_FILTERED = {"content_filter", "SAFETY", "refusal"}
_CUT_OFF = {"length", "max_tokens", "MAX_TOKENS"}
_CHARS_PER_TOKEN = 8
"""No tokenizer writes more characters a token than this over a whole answer: beyond it, the server ignores the limit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds to wait: for the whole reply, and for each next piece of it; how often to ask again; how long a reply may be."""

    whole_s: float = 60.0
    silence_s: float = 30.0
    retries: int = 2
    answer_tokens: int = 600


@dataclass(slots=True)
class Reply:
    """What came of a request, filled while its text is read; `left_out` by whoever makes the request."""

    usage: Usage | None = None
    first_token_ms: float = 0.0
    left_out: int = 0


class ModelClient:
    """Any LangChain chat model, asked in the fullest way that it understands. Safe to use from threads.

    Args:
        model: The model.
        name: Names it in answers.
        place: Where it is, as errors name it; without credentials.
        patience: How long it is waited for, and how much it may write.
        circuit: Keeps it from being asked where it has just failed several times.
        tracing: Makes what surrounds each call.
    """

    def __init__(
        self,
        model: BaseChatModel,
        *,
        name: str,
        place: str,
        patience: Patience | None = None,
        circuit: Circuit | None = None,
        tracing: Tracing = untraced,
    ) -> None:
        self.name, self.place = name, place
        self._ways, self._takes_schema = _ways(model), True
        # A reply of OpenAI's form that was cut off looks like a whole one, but that it does not say why it ends.
        self._tells_end = hasattr(model, "stream_usage")
        self._patience = patience or Patience()
        self._circuit = circuit or Circuit()
        self._tracing = tracing

    def hurried(self, seconds: float) -> ModelClient:
        """The same model with less patience, for what is only a help; what is learnt of its health is shared."""
        client = copy.copy(self)
        whole_s, silence_s = (min(seconds, s) for s in (self._patience.whole_s, self._patience.silence_s))
        client._patience = dataclasses.replace(
            self._patience, whole_s=whole_s, silence_s=silence_s, retries=0
        )
        return client

    def stream(
        self,
        turns: Sequence[Turn],
        *,
        reply: Reply | None = None,
        stop: threading.Event | None = None,
        schema: dict[str, Any] | None = None,
    ) -> Generator[str, None, None]:
        """Yield the reply as it comes; whoever closes the iterator hangs up.

        Args:
            turns: The conversation, a human's turn last.
            reply: Is filled with what the request took.
            stop: Set by whoever no longer wants the answer.
            schema: A JSON schema that the reply is to keep to, where the endpoint can; where not, it comes in prose.

        Raises:
            GenerationError: It failed, before the first piece or after.
            StoppedError: `stop` was set.
        """
        if not self._circuit.may_try():
            raise trouble("resting", self.place)
        reply = reply if reply is not None else Reply()
        has_begun = False
        try:
            with closing(relay(lambda: self._pieces(turns, reply, schema), stop=stop)) as pieces:
                for piece in pieces:
                    has_begun = True
                    yield piece
        except (StoppedError, GeneratorExit):
            if has_begun:  # who leaves a model that answers has nothing to say against it
                self._circuit.succeeded()
            raise
        except Exception as cause:  # noqa: BLE001 - each provider has errors of its own
            error = failure(cause, self.place, has_begun=has_begun)
            if is_outage(error):
                self._circuit.failed()
            _log.info("the model at %s: %s", self.place, error.code)
            raise error from None
        self._circuit.succeeded()

    def complete(
        self,
        turns: Sequence[Turn],
        *,
        stop: threading.Event | None = None,
        schema: dict[str, Any] | None = None,
    ) -> str:
        """Return a whole reply; see `stream`."""
        return "".join(self.stream(turns, stop=stop, schema=schema))

    async def _pieces(
        self, turns: Sequence[Turn], reply: Reply, schema: dict[str, Any] | None
    ) -> AsyncGenerator[str]:
        begun, tally = time.perf_counter(), Tally()
        async with (
            asyncio.timeout(self._patience.whole_s) as limit,
            aclosing(self._chunks(turns, schema)) as chunks,
        ):
            async for chunk in chunks:
                if (
                    limit.expired()
                ):  # a provider may swallow what would have stopped it: Python 3.11's `wait_for` does
                    raise TimeoutError
                tally.add(chunk)
                if text := str(chunk.text):
                    reply.first_token_ms = reply.first_token_ms or _ms_since(begun)
                    yield text
                if len(tally.text) > _CHARS_PER_TOKEN * self._patience.answer_tokens:
                    raise trouble("endless", self.place)
        reply.usage = dataclasses.replace(tally.usage(self.name, turns), left_out=reply.left_out)
        if tally.finish in _CUT_OFF:
            raise trouble("endless", self.place)
        if tally.finish in _FILTERED:
            raise trouble("filtered", self.place)
        if not tally.finish and self._tells_end:
            raise trouble("interrupted", self.place)

    async def _chunks(self, turns: Sequence[Turn], schema: dict[str, Any] | None) -> _Source:
        with self._tracing() as callbacks:
            source, opening = await self._begin(turns, {"callbacks": callbacks}, schema)
            async with aclosing(source):
                for first in opening:
                    yield first
                while (chunk := await self._next(source)) is not None:
                    yield chunk

    async def _begin(
        self, turns: Sequence[Turn], config: dict[str, Any], schema: dict[str, Any] | None
    ) -> tuple[_Source, list[AIMessageChunk]]:
        """Send the request until its first word comes; a way that is not understood is left for the next."""
        attempt, until = 0, time.monotonic() + self._patience.whole_s
        while True:
            way, form = self._ways[0], schema if self._takes_schema else None
            source = cast("_Source", _bound(way, form).astream(list(turns), config))  # type: ignore[arg-type]
            try:
                return source, await self._opening(source)
            except Exception as cause:
                if _is_not_understood(cause) and self._leave(way, cause, is_held=form is not None):
                    continue
                wait = wait_s(cause, attempt)
                longest = min(_LONGEST_WAIT_S, until - time.monotonic())
                if attempt >= self._patience.retries or wait > longest or not is_passing(cause):
                    raise
                attempt += 1
                await asyncio.sleep(wait)

    async def _opening(self, source: _Source) -> list[AIMessageChunk]:
        """Read up to the first word, or to the end where there is none."""
        chunks: list[AIMessageChunk] = []
        while (chunk := await self._next(source)) is not None:
            chunks.append(chunk)
            if chunk.text:
                break
        return chunks

    def _leave(self, way: BaseChatModel, cause: Exception, *, is_held: bool) -> bool:
        """Take up the next way, if there is one; where the request was too long, no other way helps."""
        if failure(cause, self.place).code == "too_long":
            return False
        if is_held and ("response_format" in words_of(cause) or len(self._ways) == 1):
            self._takes_schema = False
        elif way is self._ways[0]:  # else another request has left it already
            if len(self._ways) == 1:
                return False
            self._ways = self._ways[1:]
        return True

    async def _next(self, source: _Source) -> AIMessageChunk | None:
        async with asyncio.timeout(self._patience.silence_s):
            return await anext(source, None)


def _ms_since(begun: float) -> float:
    return 1000 * (time.perf_counter() - begun)


class UnopenedModel:
    """Stands where a model was named that cannot even be opened: whoever asks it is told why."""

    def __init__(self, error: GenerationError, *, name: str, place: str) -> None:
        self.name, self.place = name, place
        self._error = error

    def hurried(self, seconds: float) -> UnopenedModel:  # noqa: ARG002  # as `ModelClient` takes it
        """As unopened as before."""
        return self

    def stream(
        self,
        turns: Sequence[Turn],  # noqa: ARG002  # as `ModelClient` takes them
        *,
        reply: Reply | None = None,  # noqa: ARG002
        stop: threading.Event | None = None,  # noqa: ARG002
        schema: dict[str, Any] | None = None,  # noqa: ARG002
    ) -> Generator[str, None, None]:
        """Raise what was raised when it was to be opened."""
        yield from self._nothing()

    def _nothing(self) -> Sequence[str]:
        raise self._error

    def complete(self, turns: Sequence[Turn], *, stop: threading.Event | None = None) -> str:
        """Raise it; see `stream`."""
        return "".join(self.stream(turns, stop=stop))


def _is_not_understood(cause: Exception) -> bool:
    """Whether a request holds something that the server, or LangChain's model for it, does not know."""
    return status_of(cause) in _NOT_UNDERSTOOD or isinstance(cause, TypeError)


def is_outage(error: GenerationError) -> bool:
    """Whether an error says something of the server rather than of this one request."""
    return error.code in ("unreachable", "slow", "over_quota", "rejected", "broken", "interrupted")


def _bound(way: BaseChatModel, schema: dict[str, Any] | None) -> Runnable[Any, Any]:
    """A model that is held to a schema, if there is one."""
    if schema is None:
        return way
    held_to = {"name": schema["title"], "schema": schema, "strict": True}
    return way.bind(response_format={"type": "json_schema", "json_schema": held_to})


def _ways(model: BaseChatModel) -> list[BaseChatModel]:
    """With its use of tokens told; without; and that at the model's own temperature, as some insist on."""
    ways = [model]
    if hasattr(model, "stream_usage"):
        ways.insert(0, model.model_copy(update={"stream_usage": True}))
    if getattr(model, "temperature", None) is not None:
        ways.append(model.model_copy(update={"temperature": None}))
    return ways
