from __future__ import annotations

import itertools
import json
import re
from html import unescape
from urllib.parse import urljoin, urlsplit

import httpx
import openai
import pytest
from front_proxy import proxied
from mcp import ClientSession
from mcp.client.streamable_http import streamable_http_client
from mcp.shared._httpx_utils import create_mcp_http_client

from rag.library import Library
from ui.web.credentials import account_asker

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

WUHU = "芜湖是怎么化债的？"
NA, WANG = ("li.na", "correct:horse battery"), ("王五", "另一个足够长的密码")
HTML = {"accept": "text/html"}
# In Gradio's document whether or not it is wanted; the gate answers it with 404 wherever it is.
_addresses = itertools.count(1)


@pytest.fixture(scope="module", params=[True, False], ids=["folder taken off", "folder left on"])
def front(guarded, request):
    """A proxy that serves the server in /yigai."""
    with proxied(guarded.address, "/yigai", strips=request.param) as address:
        yield address


@pytest.fixture
def browser(guarded):
    """Makes browsers, each at an address of its own: failures are counted by address."""
    clients = []

    def open_one(address=guarded.address, **options):
        elsewhere = {"x-forwarded-for": f"192.0.2.{next(_addresses)}"}
        client = httpx.Client(base_url=address, timeout=60, headers=elsewhere, **options)
        clients.append(client)
        return client

    yield open_one
    for client in clients:
        client.close()


def log_in(client, account, *, where="/yigai/"):
    name, word = account
    return client.post("/yigai/login", data={"name": name, "password": word, "next": where})


def basic(account):
    return httpx.BasicAuth(account[0].encode(), account[1].encode())


def test_the_page_leads_to_the_login_and_back(browser, front):
    client = browser(front)

    first = client.get("/yigai/en/", headers=HTML)
    assert first.status_code == 303
    assert first.headers["location"] == "/yigai/login?next=/yigai/en/"
    page = client.get(first.headers["location"])
    assert page.status_code == 200
    assert 'action="/yigai/login"' in page.text
    entered = log_in(client, NA, where="/yigai/en/")
    assert (entered.status_code, entered.headers["location"]) == (303, "/yigai/en/")
    assert "HttpOnly" in entered.headers["set-cookie"]
    assert "Path=/yigai" in entered.headers["set-cookie"]
    opened = client.get("/yigai/en/", headers=HTML)
    assert opened.status_code == 200
    assert "window.gradio_config" in opened.text
    assert opened.headers["cache-control"] in ("private", "no-store")


def test_logging_out_ends_the_session(browser, front):
    client = browser(front)
    log_in(client, WANG)
    session = dict(client.cookies)
    assert client.get("/yigai/api/articles").status_code == 200

    left = client.post("/yigai/logout")

    assert (left.status_code, left.headers["location"]) == (303, "/yigai/login")
    assert dict(client.cookies) == {}
    assert client.get("/yigai/api/articles").status_code == 401
    again = browser(front, cookies=session)
    assert again.get("/yigai/api/articles").status_code == 401


@pytest.mark.parametrize("path", ["/yigai/", "/yigai/api/articles", "/api/ask", "/yigai/docs", "/config"])
def test_nothing_is_seen_without_an_account(browser, path):
    response = browser().get(path)

    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Basic")
    assert "芜湖" not in response.text


def test_health_needs_no_account(browser, front):
    assert browser(front).get("/yigai/api/health").json()["status"] == "ok"


def test_another_site_cannot_log_anybody_in_or_out(browser, front):
    client = browser(front)

    forged = client.post(
        "/yigai/login",
        data={"name": NA[0], "password": NA[1]},
        headers={"origin": "https://evil.example"},
    )

    assert forged.status_code == 403
    assert dict(client.cookies) == {}


# Programs


