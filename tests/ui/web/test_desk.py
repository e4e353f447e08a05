from __future__ import annotations

import asyncio
import gc
import itertools
import logging
import time
from contextlib import aclosing

import anyio
import pytest
from paced import FailingPipeline, PacedPipeline
from worded import WaitingPipeline, WordedPipeline, worded

from rag.errors import LibraryBusyError, LibraryDamagedError
from rag.history import MemoryHistory
from rag.pipeline import Step
from rag.types import Answer, Filter
from ui.web.desk import REMEMBERED_QUESTIONS, BusyError, Desk, Given, Line, Question, Waiting

WUHU = "芜湖是怎么化债的?"


class BusyHistory(MemoryHistory):
    """A history that another process keeps locked."""

    def keep(self, *_):
        raise LibraryBusyError(path="x", waited_s=30)


def desk_with(pipeline, *, at_once=1, most=32, history=None):
    line = Line(at_once=at_once, most=most)
    return Desk(pipeline, history=history or MemoryHistory(), line=line, settings={"top_k": 8})


def ask(text, **fields):
    return Question(**({"text": text, "via": "api"} | fields))


async def inside(pipeline):
    assert await asyncio.to_thread(pipeline.is_inside.wait, 5)


async def until(holds):
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.005)


async def test_the_pipelines_events_come_as_they_are_and_the_kept_answer_last(pipeline):
    desk = desk_with(pipeline)
    question = ask(WUHU, asker="v:1", conversation="c", within=Filter(regions=("340200",)))

    events = [event async for event in desk.stream(question)]

    (kept,) = desk.history.conversation("c", asker="v:1")
    assert isinstance(events[-1], Given)
    assert events[-1].answer_id == kept.answer_id
    assert events[-1].answer == kept.answer
    assert not any(isinstance(event, Answer | Waiting) for event in events)
    assert [e.name for e in events if isinstance(e, Step)] == ["retrieve", "assess", "compose", "verify"]
    assert (kept.asked.via, kept.asked.within, kept.asked.settings) == ("api", question.within, {"top_k": 8})
    assert "10亿元" in kept.answer.text


async def test_a_follow_up_leans_on_what_came_before(pipeline):
    given = await desk_with(pipeline).answer(ask("反应时间呢?", earlier=("丽水的急救半径缩小了多少?",)))

    assert "12分钟" in given.answer.text


async def test_askers_are_answered_in_the_order_in_which_they_came():
    pipeline = PacedPipeline()
    desk = desk_with(pipeline)
    texts = [str(number) for number in range(10)]
    heard = {}

    async def come(text):
        heard[text] = [event async for event in desk.stream(ask(text))]

    async with asyncio.TaskGroup() as group:
        for text in texts:
            group.create_task(come(text))
            await asyncio.sleep(0)
        await inside(pipeline)
        assert (desk.line.inside, desk.line.waiting) == (1, 9)
        pipeline.go.set()

    assert pipeline.begun == pipeline.closed == texts
    waits = [event.ahead for text in texts for event in heard[text] if isinstance(event, Waiting)]
    assert waits == list(range(1, 10))
    assert (desk.line.inside, desk.line.waiting) == (0, 0)


async def test_who_finds_a_free_seat_is_not_told_to_wait():
    pipeline = PacedPipeline()
    desk = desk_with(pipeline, at_once=2)

    async with asyncio.TaskGroup() as group:
        group.create_task(desk.answer(ask("first")))
        await inside(pipeline)
        async with aclosing(desk.stream(ask("second"))) as events:
            assert await anext(events) == Step(name="retrieve")
        pipeline.go.set()


async def test_beyond_the_limit_one_is_turned_away_at_once_and_later_there_is_room_again():
    pipeline = PacedPipeline()
    desk = desk_with(pipeline, at_once=1, most=2)
    async with asyncio.TaskGroup() as group:
        for text in "abc":
            group.create_task(desk.answer(ask(text)))
        await until(lambda: desk.line.waiting == 2)

        with pytest.raises(BusyError) as caught:
            await desk.answer(ask("d"))

        assert caught.value.localised("zh") == "现在提问的人太多（已有 2 人在等）。请稍候再问。"
        assert "(2 are waiting)" in caught.value.localised("en")
        pipeline.go.set()

    assert (await desk.answer(ask("e"))).answer.question == "e"
    assert pipeline.begun == ["a", "b", "c", "e"]


