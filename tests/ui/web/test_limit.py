from __future__ import annotations

import asyncio

import pytest
from fastapi import Body, FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse

from ui.web.limit import Limit

MOST, MOST_UPLOAD = 100, 1000
UPLOAD = "/gradio_api/upload"


async def length(scope, receive, send):
    """An application that reads the whole body and says how long it is."""
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


async def sent_by(app, chunks, *, path="/api/ask", declared=None):
    """All that is sent in answer to a body in pieces."""
    limited = Limit(app, most_bytes=MOST, upload_paths=(UPLOAD,), most_upload_bytes=MOST_UPLOAD)
    headers = [(b"content-type", b"application/json")]
    if declared is not None:
        headers.append((b"content-length", declared))
    pending = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    pending.append({"type": "http.request", "body": b"", "more_body": False})
    taken, sent = iter(pending), []

    async def receive():
        message = next(taken, None)
        return message or await asyncio.Future()  # a client that waits for its answer

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": path, "headers": headers, "query_string": b""}
    scope |= {"http_version": "1.1", "scheme": "http", "server": ("testserver", 80), "root_path": ""}
    await asyncio.wait_for(limited(scope, receive, send), 5)
    return sent


def statuses(sent):
    return [message["status"] for message in sent if message["type"] == "http.response.start"]


def body_of(sent):
    return b"".join(message["body"] for message in sent if message["type"] == "http.response.body")


@pytest.mark.parametrize(
    ("path", "size", "status"),
    [
        ("/api/ask", MOST, 200),
        ("/api/ask", MOST + 1, 413),
        (UPLOAD, MOST + 1, 200),
        (UPLOAD, MOST_UPLOAD, 200),
        (UPLOAD, MOST_UPLOAD + 1, 413),
        ("/en" + UPLOAD, MOST_UPLOAD, 200),
        (UPLOAD + "/more", MOST + 1, 413),
    ],
)
@pytest.mark.parametrize("is_declared", [True, False])
async def test_a_body_may_be_as_large_as_its_path_allows(path, size, status, is_declared):
    declared = str(size).encode() if is_declared else None
    whole, rest = divmod(size, 40)

    sent = await sent_by(length, [b"x" * 40] * whole + [b"x" * rest], path=path, declared=declared)

    assert statuses(sent) == [status]
    if status == 200:
        assert body_of(sent) == str(size).encode()


async def test_a_declared_length_that_is_too_large_is_refused_before_anything_is_read():
    async def never(scope, receive, send):
        raise AssertionError("the application was asked")

    sent = await sent_by(never, [], declared=b"999999999999")

    assert statuses(sent) == [413]
    assert "最多 100 字节".encode() in body_of(sent)
    assert b"at most 100 bytes" in body_of(sent)


@pytest.mark.parametrize("declared", [b"-1", b"", b"ten", b"1e9", b"5"])
async def test_a_length_that_is_a_lie_does_not_let_more_in(declared):
    assert statuses(await sent_by(length, [b"x" * 90, b"x" * 90], declared=declared)) == [413]


async def test_an_answer_that_has_begun_is_not_begun_again():
    async def hasty(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while (await receive())["more_body"]:
            pass

    assert statuses(await sent_by(hasty, [b"x" * 90, b"x" * 90])) == [200]


async def test_a_framework_that_swallows_the_error_does_not_answer_in_our_place():
    app = FastAPI()

    @app.post("/api/ask")
    def ask(question: str = Body(embed=True)) -> str:
        return question

    sent = await sent_by(app, [b'{"question": "', b"x" * 90, b'"}'])

    assert statuses(sent) == [413]
    assert b"too_large" in body_of(sent)


async def test_an_error_of_the_application_stays_its_own():
    async def broken(scope, receive, send):
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await sent_by(broken, [b"x"])


async def test_what_is_no_request_passes():
    seen = []

    async def app(scope, receive, send):
        seen.append(scope["type"])

    limited = Limit(app, most_bytes=1, upload_paths=(), most_upload_bytes=1)
    for kind in ("lifespan", "websocket"):
        await limited({"type": kind}, None, None)

    assert seen == ["lifespan", "websocket"]
