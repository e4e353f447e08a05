from __future__ import annotations

import json
import os
import pty
import sqlite3
from contextlib import closing

import pytest
from one_line import is_one_line
from questions import WUHU

from rag.library import Library


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


def test_an_article_that_a_damaged_record_lost_is_named_by_repair(cli, own_library):
    path = own_library / "library.db"
    with Library.open(own_library) as library:
        lost = next(a for a in library.articles() if a.article_id.startswith("wuhu-debt"))
    with closing(sqlite3.connect(path)) as record:
        record.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        text = record.execute("SELECT text FROM articles WHERE article_id = ?", [lost.article_id]).fetchone()[
            0
        ]
    content = path.read_bytes()
    start = content.index(text[:60].encode())
    path.write_bytes(content[:start] + b"\xff" * 60 + content[start + 60 :])

    ran = cli("library", "repair", "--library", own_library)
    kept = list(own_library.glob("library.db.damaged-*"))

    assert ran.code == 0
    (line,) = [line for line in ran.out.splitlines() if line.startswith(f"  {lost.article_id}")]
    assert lost.title in line
    assert "wuhu-debt.md" in line
    assert any(ran.out.splitlines()[-1].endswith(str(path)) for path in kept)
