from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing

import pytest
from one_line import is_one_line
from questions import HEFEI, WUHU

# Asking


def test_an_answer_exits_0_and_cites_its_evidence(cli, sample_library):
    ran = cli("ask", WUHU, "--library", sample_library)

    assert ran.code == 0
    assert "48.8%" in ran.out
    assert "[1]" in ran.out
    assert "依据" in ran.out
    assert ran.err == ""


def test_an_english_question_is_answered_in_an_english_frame(cli, sample_library):
    ran = cli("ask", "how did Wuhu reduce debt", "--library", sample_library, language="zh")

    assert ran.code == 0
    assert "Evidence" in ran.out
    assert "62.59%" in ran.out


def test_a_question_without_quotation_marks_is_put_together_again(cli, sample_library):
    quoted = cli("ask", "how did Wuhu reduce debt", "--library", sample_library)
    loose = cli("ask", "how", "did", "Wuhu", "reduce", "debt", "--library", sample_library)

    assert loose.out == quoted.out


def test_a_refusal_exits_3_and_says_what_is_there(cli, sample_library):
    ran = cli("ask", HEFEI, "--library", sample_library)

    assert ran.code == 3
    assert ran.out.startswith("未能回答：")
    assert "芜湖" in ran.out


def test_a_question_of_nothing_is_refused(cli, sample_library):
    assert cli("ask", "？？", "--library", sample_library).code == 3


def test_the_json_of_an_answer_has_the_public_shape(shell, sample_library):
    ran = shell("ask", WUHU, "--json", "--library", sample_library)
    document = json.loads(ran.stdout)

    assert ran.returncode == 0
    assert ran.stderr == ""
    assert list(document) == [
        "schema",
        "question",
        "language",
        "answered",
        "text",
        "understood",
        "sentences",
        "citations",
        "conflicts",
        "refusal",
        "composer",
        "fallback_reason",
        "usage",
        "table",
        "timings_ms",
    ]
    assert list(document["citations"][0]) == [
        "number",
        "article_id",
        "title",
        "source",
        "date",
        "url",
        "regions",
        "heading_path",
        "start",
        "end",
        "quote",
        "reposts",
    ]
    assert list(document["sentences"][0]) == ["text", "citations", "supported"]
    assert (document["schema"], document["answered"], document["refusal"]) == (1, True, None)
    assert (document["language"], document["composer"]) == ("zh", "extractive")
    assert {n for s in document["sentences"] for n in s["citations"]} == {
        c["number"] for c in document["citations"]
    }


def test_the_json_of_a_refusal_has_the_same_shape(cli, sample_library):
    ran = cli("ask", HEFEI, "--json", "--library", sample_library)
    document = json.loads(ran.out)

    assert ran.code == 3
    assert (document["answered"], document["sentences"], document["citations"]) == (False, [], [])
    assert set(document["refusal"]) == {"code", "message"}
    assert document["text"] == document["refusal"]["message"]


@pytest.mark.parametrize("question", [WUHU, "深圳医改的五化是什么?", "how did Wuhu reduce debt"])
def test_a_quote_is_the_shown_article_at_its_offsets(cli, sample_library, question):
    citations = json.loads(cli("ask", question, "--json", "--library", sample_library).out)["citations"]

    for citation in citations:
        name = citation["article_id"]
        shown = cli("library", "show", name, "--library", sample_library).out
        document = json.loads(cli("library", "show", name, "--json", "--library", sample_library).out)
        assert shown[citation["start"] : citation["end"]] == citation["quote"]
        assert document["text"][citation["start"] : citation["end"]] == citation["quote"]
        assert shown == document["text"] + "\n"
    assert citations


def test_history_completes_a_follow_up_and_the_reader_is_told(cli, sample_library):
    ran = cli("ask", "那丽水呢?", "--history", "芜湖是怎么化债的?", "--library", sample_library)

    assert ran.out.startswith("理解为：丽水是怎么化债的?")


def test_an_earlier_question_may_start_a_line_of_several(cli, sample_library):
    history = ["--history", "芜湖市是怎么化债的?", "--history", "那丽水市呢?"]
    ran = cli("ask", "它的急救反应时间缩短了多少?", *history, "--library", sample_library)

    assert ran.code == 0
    assert "丽水" in ran.out.splitlines()[0]


def test_a_region_narrows_the_search(cli, sample_library):
    arguments = ("ask", "编制改革怎么做?", "--json", "--library", sample_library)

    for place, name in (("Wuhu", "安徽省芜湖市"), ("铜仁", "贵州省铜仁市")):
        citations = json.loads(cli(*arguments, "--region", place).out)["citations"]
        assert citations
        assert all(c["regions"] == [name] for c in citations)


def test_a_year_narrows_the_search(cli, sample_library):
    later = cli(
        "ask", "2022年全国医改有哪些重点任务?", "--since", "2025", "--json", "--library", sample_library
    )

    assert all((c["date"] or "") >= "2025" for c in json.loads(later.out)["citations"])


