"""Tracing of a model's calls through LangChain's own callbacks: to LangSmith or OpenTelemetry, and only where it is set."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

Tracing = Callable[[], AbstractContextManager[list[Any]]]
"""Makes what surrounds a call, and gives the callbacks it is made with."""


def tracing_of(name: str) -> Tracing:
    """Return the tracing of that name ("", "langsmith", "otel")."""
    return {"": untraced, "langsmith": _langsmith, "otel": _otel}[name]


@contextmanager
def untraced() -> Iterator[list[Any]]:
    """LangChain reads LANGSMITH_TRACING from the environment; questions leave this machine only where we are told so."""
    from langsmith.run_helpers import tracing_context

    with tracing_context(enabled=False):
        yield []


@contextmanager
def _langsmith() -> Iterator[list[Any]]:
    from langchain_core.tracers.langchain import LangChainTracer
    from langsmith.run_helpers import tracing_context

    with tracing_context(enabled=True):
        yield [LangChainTracer()]


@contextmanager
def _otel() -> Iterator[list[Any]]:
    from rag.llm.spans import SpanHandler

    with untraced():
        yield [SpanHandler()]
