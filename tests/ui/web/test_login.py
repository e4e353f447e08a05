from __future__ import annotations

import base64
import hashlib
import html
import re
from html.parser import HTMLParser

import pytest
from gated import ACCOUNTS, PASSWORD
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from ui.web.gate import Gate, Policy
from ui.web.login import LoginPage, login_routes, render_login

HOSTILE = '"><script>alert(1)</script>\u202e'


async def who(request):
    return PlainTextResponse(request.headers["x-yigai-asker"])


def client(*, accounts=ACCOUNTS, root_path="", base_url="http://testserver"):
    app = Starlette(routes=[*login_routes(root_path), Route("/{path:path}", who, methods=["GET", "POST"])])
    policy = Policy(accounts=accounts, open=("/login",), root_path=root_path)
    return TestClient(Gate(app, policy=policy), base_url=base_url, follow_redirects=False)


def enter(visitor, name="bob", password=PASSWORD, *, path="/login", **fields):
    return visitor.post(path, data={"name": name, "password": password, **fields})


class Elements(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))

    def all(self, tag, **attributes):
        return [a for t, a in self.found if t == tag and attributes.items() <= a.items()]


def test_the_right_password_opens_a_session_and_leads_where_one_wanted_to_go():
    visitor = client()

    response = enter(visitor, next="/article/1?x=2")

    assert response.status_code == 303
    assert response.headers["location"] == "/article/1?x=2"
    assert response.headers["cache-control"] == "no-store"
    assert re.fullmatch(
        r"yigai_session=[\w-]{43}; Path=/; HttpOnly; SameSite=Lax", response.headers["set-cookie"]
    )
    assert visitor.get("/").text == "u:bob"


def test_a_name_may_be_han_and_in_full_width():
    visitor = client()

    enter(visitor, name=" 张三 ")

    assert visitor.get("/").text == "u:%E5%BC%A0%E4%B8%89"


@pytest.mark.parametrize(
    ("name", "password"),
    [("bob", "wrong"), ("nobody", PASSWORD), ("", ""), ("b b", PASSWORD), (HOSTILE, HOSTILE)],
)
@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "用户名或密码不对"), ("en", "name or the password is wrong")]
)
def test_anything_else_says_so_and_opens_nothing(name, password, lang, words):
    visitor = client()

    response = enter(visitor, name, password, lang=lang, next="/article/1")

    assert response.status_code == 403
    assert "set-cookie" not in response.headers
    page = Elements(response.text)
    assert page.all("p", role="alert")
    assert words in response.text
    assert page.all("input", name="next", value="/article/1")
    assert page.all("input", name="password")[0].get("value") is None
    assert visitor.get("/").status_code == 401


def test_the_same_is_said_of_a_wrong_name_and_of_a_wrong_password():
    wrong_name, wrong_password = enter(client(), "alice").text, enter(client(), "bob", "wrong").text

    assert wrong_name.replace("alice", "bob") == wrong_password


def test_after_five_failures_the_form_says_how_long_to_wait():
    visitor = client()
    for _ in range(5):
        enter(visitor, password="wrong")

    response = enter(visitor)

    assert response.status_code == 429
    assert 0 < int(response.headers["retry-after"]) <= 60
    assert f"请在 {response.headers['retry-after']} 秒后再试" in response.text


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"]
)
def test_nobody_is_led_to_another_host(wanted):
    visitor = client()

    assert f'value="{html.escape(wanted)}"' not in visitor.get("/login", params={"next": wanted}).text
    assert enter(visitor, next=wanted).headers["location"] == "/"
    assert visitor.get("/login", params={"next": wanted}).headers["location"] == "/"


def test_who_logs_in_again_gets_a_new_session_and_the_old_one_ends():
    visitor = client()
    enter(visitor)
    first = visitor.cookies["yigai_session"]
    enter(visitor, name="张三")

    assert visitor.cookies["yigai_session"] != first
    visitor.cookies.clear()
    assert visitor.get("/", headers={"cookie": f"yigai_session={first}"}).status_code == 401


def test_who_is_logged_in_already_is_not_asked_again():
    visitor = client()
    enter(visitor)

    response = visitor.get("/login?next=/article/1")

    assert response.status_code == 303
    assert response.headers["location"] == "/article/1"


def test_logging_out_ends_the_session_on_both_sides():
    visitor = client()
    enter(visitor)
    token = visitor.cookies["yigai_session"]

    response = visitor.post("/logout")

    assert response.status_code == 303
    assert response.headers["location"] == "/login"
    assert "yigai_session=; " in response.headers["set-cookie"]
    assert "Max-Age=0" in response.headers["set-cookie"]
    assert "yigai_session" not in visitor.cookies
    assert visitor.get("/", headers={"cookie": f"yigai_session={token}"}).status_code == 401


