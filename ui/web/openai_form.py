"""The same answers in the form of OpenAI's chat completions, so that chat clients people already have can ask.

The text carries its markers and, below, a comparison as a table, its notes and its sources as numbered footnotes; the extra field `yigai` carries
the whole answer document: citations with offsets, the refusal's code, the id under which the answer is kept.
"""

from __future__ import annotations

import json
import logging
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field

from rag.errors import YigaiError
from rag.normalise import detect_language
from rag.pipeline import readable
from rag.types import Answer, Said
from ui.asking import BadRequestError, filter_by_names
from ui.render import answer_notes, answer_text, citation_head, sentence_line
from ui.tables import table_markdown
from ui.web.api import PROBLEMS, RETRY_AFTER_S, Asker, Name, given_document
from ui.web.desk import BusyError, Desk, Given, Question
from ui.web.leaving import while_listening

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
    async def complete(body: ChatBody, request: Request, asker: Asker = "") -> Response:
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
            given = await while_listening(request, desk.answer(question))
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
        "usage": _usage(given.answer),
        "yigai": given_document(given),
    }


def _usage(answer: Answer | None) -> dict[str, int]:
    """What a language model read and wrote; where none did nothing is counted, and clients that add up get zeros."""
    read, wrote = 0, 0
    if answer is not None and answer.usage is not None:
        read, wrote = answer.usage.prompt_tokens, answer.usage.completion_tokens
    return {"prompt_tokens": read, "completion_tokens": wrote, "total_tokens": read + wrote}


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
    said, answer = 0, None
    language = detect_language(readable(question.text))
    try:
        async with aclosing(desk.stream(question)) as events:
            async for event in events:
                if isinstance(event, Said):
                    line = sentence_line(event.sentence, language)
                    yield chunk({"content": f"\n{line}" if said else line})
                    said += 1
                elif isinstance(event, Given):
                    answer = event.answer
                    rest = answer_text(answer) if not said else ""
                    yield chunk({"content": rest + footnotes(answer)})
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
                "usage": _usage(answer),
            }
        )
    yield "data: [DONE]\n\n"


def _sent(document: dict[str, Any]) -> str:
    return f"data: {json.dumps(document, ensure_ascii=False)}\n\n"


def _name(answer_id: str) -> str:
    return f"chatcmpl-{answer_id or secrets.token_hex(8)}"


def text_with_footnotes(answer: Answer) -> str:
    """The answer as text, its sources below it; what a stream's pieces add up to."""
    return answer_text(answer) + footnotes(answer)


def footnotes(answer: Answer) -> str:
    """What stands below an answer: a comparison as a table; why it is not the model's, or which worded it; the sources."""
    if not answer.citations:
        return ""
    language = answer.language
    sources = [f"[{c.number}] {citation_head(c, language)}：「{c.quote}」" for c in answer.citations]
    table = table_markdown(answer.table, language) if answer.table else []
    blocks = [table, answer_notes(answer, language), sources]
    return "".join("\n\n" + "\n".join(lines) for lines in blocks if lines)
