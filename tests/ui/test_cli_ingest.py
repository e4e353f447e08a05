from __future__ import annotations

import json
import os
import pty
import re
import subprocess
from functools import partial

import pytest
from office_files import zip_bytes

from ingest.load import OLD_SUFFIXES, SUPPORTED_SUFFIXES
from ui.manual import pages

TEXT = "# {name}试点进展\n\n{name}在三家医院试点，门诊等候时间缩短了一半以上。\n"


def _read(terminal):
    """Read what a terminal was sent; nothing once whoever wrote to it has gone."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    return folder


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


def test_at_a_terminal_progress_is_shown_beside_the_report(shell, folder, tmp_path):
    hostile = folder / "[red]a[\x1b[2J.txt"
    hostile.write_text("某市在三家医院试点，门诊等候时间缩短了一半以上。", encoding="utf-8")
    ours, theirs = pty.openpty()
    ran = shell(
        "ingest",
        folder,
        "--library",
        tmp_path / "library",
        env={"TERM": "xterm"},
        capture_output=False,
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b"".join(iter(partial(_read, ours), b"")).decode()
    os.close(ours)

    assert ran.returncode == 0
    assert "1/1" in shown
    assert "\x1b[2J" not in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize("language", ["zh", "en"])
def test_files_of_other_kinds_are_counted_the_first_named_and_the_kinds_that_are_read_told(
    cli, folder, tmp_path, language
):
    for name in ("图.png", "表.xlsx", "b.exe", "c.exe", "d.exe"):
        (folder / name).touch()
    (folder / "好.md").write_text(TEXT.format(name="甲市"), encoding="utf-8")

    ran = cli("ingest", folder, "--library", tmp_path / "library", language=language)
    (line,) = [line for line in ran.out.splitlines() if "b.exe" in line]

    assert ran.code == 0
    assert "5" in line
    assert "c.exe" in line
    assert "图.png" not in line
    words = set(re.split(r"[\s：；（）();:]+", line))
    assert words >= SUPPORTED_SUFFIXES - OLD_SUFFIXES
    assert not words & OLD_SUFFIXES
    assert ("新增 1、跳过 5" if language == "zh" else "1 added, 5 skipped") in ran.out


def test_where_nothing_can_be_read_what_was_skipped_is_told_all_the_same(cli, folder, tmp_path):
    (folder / "表.xlsx").touch()

    ran = cli("ingest", folder, "--library", tmp_path / "library")

    assert "There are no articles here" in ran.out
    assert "表.xlsx" in ran.out


def test_what_was_opened_is_told_with_its_members_and_each_of_them_has_its_line(cli, folder, tmp_path):
    (folder / "news.zip").write_bytes(
        zip_bytes({"甲.md": TEXT.format(name="甲市"), "乙.md": TEXT.format(name="乙市"), "空.txt": ""})
    )

    ran = cli("ingest", folder, "--library", tmp_path / "library", language="zh")
    again = cli("ingest", folder / "news.zip", "--json", "--library", tmp_path / "library")

    lines = {
        line.split()[1].rpartition("news.zip")[2]: line for line in ran.out.splitlines() if "news.zip" in line
    }
    assert {name: line.split()[0] for name, line in lines.items()} == {
        "": "打开",
        "/甲.md": "新增",
        "/乙.md": "新增",
        "/空.txt": "未收",
    }
    assert "里面有 2 篇" in lines[""]
    assert "新增 2、未收 1、打开 1" in ran.out
    document = json.loads(again.out)
    assert {f["outcome"]: f["members"] for f in document["files"]} == {
        "unchanged": 0,
        "refused": 0,
        "opened": 2,
    }
    assert (document["totals"]["opened"], document["totals"]["skipped"]) == (1, 0)


def test_a_table_read_before_says_that_nothing_changed(cli, folder, tmp_path):
    (folder / "a.csv").write_text("标题,正文\n甲市试点,甲市在三家医院试点。\n", encoding="utf-8")
    cli("ingest", folder, "--library", tmp_path / "library")

    ran = cli("ingest", folder, "--library", tmp_path / "library")

    assert ran.out.startswith("Nothing changed: all 1 are")


def test_a_column_that_was_named_is_the_text(cli, folder, tmp_path):
    (folder / "a.csv").write_text(
        "甲,乙\n一个标题,甲市在三家医院试点，门诊等候时间缩短了一半以上。\n", encoding="utf-8"
    )
    library = ("--library", tmp_path / "library")
    unnamed = cli("ingest", folder, *library)

    named = cli("ingest", folder, "--column", "text=乙", "--column", "title=甲", "--json", *library)

    assert unnamed.code == 2
    assert "--column text=" in unnamed.out
    assert named.code == 0
    (added,) = [f for f in json.loads(named.out)["files"] if f["outcome"] == "added"]
    assert added["title"] == "一个标题"


@pytest.mark.parametrize("column", ["正文", "text", "text=", "nothing=正文"])
def test_a_column_that_is_not_so_named_is_bad_input_that_names_the_fields(cli, folder, tmp_path, column):
    ran = cli("ingest", folder, "--column", column, "--library", tmp_path / "library")

    assert ran.code == 2
    assert "doc_number" in ran.err
    assert not (tmp_path / "library").exists()


def test_the_librarys_own_files_are_not_told_of(cli, folder):
    (folder / "好.md").write_text(TEXT.format(name="甲市"), encoding="utf-8")
    cli("ingest", folder, "--library", folder / "library")

    ran = cli("ingest", folder, "--json", "--library", folder / "library")

    assert [(f["outcome"], f["path"]) for f in json.loads(ran.out)["files"]] == [
        ("unchanged", str(folder / "好.md"))
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_help_names_every_kind_that_is_read(language):
    page = pages(language)["yigai ingest"].replace("\n", " ")

    assert [suffix for suffix in sorted(SUPPORTED_SUFFIXES) if f"{suffix}" not in page] == []