async def test_who_gives_up_waiting_makes_room_in_the_line():
    pipeline = PacedPipeline()
    desk = desk_with(pipeline, most=1)
    first, second = (asyncio.create_task(desk.answer(ask(text))) for text in "ab")
    await until(lambda: desk.line.waiting == 1)

    second.cancel()
    await asyncio.wait({second})
    third = asyncio.create_task(desk.answer(ask("c")))
    pipeline.go.set()

    assert [(await task).answer.question for task in (first, third)] == ["a", "c"]
    assert pipeline.begun == ["a", "c"]


@pytest.mark.parametrize("times", [1, 3])
async def test_a_listener_who_goes_away_keeps_the_seat_until_the_step_at_hand_is_done(times):
    pipeline = PacedPipeline()
    desk = desk_with(pipeline)
    listener = asyncio.create_task(desk.answer(ask("gone")))
    await inside(pipeline)
    following = asyncio.create_task(desk.answer(ask("next")))

    for _ in range(times):
        listener.cancel()
        await asyncio.sleep(0.01)

    assert not listener.done()
    assert (desk.line.inside, pipeline.begun, pipeline.closed) == (1, ["gone"], [])
    pipeline.go.set()
    await asyncio.wait({listener})
    assert listener.cancelled()
    assert (await following).answer.question == "next"
    assert pipeline.closed == ["gone", "next"]


async def test_a_connection_that_breaks_in_a_web_framework_does_the_same_without_spinning():
    pipeline = PacedPipeline()
    desk = desk_with(pipeline)

    async def serve():
        await desk.answer(ask("gone"))

    async with anyio.create_task_group() as group:
        group.start_soon(serve)
        await inside(pipeline)
        group.cancel_scope.cancel()  # which anyio says again and again until the task ends
        with anyio.CancelScope(shield=True):
            began = time.process_time()
            await asyncio.sleep(0.2)
            spent = time.process_time() - began
            assert (desk.line.inside, pipeline.closed) == (1, [])
            pipeline.go.set()

    assert pipeline.closed == ["gone"]
    assert desk.line.inside == 0
    assert spent < 0.1


async def test_a_listener_who_closes_the_stream_between_steps_frees_the_seat_at_once():
    pipeline = PacedPipeline()
    desk = desk_with(pipeline)

    async with aclosing(desk.stream(ask("gone"))) as events:
        assert await anext(events) == Step(name="retrieve")

    assert pipeline.closed == ["gone"]
    assert desk.line.inside == 0
    assert desk.history.ids() == []


@pytest.mark.parametrize("times", [1, 3])
async def test_a_listener_who_goes_away_is_not_kept_on_the_seat_by_a_model_that_is_waited_for(times, caplog):
    pipeline = WaitingPipeline()
    desk = desk_with(pipeline)
    listener = asyncio.create_task(desk.answer(ask("gone")))
    assert await asyncio.to_thread(pipeline.is_waiting.wait, 5)
    began = time.monotonic()

    for _ in range(times):
        listener.cancel()
        await asyncio.sleep(0)
    await asyncio.wait({listener})
    took = time.monotonic() - began
    cancelled = listener.cancelled()
    del listener  # with it goes what it holds of the step
    gc.collect()

    assert cancelled
    assert took < 2
    assert (desk.line.inside, pipeline.closed) == (0, ["gone"])
    assert desk.history.ids() == []
    assert caplog.records == []


async def test_a_connection_that_breaks_while_a_model_is_waited_for_frees_the_seat_too():
    pipeline = WaitingPipeline()
    desk = desk_with(pipeline)

    async def serve():
        await desk.answer(ask("gone"))

    began = time.monotonic()
    async with anyio.create_task_group() as group:
        group.start_soon(serve)
        assert await asyncio.to_thread(pipeline.is_waiting.wait, 5)
        group.cancel_scope.cancel()

    assert time.monotonic() - began < 2
    assert (desk.line.inside, pipeline.closed) == (0, ["gone"])


