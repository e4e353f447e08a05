"""Briefings made at the desk: in line, told how far, kept for who asked."""

from __future__ import annotations

import asyncio
import threading
from contextlib import aclosing

import pytest

from rag.briefing.editing import renamed
from rag.briefing.types import Request
from rag.briefing.write import NothingFoundError, write_briefing
from rag.errors import StoppedError
from rag.history import MemoryHistory
from ui.web.briefs import Briefs, Made, Progress
from ui.web.desk import BusyError, Desk, Line, Waiting

DEBT = Request(topic="公立医院化债")
SOON_S = 20


def desk_over(pipeline, *, at_once=1, most=4):
    return Desk(pipeline, history=MemoryHistory(), line=Line(at_once=at_once, most=most), settings={})


async def made(briefs, request=DEBT, asker="a"):
    return [event async for event in briefs.make(request, asker)]


class Slow:
    """Makes nothing until it is let go, and notes how it ended."""

    def __init__(self):
        self.begun, self.go, self.stopped = threading.Event(), threading.Event(), threading.Event()

    def __call__(self, pipeline, request, *, on_progress):
        self.begun.set()
        try:
            while not self.go.wait(0.01):
                on_progress(0, 1, "")
        except StoppedError:
            self.stopped.set()
            raise
        return write_briefing(pipeline, request, on_progress=on_progress)


async def until(event):
    assert await asyncio.to_thread(event.wait, SOON_S)


async def test_each_question_is_told_and_the_briefing_comes_last_and_is_kept(pipeline):
    briefs = Briefs(desk_over(pipeline), write_briefing)

    *told, last = await made(briefs)

    assert all(isinstance(event, Progress) for event in told)
    assert [event.done for event in told] == list(range(told[-1].all + 1))
    assert isinstance(last, Made)
    assert last.briefing == write_briefing(pipeline, DEBT)
    assert briefs.find(last.key, "a") == last.briefing
    assert briefs.desk.line.inside == 0


async def test_a_briefing_is_nobody_elses(pipeline):
    briefs = Briefs(desk_over(pipeline), write_briefing)
    key = (await made(briefs))[-1].key

    assert briefs.find(key, "b") is None
    assert briefs.change(key, "b", lambda briefing: briefing) is None


async def test_what_is_changed_stays_changed_and_a_change_that_fails_leaves_it_as_it_was(pipeline):
    briefs = Briefs(desk_over(pipeline), write_briefing)
    key = (await made(briefs))[-1].key

    briefs.change(key, "a", lambda briefing: renamed(briefing, (), "培训"))
    with pytest.raises(LookupError):
        briefs.change(key, "a", lambda briefing: renamed(briefing, (99,), "x"))

    assert briefs.find(key, "a").title == "培训"


def test_the_one_not_looked_at_for_longest_makes_room(pipeline):
    briefing = write_briefing(pipeline, DEBT)
    briefs = Briefs(desk_over(pipeline), write_briefing, most=2)
    first, second = briefs.keep(briefing, "a"), briefs.keep(briefing, "a")
    briefs.find(first, "a")
    third = briefs.keep(briefing, "a")

    assert [briefs.find(key, "a") is None for key in (first, second, third)] == [False, True, False]


async def test_a_topic_that_the_library_lacks_is_an_error_that_says_so(pipeline):
    briefs = Briefs(desk_over(pipeline), write_briefing)

    with pytest.raises(NothingFoundError):
        await made(briefs, Request(topic="高速铁路票价"))
    assert briefs.desk.line.inside == 0


async def test_who_leaves_ends_the_making_and_frees_the_seat(pipeline):
    slow = Slow()
    briefs = Briefs(desk_over(pipeline), slow)

    async with aclosing(briefs.make(DEBT, "a")) as events:
        assert isinstance(await anext(events), Progress)
    assert slow.stopped.is_set()
    assert briefs.desk.line.inside == 0


async def test_a_cancelled_making_ends_too(pipeline):
    slow = Slow()
    briefs = Briefs(desk_over(pipeline), slow)
    making = asyncio.ensure_future(made(briefs))
    await until(slow.begun)
    making.cancel()

    with pytest.raises(asyncio.CancelledError):
        await making
    assert slow.stopped.is_set()
    assert briefs.desk.line.inside == 0


async def test_others_wait_and_are_told_and_where_too_many_wait_one_is_turned_away(pipeline):
    slow = Slow()
    briefs = Briefs(desk_over(pipeline, most=1), slow)
    first = asyncio.ensure_future(made(briefs))
    await until(slow.begun)
    second = briefs.make(DEBT, "b")
    assert await anext(second) == Waiting(ahead=1)
    waiting = asyncio.ensure_future(anext(second))
    await asyncio.sleep(0.05)

    with pytest.raises(BusyError):
        await made(briefs, asker="c")

    slow.go.set()
    assert isinstance((await first)[-1], Made)
    await waiting
    await second.aclose()