def test_a_link_cannot_log_anyone_out():
    visitor = client()
    enter(visitor)

    visitor.get("/logout")
    foreign = visitor.post("/logout", headers={"sec-fetch-site": "cross-site"})

    assert foreign.status_code == 403
    assert visitor.get("/").text == "u:bob"


def test_another_site_cannot_log_anyone_in():
    response = client().post(
        "/login", data={"name": "bob", "password": PASSWORD}, headers={"origin": "http://evil.example"}
    )

    assert response.status_code == 403
    assert "set-cookie" not in response.headers


def test_without_accounts_there_is_nothing_to_log_in_to():
    visitor = client(accounts=None)

    for response in (visitor.get("/login"), enter(visitor), visitor.post("/logout")):
        assert response.status_code == 303
        assert response.headers["location"] == "/"


def test_under_a_folder_and_over_https_everything_stays_there():
    visitor = client(root_path="/yigai", base_url="https://testserver")

    page = Elements(visitor.get("/login?next=/yigai/x").text)
    response = enter(visitor, next="/yigai/x")

    assert page.all("form", action="/yigai/login", method="post")
    assert response.headers["location"] == "/yigai/x"
    assert "; Path=/yigai;" in response.headers["set-cookie"]
    assert response.headers["set-cookie"].endswith("; Secure")
    assert enter(visitor, next="/elsewhere").headers["location"] == "/yigai/"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"name=bob&password=" + b"x" * 20_000, "application/x-www-form-urlencoded"),
        (b"name=bob&" * 20, "application/x-www-form-urlencoded"),
        (b"name=\xff\xfe", "application/x-www-form-urlencoded"),
        (b'{"name": "bob"}', "application/json"),
        (b"", ""),
    ],
)
def test_what_is_no_form_of_ours_is_turned_away(body, kind):
    response = client().post("/login?lang=en", content=body, headers={"content-type": kind})

    assert response.status_code == 400
    assert "could not be read" in response.text


def test_the_page_is_chinese_first_with_english_a_link_away():
    visitor = client()

    page = visitor.get("/login", params={"next": "/article/1?a=b&c=d"})
    (switch,) = Elements(page.text).all("a")
    english = visitor.get(switch["href"])

    assert '<html lang="zh-CN">' in page.text
    assert page.headers["content-language"] == "zh-CN"
    assert "用户名" in page.text
    assert '<html lang="en">' in english.text
    assert Elements(english.text).all("input", name="next", value="/article/1?a=b&c=d")
    assert Elements(english.text).all("input", name="lang", value="en")
    assert not re.search("[一-鿿]", english.text.replace("中文", ""))


def test_the_fields_are_labelled_and_known_to_password_stores():
    page = Elements(render_login(LoginPage(language="zh", next_path="/")))

    name, password = page.all("input", name="name"), page.all("input", name="password")
    assert [label["for"] for label in page.all("label")] == [name[0]["id"], password[0]["id"]]
    assert name[0]["autocomplete"] == "username"
    assert (password[0]["autocomplete"], password[0]["type"]) == ("current-password", "password")


def test_the_page_runs_nothing_and_loads_nothing():
    response = client().get("/login")

    policy, page = response.headers["content-security-policy"], Elements(response.text)
    (style,) = re.findall("<style>(.*?)</style>", response.text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'; ")
    assert "form-action 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert {tag for tag, _ in page.found}.isdisjoint({"script", "img", "iframe", "object"})
    assert [link["href"] for link in page.all("link")] == ["data:,"]
    assert not re.search("https?:|//|url\\(|@import", response.text)


@given(
    st.text(max_size=40) | st.just(HOSTILE),
    st.text(max_size=40) | st.just(HOSTILE),
    st.sampled_from(["zh", "en"]),
)
def test_what_was_typed_is_shown_and_never_obeyed(name, error, language):
    page = LoginPage(language=language, next_path="/", name=name, error=error)
    plain = LoginPage(language=language, next_path="/", name="x" if name else "", error="x" if error else "")

    text = render_login(page)

    assert [tag for tag, _ in Elements(text).found] == [tag for tag, _ in Elements(render_login(plain)).found]
    assert "\u202e" not in text


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize(
    ("ink", "paper", "least"),
    [
        ("ink", "paper", 4.5),
        ("soft", "paper", 4.5),
        ("accent", "paper", 4.5),
        ("on-accent", "accent", 4.5),
        ("bad", "bad-ground", 4.5),
        ("line", "paper", 3.0),
    ],
)
def test_everything_can_be_read_by_weak_eyes(scheme, ink, paper, least):
    style = re.findall(
        "<style>(.*?)</style>", render_login(LoginPage(language="zh", next_path="/")), re.DOTALL
    )[0]
    colours = [
        dict(re.findall(r"--([\w-]+): (#\w{6});", block))
        for block in re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    ][scheme]

    assert contrast(colours[ink], colours[paper]) >= least
