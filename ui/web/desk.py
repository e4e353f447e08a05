"""The desk where everyone's questions are answered: few at a time, first come first served, and kept."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from rag.errors import YigaiError
from rag.history import Asked, Kept, Via
from rag.pipeline import readable
from rag.types import Answer, Filter
from ui.printings import Printings, printings_of

if TYPE_CHECKING:
    from rag.history import History
    from rag.pipeline import Event, Pipeline

_log = logging.getLogger(__name__)
_T = TypeVar("_T")

REMEMBERED_QUESTIONS = 12
"""Earlier questions that a follow-up may lean on: the nearest ones."""


class BusyError(YigaiError):
    """Too many people are waiting already; asking again a little later works."""

    templates: ClassVar = {
        "en": "Many people are asking just now ({waiting} are waiting). Please ask again in a moment.",
        "zh": "现在提问的人太多（已有 {waiting} 人在等）。请稍候再问。",
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What someone asks, and where the answer belongs.

    Attributes:
        earlier: Questions that came before it, oldest first.
        asker: Who asks, as the gate names them; empty where it cannot tell.
        conversation: Empty where it belongs to none.
    """

    text: str
    via: Via
    earlier: tuple[str, ...] = ()
    within: Filter = field(default_factory=Filter)
    asker: str = ""
    conversation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Others are before; `ahead` of them."""

    ahead: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The answer, and what it is kept as (empty where it could not be kept).

    Attributes:
        printings: Other printings of the articles that it cites.
    """

    answer: Answer
    answer_id: str
    printings: Printings = field(default_factory=dict)


class Line:
    """Lets `at_once` in, in the order in which they came, and at most `most` wait. For one event loop."""

    def __init__(self, *, at_once: int, most: int) -> None:
        self.at_once, self.most = at_once, most
        self._seats = asyncio.Semaphore(at_once)
        self.inside = 0
        self.waiting = 0

    @property
    def ahead(self) -> int:
        """How many are before whoever comes now; none where there is a free seat."""
        return self.inside + self.waiting if self._seats.locked() else 0

    def require_room(self) -> None:
        """Turn away whom the line has no room for.

        Raises:
            BusyError: As many are waiting as may.
        """
        if self._seats.locked() and self.waiting >= self.most:
            raise BusyError(waiting=self.waiting)

    @asynccontextmanager
    async def seat(self) -> AsyncIterator[None]:
        """Wait for one's turn, and hold it while the block runs.

        Raises:
            BusyError: As many are waiting as may.
        """
        self.require_room()
        self.waiting += 1
        try:
            await self._seats.acquire()
        finally:
            self.waiting -= 1
        self.inside += 1
        try:
            yield
        finally:
            self.inside -= 1
            self._seats.release()


class Desk:
    """Answers questions with one pipeline, whoever asks and from wherever.

    Args:
        pipeline: Its parts may be used from several threads.
        history: Where answers are kept.
        line: Who may be answered at once, and who may wait.
        settings: What is kept with each answer, so that it can be asked again in the same way.
    """

    def __init__(
        self,
        pipeline: Pipeline,
        *,
        history: History,
        line: Line,
        settings: Mapping[str, str | int],
    ) -> None:
        self.pipeline = pipeline
        self.history = history
        self.line = line
        self._settings = dict(settings)

    async def answer(self, question: Question) -> Given:
        """Answer a question, and keep the answer.

        Raises:
            BusyError: The line is full.
            YigaiError: The library or the encoder failed.
        """
        async with aclosing(self.stream(question)) as events:
            async for event in events:
                if isinstance(event, Given):
                    return event
        raise AssertionError("a stream ends with its answer")  # pragma: no cover

    async def stream(self, question: Question) -> AsyncGenerator[Waiting | Event | Given]:
        """Answer a question step by step: how many are before, the pipeline's events, then the answer kept.

        Whoever stops listening closes it (`contextlib.aclosing`), which frees the seat at once: a model that is being
        waited for is waited for no longer.

        Raises:
            BusyError: The line is full.
            YigaiError: The library or the encoder failed.
        """
        self.line.require_room()
        if ahead := self.line.ahead:
            yield Waiting(ahead=ahead)
        stop = threading.Event()
        async with self.line.seat(), aclosing(_in_thread(self._events(question, stop), stop)) as events:
            async for event in events:
                if isinstance(event, Answer):
                    answer = event
                else:
                    yield event
        yield await asyncio.to_thread(self._given, answer, question)

    def _given(self, answer: Answer, question: Question) -> Given:
        printings: Printings = {}
        try:
            if answer.citations:
                printings = printings_of(answer.citations, self.pipeline.library)
        except YigaiError:  # the answer is given all the same
            _log.exception("other printings could not be looked up")
        return Given(answer=answer, answer_id=self._keep(answer, question), printings=printings)

    def _events(self, question: Question, stop: threading.Event) -> Iterator[Event]:
        return self.pipeline.stream(
            question.text, history=_leaned_on(question), within=question.within, stop=stop
        )

    def _keep(self, answer: Answer, question: Question) -> str:
        asked = Asked(
            asker=question.asker,
            conversation=question.conversation,
            via=question.via,
            history=_leaned_on(question),
            within=question.within,
            settings=self._settings,
        )
        try:
            return self.history.keep(answer, asked)
        except YigaiError:  # the answer is given all the same
            _log.exception("an answer could not be kept")
            return ""

    @property
    def has_model(self) -> bool:
        """Whether a language model words the answers, so that the next event may be long in coming."""
        return str(self._settings.get("composer", "")).startswith("llm")

    def earlier_in(self, conversation: str, asker: str, *, latest: int | None = None) -> list[Kept]:
        """Return what was asked (`latest`) in a conversation, oldest first; nothing if it is another's."""
        return self.history.conversation(conversation, asker=asker, latest=latest)


def _leaned_on(question: Question) -> tuple[str, ...]:
    """The earlier questions that are taken along, in the form in which the pipeline reads them."""
    return tuple(readable(text) for text in question.earlier[-REMEMBERED_QUESTIONS:])


_END = object()


async def _in_thread(events: Iterator[_T], stop: threading.Event) -> AsyncGenerator[_T]:
    """Take each event of a blocking iterator in a thread; one at a time, so it need not be thread-safe.

    Once nobody listens any more, `stop` is set, and the step at hand is waited for: the seat is not free before.
    """
    try:
        while True:
            step = asyncio.ensure_future(asyncio.to_thread(next, events, _END))
            try:
                event = await asyncio.shield(step)
            except asyncio.CancelledError:
                stop.set()
                await settled(step)
                raise
            if event is _END:
                return
            yield event  # type: ignore[misc]  # what is not the end is an event
    finally:
        stop.set()
        if isinstance(events, Generator):  # in a thread too: to cut a model off may take a moment
            await settled(asyncio.ensure_future(asyncio.to_thread(events.close)))


async def settled(step: asyncio.Future[Any]) -> None:
    """Wait until a step is done, however often one is told to stop: anyio says so again and again.

    What it ended with concerns nobody any more; asyncio would complain of an error that nobody looks at.
    """
    import anyio

    with anyio.CancelScope(shield=True):
        while not step.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait({step})
    if not step.cancelled():
        step.exception()
