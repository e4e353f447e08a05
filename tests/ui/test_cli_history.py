from __future__ import annotations

import json
import os
import pty
import re
import sqlite3
import subprocess
import unicodedata
from contextlib import closing

import pytest

from rag.history import Asked, Feedback, kept_document, kept_from
from rag.library import Library, catalogue
from rag.types import Answer, Citation, Filter, Hit, Passage, Sentence, Verdict

WUHU = "芜湖市的公立医院资产负债率降到了多少?"
HEFEI = "合肥市的资产负债率是多少?"
EVIL = "\x1b]0;抢\x07\x1b[2J\u202e反\u2066[red]红[/red]\x9b31m\n2026-01-01\u2028假的一行\ud800"
THUMB_UP = Feedback(liked=True, reason="引用准确", given_at="2026-01-02T03:04:05+00:00")
THUMB_DOWN = Feedback(liked=False, reason="答非所问", given_at="2026-01-02T03:04:06+00:00")


@pytest.fixture
def ask(cli, own_library):
    """Asks the library of the test, which keeps the answers."""
    return lambda *arguments, **options: cli("ask", *arguments, "--library", own_library, **options)


@pytest.fixture
def history(cli, own_library):
    """Runs `yigai history` on the library of the test."""
    return lambda *arguments, **options: cli("history", *arguments, "--library", own_library, **options)


@pytest.fixture
def listed(history):
    return lambda *arguments: json.loads(history("list", "--json", *arguments).out)["answers"]


@pytest.fixture
def rate(own_library):
    def rate_one(answer_id, feedback):
        with Library.open(own_library) as opened:
            opened.history.rate(answer_id, feedback)

    return rate_one


# Keeping


def test_an_answer_given_at_the_terminal_is_kept(ask, listed, own_library):
    ask(WUHU)
    ask(HEFEI)

    found = listed()

    assert [one["question"] for one in found] == [HEFEI, WUHU]
    assert [one["answered"] for one in found] == [False, True]
    assert {one["via"] for one in found} == {"cli"}
    with Library.open(own_library) as opened:
        (kept, _) = opened.history.listed()
    assert kept.asked.asker == kept.asked.conversation == ""
    assert set(kept.asked.settings) == {"yigai", "encoder", "composer", "top_k"}


@pytest.mark.parametrize("value", ["0", "false"])
def test_no_answer_is_kept_where_the_setting_says_so(ask, listed, monkeypatch, value):
    monkeypatch.setenv("YIGAI_HISTORY", value)

    assert ask(WUHU).code == 0
    assert listed() == []


def test_a_library_that_may_only_be_read_answers_and_says_nothing_of_it(ask, listed, monkeypatch):
    with monkeypatch.context() as reading:
        reading.setattr(os, "access", lambda _path, mode: mode != os.W_OK)
        ran = ask(WUHU)

    assert (ran.code, ran.err) == (0, "")
    assert "48.8%" in ran.out
    assert listed() == []


