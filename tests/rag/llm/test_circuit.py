from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.llm.circuit import Circuit


class Clock:
    """Stands still until it is set."""

    now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def opened(clock, *, failures=3):
    circuit = Circuit(most=3, rest_s=30.0, clock=clock)
    for _ in range(failures):
        circuit.failed()
    return circuit


@pytest.mark.parametrize(("failures", "may_try"), [(0, True), (2, True), (3, False), (7, False)])
def test_it_opens_after_so_many_failures_in_a_row(clock, failures, may_try):
    assert opened(clock, failures=failures).may_try() is may_try


def test_a_success_between_failures_starts_the_count_anew(clock):
    circuit = opened(clock, failures=2)
    circuit.succeeded()
    circuit.failed()
    circuit.failed()

    assert circuit.may_try()


def test_after_its_rest_it_lets_one_through_and_no_other(clock):
    circuit = opened(clock)

    clock.now += 29.9
    assert not circuit.may_try()
    clock.now += 0.2
    assert [circuit.may_try() for _ in range(4)] == [True, False, False, False]


def test_whoever_never_tells_how_it_went_blocks_it_only_for_another_rest(clock):
    circuit = opened(clock)
    clock.now += 31
    circuit.may_try()

    clock.now += 29
    assert not circuit.may_try()
    clock.now += 2
    assert circuit.may_try()


def test_a_trial_that_fails_keeps_it_open_for_a_whole_rest_more(clock):
    circuit = opened(clock)
    clock.now += 31
    circuit.may_try()
    clock.now += 20
    circuit.failed()

    clock.now += 29
    assert not circuit.may_try()
    clock.now += 2
    assert circuit.may_try()


def test_a_trial_that_succeeds_closes_it(clock):
    circuit = opened(clock)
    clock.now += 31
    circuit.may_try()
    circuit.succeeded()

    assert [circuit.may_try() for _ in range(5)] == [True] * 5


@given(st.lists(st.booleans(), max_size=20))
def test_it_is_open_exactly_when_the_last_three_failed(outcomes):
    circuit = Circuit(most=3, clock=Clock())
    for is_well in outcomes:
        if is_well:
            circuit.succeeded()
        else:
            circuit.failed()

    assert circuit.may_try() is (outcomes[-3:] != [False] * 3)


def test_of_many_threads_one_gets_through(clock):
    circuit = opened(clock)
    clock.now += 31
    let_in, begin = [], threading.Barrier(8)

    def come():
        begin.wait()
        let_in.append(circuit.may_try())

    threads = [threading.Thread(target=come) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(let_in) == [False] * 7 + [True]
