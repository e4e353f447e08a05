from __future__ import annotations

import json
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from one_line import is_one_line
from questions import WUHU


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
