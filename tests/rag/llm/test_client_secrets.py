from __future__ import annotations

import json
import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st
from unruly_endpoint import endpoint
from unruly_replies import Reply, failure, over_quota

from rag.errors import GenerationError
from rag.llm.client import is_outage
from rag.llm.failures import trouble
from rag.llm.waits import seconds_of, wait_s

# These tests talk to a server of their own on this machine, and to nothing else.
pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

TEXT = "芜湖市2023年新增托位1200个，同比增长8.5%[1]。𠮷"
TURNS = [("system", "只说真话。"), ("human", "问题")]
SECRET = "sk-very-secret-4711"


def reason(client):
    """Why a client gives no answer."""
    with pytest.raises(GenerationError) as raised:
        client.complete(TURNS)
    return raised.value.code


# The key


@pytest.mark.parametrize(
    "entry",
    [
        Reply(content=TEXT),
        failure(401, message=f"Incorrect API key provided: {SECRET}"),
        failure(500, message=SECRET),
        over_quota("99"),
        failure(400, message=SECRET),
    ],
)
def test_the_key_is_in_no_log_and_no_error(client_of, caplog, capfd, entry):
    caplog.set_level(logging.DEBUG)
    with endpoint(entry) as server:
        client = client_of(
            server,
            llm_base_url=server.url.replace("127", f"u:{SECRET}@127"),
            llm_api_key=SECRET,
        )
        try:
            told = client.complete(TURNS)
        except GenerationError as error:
            told = f"{error} {error!r} {error.localised('zh')} {error.__cause__} {error.__suppress_context__}"

    assert len(caplog.records) > 3
    ours = [record for record in caplog.records if SECRET in record.getMessage()]
    assert [(record.name, record.getMessage()[:300]) for record in ours] == []
    assert SECRET not in told
    assert SECRET not in "".join(capfd.readouterr())


def test_a_query_is_in_no_log_either(client_of, recorder, caplog):
    caplog.set_level(logging.DEBUG)
    client = client_of(recorder, llm_base_url=f"{recorder.url}/v1?key={SECRET}")
    with pytest.raises(GenerationError):
        client.complete(TURNS)

    assert SECRET in recorder.seen[0][0]
    assert SECRET not in caplog.text


# Waits


class Told(Exception):
    def __init__(self, **headers):
        self.response = type("Response", (), {"headers": headers, "status_code": 429})


@pytest.mark.parametrize(("asked", "seconds"), [("0", 0), ("2", 2), ("1.5", 1.5), ("-3", 0), ("3600", 3600)])
def test_the_wait_is_what_the_server_asks_for(asked, seconds):
    assert wait_s(Told(**{"retry-after": asked}), 0) == seconds


@pytest.mark.parametrize("attempt", range(4))
def test_else_it_doubles_give_or_take_a_quarter(attempt):
    waits = [wait_s(Told(), attempt) for _ in range(200)]

    assert 0.375 * 2**attempt <= min(waits)
    assert max(waits) <= 0.625 * 2**attempt
    assert len(set(waits)) > 1


@given(
    st.one_of(st.text(), st.from_regex(r"[A-Z][a-z]{2}, \d+ [A-Z][a-z]{2} \d+ \d+:\d+:\d+ ?(GMT|[+-]\d+)?"))
)
def test_no_header_breaks_the_wait(asked):
    seconds = seconds_of(asked)

    assert seconds is None or seconds >= 0


def test_a_moment_that_has_passed_is_no_wait():
    assert seconds_of("Wed, 21 Oct 2015 07:28:00 GMT") == 0


@pytest.mark.parametrize(
    ("code", "is_so"),
    [("slow", True), ("interrupted", True), ("over_quota", True), ("empty", False), ("too_long", False)],
)
def test_only_what_is_the_servers_fault_counts_as_an_outage(code, is_so):
    assert is_outage(trouble(code, "x")) is is_so


def test_a_failure_is_logged_without_what_was_asked(client_of, caplog):
    caplog.set_level(logging.INFO, logger="rag")
    with endpoint(failure(401)) as server:
        reason(client_of(server))

    assert [record.getMessage() for record in caplog.records if record.name.startswith("rag")] == [
        f"the model at {server.url}: rejected"
    ]
    assert "问题" not in json.dumps(caplog.text)