async def test_letting_a_model_go_holds_up_nobody_else():
    class Clinging(PacedPipeline):
        def stream(self, *_, **__):
            try:
                yield Step(name="compose")
            finally:
                time.sleep(0.5)

    desk = desk_with(Clinging())
    beats = []

    async def beat():
        while True:
            beats.append(time.monotonic())
            await asyncio.sleep(0.01)

    beating = asyncio.create_task(beat())
    async with aclosing(desk.stream(ask("gone"))) as events:
        await anext(events)
    beating.cancel()

    assert desk.line.inside == 0
    assert max(after - before for before, after in itertools.pairwise(beats)) < 0.3


async def test_the_pipeline_is_told_when_nobody_listens_any_more_and_not_before():
    pipeline = WordedPipeline(worded())
    desk = desk_with(pipeline)

    async with aclosing(desk.stream(ask("gone"))) as events:
        await anext(events)
        assert not pipeline.stops[0].is_set()

    assert pipeline.stops[0].is_set()


@pytest.mark.parametrize(
    ("settings", "has_model"), [({}, False), ({"composer": "extractive"}, False), ({"composer": "llm"}, True)]
)
def test_whether_a_model_words_the_answers_is_known(settings, has_model):
    desk = Desk(PacedPipeline(), history=MemoryHistory(), line=Line(at_once=1, most=1), settings=settings)

    assert desk.has_model is has_model


async def test_a_step_that_fails_after_its_listener_has_gone_troubles_nobody(caplog):
    class LateFailure(PacedPipeline):
        def stream(self, *_, **__):
            yield from ()
            self.is_inside.set()
            self.go.wait(5)
            raise LibraryDamagedError(path="x", detail="y")

    pipeline = LateFailure()
    desk = desk_with(pipeline)
    listener = asyncio.create_task(desk.answer(ask("gone")))
    await inside(pipeline)

    listener.cancel()
    await asyncio.sleep(0.01)
    pipeline.go.set()
    await asyncio.wait({listener})
    cancelled = listener.cancelled()
    del listener  # with it goes what it holds of the step
    gc.collect()

    assert cancelled
    assert desk.line.inside == 0
    assert caplog.records == []


async def test_an_answer_that_cannot_be_kept_is_given_without_an_id(pipeline, caplog):
    given = await desk_with(pipeline, history=BusyHistory()).answer(ask(WUHU))

    assert given.answer_id == ""
    assert "10亿元" in given.answer.text
    assert "could not be kept" in caplog.text


@pytest.mark.parametrize(
    "error", [LibraryDamagedError(path="x", detail="y"), ZeroDivisionError("z"), MemoryError()]
)
async def test_an_error_of_the_pipeline_reaches_the_caller_and_frees_the_seat(error, caplog):
    caplog.set_level(logging.ERROR)
    desk = desk_with(FailingPipeline(error))

    for _ in range(3):
        with pytest.raises(type(error)):
            await desk.answer(ask("x"))

    assert desk.line.inside == desk.line.waiting == 0
    assert desk.history.ids() == []


async def test_only_the_nearest_questions_are_taken_along_and_what_cannot_be_read_is_made_readable():
    pipeline = PacedPipeline()
    pipeline.go.set()
    desk = desk_with(pipeline)
    earlier = (*map(str, range(50)), "\ud800坏", "长" * 5000)

    await desk.answer(ask("问" * 5000, earlier=earlier))

    expected = ("40", *map(str, range(41, 50)), "?坏", "长" * 1000)
    assert len(expected) == REMEMBERED_QUESTIONS
    assert pipeline.histories == [expected]
    assert desk.history.listed()[0].asked.history == expected
    assert pipeline.begun == ["问" * 5000]


def test_a_conversation_is_its_askers_alone():
    desk = desk_with(PacedPipeline())
    desk.pipeline.go.set()
    asyncio.run(desk.answer(ask("x", asker="v:1", conversation="c")))

    assert [kept.answer.question for kept in desk.earlier_in("c", "v:1")] == ["x"]
    assert desk.earlier_in("c", "v:2") == desk.earlier_in("", "v:1") == desk.earlier_in("c", "") == []
