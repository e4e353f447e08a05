from __future__ import annotations

import asyncio

import pytest
from gated import ACCOUNTS, BASIC, PAGE, application, asker, client, http_scope, status_of
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from ui.web.gate import Gate, Policy

# What is closed, and to whom.


@pytest.mark.parametrize(
    "path", ["/docs", "/docs/x", "/file=/etc/passwd", "//docs", "///file=x", "/yigai/docs", "/yigai//docs"]
)
def test_a_closed_path_is_not_there_even_for_who_is_logged_in(path):
    gate = Gate(
        application(), policy=Policy(accounts=ACCOUNTS, closed=("/docs", "/file="), root_path="/yigai")
    )

    assert asyncio.run(status_of(gate, path, headers=BASIC)) == 404
    assert asyncio.run(status_of(gate, "/doc", headers=BASIC)) == 200


@pytest.mark.parametrize("host", ["localhost:7860", "LOCALHOST", "127.0.0.1:1", "[::1]:7860", "[::1]"])
def test_a_server_on_loopback_answers_under_its_own_names(host):
    visitor = client(loopback_only_hosts=("localhost", "127.0.0.1", "[::1]"))

    assert visitor.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7860", "localhost.evil.example", "localhost@evil", ""]
)
def test_a_name_that_a_site_elsewhere_points_here_is_misdirected(host):
    response = client(loopback_only_hosts=("localhost", "127.0.0.1", "::1")).get("/", headers={"host": host})

    assert response.status_code == 421
    assert "Host" in response.text
    assert response.headers["x-content-type-options"] == "nosniff"


def test_two_hosts_or_none_are_misdirected():
    gate = Gate(application(), policy=Policy(loopback_only_hosts=("localhost",)))
    twice = [("host", "localhost"), ("host", "localhost")]

    assert asyncio.run(status_of(gate, "/", headers=twice)) == 421
    assert asyncio.run(status_of(gate, "/", headers=[])) == 421


# Other sites.


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"sec-fetch-site": "same-origin"},
        {"sec-fetch-site": "none"},
        {"origin": "http://testserver"},
        {"origin": "http://testserver:80"},
    ],
)
def test_our_own_page_and_what_is_no_browser_may_change_things(headers):
    assert client().post("/api/ask", headers=headers).status_code == 200


FOREIGN = [
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
    {"sec-fetch-site": ""},
    {"origin": "http://evil.example"},
    {"origin": "http://testserver:81"},
    {"origin": "null"},
    {"origin": "http://evil.example", "x-forwarded-host": "evil.example"},
]


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "QUERY"])
def test_another_site_may_not(headers, method):
    response = client(accounts=ACCOUNTS).request(method, "/api/ask", headers=headers | BASIC)

    assert response.status_code == 403
    assert response.json()["error"]["code"] == "cross_site"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_link_from_another_site_leads_here(method):
    assert client().request(method, "/", headers={"sec-fetch-site": "cross-site"}).status_code == 200


# What every response carries.


def test_every_response_carries_the_policy_and_its_companions():
    everyone, members = (
        client(closed=("/docs",), loopback_only_hosts=("testserver",)),
        client(accounts=ACCOUNTS),
    )
    responses = [
        everyone.get("/", headers=PAGE),
        everyone.get("/docs"),
        everyone.get("/", headers={"host": "evil.example"}),
        everyone.post("/", headers={"origin": "null"}),
        members.get("/", headers=PAGE),
        members.get("/"),
    ]

    assert [r.status_code for r in responses] == [200, 404, 421, 403, 303, 401]
    for response in responses:
        policy = response.headers["content-security-policy"]
        assert "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; " in policy
        assert "frame-ancestors 'self'" in policy
        assert "object-src 'none'" in policy
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "same-origin"
        assert response.headers["x-frame-options"] == "SAMEORIGIN"
        assert response.headers["cross-origin-opener-policy"] == "same-origin"
        assert response.headers["cross-origin-resource-policy"] == "same-origin"
        assert response.headers["permissions-policy"] == "camera=(), microphone=(), geolocation=()"


def test_a_response_keeps_a_policy_of_its_own_and_nothing_weaker():
    headers = client().get("/policy").headers

    assert headers.get_list("content-security-policy") == ["default-src 'none'"]
    assert headers.get_list("x-frame-options") == ["SAMEORIGIN"]


def test_a_response_for_one_person_keeps_what_it_says_about_caches():
    assert (
        client(accounts=ACCOUNTS).get("/cached", headers=BASIC).headers["cache-control"]
        == "public, max-age=60"
    )


@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_no_response_opens_itself_to_other_sites(method):
    asked = {"origin": "http://evil.example", "access-control-request-method": "POST"}
    bare = TestClient(application()).request(method, "/", headers=asked)

    response = client().request(method, "/", headers=asked)

    assert "access-control-allow-origin" in bare.headers
    assert not [name for name in response.headers if name.startswith("access-control-allow-")]


# Websockets and the rest.


def test_a_websocket_is_known_by_the_same_name():
    visitor = client()
    name = asker(visitor.get("/", headers=PAGE))

    with visitor.websocket_connect("/socket", headers={"origin": "http://testserver"}) as socket:
        assert socket.receive_text() == name
    with client(accounts=ACCOUNTS).websocket_connect("/socket", headers=BASIC) as socket:
        assert socket.receive_text() == "u:bob"


@pytest.mark.parametrize(
    ("policy", "headers"),
    [
        ({"accounts": ACCOUNTS}, {}),
        ({"accounts": ACCOUNTS}, {"accept": "text/html"}),
        ({}, {"origin": "http://evil.example"}),
        ({}, {"sec-fetch-site": "cross-site"}),
        ({"loopback_only_hosts": ("localhost",)}, {}),
        ({"closed": ("/socket",)}, {}),
    ],
)
def test_a_websocket_that_may_not_come_in_is_closed(policy, headers):
    with (
        pytest.raises(WebSocketDisconnect) as raised,
        client(**policy).websocket_connect("/socket", headers=headers),
    ):
        pass

    assert raised.value.code == 1008


async def test_the_servers_own_start_and_end_pass():
    seen = []

    async def app(scope, receive, send):
        seen.append(scope)

    scope = {"type": "lifespan"}
    await Gate(app, policy=Policy(accounts=ACCOUNTS))(scope, None, None)

    assert seen == [scope]


async def test_what_is_sent_in_pieces_arrives_piece_by_piece():
    arrived, may_go_on = [], asyncio.Event()

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"one", "more_body": True})
        await asyncio.wait_for(may_go_on.wait(), 5)
        await send({"type": "http.response.body", "body": b"two"})

    async def send(message):
        arrived.append(message.get("body"))
        if message.get("body") == b"one":
            may_go_on.set()

    await Gate(app, policy=Policy())(http_scope("/"), None, send)

    assert arrived == [None, b"one", b"two"]


async def test_the_scope_that_came_in_is_left_as_it_was():
    scope = http_scope("/", headers=[("x-yigai-asker", "u:bob")])
    before = {**scope, "headers": list(scope["headers"])}

    async def app(inside, receive, send):
        inside["headers"].append((b"x", b"y"))

    await Gate(app, policy=Policy())(scope, None, None)

    assert scope == before
