"""The gate on a real server: what a client in another process would see."""

from __future__ import annotations

import asyncio
import threading

import httpx
import pytest
from app_server import serving
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from ui.web.accounts import read_accounts, write_account
from ui.web.gate import Gate, Policy
from ui.web.login import login_routes
from ui.web.passwords import verify_password

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

PASSWORD = "correct horse 电池"


async def who(request):
    return PlainTextResponse(request.headers["x-yigai-asker"])


def application(told):
    async def stream(request):
        async def events():
            yield "data: one\n\n"
            await asyncio.to_thread(told.wait, 10)
            yield "data: two\n\n"

        return StreamingResponse(events(), media_type="text/event-stream")

    return Starlette(
        routes=[
            *login_routes(),
            Route("/stream", stream),
            Route("/{path:path}", who, methods=["GET", "POST"]),
        ]
    )


@pytest.fixture
def told():
    return threading.Event()


@pytest.fixture
def members_only(tmp_path, told):
    path = tmp_path / "accounts"
    for name in ("bob", "张三"):
        write_account(path, name, PASSWORD)
    policy = Policy(accounts=read_accounts(path), loopback_only_hosts=("127.0.0.1",), open=("/login",))
    with serving(Gate(application(told), policy=policy)) as url:
        yield url


def test_one_logs_in_looks_around_and_logs_out(members_only):
    with httpx.Client(
        base_url=members_only, follow_redirects=True, headers={"accept": "text/html"}
    ) as browser:
        asked = browser.get("/article/1")
        entered = browser.post("/login", data={"name": "张三", "password": PASSWORD, "next": "/article/1"})
        left = browser.post("/logout")
        after = browser.get("/article/1")

    assert "<form" in asked.text
    assert str(asked.url) == f"{members_only}/login?next=/article/1"
    assert (entered.url.path, entered.text) == ("/article/1", "u:%E5%BC%A0%E4%B8%89")
    assert left.url.path == "/login"
    assert "<form" in after.text


def test_an_api_client_with_its_password_pays_for_it_once(members_only, monkeypatch):
    checked = []

    def counted(password, hashed):
        checked.append(hashed)
        return verify_password(password, hashed)

    monkeypatch.setattr("ui.web.accounts.verify_password", counted)
    with httpx.Client(base_url=members_only, auth=httpx.BasicAuth("bob", PASSWORD)) as client:
        answers = [client.post("/api/ask").text for _ in range(20)]

    assert answers == ["u:bob"] * 20
    assert len(checked) == 1


def test_a_name_pointed_at_this_machine_by_others_gets_nothing(members_only):
    response = httpx.get(members_only, headers={"host": "evil.example"}, auth=("bob", PASSWORD))

    assert response.status_code == 421


def test_events_arrive_as_they_are_sent(told):
    with (
        serving(Gate(application(told), policy=Policy())) as url,
        httpx.stream("GET", f"{url}/stream", timeout=20) as response,
    ):
        pieces = response.iter_text()
        first = next(pieces)
        was_told_before = told.is_set()
        told.set()
        rest = "".join(pieces)

    assert first == "data: one\n\n"
    assert not was_told_before
    assert rest == "data: two\n\n"
    assert response.headers["x-content-type-options"] == "nosniff"