def test_a_source_narrows_the_search_and_several_widen_it_again(cli, own_library):
    sources = {"芜湖": "芜湖日报", "铜仁": "Tongren Daily <&>"}
    with closing(sqlite3.connect(own_library / "library.db")) as record:
        for place, source in sources.items():
            changed = record.execute(
                "UPDATE articles SET source = ? WHERE title LIKE ?", (source, f"%{place}%")
            )
            assert changed.rowcount > 0
        record.commit()
    asked = ("ask", "比较芜湖和铜仁的编制改革", "--json", "--library", own_library)

    def cited(*options):
        return {c["source"] for c in json.loads(cli(*asked, *options).out)["citations"]}

    for source in sources.values():
        assert cited("--source", source) == {source}
    assert cited("--source", "芜湖日报", "--source", "Tongren Daily <&>") == set(sources.values())


@pytest.mark.parametrize("source", ["没有这家报纸", "", "%", "x' OR '1'='1"])
def test_a_source_that_the_library_lacks_is_a_refusal_that_says_where_the_answer_is(
    cli, sample_library, source
):
    ran = cli("ask", WUHU, "--source", source, "--json", "--library", sample_library)

    assert ran.code == 3
    assert json.loads(ran.out)["refusal"]["code"] == "outside_filter"


def test_a_source_that_is_no_text_is_no_source(shell, sample_library):
    ran = shell(
        "ask", WUHU, "--source", b"\xff\xfe".decode("utf-8", "surrogateescape"), "--library", sample_library
    )

    assert ran.returncode == 3
    assert "Traceback" not in ran.stderr


# Bad usage


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["ask"], {"zh": "要问什么", "en": "What is the question"}),
        (["ask", "x", "--libary", "y"], {"zh": "是不是：--library", "en": "Did you mean: --library"}),
        (["aks", "x"], {"zh": "是不是：ask", "en": "Did you mean: ask"}),
        (["library", "shwo"], {"zh": "是不是：show", "en": "Did you mean: show"}),
        (["ask", "x", "--top-k", "99"], {"zh": "1 到 50", "en": "from 1 to 50"}),
        (["ask", "x", "--since", "last"], {"zh": "1900 到 2999", "en": "from 1900 to 2999"}),
        (["ask", "x", "--library"], {"zh": "后面要跟一个值", "en": "needs a value"}),
        (["ask", "x", "--region", "芜胡"], {"zh": "安徽省芜湖市", "en": "Wuhu"}),
        (["ask", "x", "--since", "2024", "--until", "2020"], {"zh": "不能晚于", "en": "must not be later"}),
        (["ingest"], {"zh": "哪些文件", "en": "Which files"}),
        (["library", "show"], {"zh": "哪一篇", "en": "Which article"}),
        (["library", "check", "x"], {"zh": "参数太多", "en": "Too many arguments"}),
    ],
)
def test_bad_usage_is_one_line_with_the_next_step_and_exit_code_2(cli, arguments, told, language):
    ran = cli(*arguments, language=language)

    assert ran.code == 2
    assert ran.out == ""
    assert is_one_line(ran.err)
    assert told[language] in ran.err
    assert "yigai " in ran.err


@pytest.mark.parametrize(("language", "told"), [("zh", "里还没有文库"), ("en", "There is no library in")])
@pytest.mark.parametrize("command", [["ask", "x"], ["library", "list"], ["library", "repair"]])
def test_a_missing_library_is_one_line_that_says_how_to_make_one(cli, tmp_path, command, language, told):
    ran = cli(*command, "--library", tmp_path / "none", language=language)

    assert ran.code == 2
    assert is_one_line(ran.err)
    assert told in ran.err
    assert f"yigai ingest {'文件夹' if language == 'zh' else 'FOLDER'} --library {tmp_path}" in ran.err
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("locale", "told"), [("zh_CN.UTF-8", "里还没有文库"), ("en_GB.UTF-8", "There is no library")]
)
def test_errors_are_in_the_language_of_the_terminal(shell, tmp_path, locale, told):
    ran = shell("library", "stats", "--library", tmp_path, env={"LANG": locale})

    assert ran.returncode == 2
    assert is_one_line(ran.stderr)
    assert told in ran.stderr


@pytest.mark.parametrize("arguments", [["--debug", "library", "list"], ["library", "list", "--debug"]])
def test_a_traceback_is_shown_only_with_debug_wherever_it_stands(shell, tmp_path, arguments):
    ran = shell(*arguments, "--library", tmp_path)

    assert ran.returncode == 2
    assert "Traceback" in ran.stderr
    assert ran.stderr.splitlines()[-1].startswith("There is no library")


def test_a_wrong_setting_is_one_line(cli, monkeypatch, sample_library):
    monkeypatch.setenv("YIGAI_TOP_K", "many")
    ran = cli("ask", WUHU, "--library", sample_library)

    assert ran.code == 2
    assert is_one_line(ran.err)
    assert "top_k" in ran.err


def test_a_damaged_library_is_a_failure_in_one_line(cli, own_library):
    (own_library / "library.db").write_bytes(b"no database" * 1000)
    ran = cli("ask", WUHU, "--library", own_library)

    assert ran.code == 1
    assert is_one_line(ran.err)
    assert "yigai library" in ran.err


def test_a_question_in_bytes_that_are_no_text_is_answered_all_the_same(shell, sample_library):
    ran = shell("ask", os.fsdecode(b"\xff\xfe") + WUHU, "--json", "--library", sample_library)

    assert ran.returncode in (0, 3)
    assert json.loads(ran.stdout)["question"].endswith(WUHU)
