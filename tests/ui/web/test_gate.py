from __future__ import annotations

import asyncio
import base64
import re
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from gated import ACCOUNTS, BAD_BASIC, BASIC, PAGE, PASSWORD, application, asker, client, start_of, status_of

from ui.web.gate import Gate, Policy

# Who is who without accounts.


def test_a_browser_gets_a_cookie_and_is_the_same_visitor_from_its_first_request_on():
    visitor = client()

    first = visitor.get("/", headers=PAGE)
    later = visitor.post("/api/ask")

    assert re.fullmatch("v:[0-9a-f]{32}", asker(first))
    assert asker(later) == asker(first)
    assert re.fullmatch(
        r"yigai_visitor=[\w-]{43}; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000",
        first.headers["set-cookie"],
    )
    assert first.headers["cache-control"] == "no-store"
    assert "set-cookie" not in later.headers


def test_two_browsers_are_two_visitors():
    assert asker(client().get("/", headers=PAGE)) != asker(client().get("/", headers=PAGE))


def test_a_malformed_cookie_counts_as_none_and_is_replaced():
    response = client().get("/", headers={**PAGE, "cookie": "yigai_visitor=me"})

    assert asker(response).startswith("v:")
    assert "yigai_visitor=" in response.headers["set-cookie"]


def test_what_is_no_page_gets_no_cookie_and_nobody_is_behind_it():
    for response in (
        client().get("/", headers={"accept": "*/*"}),
        client().get("/", headers={"accept": "application/json"}),
        client().post("/", headers=PAGE),
    ):
        assert asker(response) == ""
        assert "set-cookie" not in response.headers


def test_over_https_and_under_a_folder_the_cookie_stays_there():
    cookie = (
        client(base_url="https://testserver", root_path="/yigai").get("/", headers=PAGE).headers["set-cookie"]
    )

    assert "; Path=/yigai;" in cookie
    assert cookie.endswith("; Secure")


@pytest.mark.parametrize("policy", [{}, {"accounts": ACCOUNTS}])
def test_nobody_names_themselves(policy):
    claimed = {"X-Yigai-Asker": "u:bob", "x-yigai-asker": "u:alice"}

    response = client(**policy, open=("/open",)).get(
        "/open", headers=[*claimed.items(), ("X-YIGAI-ASKER", "u:x")]
    )

    assert asker(response) == ""


# Who may come in with accounts.


@pytest.mark.parametrize(
    "authorization",
    [
        BASIC["authorization"],
        "Bearer " + base64.b64encode(f"bob:{PASSWORD}".encode()).decode(),
        f"Bearer bob:{PASSWORD}".encode(),
    ],
)
def test_a_password_lets_in_and_goes_no_further(authorization):
    response = client(accounts=ACCOUNTS).post("/api/ask", headers={"authorization": authorization})

    assert response.json() == {"asker": ["u:bob"], "authorization": False}
    assert response.headers["cache-control"] == "private"


def test_without_accounts_an_authorization_is_the_applications_own():
    assert client().get("/", headers=BASIC).json()["authorization"]


def test_a_name_in_any_script_is_ascii_inside():
    token = base64.b64encode(f"张三:{PASSWORD}".encode()).decode()

    response = client(accounts=ACCOUNTS).get("/", headers={"authorization": f"Bearer {token}"})

    assert asker(response) == "u:%E5%BC%A0%E4%B8%89"


def test_a_page_leads_to_the_login_and_back():
    response = client(accounts=ACCOUNTS).get("/article/芜湖?q=1&r=/", headers=PAGE)

    assert response.status_code == 303
    assert response.headers["location"] == (
        "/login?next=/article/%25E8%258A%259C%25E6%25B9%2596%3Fq%3D1%26r%3D/"
    )


@pytest.mark.parametrize("path", ["/x", "/yigai/x"])
def test_under_a_folder_the_login_is_in_it(path):
    response = client(accounts=ACCOUNTS, root_path="/yigai").get(path, headers=PAGE)

    assert response.headers["location"] == "/yigai/login?next=/yigai/x"


@pytest.mark.parametrize("path", ["//evil.example/x", "/\\evil.example", "///evil.example", "/../x", "/a//b"])
def test_the_way_back_leads_to_no_other_host(path):
    gate = Gate(application(), policy=Policy(accounts=ACCOUNTS))

    location = asyncio.run(start_of(gate, path, headers=PAGE))["headers"]["location"]

    back = parse_qs(urlsplit(location).query)["next"][0]
    assert urlsplit(urljoin("http://testserver/login", back)).netloc == "testserver"
    assert not back.startswith(("//", "/\\"))


@pytest.mark.parametrize(
    "headers", [{}, BAD_BASIC, {"authorization": "Basic ?"}, {"cookie": "yigai_session=" + "a" * 43}]
)
def test_others_are_asked_to_log_in(headers):
    response = client(accounts=ACCOUNTS).post("/api/ask", headers=headers)

    assert response.status_code == 401
    assert response.json()["error"]["code"] == "unauthorized"
    assert response.headers["www-authenticate"] == 'Basic realm="yigai", charset="UTF-8"'


def test_no_prompt_of_the_browser_pops_up_over_the_page():
    response = client(accounts=ACCOUNTS).get("/api/articles", headers={"sec-fetch-mode": "cors"})

    assert response.status_code == 401
    assert "www-authenticate" not in response.headers


def test_two_authorizations_are_none():
    headers = [("authorization", BASIC["authorization"]), ("authorization", BAD_BASIC["authorization"])]

    assert client(accounts=ACCOUNTS).get("/", headers=headers).status_code == 401


def test_after_five_failures_one_has_to_wait_even_with_the_right_password():
    visitor = client(accounts=ACCOUNTS)
    codes = [visitor.get("/", headers=BAD_BASIC).status_code for _ in range(6)]

    response = visitor.get("/", headers=BASIC)

    assert codes == [401] * 5 + [429]
    assert response.status_code == 429
    assert 0 < int(response.headers["retry-after"]) <= 60
    assert response.json()["error"]["code"] == "too_many_attempts"


@pytest.mark.parametrize("path", ["/open", "/static/x.css", "/yigai/open"])
def test_an_open_path_needs_no_login(path):
    response = client(accounts=ACCOUNTS, open=("/open", "/static/"), root_path="/yigai").get(
        path, headers=PAGE
    )

    assert asker(response) == ""


@pytest.mark.parametrize(
    "path", ["/open/more", "/opened", "/static", "/static/../api/ask", "/api/open", "//open", "/OPEN"]
)
def test_what_only_resembles_an_open_path_needs_one(path):
    gate = Gate(application(), policy=Policy(accounts=ACCOUNTS, open=("/open", "/static/")))

    assert asyncio.run(status_of(gate, path)) == 401
