"""What an unruly endpoint may answer: the entries of its script. How they are written is in `unruly_wire`."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from email.utils import formatdate
from http.client import responses
from typing import Any, Literal

FOREVER = math.inf
KEEP_ALIVES = ": keep-alive\n\n\n: another\n\n"

Messages = Sequence[Mapping[str, Any]]
Content = str | Callable[[Messages], str]
FaultKind = Literal["stall", "reset", "close", "half_character", "error", "bad_json"]
Dialect = Literal["llama.cpp", "openai", "vllm"]


@dataclass(frozen=True, kw_only=True)
class Pace:
    """Seconds of silence; `FOREVER` lasts until the client hangs up or the server is closed.

    Attributes:
        before_byte_s: Before the status line.
        before_token_s: After the headers, before the first piece; an answer in one document keeps it too.
        between_tokens_s: Before each further piece.
        comment_every_s: How often a comment breaks the silence after the headers, which no read timeout then ends.
    """

    before_byte_s: float = 0.0
    before_token_s: float = 0.0
    between_tokens_s: float = 0.0
    comment_every_s: float = FOREVER


@dataclass(frozen=True, kw_only=True)
class Form:
    """How a stream is written; whatever is said here, it says the same.

    Attributes:
        line_end: Of every line of the stream.
        prefix: Before every event's JSON.
        noise: Stands before every event, such as `KEEP_ALIVES`; its lines end as all do.
        has_done: Whether `[DONE]` ends the stream.
        is_chunked: Whether the body's end is marked; if not, a closed connection looks like the end.
        is_bytewise: Whether every byte is a write, and a chunk, of its own: no character arrives whole.
    """

    line_end: str = "\n"
    prefix: str = "data: "
    noise: str = ""
    has_done: bool = True
    is_chunked: bool = True
    is_bytewise: bool = False


FORMS = (
    Form(),
    Form(is_bytewise=True),
    Form(is_bytewise=True, is_chunked=False),
    Form(is_chunked=False),
    Form(line_end="\r\n", prefix="data:"),
    Form(line_end="\r\n", noise=KEEP_ALIVES),
    Form(has_done=False),
)
"""Every way to write the same."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """What goes wrong once the reply has begun.

    Attributes:
        kind: "stall" says nothing more, "reset" and "close" end the connection (without the body's end), as does
            "half_character", inside the next character of more than one byte; "error" and "bad_json" are
            an event each, after which the stream goes on.
        after_pieces: How many pieces come before it (a document has two halves: it is always between them);
            None: the whole stream, with its `[DONE]`, but not the end of the body.
    """

    kind: FaultKind
    after_pieces: int | None = 2


@dataclass(frozen=True, kw_only=True)
class Reply:
    """A model's answer: a stream of pieces where the request asks for one, else one document.

    Attributes:
        content: The answer, or what makes it from the request's messages.
        reasoning: Comes before it, in `reasoning_content`.
        piece_chars: Code points in a piece.
        finish: The `finish_reason`; None sends none.
        usage: Tokens of the prompt and of the answer (in a stream: where the request asks for them), or nothing.
        refuses: A field of the request that is answered with 400, without using up the reply.
        is_endless: Whether the content is said again and again; as one document it never comes.
    """

    content: Content = ""
    reasoning: str = ""
    piece_chars: int = 4
    finish: str | None = "stop"
    usage: tuple[int, int] | None = (120, 30)
    refuses: str = ""
    is_endless: bool = False
    pace: Pace = field(default_factory=Pace)
    form: Form = field(default_factory=Form)
    fault: Fault | None = None


@dataclass(frozen=True, kw_only=True)
class Failure:
    """A reply that is no answer: a status and a body of its own, as a server or a proxy before it sends them."""

    status: int
    body: str
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    before_byte_s: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Silence:
    """The connection is closed, or reset, before any byte."""

    is_reset: bool = False


Entry = Reply | Failure | Silence


# Entries that tests name often


def as_json(value: object, **rest: Any) -> Reply:
    """Answer with a JSON document, as a model does that is held to a schema."""
    return Reply(content=json.dumps(value, ensure_ascii=False), **rest)


def thinking_aloud(thought: str, answer: str, **rest: Any) -> Reply:
    """Answer after a `<think>` block in the content itself, as reasoning models do behind plain servers."""
    return Reply(content=f"<think>\n{thought}\n</think>\n\n{answer}", **rest)


def endless(sentence: str, *, between_tokens_s: float = 0.001) -> Reply:
    """Say a sentence until the client hangs up."""
    return Reply(
        content=sentence, piece_chars=8, is_endless=True, pace=Pace(between_tokens_s=between_tokens_s)
    )


def failure(
    status: int, *, message: str = "", headers: Mapping[str, str] | None = None, **of: Any
) -> Failure:
    """Fail with an error in OpenAI's form; `of` are its further fields (`code`, `type`, `param`, ...)."""
    error = {
        "message": message or responses.get(status, "Unnamed"),
        "type": "error",
        "param": None,
        "code": None,
        **of,
    }
    return Failure(status=status, body=json.dumps({"error": error}), headers=headers or {})


def over_quota(retry_after: str | None = None) -> Failure:
    """Fail with 429, with the `Retry-After` given: seconds, `http_date`, or what nobody can read."""
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return failure(429, message="Rate limit reached", code="rate_limit_exceeded", headers=headers)


def http_date(in_s: float) -> str:
    """Return a moment so many seconds from now as headers write it: whole seconds only."""
    return formatdate(time.time() + in_s, usegmt=True)


def bad_gateway() -> Failure:
    """Fail with 502 and the page of a proxy that does not reach the model."""
    page = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
    return Failure(status=502, body=page, content_type="text/html")


def too_long(dialect: Dialect, *, prompt_tokens: int = 5120, context_tokens: int = 4096) -> Failure:
    """Fail with 400 as the context is too long, in the words of one of the servers."""
    limit = f"This model's maximum context length is {context_tokens} tokens. "
    if dialect == "llama.cpp":
        return failure(
            400,
            message=f"request ({prompt_tokens} tokens) exceeds the available context size ({context_tokens} tokens)"
            ", try increasing it",
            type="exceed_context_size_error",
            code=400,
            n_prompt_tokens=prompt_tokens,
            n_ctx=context_tokens,
        )
    if dialect == "openai":
        return failure(
            400,
            message=f"{limit}However, your messages resulted in {prompt_tokens} tokens.",
            type="invalid_request_error",
            param="messages",
            code="context_length_exceeded",
        )
    message = f"{limit}However, you requested {prompt_tokens} tokens in the messages."
    body = {"object": "error", "message": message, "type": "BadRequestError", "param": None, "code": 400}
    return Failure(status=400, body=json.dumps(body))


def refusal(entry: Entry, request: Mapping[str, Any]) -> Failure | None:
    """Return what answers a request with a field that the entry refuses."""
    if not isinstance(entry, Reply) or not entry.refuses or entry.refuses not in request:
        return None
    return failure(
        400,
        message=f"Unsupported parameter: '{entry.refuses}'",
        type="invalid_request_error",
        param=entry.refuses,
        code="unsupported_parameter",
    )
