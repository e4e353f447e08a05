"""The same answers in the form of OpenAI's chat completions, so that chat clients people already have can ask.

The text carries its markers and, below, its sources as numbered footnotes; the extra field `yigai` carries the whole
answer document: citations with offsets, the refusal's code, the id under which the answer is kept.
"""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from rag.errors import YigaiError
from rag.types import Answer, Citation, Said
from ui.asking import BadRequestError, filter_by_names
from ui.web.api import PROBLEMS, RETRY_AFTER_S, Asker, Name, given_document
from ui.web.desk import BusyError, Desk, Given, Question
from ui.web.words import word

_log = logging.getLogger(__name__)

MODEL = "yigai"
# As long as a request may be; a bound makes pydantic refuse halves of characters (lone surrogates) as well.
Text = Annotated[str, Field(max_length=2_000_000)]


class Part(BaseModel):
    """A piece of a message's content; only text is read."""

    model_config = ConfigDict(extra="ignore")

    type: str = "text"
    text: Text = ""


class Message(BaseModel):
    """A message of the conversation."""

    model_config = ConfigDict(extra="ignore")

    role: str
    content: Text | list[Part] | None = ""

    @property
    def text(self) -> str:
        """What it says."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptions(BaseModel):
    """How a stream ends."""

    model_config = ConfigDict(extra="ignore")

    include_usage: bool = False


class Restriction(BaseModel):
    """The extra field `yigai` of a request: what the search is restricted to."""

    model_config = ConfigDict(extra="forbid")

    regions: list[Name] = Field(default=[], max_length=50)
    since: int | None = None
    until: int | None = None
    sources: list[Name] = Field(default=[], max_length=50)


class ChatBody(BaseModel):
    """What of a chat completion request is read; everything else (temperature, tools, …) has no bearing here."""

    model_config = ConfigDict(extra="ignore")

    model: str = MODEL
    messages: list[Message] = Field(min_length=1, max_length=200)
    stream: bool = False
    stream_options: StreamOptions | None = None
    yigai: Restriction = Restriction()

    def asked(self, asker: str) -> Question:
        """Return the last message as the question, the user's earlier ones as its history.

        Raises:
            BadRequestError: The last message is not the user's.
        """
        if self.messages[-1].role != "user":
            raise BadRequestError(
                detail_en="The last message must be the user's question.",
                detail_zh="最后一条消息必须是用户的问题。",
            )
        within = filter_by_names(self.yigai.regions, self.yigai.since, self.yigai.until, self.yigai.sources)
        earlier = tuple(m.text for m in self.messages[:-1] if m.role == "user" and m.text.strip())
        return Question(
            text=self.messages[-1].text, via="openai", earlier=earlier, within=within, asker=asker
        )


def openai_router(desk: Desk) -> APIRouter:
    """Make the routes under /v1."""
    router = APIRouter(prefix="/v1", tags=["OpenAI's form"], responses=PROBLEMS)
    born = int(time.time())
    model = {"id": MODEL, "object": "model", "created": born, "owned_by": "yigai"}

    @router.get("/models")
    async def models() -> dict[str, Any]:
        """List the one model there is."""
        return {"object": "list", "data": [model]}

    @router.get("/models/{name}")
    async def one_model(name: str) -> Response:
        """Describe the model."""
        if name == MODEL:
            return JSONResponse(model)
        return _refused(f"The model {name!r} does not exist; there is {MODEL!r}.", 404, "model_not_found")

    @router.post("/chat/completions")
    async def complete(body: ChatBody, asker: Asker = "") -> Response:
        """Answer the last message; the extra field `yigai` holds the citations in full.

        A request may carry `"yigai": {"regions": [], "since": null, "until": null, "sources": []}` to restrict the search.
        """
        try:
            question = body.asked(asker)
            if body.stream:
                desk.line.require_room()
                usage = bool(body.stream_options and body.stream_options.include_usage)
                return StreamingResponse(
                    _chunks(desk, question, with_usage=usage),
                    media_type="text/event-stream",
                    headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
                )
            given = await desk.answer(question)
        except BadRequestError as error:
            return _refused(error.localised("en"), 400, "invalid_request_error")
        except BusyError as error:
            return _refused(error.localised("en"), 429, "busy", {"Retry-After": str(RETRY_AFTER_S)})
        return JSONResponse(_completion(given))

    return router


def _refused(message: str, status: int, code: str, headers: dict[str, str] | None = None) -> JSONResponse:
    error = {"message": message, "type": code, "param": None, "code": code}
    return JSONResponse({"error": error}, status_code=status, headers=headers)


def _completion(given: Given) -> dict[str, Any]:
    return {
        "id": _name(given.answer_id),
        "object": "chat.completion",
        "created": int(time.time()),
        "model": MODEL,
        "choices": [
            {
                "index": 0,
                "message": {
                    "role": "assistant",
                    "content": text_with_footnotes(given.answer),
                    "refusal": None,
                },
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "usage": _USAGE,
        "yigai": given_document(given),
    }


# Nothing is counted in tokens here; clients that add these up get zeros.
_USAGE = {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0}


async def _chunks(desk: Desk, question: Question, *, with_usage: bool) -> AsyncIterator[str]:
    name, created = _name(""), int(time.time())

    def chunk(delta: dict[str, Any], finish: str | None = None, **extra: object) -> str:
        choices = [{"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}]
        return _sent(
            {
                "id": name,
                "object": "chat.completion.chunk",
                "created": created,
                "model": MODEL,
                "choices": choices,
                **extra,
            }
        )

    yield chunk({"role": "assistant", "content": ""})
    said = 0
    try:
        async with aclosing(desk.stream(question)) as events:
            async for event in events:
                if isinstance(event, Said):
                    yield chunk({"content": _line(event.sentence.text, event.sentence.citations, said)})
                    said += 1
                elif isinstance(event, Given):
                    rest = event.answer.text if not said else ""
                    yield chunk({"content": rest + footnotes(event.answer)})
                    yield chunk({}, "stop", yigai=given_document(event))
    except YigaiError as error:
        yield _sent({"error": {"message": error.localised("en"), "type": "server_error", "code": None}})
    except Exception:  # noqa: BLE001  # the status is sent already: the stream must say that it failed
        _log.exception("a question failed")
        yield _sent({"error": {"message": "unexpected error", "type": "server_error", "code": None}})
    if with_usage:
        yield _sent(
            {
                "id": name,
                "object": "chat.completion.chunk",
                "created": created,
                "model": MODEL,
                "choices": [],
                "usage": _USAGE,
            }
        )
    yield "data: [DONE]\n\n"


def _sent(document: dict[str, Any]) -> str:
    return f"data: {json.dumps(document, ensure_ascii=False)}\n\n"


def _name(answer_id: str) -> str:
    return f"chatcmpl-{answer_id or secrets.token_hex(8)}"


def _line(text: str, citations: Sequence[int], before: int) -> str:
    return ("\n" if before else "") + text + "".join(f"[{n}]" for n in citations)


def text_with_footnotes(answer: Answer) -> str:
    """The answer as text, its sources below it; what a stream's pieces add up to."""
    return answer.text + footnotes(answer)


def footnotes(answer: Answer) -> str:
    """The sources of an answer, numbered as its markers are; empty for a refusal."""
    if not answer.citations:
        return ""
    return "\n\n" + "\n".join(_footnote(citation, answer) for citation in answer.citations)


def _footnote(citation: Citation, answer: Answer) -> str:
    language = answer.language
    where = " · ".join(
        [
            citation.title or word("untitled", language),
            citation.source or word("no_source", language),
            citation.date or word("undated", language),
        ]
    )
    return f"[{citation.number}] {where}：「{citation.quote}」"
