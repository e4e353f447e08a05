from __future__ import annotations

import pytest
from unruly_endpoint import endpoint
from unruly_replies import FOREVER, Pace, Reply, failure

from rag.llm.checking import check_model

# These tests talk to a server of their own on this machine, and to nothing else.
pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def test_a_model_that_answers_is_there_and_its_time_is_told(client_of):
    with endpoint(Reply(content="2", pace=Pace(before_byte_s=0.1))) as server:
        check = check_model(client_of(server))

    assert (check.ok, check.problem) == (True, None)
    assert check.ms >= 100
    assert server.said() == "1 + 1 = ?"


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (Reply(content=" \n"), "empty"),
        (Reply(content=""), "empty"),
        (failure(401), "rejected"),
        (failure(500), "broken"),
        (Reply(content="2", pace=Pace(before_byte_s=FOREVER)), "slow"),
    ],
)
def test_what_is_wrong_is_told_and_not_raised(client_of, entry, code):
    with endpoint(entry) as server:
        check = check_model(client_of(server, llm_first_token_s=0.3))

    assert not check.ok
    assert check.problem.code == code
    assert server.url in str(check.problem)


def test_where_nobody_listens_the_model_is_not_reached(client_of):
    with endpoint(Reply(content="2")) as server:
        client = client_of(server)

    assert check_model(client).problem.code == "unreachable"
