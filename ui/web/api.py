"""The HTTP interface: what a program may ask, in the words of `yigai ask --json`. FastAPI stays in here."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime
from http import HTTPStatus
from importlib import metadata
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, FastAPI, Header, Path, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from rag.errors import AnswerNotFoundError, ArticleNotFoundError, YigaiError
from rag.history import Feedback
from rag.pipeline import Event, Step
from rag.types import Said
from ui.asking import FIRST_YEAR, LAST_YEAR, BadRequestError, filter_by_names
from ui.printings import citation_documents, document_with_printings, printings_of
from ui.shelf import articles_document
from ui.versions import VersionNotFoundError, article_as_asked
from ui.web.desk import BusyError, Desk, Given, Question, Waiting
from ui.web.documents import AnswerDocument, event_stream_content
from ui.web.leaving import while_listening

if TYPE_CHECKING:
    from rag.library import Library

_CLIENT_LEFT = 499
"""Nobody reads it; nginx's own number for it."""

_log = logging.getLogger(__name__)

RETRY_AFTER_S = 5
_STATUS: dict[type[YigaiError], int] = {
    BadRequestError: 422,
    ArticleNotFoundError: 404,
    AnswerNotFoundError: 404,
    VersionNotFoundError: 404,
    BusyError: 503,
}
# A bound also makes pydantic refuse halves of characters (lone surrogates), which JSON can carry.
Name = Annotated[str, Field(max_length=200)]
Words = Annotated[str, Field(max_length=20_000)]
Asker = Annotated[str, Header(alias="x-yigai-asker", include_in_schema=False)]


class AskBody(BaseModel):
    """A question, with what it may lean on and what it is restricted to."""

    model_config = ConfigDict(extra="forbid")

    question: Words = Field(examples=["芜湖是怎么化债的？", "How did Wuhu reduce debt?"])
    history: list[Words] = Field(
        default=[], max_length=50, description="Earlier questions of the conversation, oldest first."
    )
    regions: list[Name] = Field(
        default=[], max_length=50, description="Names of places: 芜湖市, Wuhu.", examples=[["芜湖市"]]
    )
    since: int | None = Field(default=None, ge=FIRST_YEAR, le=LAST_YEAR, description="First year.")
    until: int | None = Field(default=None, ge=FIRST_YEAR, le=LAST_YEAR, description="Last year.")
    sources: list[Name] = Field(
        default=[], max_length=50, description="Outlets, exactly as articles name them."
    )

    def asked(self, asker: str) -> Question:
        """Return the question for the desk."""
        within = filter_by_names(self.regions, self.since, self.until, self.sources)
        return Question(
            text=self.question, via="api", earlier=tuple(self.history), within=within, asker=asker
        )


class FeedbackBody(BaseModel):
    """What someone thinks of an answer of theirs."""

    model_config = ConfigDict(extra="forbid")

    liked: bool
    reason: str = Field(default="", max_length=1000)


class ProblemDetail(BaseModel):
    """What went wrong: `code` for programs, the message in English and Chinese."""

    code: str
    message: str
    message_zh: str


class Problem(BaseModel):
    """The document of every error."""

    error: ProblemDetail


PROBLEMS: dict[int | str, dict[str, Any]] = {
    422: {"model": Problem, "description": "The request is malformed, or names a place that is not known."}
}


def api_router(desk: Desk) -> APIRouter:
    """Make the routes under /api."""
    router = APIRouter(prefix="/api", tags=["yigai"], responses=PROBLEMS)
    library = desk.pipeline.library

    @router.get("/health")
    async def health() -> dict[str, Any]:
        """Say that the server is up, and how many questions are being answered and waiting."""
        line = desk.line
        return {
            "status": "ok",
            "version": metadata.version("yigai"),
            "answering": line.inside,
            "waiting": line.waiting,
        }

    @router.post("/ask", responses=_EVENT_STREAM)
    async def ask(
        body: AskBody, request: Request, accept: Annotated[str, Header()] = "", asker: Asker = ""
    ) -> Response:
        """Answer a question with citations, or refuse; the JSON is that of `yigai ask --json`, with `answer_id`.

        With `Accept: text/event-stream` the answer comes as server-sent events: `waiting`, `step`, `sentence` (each with
        the citations that it is the first to use), then `answer` with the whole document, or `error`.

        Where a language model is set, it words the answer, and every sentence is checked against the articles before it
        is sent: `composer` says what worded it, `fallback_reason` why that is not (only) the model, `usage` what it cost.
        A sentence with `supported: false` is proven by nothing, and must be shown as such. `conflicts` names what the
        articles give different figures for.
        """
        question = body.asked(asker)
        if "text/event-stream" in accept:
            desk.line.require_room()
            return StreamingResponse(
                _events(desk, question), media_type="text/event-stream", headers=_UNCACHED
            )
        return JSONResponse(given_document(await while_listening(request, desk.answer(question))))

    @router.get("/articles")
    def articles() -> dict[str, Any]:
        """List the articles."""
        return articles_document(library.articles())

    @router.get("/articles/{article_id}", responses=_ABSENT)
    def article(
        article_id: Annotated[str, Path(max_length=200)],
        version: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
        start: Annotated[int, Query(ge=0, le=2**31)] = 0,
        quote: Annotated[str, Query(max_length=5_000)] = "",
    ) -> dict[str, Any]:
        """Return one article whole; offsets of citations are code points into `text`.

        `version` asks for an earlier version by its number (`versions` lists them). `quote` with `start`, as a citation
        has them, asks for the article as it was quoted: the latest version with these words in that place. `version` of
        the document is null for the article as it is now, which also comes back where no version has the quote.
        """
        return article_as_asked(library, article_id, version=version, start=start, quote=quote)

    @router.post("/answers/{answer_id}/feedback", status_code=204, responses=_ABSENT)
    def feedback(
        answer_id: Annotated[str, Path(max_length=64)], body: FeedbackBody, asker: Asker = ""
    ) -> None:
        """Keep what you think of an answer that you were given."""
        given_at = datetime.now(UTC).isoformat(timespec="seconds")
        kept = Feedback(liked=body.liked, reason=body.reason.strip(), given_at=given_at)
        desk.history.rate(answer_id, kept, asker=asker)

    return router