def test_an_answer_that_cannot_be_kept_is_given_all_the_same(ask, own_library, monkeypatch):
    monkeypatch.setattr(catalogue, "BUSY_TIMEOUT_S", 0.1)
    with closing(sqlite3.connect(own_library / "library.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        ran = ask(WUHU)

    assert ran.code == 0
    assert "48.8%" in ran.out
    assert ran.err.startswith("This answer was not kept: ")
    assert ran.err.count("\n") == 1


def test_a_library_that_keeps_answers_checks_as_sound_and_keeps_them_through_a_repair(
    ask, cli, listed, own_library
):
    ask(WUHU)
    before = listed()

    assert cli("library", "check", "--library", own_library).code == 0
    assert cli("library", "repair", "--library", own_library).code == 0
    assert listed() == before
    assert cli("library", "check", "--library", own_library).code == 0


# Listing


@pytest.mark.parametrize(("language", "told"), [("zh", "没有问答记录。\n"), ("en", "No answers are kept.\n")])
def test_an_empty_list_says_so(history, language, told):
    ran = history("list", language=language)

    assert (ran.code, ran.out) == (0, told)


@pytest.mark.parametrize(
    ("language", "words"),
    [("zh", ("编号", "终端", "回答", "拒答")), ("en", ("id", "terminal", "answered", "refused"))],
)
def test_the_list_has_a_row_for_each_answer_the_latest_first(ask, history, listed, rate, language, words):
    ask(WUHU)
    ask(HEFEI)
    rate(listed()[1]["answer_id"], THUMB_UP)

    head, refused, answered = history("list", language=language).out.splitlines()

    assert head.startswith(words[0])
    assert re.match(rf"[0-9a-f]{{16}}  \d{{4}}-\d\d-\d\d \d\d:\d\d  {words[1]} +{words[2]} +芜湖", answered)
    assert answered.endswith("👍 引用准确")
    assert words[3] in refused
    assert HEFEI in refused


def test_times_are_those_of_this_machine(ask, history, listed, shell, own_library):
    ask(WUHU)
    asked_at = listed()[0]["asked_at"]

    ran = shell("history", "list", "--library", own_library, env={"TZ": "UTC"})
    there = shell("history", "list", "--library", own_library, env={"TZ": "<+14>-14"})

    utc = asked_at[:16].replace("T", " ")
    assert utc in ran.stdout
    assert utc not in there.stdout


def test_a_limit_shows_the_latest_and_says_that_there_are_more(ask, history):
    for question in (WUHU, HEFEI):
        ask(question)

    cut = history("list", "--limit", 1)
    document = json.loads(history("list", "--limit", 1, "--json").out)
    whole = json.loads(history("list", "--limit", 2, "--json").out)

    assert HEFEI in cut.out
    assert WUHU not in cut.out
    assert cut.out.splitlines()[-1] == "These are the latest 1; --limit shows more."
    assert (len(document["answers"]), document["more"]) == (1, True)
    assert (len(whole["answers"]), whole["more"]) == (2, False)


def test_thumbs_narrow_the_list_and_the_export(ask, history, listed, rate):
    for _ in range(3):
        ask(HEFEI)
    up, down, none = (one["answer_id"] for one in listed())
    rate(up, THUMB_UP)
    rate(down, THUMB_DOWN)

    assert [one["answer_id"] for one in listed("--liked")] == [up]
    assert [one["answer_id"] for one in listed("--disliked")] == [down]
    assert [json.loads(history("export", thumb).out)["answer_id"] for thumb in ("--liked", "--disliked")] == [
        up,
        down,
    ]
    assert {one["answer_id"] for one in listed()} == {up, down, none}
    assert "👎 答非所问" in history("list").out


@pytest.mark.parametrize("command", ["list", "export"])
def test_both_thumbs_at_once_are_bad_usage(history, command):
    ran = history(command, "--liked", "--disliked")

    assert (ran.code, ran.out) == (2, "")
    assert "not both" in ran.err


# Showing


def test_showing_prints_the_answer_as_it_was_given_and_all_that_belongs_to_it(ask, history, listed, rate):
    given = ask("那丽水呢?", "--history", "芜湖是怎么化债的?", "--region", "浙江", "--since", 2020)
    answer_id = listed()[0]["answer_id"]
    rate(answer_id, THUMB_DOWN)

    ran = history("show", answer_id[:6], language="zh")

    assert ran.code == 0
    assert given.out.strip() in ran.out
    for told in (
        answer_id,
        "问题：那丽水呢?",
        "限于：浙江省；2020 年及以后",
        "之前问过：\n  芜湖是怎么化债的?",
        "核对：没有去掉任何句子",
        "top_k 8",
        "评价：👎 答非所问",
    ):
        assert told in ran.out


def test_showing_prints_every_passage_that_was_read_and_not_cited(ask, history, listed, own_library):
    ask(WUHU)
    answer_id = listed()[0]["answer_id"]
    with Library.open(own_library) as opened:
        unused = opened.history.kept(answer_id).answer.unused

    shown = history("show", answer_id).out

    below = shown[shown.index("Read, not cited") :]
    assert unused
    for hit in unused:
        assert f"{hit.passage.article_id} [{hit.passage.start}, {hit.passage.end})" in below
        assert all(line in below for line in hit.passage.text.splitlines())


def test_showing_says_what_the_checks_left_out_and_why(history, own_library):
    with Library.open(own_library) as opened:
        answer_id = opened.history.keep(hostile_answer("为什么?"), Asked(via="api", settings={}))

    ran = history("show", answer_id, language="zh")

    assert "核对：以下句子没有通过，未放进回答\n  ✗ 数字" in ran.out
    assert "评价：没有" in ran.out


def test_the_json_of_an_answer_is_its_whole_document(ask, history, listed, own_library):
    ask(WUHU)
    answer_id = listed()[0]["answer_id"]

    document = json.loads(history("show", answer_id, "--json").out)

    with Library.open(own_library) as opened:
        kept = opened.history.kept(answer_id)
    assert document == json.loads(json.dumps(kept_document(kept)))
    assert kept_from(document) == kept
    assert document["answer"]["retrieved"]


@pytest.mark.parametrize("command", ["show", "replay", "remove"])
def test_an_id_that_is_not_there_is_bad_input_in_one_line(history, command):
    ran = history(command, "0" * 16)

    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "0 kept answers match '0000000000000000'; one is needed. See their ids with: yigai history list\n"
    )


@pytest.mark.parametrize("arguments", [["list"], ["show", "a"], ["export"], ["replay", "a"], ["remove", "a"]])
def test_without_a_library_a_command_says_how_to_make_one(cli, tmp_path, arguments):
    ran = cli("history", *arguments, "--library", tmp_path / "nothing")

    assert ran.code == 2
    assert "yigai ingest" in ran.err


# Exporting


def test_an_export_is_one_document_a_line_the_oldest_first(ask, history, own_library):
    for question in (WUHU, HEFEI):
        ask(question)

    ran = history("export")

    with Library.open(own_library) as opened:
        kept = opened.history.listed()
    assert [kept_from(json.loads(line)) for line in ran.out.splitlines()] == kept[::-1]


def test_an_export_is_whole_where_the_terminal_lacks_the_characters(ask, shell, own_library):
    ask(WUHU)

    ran = shell("history", "export", "--library", own_library, env={"PYTHONIOENCODING": "ascii"})

    assert json.loads(ran.stdout)["answer"]["question"] == WUHU


# Replaying


@pytest.mark.parametrize(
    "arguments", [[WUHU], [HEFEI], ["编制改革怎么做?", "--region", "铜仁", "--top-k", 3]]
)
def test_the_same_library_gives_the_same_answer_again(ask, history, listed, arguments):
    ask(*arguments)
    answer_id = listed()[0]["answer_id"]

    ran = history("replay", answer_id)
    document = json.loads(history("replay", answer_id, "--json").out)

    assert ran.code == 0
    assert ran.out.splitlines()[-1] == "The answer is the same as then."
    assert document["same"] is True
    assert document["text"] == document["citations"]["gone"] == document["citations"]["new"] == []
    assert document["articles"] == []
    assert document["settings"] == {}
    assert len(listed()) == 1  # a replay is no question of its own


def test_a_follow_up_is_asked_again_with_its_earlier_questions(ask, history, listed):
    ask("它的急救反应时间缩短了多少?", "--history", "芜湖市是怎么化债的?", "--history", "那丽水市呢?")

    document = json.loads(history("replay", listed()[0]["answer_id"], "--json").out)

    assert document["same"] is True
    assert document["answer"]["answered"] is True


def test_an_article_that_is_gone_is_named(ask, cli, history, listed, own_library):
    ask(WUHU)
    answer_id = listed()[0]["answer_id"]
    cited = kept_from(json.loads(history("show", answer_id, "--json").out)).answer.citations
    cli("library", "remove", "wuhu-debt", "--yes", "--library", own_library)

    ran = history("replay", answer_id, language="zh")
    document = json.loads(history("replay", answer_id, "--json").out)

    assert ran.code == 1
    assert "回答与当时不同。" in ran.out
    assert f"文章已不在文库：{cited[0].article_id} [1]" in ran.out
    assert f"不再引用 [1] {cited[0].article_id}" in ran.out
    assert "48.8%" in "".join(line for line in document["text"] if line.startswith("-"))
    assert document["articles"] == [
        {"article_id": cited[0].article_id, "state": "gone", "citations": [c.number for c in cited]}
    ]
    assert [c["quote"] for c in document["citations"]["gone"]] == [c.quote for c in cited]


def test_an_article_that_changed_is_named_with_the_quotes_it_no_longer_holds(cli, tmp_path):
    article, library = tmp_path / "a.md", ("--library", tmp_path / "library")
    text = "---\ntitle: 合肥签约\nregion: [安徽省合肥市]\n---\n合肥市的家庭医生签约率从41.5%提高到{rate}。\n"
    question = "合肥的家庭医生签约率是多少?"
    article.write_text(text.format(rate="63.2%"), encoding="utf-8")
    assert cli("ingest", article, *library).code == 0
    assert cli("ask", question, *library).code == 0
    answer_id = json.loads(cli("history", "list", "--json", *library).out)["answers"][0]["answer_id"]
    article.write_text(text.format(rate="71.9%"), encoding="utf-8")
    assert cli("ingest", article, *library).code == 0

    ran = cli("history", "replay", answer_id, *library, language="zh")
    document = json.loads(cli("history", "replay", answer_id, "--json", *library).out)

    assert ran.code == 1
    assert "文章已改动" in ran.out
    assert [(a["state"], a["citations"][0]) for a in document["articles"]] == [("changed", 1)]
    assert any(line.startswith("-") and "63.2%" in line for line in document["text"])
    assert any(line.startswith("+") and "71.9%" in line for line in document["text"])
    assert "71.9%" in document["citations"]["new"][0]["quote"]


def test_settings_that_differ_are_named_though_the_answer_is_the_same(ask, history, listed, own_library):
    ask(WUHU)
    with Library.open(own_library) as opened:
        kept = opened.history.listed()[0]
        old = Asked(via="cli", settings={**kept.asked.settings, "yigai": "0.0.1"})
        answer_id = opened.history.keep(kept.answer, old)

    ran = history("replay", answer_id, language="zh")
    document = json.loads(history("replay", answer_id, "--json").out)

    assert ran.code == 0
    assert re.search(r"设置 yigai：0\.0\.1 → \d", ran.out)
    assert document["settings"]["yigai"]["then"] == "0.0.1"


# Removing


def test_named_answers_are_removed_and_no_others(ask, history, listed):
    for question in (WUHU, HEFEI, WUHU):
        ask(question)
    first, second, third = (one["answer_id"] for one in listed())

    ran = history("remove", first, third, first)
    document = json.loads(history("remove", second, "--json").out)

    assert (ran.code, ran.out) == (0, "Removed 2 kept answers.\n")
    assert document == {"schema": 1, "removed": [second]}
    assert listed() == []


def test_nothing_is_removed_where_one_of_the_ids_is_wrong(ask, history, listed):
    ask(WUHU)
    answer_id = listed()[0]["answer_id"]

    assert history("remove", answer_id, "zzz").code == 2
    assert len(listed()) == 1


@pytest.mark.parametrize("arguments", [[], ["--all", "abc"]])
def test_removing_needs_either_ids_or_all(ask, history, listed, arguments):
    ask(WUHU)

    ran = history("remove", *arguments)

    assert ran.code == 2
    assert "--all" in ran.err
    assert len(listed()) == 1


@pytest.mark.parametrize(("reply", "left"), [("n", 1), ("y", 0)])
def test_at_a_terminal_removing_asks_first(ask, listed, shell, own_library, reply, left):
    ask(WUHU)
    ours, theirs = pty.openpty()
    os.write(ours, f"{reply}\n".encode())
    ran = shell(
        "history",
        "remove",
        "--all",
        "--library",
        own_library,
        capture_output=False,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    os.close(theirs)
    os.close(ours)

    assert "Remove 1 kept answers?" in ran.stderr
    assert ran.returncode == (1 if left else 0)
    assert len(listed()) == left


# Hostile text


def hostile_answer(text):
    passage = Passage(
        passage_id=text,
        article_id=f"x{text}",
        ordinal=0,
        start=0,
        end=3,
        text=text,
        heading_path=(text, text),
    )
    citation = Citation(
        number=1,
        article_id="y" + text.replace("\ud800", ""),  # of an article, which is never without an encoding
        title=text,
        source=text,
        date=text,
        url=text,
        regions=(text,),
        heading_path=(text,),
        start=0,
        end=3,
        quote=text,
    )
    return Answer(
        question=f"一问{text}",
        language="zh",
        sentences=(Sentence(text=text, citations=(1,)),),
        citations=(citation,),
        refusal=None,
        composer="extractive",
        retrieved=(Hit(passage=passage, score=1.0, rank=1, origin="fused"),),
        dropped=(Verdict(supported=False, reason=f"数字{text}"),),
    )


def test_hostile_text_prints_harmlessly_and_makes_no_lines_of_its_own(history, own_library):
    asked = Asked(
        asker=EVIL,
        conversation=EVIL,
        via="openai",
        history=(EVIL,),
        within=Filter(regions=("999999",), sources=(EVIL,)),
        settings={"yigai": EVIL, EVIL: EVIL},
    )
    with Library.open(own_library) as opened:
        answer_id = opened.history.keep(hostile_answer(EVIL), asked)
        opened.history.rate(answer_id, Feedback(liked=False, reason=EVIL, given_at=THUMB_UP.given_at))
        kept = opened.history.kept(answer_id)

    rows = history("list")
    runs = [rows, history("show", answer_id), history("replay", answer_id)]

    assert (kept.answer, kept.asked) == (hostile_answer(EVIL), asked)
    assert [ran.code for ran in runs] == [0, 0, 1]
    assert len(rows.out.splitlines()) == 2
    printed = "".join(ran.out + ran.err for ran in runs)
    assert "[red]红[/red]" in printed
    assert {ch for ch in printed if unicodedata.category(ch) in ("Cc", "Cf", "Cs", "Zl", "Zp")} <= {"\n"}


def test_hostile_text_is_exported_whole(shell, own_library):
    with Library.open(own_library) as opened:
        answer_id = opened.history.keep(hostile_answer(EVIL), Asked(via="page", settings={"a": EVIL}))
        kept = opened.history.kept(answer_id)

    ran = shell("history", "export", "--library", own_library)

    assert kept_from(json.loads(ran.stdout)) == kept
    assert ran.stdout.count("\n") == 1