@pytest.mark.parametrize("account", [NA, WANG], ids=["latin", "han"])
def test_a_program_asks_as_its_account(browser, guarded, account):
    client = browser()

    given = client.post("/api/ask", json={"question": WUHU}, auth=basic(account)).json()

    with Library.open(guarded.server.library) as library:
        kept = library.history.kept(given["answer_id"])
    assert kept.asked.asker == ("u:li.na" if account is NA else "u:%E7%8E%8B%E4%BA%94")


def test_the_openai_client_gives_name_and_password_as_its_key(guarded):
    with openai.OpenAI(base_url=f"{guarded.address}/yigai/v1", api_key=":".join(NA), max_retries=0) as client:
        given = client.chat.completions.create(model="yigai", messages=[{"role": "user", "content": WUHU}])

    answer_id = given.model_extra["yigai"]["answer_id"]
    with Library.open(guarded.server.library) as library:
        assert library.history.kept(answer_id).asked.asker == "u:li.na"


def test_a_wrong_password_is_refused(browser):
    client = browser()

    for credentials in ("Basic !!", "Bearer li.na:wrong", "Bearer none", "Digest x"):
        response = client.post("/api/ask", json={"question": WUHU}, headers={"authorization": credentials})
        assert response.status_code == 401
        assert response.json()["error"]["code"] == "unauthorized"
    assert client.get("/api/articles", auth=basic(("nobody", "wrong horse"))).status_code == 401


def test_who_fails_five_times_must_wait_and_others_need_not(browser):
    client, other = browser(), browser()
    statuses = [
        client.get("/api/articles", auth=basic(("guest", f"guess {n}"))).status_code for n in range(5)
    ]
    assert statuses == [401] * 5

    right = client.get("/api/articles", auth=basic(("guest", "guess-me-five-times")))

    assert right.status_code == 429
    assert int(right.headers["retry-after"]) > 0
    form = client.post("/yigai/login", data={"name": "guest", "password": "guess-me-five-times"})
    assert form.status_code == 429
    assert other.get("/api/articles", auth=basic(NA)).status_code == 200


def test_two_people_do_not_see_what_the_other_asked(browser, guarded):
    client, question = browser(), "铜仁的薪酬改革怎么做？"
    mine = client.post("/api/ask", json={"question": question}, auth=basic(NA)).json()["answer_id"]
    theirs = client.post("/api/ask", json={"question": question}, auth=basic(WANG)).json()["answer_id"]

    rated = client.post(f"/api/answers/{mine}/feedback", json={"liked": True}, auth=basic(WANG))

    assert rated.status_code == 404
    with Library.open(guarded.server.library) as library:
        of_na, of_wang = (
            {kept.answer_id for kept in library.history.listed(asker=asker)}
            for asker in ("u:li.na", "u:%E7%8E%8B%E4%BA%94")
        )
    assert mine in of_na - of_wang
    assert theirs in of_wang - of_na


def test_a_client_cannot_say_who_it_is(browser, guarded):
    client = browser()
    forged = {"X-Yigai-Asker": "u:li.na", "x-YIGAI-asker": "u:li.na"}

    given = client.post("/api/ask", json={"question": WUHU}, auth=basic(WANG), headers=forged).json()

    with Library.open(guarded.server.library) as library:
        assert library.history.kept(given["answer_id"]).asked.asker == "u:%E7%8E%8B%E4%BA%94"


# In a folder, behind a proxy


def references(document):
    """What a page loads or leads to."""
    found = re.findall(r"""\b(?:src|href|action)=["']([^"'#]*)""", document)
    return [unescape(one) for one in found if not one.startswith("data:")]


@pytest.mark.parametrize(
    "path",
    ["/yigai/", "/yigai/en/", "/yigai/docs", "/yigai/login", "/yigai/article/wuhu-debt-7d6109?at=28-71"],
)
def test_a_page_refers_only_to_what_is_in_the_folder(browser, front, path):
    client = browser(front)
    if "login" not in path:
        log_in(client, NA)

    page = client.get(path, headers=HTML)

    assert page.status_code == 200
    paths = {urljoin(f"{front}{path}", one) for one in references(page.text)}
    assert paths
    for one in paths:
        assert one.startswith(f"{front}/yigai/"), one
        assert client.get(urlsplit(one).path).status_code in (200, 405), one


