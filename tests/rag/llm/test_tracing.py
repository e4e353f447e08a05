from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode
from unruly_endpoint import endpoint
from unruly_replies import Fault, Reply, endless, failure

from rag.errors import GenerationError

# These tests talk to servers of their own on this machine, and to nothing else.
pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

SECRET = "sk-very-secret-4711"
QUESTION = "院内机密问题"
ANSWER = "院内机密回答"

ASKS = """
import sys
from rag.build import build_client
from rag.llm.opening import address_of, open_model
from rag.settings import load_settings

url, how = sys.argv[1:]
settings = load_settings(llm_base_url=url, llm_model="m", tracing=how if how != "bare" else "")
if how == "bare":
    told = open_model(address_of(settings)).invoke("院内机密问题").content
else:
    told = build_client(settings).complete([("human", "院内机密问题")])
sys.stdout.buffer.write(told.encode())
"""


@pytest.fixture
def ask_elsewhere(recorder):
    """Asks in a process of its own, in whose environment LangSmith is told to trace: it reads that once."""

    def ask(how):
        traced = {
            "LANGSMITH_TRACING": "true",
            "LANGCHAIN_TRACING_V2": "true",
            "LANGSMITH_ENDPOINT": recorder.url,
            "LANGCHAIN_ENDPOINT": recorder.url,
            "LANGSMITH_API_KEY": SECRET,
        }
        with endpoint(Reply(content=ANSWER)) as server:
            done = subprocess.run(
                [sys.executable, "-c", textwrap.dedent(ASKS), server.url, how],
                env=os.environ | traced,
                capture_output=True,
                timeout=60,
                check=True,
            )
        assert done.stdout.decode() == ANSWER
        return [body for _, _, body in recorder.seen]

    return ask


def test_nothing_is_traced_though_the_environment_says_so(ask_elsewhere):
    assert ask_elsewhere("") == []


def test_without_our_client_the_same_environment_would_have_it_traced(ask_elsewhere):
    assert ask_elsewhere("bare") != []


def test_langsmith_gets_the_call_where_it_is_asked_for(ask_elsewhere):
    sent = b"".join(ask_elsewhere("langsmith")).decode(errors="replace")

    assert QUESTION in sent
    assert ANSWER in sent
    assert SECRET not in sent


def test_opentelemetry_does_not_call_langsmith(ask_elsewhere):
    assert ask_elsewhere("otel") == []


# Spans


@pytest.fixture
def spans(monkeypatch):
    """What a real exporter is given."""
    exporter, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "get_tracer", provider.get_tracer)
    return exporter.get_finished_spans


def complete(client):
    return client.complete([("system", QUESTION), ("human", QUESTION)])


def test_a_span_holds_model_and_tokens_and_no_word(client_of, spans):
    with endpoint(Reply(content=ANSWER, usage=(321, 45))) as server:
        assert complete(client_of(server, tracing="otel", llm_api_key=SECRET)) == ANSWER

    (span,) = spans()
    assert span.name == "chat m"
    assert dict(span.attributes) == {
        "gen_ai.operation.name": "chat",
        "gen_ai.request.model": "m",
        "gen_ai.usage.input_tokens": 321,
        "gen_ai.usage.output_tokens": 45,
    }
    assert span.status.status_code is StatusCode.UNSET
    assert is_discreet(span)


def is_discreet(span):
    told = span.to_json(indent=None) + span.to_json().encode().decode("unicode_escape")
    return not any(word in told for word in ("机密", SECRET, "127.0.0.1"))


@pytest.mark.parametrize(
    "entry",
    [
        failure(401, message=f"Incorrect API key provided: {SECRET}"),
        failure(500),
        Reply(content=ANSWER, fault=Fault(kind="reset", after_pieces=1)),
    ],
)
def test_a_span_of_a_failure_holds_its_kind_and_no_word(client_of, spans, entry):
    with endpoint(entry) as server, pytest.raises(GenerationError):
        complete(client_of(server, tracing="otel", llm_api_key=SECRET))

    (span,) = spans()
    assert span.status.status_code is StatusCode.ERROR
    assert span.attributes["error.type"]
    assert not span.events
    assert is_discreet(span)


def test_each_attempt_has_a_span(client_of, spans):
    with endpoint(failure(500), Reply(content=ANSWER)) as server:
        complete(client_of(server, tracing="otel", llm_retries=1))

    assert [span.status.status_code for span in spans()] == [StatusCode.ERROR, StatusCode.UNSET]


def test_a_span_ends_where_the_reader_leaves(client_of, spans):
    with endpoint(endless("好。")) as server:
        pieces = client_of(server, tracing="otel").stream([("human", QUESTION)])
        next(pieces)
        pieces.close()

    assert len(spans()) == 1


def test_without_tracing_there_is_no_span(client_of, spans):
    with endpoint(Reply(content=ANSWER)) as server:
        complete(client_of(server))

    assert spans() == ()
