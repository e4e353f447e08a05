from __future__ import annotations

import hashlib
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from copies import copy_library
from web_server import running

from rag.library import Library

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

WUHU = "芜湖是怎么化债的？"
STREAM = {"accept": "text/event-stream"}
ENDS_WITHIN_S = 5


@pytest.fixture
def client(narrow) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=narrow.address, timeout=60) as client:
        yield client


def component_names(client, page):
    return {one["props"].get("elem_id") for one in client.get(f"{page}/config").json()["components"]}


def asked_at_once(client, number, path="/api/ask", body=None):
    """Ask several times at the same moment."""
    start = threading.Barrier(number)

    def ask(_):
        start.wait()
        return client.post(path, json=body or {"question": WUHU})

    with ThreadPoolExecutor(number) as people:
        return list(people.map(ask, range(number)))


def is_idle(client):
    """Wait until nobody is being answered or waits."""
    for _ in range(100):
        health = client.get("/api/health").json()
        if health["answering"] == health["waiting"] == 0:
            return True
        time.sleep(0.1)
    return False


# Read only


@pytest.mark.parametrize("page", ["", "/en"])
def test_a_page_that_may_only_read_offers_nothing_to_add(client, api, page):
    names, all_names = component_names(client, page), component_names(api, page)

    assert all_names - names == {"adding", "adding-hint", "files", "add-button", "intake"}
    assert {"shelf", "search", "question-box"} <= names
    assert not [one for one in client.get(f"{page}/config").json()["components"] if one["type"] == "file"]


@pytest.mark.parametrize("page", ["", "/en"])
@pytest.mark.parametrize("path", ["/gradio_api/upload", "/gradio_api/upload/", "//gradio_api//upload"])
def test_uploads_are_closed(narrow, api, page, path):
    files = {"files": ("a.txt", "芜湖".encode())}

    with httpx.Client() as client:
        assert client.post(f"{narrow.address}{page}{path}", files=files).status_code == 404
    if path == "/gradio_api/upload":
        assert api.post(f"{page}{path}", files=files).status_code == 200


def test_what_removes_or_adds_cannot_be_called_either(client, api):
    def functions(config):
        return {one["api_name"] for one in config["dependencies"]}

    closed, open_ = (functions(c.get("/config").json()) for c in (client, api))

    assert open_ - closed == {"take_in", "remove"}


def test_asking_leaves_the_library_as_it_is_byte_for_byte(client, narrow):
    def state():
        files = [path for path in narrow.library.rglob("*") if path.is_file() and path.stat().st_size]
        return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}

    before = state()
    for question in (WUHU, "今天天气怎么样", "How did Wuhu reform staffing?"):
        assert client.post("/api/ask", json={"question": question}).status_code == 200

    assert any(name.endswith("library.db") for name in before)
    assert state() == before


def test_answers_are_kept_in_memory_for_who_asked(narrow, reader):
    asker, other = reader(narrow.address), reader(narrow.address)
    answer_id = asker.post("/api/ask", json={"question": WUHU}).json()["answer_id"]
    path, up = f"/api/answers/{answer_id}/feedback", {"liked": True}

    assert len(answer_id) == 16
    assert other.post(path, json=up).status_code == 404
    assert asker.post(path, json=up).status_code == 204
    files = [path for path in narrow.library.rglob("*") if path.is_file()]
    assert files
    assert not [path for path in files if answer_id.encode() in path.read_bytes()]


# A line that is full


def test_who_finds_the_line_full_is_told_when_to_come_back(client):
    responses = asked_at_once(client, 16)

    statuses = [response.status_code for response in responses]
    assert set(statuses) == {200, 503}
    assert statuses.count(200) >= 2
    for response in responses:
        if response.status_code == 503:
            assert int(response.headers["retry-after"]) > 0
            error = response.json()["error"]
            assert error["code"] == "busy"
            assert "again in a moment" in error["message"]
            assert "稍候" in error["message_zh"]
    assert is_idle(client)
    assert client.post("/api/ask", json={"question": WUHU}).json()["answered"]


def test_openai_s_clients_are_told_in_their_own_form(client):
    body = {"model": "yigai", "messages": [{"role": "user", "content": WUHU}]}

    responses = asked_at_once(client, 16, "/v1/chat/completions", body)

    busy = [response for response in responses if response.status_code != 200]
    assert {response.status_code for response in busy} == {429}
    assert {response.json()["error"]["code"] for response in busy} == {"busy"}
    assert all(int(response.headers["retry-after"]) > 0 for response in busy)


def test_streams_are_turned_away_before_they_begin_or_say_so_as_an_event(client):
    start = threading.Barrier(16)

    def listen(_):
        start.wait()
        with client.stream("POST", "/api/ask", json={"question": WUHU}, headers=STREAM) as response:
            return response.status_code, "".join(response.iter_text())

    with ThreadPoolExecutor(16) as people:
        heard = list(people.map(listen, range(16)))

    last = [text.rsplit("event: ", 1)[-1] for status, text in heard if status == 200]
    assert {status for status, _ in heard} <= {200, 503}
    assert {text.split("\n")[0] for text in last} <= {"answer", "error"}
    assert all('"code": "busy"' in text for text in last if text.startswith("error"))
    assert len([text for text in last if text.startswith("answer")]) >= 2
    assert len(heard) > len([text for text in last if text.startswith("answer")])


