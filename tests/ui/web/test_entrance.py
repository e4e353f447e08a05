from __future__ import annotations

import asyncio
import threading
import time

import pytest

from ui.web import entrance as entrance_module
from ui.web.credentials import Credentials
from ui.web.entrance import Entrance, Sessions, Throttle, TooManyAttemptsError

RIGHT = Credentials(name="bob", password="s3cret-right")


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


class CountingAccounts:
    """Accounts whose check is slow enough to overlap, and counted."""

    def __init__(self, delay_s=0.0):
        self.checked, self.inside, self.most_inside = [], 0, 0
        self._delay_s, self._lock = delay_s, threading.Lock()

    def check(self, name, password):
        with self._lock:
            self.checked.append((name, password))
            self.inside += 1
            self.most_inside = max(self.most_inside, self.inside)
        time.sleep(self._delay_s)
        with self._lock:
            self.inside -= 1
        return (name, password) == ("bob", "s3cret-right")


def wrong(number=0, name="bob"):
    return Credentials(name=name, password=f"wrong {number}")


def test_a_session_lasts_twelve_hours_from_its_last_use():
    clock = Clock()
    sessions = Sessions(clock=clock)
    token = sessions.open("bob")

    clock.now += 12 * 3600 - 1
    assert sessions.name_of(token) == "bob"
    clock.now += 12 * 3600 - 1
    assert sessions.name_of(token) == "bob"
    clock.now += 12 * 3600
    assert sessions.name_of(token) is None
    assert len(sessions) == 0


def test_a_session_that_was_closed_is_over():
    sessions = Sessions()
    token, other = sessions.open("bob"), sessions.open("bob")

    sessions.close(token)
    sessions.close(token)

    assert sessions.name_of(token) is None
    assert sessions.name_of(other) == "bob"


def test_beyond_the_most_the_longest_unused_session_ends():
    sessions = Sessions(most=2)
    first, second = sessions.open("a"), sessions.open("b")
    sessions.name_of(first)

    third = sessions.open("c")

    assert len(sessions) == 2
    assert [sessions.name_of(token) for token in (first, second, third)] == ["a", None, "c"]


def test_the_memory_does_not_hold_a_token():
    sessions = Sessions()
    token = sessions.open("bob")

    assert token not in str(vars(sessions))
    assert "bob" in str(vars(sessions))


def test_the_sixth_attempt_within_a_minute_has_to_wait():
    clock = Clock()
    throttle = Throttle(clock=clock)
    for _ in range(5):
        throttle.require_patience("a", "b")
        throttle.count("a")
        clock.now += 5

    with pytest.raises(TooManyAttemptsError) as raised:
        throttle.require_patience("a", "b")
    throttle.require_patience("b")

    assert raised.value.wait_s == 35
    clock.now += 35
    throttle.require_patience("a")


def test_what_turned_out_right_is_no_failure():
    throttle = Throttle()
    for _ in range(20):
        throttle.count("a")
        throttle.uncount("a")

    throttle.require_patience("a")
    assert len(throttle) == 0


def test_counting_keeps_a_bounded_number():
    throttle = Throttle(most=10)
    for number in range(100):
        throttle.count(f"name {number}")

    assert len(throttle) == 10


async def test_a_right_password_is_remembered_for_five_minutes():
    clock, accounts = Clock(), CountingAccounts()
    entrance = Entrance(accounts, clock=clock)

    for _ in range(10):
        assert await entrance.check(RIGHT, "::1")
    clock.now += 301
    assert await entrance.check(RIGHT, "::1")

    assert len(accounts.checked) == 2


async def test_what_is_remembered_is_no_password():
    entrance = Entrance(CountingAccounts())
    await entrance.check(RIGHT, "::1")

    assert "s3cret" not in str(vars(entrance))


async def test_equal_requests_at_once_cost_one_check_and_are_no_failures():
    accounts = CountingAccounts(delay_s=0.05)
    entrance = Entrance(accounts)

    found = await asyncio.gather(*(entrance.check(RIGHT, "::1") for _ in range(20)))

    assert all(found)
    assert len(accounts.checked) == 1


async def test_many_at_once_are_no_way_around_the_throttle_and_two_are_checked_at_a_time():
    accounts = CountingAccounts(delay_s=0.05)
    entrance = Entrance(accounts)

    found = await asyncio.gather(
        *(entrance.check(wrong(n), "::1") for n in range(50)), return_exceptions=True
    )

    assert sum(result is False for result in found) == 5
    assert sum(isinstance(result, TooManyAttemptsError) for result in found) == 45
    assert accounts.most_inside == 2


async def test_one_address_may_not_try_name_after_name():
    entrance = Entrance(CountingAccounts())
    for number in range(5):
        assert not await entrance.check(wrong(name=f"name{number}"), "2001:db8::1")

    with pytest.raises(TooManyAttemptsError):
        await entrance.check(wrong(name="other"), "2001:db8::2")
    assert not await entrance.check(wrong(name="other"), "2001:db8:0:1::1")


async def test_one_name_may_not_be_tried_from_address_after_address():
    entrance = Entrance(CountingAccounts())
    for number in range(5):
        assert not await entrance.check(wrong(number), f"192.0.2.{number}")

    with pytest.raises(TooManyAttemptsError):
        await entrance.check(wrong(9), "192.0.2.9")


async def test_who_was_right_lately_is_not_kept_out_by_the_failures_of_others():
    entrance = Entrance(CountingAccounts())
    assert await entrance.check(RIGHT, "::1")
    for number in range(5):
        await entrance.check(wrong(number), "192.0.2.1")

    assert await entrance.check(RIGHT, "192.0.2.1")


async def test_a_password_that_was_wrong_is_checked_again_each_time():
    accounts = CountingAccounts()
    entrance = Entrance(accounts)

    assert not await entrance.check(wrong(), "::1")
    assert not await entrance.check(wrong(), "::1")

    assert len(accounts.checked) == 2


async def test_who_goes_away_does_not_take_the_answer_from_the_others():
    entrance = Entrance(CountingAccounts(delay_s=0.1))
    first = asyncio.create_task(entrance.check(RIGHT, "::1"))
    second = asyncio.create_task(entrance.check(RIGHT, "::1"))
    await asyncio.sleep(0.02)

    first.cancel()

    assert await second


async def test_only_so_many_right_passwords_are_remembered(monkeypatch):
    monkeypatch.setattr(entrance_module, "MOST_REMEMBERED", 1)
    accounts = CountingAccounts()
    accounts.check = lambda name, _: accounts.checked.append(name) is None
    entrance = Entrance(accounts)

    for name in ("a", "b", "b", "a"):
        assert await entrance.check(Credentials(name=name, password="x"), "::1")

    assert accounts.checked == ["a", "b", "a"]