_UNCACHED = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_EVENT_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "model": AnswerDocument,
        "content": event_stream_content(),
        "description": "The answer, or its events.",
    },
    503: {
        "model": Problem,
        "description": "Too many people are waiting; ask again after `Retry-After` seconds.",
    },
}
_ABSENT: dict[int | str, dict[str, Any]] = {
    404: {"model": Problem, "description": "There is none by that name, or it is not yours."}
}


def given_document(given: Given) -> dict[str, Any]:
    """Return an answer as it is sent: the public document, and what it is kept as."""
    return {**document_with_printings(given.answer, given.printings), "answer_id": given.answer_id}


async def _events(desk: Desk, question: Question) -> AsyncIterator[str]:
    try:
        async with aclosing(desk.stream(question)) as events:
            async for event in events:
                if isinstance(event, Said):
                    yield sent(
                        "sentence", await asyncio.to_thread(said_document, event, desk.pipeline.library)
                    )
                elif written := _event(event):
                    yield written
    except YigaiError as error:
        yield sent("error", error_document(error))
    except Exception:  # noqa: BLE001  # the status is sent already: the stream must say that it failed
        _log.exception("a question failed")
        yield sent("error", _UNEXPECTED)


def _event(event: Waiting | Event | Given) -> str:
    if isinstance(event, Given):
        return sent("answer", given_document(event))
    if isinstance(event, Waiting):
        return sent("waiting", {"ahead": event.ahead})
    if isinstance(event, Step):
        return sent("step", {"name": event.name})
    return ""


def said_document(said: Said, library: Library) -> dict[str, Any]:
    """Return a sentence as it is sent while the answer is being made."""
    printings = printings_of(said.citations, library)
    return {
        "text": said.sentence.text,
        "citations": list(said.sentence.citations),
        "supported": said.sentence.supported,
        "new_citations": citation_documents(said.citations, printings),
    }


def sent(event: str, document: dict[str, Any]) -> str:
    """Write one server-sent event."""
    return f"event: {event}\ndata: {json.dumps(document, ensure_ascii=False)}\n\n"


_UNEXPECTED = {
    "error": {
        "code": "unexpected",
        "message": "Something unexpected went wrong; the server's log says what.",
        "message_zh": "出了意外错误，详情见服务器日志。",
    }
}


def error_document(error: YigaiError) -> dict[str, Any]:
    """Return an error as JSON; `code` is for programs."""
    code = type(error).__name__.removesuffix("Error")
    snake = "".join(f"_{ch.lower()}" if ch.isupper() else ch for ch in code).lstrip("_")
    return {"error": {"code": snake, "message": error.localised("en"), "message_zh": error.localised("zh")}}


def malformed_request(error: RequestValidationError) -> BadRequestError:
    """Say which part of a request is wrong and why, without repeating what was sent: it may be long, or hostile."""
    first = error.errors()[0]
    where = ".".join(str(step) for step in first["loc"]).encode("utf-8", "replace").decode("utf-8")
    why = str(first["msg"])
    return BadRequestError(
        detail_en=f"{where[:40]}: {why}.", detail_zh=f"请求的格式不对（{where[:40]}）：{why}"
    )


def explain_errors(app: FastAPI) -> None:
    """Answer every error of ours as JSON with a status of its own; what is unforeseen says nothing of the inside."""

    @app.exception_handler(YigaiError)
    async def known(request: Request, error: YigaiError) -> JSONResponse:  # noqa: ARG001  # FastAPI's signature
        status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 500)
        if status >= 500 and not isinstance(error, BusyError):
            _log.error("a request failed", exc_info=error)
        headers = {"Retry-After": str(RETRY_AFTER_S)} if status == 503 else None
        return JSONResponse(error_document(error), status_code=status, headers=headers)

    @app.exception_handler(ClientDisconnect)
    async def left(request: Request, error: ClientDisconnect) -> Response:  # noqa: ARG001  # FastAPI's signature
        return Response(status_code=_CLIENT_LEFT)

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> JSONResponse:  # noqa: ARG001  # FastAPI's signature
        return JSONResponse(error_document(malformed_request(error)), status_code=422)

    @app.exception_handler(HTTPException)
    async def refused(request: Request, error: HTTPException) -> JSONResponse:  # noqa: ARG001  # FastAPI's signature
        status, detail = error.status_code, str(error.detail)
        code = HTTPStatus(status).phrase.lower().replace(" ", "_")
        problem = {"code": code, "message": f"{detail}.", "message_zh": f"请求失败（{status}）：{detail}"}
        return JSONResponse({"error": problem}, status_code=status, headers=error.headers)

    @app.exception_handler(Exception)
    async def unknown(request: Request, error: Exception) -> JSONResponse:  # noqa: ARG001  # FastAPI's signature
        _log.error("a request failed", exc_info=error)
        return JSONResponse(_UNEXPECTED, status_code=500)
