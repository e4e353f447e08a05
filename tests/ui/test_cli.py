from __future__ import annotations

import json
import os
import pty
import sqlite3
import subprocess
import sys
import unicodedata
from contextlib import closing
from pathlib import Path

import pytest

from rag.library import Library

WUHU = "芜湖市的公立医院资产负债率降到了多少?"
HEFEI = "合肥市的资产负债率是多少?"


def is_one_line(text):
    return text.endswith("\n") and text.count("\n") == 1 and "Traceback" not in text


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
        "sentences",
        "citations",
        "refusal",
        "composer",
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
    ]
    assert list(document["sentences"][0]) == ["text", "citations"]
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


# Ingest


def test_ingest_tells_of_every_file_and_of_the_library(cli, tmp_path):
    (tmp_path / "好.md").write_text(
        "# 试点进展\n\n某市在三家医院试点，门诊等候时间缩短了一半以上。\n", encoding="utf-8"
    )
    (tmp_path / "空.txt").touch()
    ran = cli("ingest", tmp_path, "--library", tmp_path / "library", language="zh")

    assert ran.code == 2
    assert [line.split()[0] for line in ran.out.splitlines() if ".md" in line or ".txt" in line] == [
        "新增",
        "未收",
    ]
    assert "文件是空的" in ran.out
    assert "新增 1、未收 1" in ran.out
    assert "文库现有 1 篇" in ran.out


def test_ingest_json_is_one_document(shell, tmp_path):
    (tmp_path / "a.txt").write_text("某市在三家医院试点，门诊等候时间缩短了一半以上。", encoding="utf-8")
    ran = shell("ingest", tmp_path, "--json", "--library", tmp_path / "library")
    document = json.loads(ran.stdout)

    assert ran.returncode == 0
    assert document["totals"]["added"] == document["articles"] == 1
    assert [file["outcome"] for file in document["files"]] == ["added"]


def test_ingesting_again_says_that_nothing_changed(cli, own_library, sample_folder):
    ran = cli("ingest", sample_folder, "--library", own_library)

    assert ran.code == 0
    assert ran.out.startswith("Nothing changed")


def test_an_empty_folder_is_named_as_such(cli, tmp_path):
    ran = cli("ingest", tmp_path, "--library", tmp_path / "library")

    assert ran.code == 0
    assert "no articles here" in ran.out


def test_a_path_that_is_not_there_exits_2(cli, tmp_path):
    ran = cli("ingest", tmp_path / "nowhere", "--library", tmp_path / "library")

    assert ran.code == 2
    assert "There is nothing at" in ran.out


def test_an_article_that_cannot_be_parsed_brings_no_traceback(shell, tmp_path):
    (tmp_path / "deep.html").write_text("<div>" * 100_000 + "正文", encoding="utf-8")
    ran = shell("ingest", tmp_path, "--library", tmp_path / "library")

    assert ran.returncode in (0, 2)
    assert "Traceback" not in ran.stderr


