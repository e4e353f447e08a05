"""The gate around a small application that says who it is asked by."""

from __future__ import annotations

import base64

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient

from ui.web.accounts import Accounts
from ui.web.gate import Gate, Policy
from ui.web.login import login_routes
from ui.web.passwords import hash_password

PASSWORD = "correct horse 电池"
ACCOUNTS = Accounts(hashes_by_name={name: hash_password(PASSWORD) for name in ("bob", "张三")})
PAGE = {"accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
BASIC = {"authorization": "Basic " + base64.b64encode(f"bob:{PASSWORD}".encode()).decode()}
BAD_BASIC = {"authorization": "Basic " + base64.b64encode(b"bob:wrong password").decode()}


async def who(request):
    return JSONResponse(
        {
            "asker": request.headers.getlist("x-yigai-asker"),
            "authorization": "authorization" in request.headers,
        }
    )


async def own_policy(request):
    return Response(
        "x", headers={"Content-Security-Policy": "default-src 'none'", "X-Frame-Options": "ALLOW"}
    )


async def listen(websocket):
    await websocket.accept()
    await websocket.send_text(websocket.headers["x-yigai-asker"])
    await websocket.close()


async def own_cache(request):
    return PlainTextResponse("x", headers={"cache-control": "public, max-age=60"})


def application(root_path=""):
    routes = [
        Route("/policy", own_policy),
        Route("/cached", own_cache),
        WebSocketRoute("/socket", listen),
        *login_routes(root_path),
        Route("/{path:path}", who, methods=["GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE"]),
    ]
    app = Starlette(routes=routes)
    app.add_middleware(CORSMiddleware, allow_origins=["*"], allow_credentials=True)
    return app


def client(*, base_url="http://testserver", **policy):
    gate = Gate(application(policy.get("root_path", "")), policy=Policy(**policy))
    return TestClient(gate, base_url=base_url, follow_redirects=False)


def asker(response):
    (found,) = response.json()["asker"]
    return found


def http_scope(path, headers=()):
    pairs = headers.items() if isinstance(headers, dict) else headers
    return {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "client": None,
        "headers": [(name.encode(), value.encode()) for name, value in pairs],
    }


async def start_of(gate, path, headers=()):
    """Send a path exactly as it is written; a client would tidy it up first."""
    starts = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        if message["type"] == "http.response.start":
            starts.append({**message, "headers": Headers(raw=message["headers"])})

    await gate(http_scope(path, headers), receive, send)
    return starts[0]


async def status_of(gate, path, headers=()):
    return (await start_of(gate, path, headers))["status"]