@pytest.mark.parametrize("path", ["/yigai/", "/yigai/en/"])
def test_gradio_s_own_requests_stay_in_the_folder(browser, front, path):
    client = browser(front)
    log_in(client, NA)

    page = client.get(path, headers=HTML).text

    config = json.loads(re.search(r"window\.gradio_config = (\{.*?\});\s*(?:window|</script>)", page)[1])
    assert config["root"] == f"{front}{path}".rstrip("/")
    assert client.get(f"{path}config").json()["root"] == config["root"]
    assert client.get(f"{path}theme.css").status_code == 200
    assert client.get(f"{path}gradio_api/info").status_code == 200
    assert client.get(f"{path}gradio_api/startup-events").status_code == 200


@pytest.mark.parametrize("path", ["/yigai", "/yigai/en", "/yigai/en?x=1"])
def test_who_leaves_out_the_slash_is_sent_to_the_page(browser, front, path):
    client = browser(front)
    log_in(client, NA)

    sent = client.get(path, headers=HTML)

    folder, _, query = path.partition("?")
    assert sent.status_code in (200, 307)  # a proxy that takes the folder off asks for the page itself
    if sent.status_code == 307:
        assert sent.headers["location"] == f"{folder}/" + (f"?{query}" if query else "")


def test_answers_stream_through_the_proxy(browser, front):
    client = browser(front)
    log_in(client, NA)

    with client.stream(
        "POST", "/yigai/api/ask", json={"question": WUHU}, headers={"accept": "text/event-stream"}
    ) as response:
        pieces = list(response.iter_text())

    assert len(pieces) > 1
    assert "event: answer" in pieces[-1]


async def test_tools_are_found_through_the_proxy(front):
    headers = {"authorization": "Bearer " + ":".join(NA)}
    async with (
        create_mcp_http_client(headers=headers) as http,
        streamable_http_client(f"{front}/yigai/gradio_api/mcp/", http_client=http) as (incoming, outgoing, _),
        ClientSession(incoming, outgoing) as session,
    ):
        await session.initialize()
        tools = await session.list_tools()
        answer = await session.call_tool("ask", {"question": WUHU})

    assert {tool.name for tool in tools.tools} == {"ask", "read_article"}
    assert json.loads(answer.content[0].text)["answered"]


@pytest.mark.parametrize("account", [NA, WANG])
async def test_what_a_tool_is_asked_is_kept_as_its_account_s(guarded, front, account):
    headers = {"authorization": "Bearer " + ":".join(account), "x-yigai-asker": "u:somebody-else"}
    headers = {name: value.encode() for name, value in headers.items()}
    async with (
        create_mcp_http_client(headers=headers) as http,
        streamable_http_client(f"{front}/yigai/gradio_api/mcp/", http_client=http) as (incoming, outgoing, _),
        ClientSession(incoming, outgoing) as session,
    ):
        await session.initialize()
        called = await session.call_tool("ask", {"question": WUHU})

    answer = json.loads(called.content[0].text)
    with Library.open(guarded.server.library) as library:
        asked = library.history.kept(answer["answer_id"]).asked
    assert (asked.via, asked.asker) == ("mcp", account_asker(account[0]))


def test_closed_paths_are_closed_in_the_folder_too(browser, front):
    client = browser(front)
    log_in(client, NA)

    for path in ("/yigai/monitoring", "/yigai/en/monitoring", "/yigai/gradio_api/proxy=http://127.0.0.1:1/"):
        assert client.get(path).status_code == 404


def test_the_server_says_no_password_and_no_hash(browser, guarded):
    client = browser()
    client.get("/api/articles", auth=basic(NA))
    log_in(client, WANG)

    told = "\n".join([*guarded.server.said, client.get("/yigai/config").text])

    assert "/yigai/" in told
    for secret in guarded.secrets:
        assert secret not in told
    assert "scrypt" not in told
    assert guarded.server.network_log.read_text() == ""
