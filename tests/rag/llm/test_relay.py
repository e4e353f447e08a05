from __future__ import annotations

import asyncio
import contextlib
import itertools
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import StoppedError
from rag.llm.relay import relay

SOON_S = 2.0


@pytest.fixture(autouse=True)
def _nothing_is_left():
    yield
    assert len([t for t in threading.enumerate() if t.name == "yigai-model"]) <= 1
    assert unfinished() == []


def unfinished():
    """What still runs in the one thread."""

    async def others():
        yield [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]

    return next(relay(others))


class Source:
    """Yields items, then does what it is told; notes how it ended."""

    def __init__(self, *items, then=None):
        self.items, self.then = items, then
        self.ended_by = None
        self.is_closed = threading.Event()

    async def __call__(self):
        try:
            for item in self.items:
                yield item
            if self.then is not None:
                await self.then()
        except BaseException as error:
            self.ended_by = type(error)
            raise
        finally:
            self.is_closed.set()


async def forever():
    await asyncio.Event().wait()


@given(st.lists(st.one_of(st.none(), st.text(max_size=3), st.integers()), max_size=50))
def test_whatever_a_source_yields_comes_out_whole_and_in_order(items):
    assert list(relay(Source(*items))) == items


def test_items_come_out_while_the_source_goes_on():
    items = relay(Source("一", "二", then=forever))

    assert [next(items), next(items)] == ["一", "二"]
    items.close()


@pytest.mark.parametrize("error", [ValueError("x"), TimeoutError(), KeyError("k")])
def test_what_goes_wrong_in_the_source_comes_out_after_what_it_yielded(error):
    async def fail():
        raise error

    items = relay(Source(1, 2, then=fail))

    assert list(itertools.islice(items, 2)) == [1, 2]
    with pytest.raises(type(error)) as raised:
        next(items)
    assert raised.value is error


def test_an_error_before_the_first_item_comes_out():
    async def fail():
        raise OSError("no")

    with pytest.raises(OSError, match="no"):
        list(relay(Source(then=fail)))


@pytest.mark.parametrize("taken", [1, 2])
def test_closing_cuts_off_a_silent_source_at_once(taken):
    source = Source("一", "二", then=forever)
    items = relay(source)
    for _ in range(taken):
        next(items)

    begun = time.monotonic()
    items.close()

    assert time.monotonic() - begun < SOON_S
    assert source.is_closed.is_set()
    assert source.ended_by in (asyncio.CancelledError, GeneratorExit)


def test_closing_cuts_off_a_source_that_never_pauses_to_wait():
    async def chatter():
        for n in itertools.count():
            yield n
            await asyncio.sleep(0)

    items = relay(chatter)
    assert list(itertools.islice(items, 100)) == list(range(100))

    begun = time.monotonic()
    items.close()
    assert time.monotonic() - begun < SOON_S


def test_a_source_that_swallows_a_cancellation_is_cut_off_all_the_same():
    # As `asyncio.wait_for` does on Python 3.11 where what it waits for comes in the same moment.
    async def deaf():
        yield "一"
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        await asyncio.Event().wait()

    items = relay(deaf)
    next(items)

    begun = time.monotonic()
    items.close()
    assert time.monotonic() - begun < 5


def test_stop_is_noticed_while_the_source_is_silent():
    source, stop = Source("一", then=forever), threading.Event()
    items = relay(source, stop=stop)
    assert next(items) == "一"

    timer = threading.Timer(0.1, stop.set)
    timer.start()
    begun = time.monotonic()
    with pytest.raises(StoppedError):
        next(items)

    assert time.monotonic() - begun < 0.1 + SOON_S
    assert source.ended_by is asyncio.CancelledError
    timer.join()


def test_nothing_more_comes_out_once_stop_is_set():
    stop = threading.Event()
    items = relay(Source(*"一二三四"), stop=stop)
    assert next(items) == "一"
    stop.set()

    with pytest.raises(StoppedError):
        next(items)


def test_a_stop_that_is_never_set_changes_nothing():
    assert list(relay(Source(*range(500)), stop=threading.Event())) == list(range(500))


def test_an_iterator_that_nobody_keeps_cuts_its_source_off():
    source = Source("一", then=forever)
    next(relay(source))

    assert source.is_closed.wait(SOON_S)


def test_a_relay_that_is_never_read_starts_nothing():
    relay(Source("一", then=forever)).close()


def test_a_source_that_cancels_itself_just_ends():
    async def cancel():
        task = asyncio.current_task()
        task.cancel()
        await asyncio.sleep(0)

    assert list(relay(Source(1, then=cancel))) == [1]


def test_several_relays_keep_their_items_apart():
    relays = [relay(Source(*range(n * 100, n * 100 + 50))) for n in range(5)]

    taken = [list(row) for row in zip(*relays, strict=True)]

    assert taken == [[n * 100 + k for n in range(5)] for k in range(50)]
