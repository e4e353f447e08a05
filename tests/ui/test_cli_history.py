from __future__ import annotations

import json
import os
import re
import sqlite3
import unicodedata
from contextlib import closing

import pytest
from answers import hostile_answer
from questions import HEFEI, WUHU

from rag.history import Asked, Feedback, kept_document, kept_from
from rag.library import Library, catalogue
from rag.types import Filter

EVIL = "\x1b]0;抢\x07\x1b[2J\u202e反\u2066[red]红[/red]\x9b31m\n2026-01-01\u2028假的一行\ud800"
THUMB_UP = Feedback(liked=True, reason="引用准确", given_at="2026-01-02T03:04:05+00:00")
THUMB_DOWN = Feedback(liked=False, reason="答非所问", given_at="2026-01-02T03:04:06+00:00")


QUOTED_NOW = {"state": "current", "version": None, "replaced_at": None, "paragraph": None}

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
        quotes = [
            {**QUOTED_NOW, "number": c.number, "article_id": c.article_id} for c in kept.answer.citations
        ]
    assert document == {**json.loads(json.dumps(kept_document(kept))), "quotes": quotes}
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


# Hostile text


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