def test_where_the_line_is_long_enough_all_wait_their_turn(api):
    start = threading.Barrier(10)

    def listen(_):
        start.wait()
        with api.stream("POST", "/api/ask", json={"question": WUHU}, headers=STREAM) as response:
            text = "".join(response.iter_text())
        return [line.removeprefix("event: ") for line in text.splitlines() if line.startswith("event: ")]

    with ThreadPoolExecutor(10) as people:
        heard = list(people.map(listen, range(10)))

    assert all(names[-1] == "answer" for names in heard)
    waited = [names for names in heard if names[0] == "waiting"]
    assert waited
    assert all(names.count("waiting") == 1 and names[1] == "step" for names in waited)


def test_who_goes_away_gives_up_the_place(client):
    for _ in range(6):
        with client.stream("POST", "/api/ask", json={"question": WUHU}, headers=STREAM) as response:
            next(response.iter_raw(), b"")

    assert is_idle(client)
    assert client.post("/api/ask", json={"question": WUHU}).status_code == 200


# Starting


@pytest.mark.parametrize("host", ["0.0.0.0", "::", ""])
def test_it_does_not_open_to_others_without_accounts(shell, sample_library, host):
    for language, said in (("en", "no accounts are set"), ("zh", "没有设置账户")):
        ran = shell("ui", "--host", host, "--library", sample_library, env={"YIGAI_LANGUAGE": language})

        assert ran.returncode == 2
        assert said in ran.stderr
        assert "--no-auth" in ran.stderr
        assert len(ran.stderr.splitlines()) == 1


def test_a_port_that_is_taken_is_said_at_once(shell, sample_library):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ran = shell("ui", "--port", port, "--library", sample_library, env={"YIGAI_LANGUAGE": "en"})

    assert ran.returncode == 2
    assert str(port) in ran.stderr
    assert "--port" in ran.stderr
    assert len(ran.stderr.splitlines()) == 1


@pytest.mark.parametrize("content", [None, "", "# nobody\n", "li.na:correct horse battery\n", "\x00\xff"])
def test_accounts_that_let_nobody_in_are_an_error(shell, sample_library, tmp_path, content):
    accounts = tmp_path / "accounts.txt"
    if content is not None:
        accounts.write_text(content, encoding="latin-1")
        accounts.chmod(0o600)

    ran = shell("ui", "--auth", accounts, "--library", sample_library, env={"YIGAI_LANGUAGE": "en"})

    assert ran.returncode == 2
    assert "accounts.txt" in ran.stderr
    assert "yigai password" in ran.stderr
    assert "horse" not in ran.stderr + ran.stdout


def test_accounts_of_the_environment_are_not_repeated_either(shell, sample_library):
    env = {"YIGAI_LANGUAGE": "en", "YIGAI_AUTH": "li.na:correct horse battery"}
    ran = shell("ui", "--auth", "env", "--library", sample_library, env=env)

    assert ran.returncode == 2
    assert "YIGAI_AUTH" in ran.stderr
    assert "horse" not in ran.stderr + ran.stdout


def test_a_library_by_another_encoder_is_an_error(shell, tmp_path):
    Library.open(tmp_path, encoder_name="another/encoder", dimension=8, create=True).close()

    ran = shell("ui", "--port", 0, "--library", tmp_path, env={"YIGAI_LANGUAGE": "en"})

    assert ran.returncode == 1
    assert "another/encoder" in ran.stderr
    assert "Ready" not in ran.stderr


def test_without_a_library_there_is_nothing_to_read_only(shell, tmp_path):
    ran = shell(
        "ui", "--read-only", "--port", 0, "--library", tmp_path / "none", env={"YIGAI_LANGUAGE": "en"}
    )

    assert ran.returncode == 2
    assert "none" in ran.stderr
    assert not (tmp_path / "none").exists()


# Ending


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_while_it_answers_and_the_library_is_sound(sample_library, tmp_path, shell, end):
    library = copy_library(sample_library, tmp_path / "library")
    began = threading.Barrier(5)

    def listen(address):
        try:
            with httpx.stream(
                "POST", f"{address}/api/ask", json={"question": WUHU}, headers=STREAM, timeout=30
            ) as response:
                pieces = response.iter_text()
                next(pieces)
                began.wait(20)
                return "".join(pieces)
        except httpx.TransportError as error:
            return error

    with running(library, tmp_path / "home") as server, ThreadPoolExecutor(4) as people:
        listening = [people.submit(listen, server.address) for _ in range(4)]
        began.wait(20)
        started = time.monotonic()
        server.process.send_signal(end)
        code = server.process.wait(30)
        took_s = time.monotonic() - started
        assert all(one.result(20) is not None for one in listening)

        while "Ended." not in server.said and time.monotonic() < started + 10:
            time.sleep(0.05)

    assert code == 0
    assert took_s < ENDS_WITHIN_S
    assert "Ended." in server.said
    assert not [line for line in server.said if "Traceback" in line]
    assert shell("library", "check", "--library", library).returncode == 0
