from __future__ import annotations

import itertools

import pytest
from patience import TURNS, outcome, within
from unruly_endpoint import endpoint
from unruly_replies import (
    Fault,
    Reply,
    Silence,
    endless,
    failure,
    over_quota,
    too_long,
)

from rag.llm import client as client_module
from rag.llm.circuit import Circuit
from rag.llm.client import ModelClient, Patience
from rag.llm.opening import ModelAddress, open_model

# These tests talk to a server of their own on this machine, and to nothing else.
pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

TEXT = "芜湖市2023年新增托位1200个，同比增长8.5%[1]。𠮷"
WHOLE = Reply(content=TEXT)


@pytest.mark.parametrize(
    "entry",
    [failure(500), Silence(), failure(401), over_quota(), Reply(content=TEXT, fault=Fault(kind="reset"))],
)
def test_after_three_outages_no_request_is_made(client_of, entry):
    with endpoint(entry) as server:
        client = client_of(server)
        for _ in range(3):
            assert outcome(client)[1] != "resting"

        with within(2):
            assert [outcome(client) for _ in range(5)] == [("", "resting")] * 5
        assert len(server.requests) == 3


@pytest.mark.parametrize("entry", [too_long("vllm"), Reply(content=TEXT, finish="length"), Reply(content="")])
def test_what_says_nothing_of_the_server_leaves_it_in_use(client_of, entry):
    with endpoint(entry) as server:
        client = client_of(server)

        assert "resting" not in [outcome(client)[1] for _ in range(6)]


def test_a_success_in_between_starts_the_count_anew(client_of):
    with endpoint(failure(500), failure(500), WHOLE, failure(500), failure(500), WHOLE) as server:
        client = client_of(server)

        assert [outcome(client)[1] for _ in range(6)] == ["broken", "broken", "", "broken", "broken", ""]


def resting(server, *, clock):
    """A client whose circuit is open, and tells the time by a clock of ours."""
    model = open_model(ModelAddress(model="m", base_url=server.url))
    circuit = Circuit(most=3, rest_s=30, clock=lambda: clock[0])
    client = ModelClient(
        model, name="m", place="here", patience=Patience(whole_s=3, retries=0), circuit=circuit
    )
    for _ in range(3):
        outcome(client)
    assert outcome(client) == ("", "resting")
    return client


def test_a_model_that_has_recovered_is_used_again(client_of):
    clock = [0.0]
    with endpoint(*[failure(500)] * 3, WHOLE) as server:
        client = resting(server, clock=clock)

        clock[0] = 31.0
        assert [outcome(client) for _ in range(3)] == [(TEXT, "")] * 3


def test_who_leaves_a_model_that_answers_again_has_seen_that_it_does(client_of):
    clock = [0.0]
    with endpoint(*[failure(500)] * 3, endless("好。"), WHOLE) as server:
        client = resting(server, clock=clock)
        clock[0] = 31.0
        pieces = client.stream(TURNS)
        list(itertools.islice(pieces, 3))
        pieces.close()

        assert outcome(client) == (TEXT, "")


def test_the_longest_wait_is_shorter_than_any_rest():
    assert client_module._LONGEST_WAIT_S < 30
