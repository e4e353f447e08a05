from __future__ import annotations

import json
import re

import httpx
import pytest

from rag.library import Library

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

WUHU = "芜湖是怎么化债的？"
QUESTIONS = [
    WUHU,
    "How did Wuhu reduce debt?",
    "铜仁怎样改革編制？",
    "今天天气怎么样",
    "２０２２年有哪些试点",
    "",
]
STREAM = {"accept": "text/event-stream"}


def ask(client, question, **more):
    response = client.post("/api/ask", json={"question": question, **more})
    assert response.status_code == 200, response.text
    return response.json()


def events_of(client, question, **more):
    """What the server sends, in order: name and document."""
    body = {"question": question, **more}
    with client.stream("POST", "/api/ask", json=body, headers=STREAM) as response:
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        sent = "".join(response.iter_text())
    blocks = [block.split("\n") for block in sent.removesuffix("\n\n").split("\n\n")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def without(document, *names):
    return {name: value for name, value in document.items() if name not in names}


def is_problem(response, status):
    """Whether it is an error in our form, in both languages, that names nothing of the inside."""
    assert response.status_code == status, response.text
    error = response.json()["error"]
    assert set(error) == {"code", "message", "message_zh"}
    assert all(error.values())
    return "Traceback" not in response.text and "codec" not in response.text


# Up, and what it says of itself


def test_health_says_that_it_is_up_and_that_nobody_waits(api):
    health = api.get("/api/health").json()

    assert health["status"] == "ok"
    assert health["waiting"] == health["answering"] == 0


def test_the_description_names_no_other_host_and_every_route(api):
    docs, described = api.get("/docs"), api.get("/openapi.json").json()
    told = described["paths"]["/api/ask"]["post"]["responses"]["200"]["content"]
    assert told["application/json"]["schema"]["$ref"].endswith("/AnswerDocument")
    assert "`sentence`" in told["text/event-stream"]["schema"]["description"]
    fields = described["components"]["schemas"]["AnswerDocument"]["properties"]
    assert {"composer", "fallback_reason", "usage", "understood"} <= set(fields)
    assert "supported" in described["components"]["schemas"]["SentenceDocument"]["properties"]

    loaded = re.findall(r"""(?:src|href)\s*=\s*["']([^"']+)|url:\s*["']([^"']+)""", docs.text)
    paths = [first or second for first, second in loaded]
    assert len(paths) >= 3
    assert all(path.startswith("/") and not path.startswith("//") for path in paths)
    assert all(api.get(path).status_code == 200 for path in paths)
    assert not re.search(r"https?://", json.dumps(described))
    operations = [op for path in described["paths"].values() for op in path.values()]
    assert {"/api/ask", "/api/health", "/api/articles/{article_id}", "/v1/chat/completions"} <= set(
        described["paths"]
    )
    assert all(operation["summary"] and operation["description"] for operation in operations)
    assert all(path.startswith(("/api/", "/v1/")) for path in described["paths"])
    assert described["components"]["schemas"].keys() >= {"Problem", "AskBody"}
    assert "HTTPValidationError" not in described["components"]["schemas"]


def test_the_english_page_is_found_without_its_slash(api):
    sent = api.get("/en")

    assert (sent.status_code, sent.headers["location"]) == (307, "/en/")
    assert api.get("/en/").status_code == 200


# Asking


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_answer_is_that_of_the_command(api, server, shell, question):
    given = ask(api, question)

    told = json.loads(shell("ask", question, "--json", "--library", server.library).stdout)
    assert re.fullmatch("[0-9a-f]{16}", given["answer_id"])
    assert without(given, "answer_id", "timings_ms") == without(told, "timings_ms")
    assert set(given["timings_ms"]) == set(told["timings_ms"])


@pytest.mark.parametrize(
    "question", [WUHU, "深圳怎样改革？", "廣東的三張處方是什麼？", "Yancheng investment"]
)
def test_offsets_of_citations_are_into_the_text_of_the_article(api, question):
    given = ask(api, question)

    assert given["citations"]
    for citation in given["citations"]:
        article = api.get(f"/api/articles/{citation['article_id']}").json()
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
        assert article["title"] == citation["title"]


def test_the_articles_are_listed_and_an_unknown_one_is_not_found(api):
    listed = api.get("/api/articles").json()["articles"]

    assert len(listed) == 35
    assert api.get(f"/api/articles/{listed[0]['article_id']}").json()["title"] == listed[0]["title"]
    assert api.get("/api/articles/..%2f..%2fetc%2fpasswd").status_code == 404
    for unknown in ("nothing", "%ED%A0%80", "x" * 300, "%00"):
        response = api.get(f"/api/articles/{unknown}")
        assert is_problem(response, 422 if len(unknown) > 200 else 404)


def test_an_earlier_question_makes_it_a_follow_up(api):
    alone, following = ask(api, "那它的编制改革呢？"), ask(api, "那它的编制改革呢？", history=[WUHU])

    assert "编制周转池" in following["text"]
    assert {c["article_id"].partition("-")[0] for c in following["citations"]} == {"wuhu"}
    assert alone["text"] != following["text"]


def test_a_place_restricts_the_search(api):
    given = ask(api, "编制怎样改革？", regions=["Tongren"])

    assert given["citations"]
    assert {region for c in given["citations"] for region in c["regions"]} == {"贵州省铜仁市"}
    elsewhere = ask(api, WUHU, regions=["铜仁市"])
    assert elsewhere["refusal"]["code"] == "outside_filter"


def test_years_and_outlets_restrict_the_search(api):
    question = "公立医院改革的试点有哪些？"

    given = ask(api, question, since=2022, until=2022)
    assert given["citations"]
    assert {c["date"][:4] for c in given["citations"]} == {"2022"}
    assert not ask(api, question, since=2030)["answered"]
    assert ask(api, question, sources=["医改问答样例文库"])["answered"]
    assert not ask(api, question, sources=["人民日报"])["answered"]


# What is no question


@pytest.mark.parametrize(
    "body",
    [
        '{"question": "x", "regions": ["火星"]}',
        '{"question": "x", "regions": ["\\udfff"]}',
        '{"question": "x", "since": 2024, "until": 2020}',
        '{"question": "x", "since": 1}',
        '{"question": "x", "since": "soon"}',
        '{"question": "x", "colour": "红"}',
        '{"question": "x", "colour\\ud800": 1}',
        '{"question": 5}',
        '{"question": ["\\ud800"]}',
        '{"question": null}',
        '{"question": "\\ud800芜湖是怎么化债的"}',
        '{"question": "芜湖", "history": ["\\udfff"]}',
        '{"question": "芜湖", "sources": ["\\udfff"]}',
        '{"question": "x", "history": "y"}',
        "{}",
        "[]",
        "芜湖",
        "",
        '{"question": "' + "芜" * 100_000 + '"}',
        '{"question": ' + "[" * 20_000,
    ],
    ids=range(20),
)
def test_what_is_no_question_is_said_as_json_in_both_languages(api, body):
    response = api.post("/api/ask", content=body.encode(), headers={"content-type": "application/json"})

    assert is_problem(response, 400 if body.endswith("[") else 422)
    assert len(response.content) < 1000


def test_a_body_that_is_not_utf8_is_no_question(api):
    response = api.post("/api/ask", content='{"question": "芜湖"}'.encode("gb18030"))

    assert response.status_code in (400, 422)
    assert "error" in response.json()


@pytest.mark.parametrize(
    "question", ["\u202e\u2066\x00\x1b[31m", "<script>alert(1)</script>" * 300, "芜湖" * 5000, "𠮷" * 9000]
)
def test_a_strange_question_is_answered_or_refused(api, question):
    given = ask(api, question)

    assert bool(given["citations"]) == given["answered"] == (given["refusal"] is None)


@pytest.mark.parametrize("path", ["/api/ask", "/v1/chat/completions", "/gradio_api/mcp/"])
def test_too_large_a_body_is_refused_before_it_is_read(api, path):
    declared = api.post(path, content=b"x" * 2_100_000)
    in_pieces = api.post(path, content=(b"x" * 100_000 for _ in range(25)))

    for response in (declared, in_pieces):
        assert is_problem(response, 413)


# Events


@pytest.mark.parametrize("question", [WUHU, "How did Wuhu reform staffing?", "医共体建设有什么成效？"])
def test_events_add_up_to_the_answer(api, question):
    events = events_of(api, question)

    names = [name for name, _ in events]
    order = [name for i, name in enumerate(names) if i == 0 or names[i - 1] != name]
    assert order == ["step", "sentence", "answer"]
    said = [document for name, document in events if name == "sentence"]
    answer = events[-1][1]
    text = "\n".join(s["text"] + "".join(f"[{n}]" for n in s["citations"]) for s in said)
    assert text == answer["text"]
    assert [c for s in said for c in s["new_citations"]] == answer["citations"]
    assert without(answer, "answer_id", "timings_ms") == without(
        ask(api, question), "answer_id", "timings_ms"
    )


def test_a_refusal_comes_as_the_answer_without_sentences(api):
    events = events_of(api, "今天天气怎么样")

    assert "sentence" not in [name for name, _ in events]
    assert events[-1][0] == "answer"
    assert events[-1][1]["refusal"]["code"] == "off_topic"


def test_sentences_come_before_the_answer_is_whole(api):
    with api.stream("POST", "/api/ask", json={"question": WUHU}, headers=STREAM) as response:
        first = next(response.iter_text())

    assert "event: answer" not in first
    assert response.headers["cache-control"] == "no-store"


def test_what_cannot_be_asked_is_an_error_before_any_event(api):
    response = api.post("/api/ask", json={"question": "x", "regions": ["火星"]}, headers=STREAM)

    assert is_problem(response, 422)
    assert "火星" in response.json()["error"]["message_zh"]


# Whose an answer is


def test_only_who_asked_can_rate_an_answer_and_it_is_kept(server, reader):
    asker, other = reader(server.address), reader(server.address)
    answer_id = ask(asker, WUHU)["answer_id"]
    path, body = f"/api/answers/{answer_id}/feedback", {"liked": False, "reason": " 引用<b>不准</b> "}

    with httpx.Client(base_url=server.address) as nobody:
        assert is_problem(nobody.post(path, json=body), 404)
    assert is_problem(other.post(path, json=body), 404)
    forged = {"x-yigai-asker": "v:" + next(iter(asker.cookies.values()))}
    assert is_problem(other.post(path, json=body, headers=forged), 404)
    assert asker.post(path, json=body).status_code == 204

    with Library.open(server.library) as library:
        kept = library.history.kept(answer_id)
    assert kept.feedback is not None
    assert (kept.feedback.liked, kept.feedback.reason) == (False, "引用<b>不准</b>")
    assert kept.asked.via == "api"
    assert kept.asked.asker
    assert next(iter(asker.cookies.values())) not in kept.asked.asker


@pytest.mark.parametrize("body", [{}, {"liked": "up!"}, {"liked": True, "reason": "x" * 1001}])
def test_feedback_that_says_nothing_is_refused(server, reader, body):
    asker = reader(server.address)
    answer_id = ask(asker, "今天天气怎么样")["answer_id"]

    assert is_problem(asker.post(f"/api/answers/{answer_id}/feedback", json=body), 422)


# What is left behind


def test_the_server_reached_nothing_else_and_said_nothing_of_the_questions(api, server):
    ask(api, WUHU)

    assert server.network_log.read_text() == ""
    assert not [line for line in server.said if "芜" in line or "Traceback" in line]
