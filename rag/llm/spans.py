"""Calls of a model as OpenTelemetry spans: which model, how long, how many tokens; never a word of what was said."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import BaseMessage
from langchain_core.outputs import LLMResult
from opentelemetry import trace
from opentelemetry.trace import Span, StatusCode

_TRACER = "yigai"


class SpanHandler(BaseCallbackHandler):
    """Opens a span for each call and closes it with its outcome, named as the conventions for generative AI have it.

    Where spans go is OpenTelemetry's to know: the `OTEL_*` variables, or `opentelemetry-instrument`.
    """

    def __init__(self) -> None:
        self._spans: dict[UUID, Span] = {}

    def on_chat_model_start(
        self,
        serialized: dict[str, Any],  # noqa: ARG002  # LangChain's signature
        messages: list[list[BaseMessage]],  # noqa: ARG002  # as above; the words stay here
        *,
        run_id: UUID,
        **kwargs: object,
    ) -> None:
        """Begin."""
        model = _model_of(kwargs.get("metadata"))
        span = trace.get_tracer(_TRACER).start_span(f"chat {model}".strip())
        span.set_attribute("gen_ai.operation.name", "chat")
        span.set_attribute("gen_ai.request.model", model)
        self._spans[run_id] = span

    def on_llm_end(self, response: LLMResult, *, run_id: UUID, **kwargs: object) -> None:  # noqa: ARG002  # as above
        """End well."""
        if span := self._spans.pop(run_id, None):
            for part in response.generations[0][:1] if response.generations else []:
                used = getattr(getattr(part, "message", None), "usage_metadata", None) or {}
                span.set_attribute("gen_ai.usage.input_tokens", used.get("input_tokens", 0))
                span.set_attribute("gen_ai.usage.output_tokens", used.get("output_tokens", 0))
            span.end()

    def on_llm_error(self, error: BaseException, *, run_id: UUID, **kwargs: object) -> None:  # noqa: ARG002  # as above
        """End badly; only the kind of error is told, as its words may hold a key."""
        if span := self._spans.pop(run_id, None):
            span.set_attribute("error.type", type(error).__name__)
            span.set_status(StatusCode.ERROR)
            span.end()


def _model_of(metadata: object) -> str:
    return str(metadata.get("ls_model_name", "")) if isinstance(metadata, dict) else ""