def test_at_a_terminal_progress_is_shown_beside_the_report(shell, tmp_path):
    hostile = tmp_path / "[red]a[\x1b[2J.txt"
    hostile.write_text("某市在三家医院试点，门诊等候时间缩短了一半以上。", encoding="utf-8")
    ours, theirs = pty.openpty()
    ran = shell(
        "ingest",
        tmp_path,
        "--library",
        tmp_path / "library",
        env={"TERM": "xterm"},
        capture_output=False,
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    shown = os.read(ours, 65536).decode()
    os.close(ours)

    assert ran.returncode == 0
    assert "1/1" in shown
    assert "\x1b[2J" not in shown
    assert "Traceback" not in shown


# The library


def test_the_list_has_a_row_for_each_article(cli, sample_library, sample_folder):
    rows = cli("library", "list", "--library", sample_library).out.splitlines()
    document = json.loads(cli("library", "list", "--json", "--library", sample_library).out)

    expected = len(list(sample_folder.glob("*.md")))
    assert len(rows) == expected + 1
    assert len(document["articles"]) == expected
    assert {row.split()[0] for row in rows[1:]} == {a["article_id"] for a in document["articles"]}


def test_an_article_goes_by_the_start_of_its_id_and_by_its_title(cli, sample_library):
    by_start = cli("library", "show", "wuhu-debt", "--library", sample_library)
    title = json.loads(cli("library", "show", "wuhu-debt", "--json", "--library", sample_library).out)[
        "title"
    ]

    assert by_start.code == 0
    assert cli("library", "show", title, "--library", sample_library).out == by_start.out
    assert title in by_start.err


@pytest.mark.parametrize(
    ("name", "told"), [("wuhu", "2 articles match"), ("qwerty", "No article"), ("debt", "wuhu-debt-")]
)
def test_a_name_of_several_articles_or_none_exits_2_and_names_those_near(cli, sample_library, name, told):
    ran = cli("library", "show", name, "--library", sample_library)

    assert ran.code == 2
    assert ran.out == ""
    assert is_one_line(ran.err)
    assert told in ran.err
    assert f"yigai library list --library {sample_library}" in ran.err


def test_a_removed_article_is_cited_no_more(cli, own_library):
    ran = cli("library", "remove", "wuhu-debt", "--yes", "--library", own_library)

    assert ran.code == 0
    assert ran.out.startswith("Removed")
    assert cli("library", "show", "wuhu-debt", "--library", own_library).code == 2
    cited = json.loads(cli("ask", WUHU, "--json", "--library", own_library).out)["citations"]
    assert not any(c["article_id"].startswith("wuhu-debt") for c in cited)
    assert cli("library", "check", "--library", own_library).code == 0


def test_remove_json_is_one_document(cli, own_library):
    document = json.loads(cli("library", "remove", "wuhu-debt", "--json", "--library", own_library).out)

    assert document["removed"].startswith("wuhu-debt-")


@pytest.mark.parametrize(("typed", "code"), [("n", 1), ("y", 0)])
def test_at_a_terminal_removing_asks_first(shell, own_library, typed, code):
    ours, theirs = pty.openpty()
    os.write(ours, f"{typed}\n".encode())
    ran = shell("library", "remove", "wuhu-debt", "--library", own_library, stdin=theirs)
    os.close(theirs)
    os.close(ours)

    assert ran.returncode == code
    assert "Remove" in ran.stderr
    with Library.open(own_library) as library:
        assert any(a.article_id.startswith("wuhu-debt") for a in library.articles()) is (typed == "n")


def test_stats_say_how_much_there_is_and_of_where(cli, sample_library):
    zh = cli("library", "stats", "--library", sample_library, language="zh").out
    en = cli("library", "stats", "--library", sample_library).out
    document = json.loads(cli("library", "stats", "--json", "--library", sample_library).out)

    assert "安徽省芜湖市" in zh
    assert "Wuhu" in en
    assert not any("\u4e00" <= ch <= "\u9fff" for ch in en.replace(str(sample_library), ""))
    assert document["regions"]["安徽省芜湖市"] > 0
    assert document["articles"] > 20


def test_a_sound_library_checks_as_sound(cli, sample_library):
    assert cli("library", "check", "--library", sample_library).code == 0
    assert json.loads(cli("library", "check", "--json", "--library", sample_library).out) == {
        "schema": 1,
        "sound": True,
        "problems": [],
    }


def test_lost_vectors_are_found_by_check_and_mended_by_repair(cli, own_library):
    for file in (own_library / "chroma").rglob("*"):
        if file.is_file():
            file.unlink()
    broken = cli("library", "check", "--library", own_library)
    repaired = cli("library", "repair", "--library", own_library)

    assert broken.code == 1
    assert f"yigai library repair --library {own_library}" in broken.out
    assert repaired.code == 0
    assert cli("library", "check", "--library", own_library).code == 0


def test_repair_json_is_one_document(cli, own_library):
    assert json.loads(cli("library", "repair", "--json", "--library", own_library).out)["passages"] > 100


# Streams


@pytest.mark.parametrize("arguments", [["library", "list"], ["library", "show", "wuhu-debt"], ["ask", WUHU]])
def test_an_output_that_is_closed_early_brings_no_complaint(shell, sample_library, arguments):
    read, write = os.pipe()
    os.close(read)
    ran = shell(
        *arguments, "--library", sample_library, capture_output=False, stdout=write, stderr=subprocess.PIPE
    )
    os.close(write)

    assert ran.returncode != 0
    assert not ran.stderr or arguments[1] == "show"  # which puts the title there
    assert "Traceback" not in ran.stderr
    assert "BrokenPipe" not in ran.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_a_failure_in_one_line(shell, sample_library):
    with Path("/dev/full").open("w") as full:
        ran = shell(
            "library",
            "list",
            "--library",
            sample_library,
            capture_output=False,
            stdout=full,
            stderr=subprocess.PIPE,
        )

    assert ran.returncode == 1
    assert is_one_line(ran.stderr)


def test_a_closed_standard_output_is_no_crash(sample_library):
    yigai = Path(sys.executable).with_name("yigai")
    ran = subprocess.run(
        ["sh", "-c", f'"{yigai}" library list --library "{sample_library}" >&-'],
        capture_output=True,
        text=True,
    )

    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize(
    "env",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "gbk"},
    ],
)
def test_a_terminal_without_the_characters_gets_marks_and_a_script_the_whole_text(shell, sample_library, env):
    text = shell("ask", WUHU, "--library", sample_library, env=env, encoding="gbk")
    document = shell("ask", WUHU, "--json", "--library", sample_library, env=env, encoding="gbk")

    assert text.returncode == document.returncode == 0
    assert "48.8%" in text.stdout
    assert "Traceback" not in text.stderr + document.stderr
    assert json.loads(document.stdout)["question"] == WUHU


def test_a_hostile_article_prints_harmlessly(cli, tmp_path):
    evil = "\x1b]0;抢\x07\x1b[2J\u202e反\u2066[red]红[/red]\x9b31m"
    name = tmp_path / "\x1b[31m坏\u202e\n[9].md"
    body = f"某市{evil}在三家医院试点，门诊等候时间缩短了35%以上，群众满意度达到九成。"
    name.write_text(
        f'---\ntitle: "试点{evil}进展"\nsource: "报{evil}社"\n---\n\n# 做{evil}法\n\n{body}\n',
        encoding="utf-8",
    )
    library = tmp_path / "library"
    ingested = cli("ingest", name, "--library", library)
    assert ingested.code == 0
    article = json.loads(cli("library", "list", "--json", "--library", library).out)["articles"][0][
        "article_id"
    ]

    runs = [
        ingested,
        cli("library", "list", "--library", library),
        cli("library", "show", article, "--library", library),
        cli("ask", "某市试点的门诊等候时间缩短了多少?", "--library", library),
        cli("library", "remove", article, "--library", library),
    ]

    printed = "".join(ran.out + ran.err for ran in runs)
    assert [ran.code for ran in runs] == [0, 0, 0, 0, 0]
    assert "[red]红[/red]" in printed
    assert "35%" in printed
    assert {ch for ch in printed if unicodedata.category(ch) in ("Cc", "Cf", "Cs")} <= {"\n"}
