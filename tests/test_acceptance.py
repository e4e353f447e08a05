"""What the whole must show on real articles, and on whatever else a folder may hold."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from eval.cases import read_suite
from eval.runner import run
from rag.build import build_encoder, build_pipeline, open_library
from rag.library import Library
from rag.normalise import count_han
from rag.settings import load_settings

CHROME = ("微信扫一扫", "评论列表", "浏览次数", "点赞", "下一篇", "返回首页", "華醫題庫", "特別聲明")
GOOD = "某市在三家医院试点分时段预约，门诊等候时间缩短了{}%，群众满意度达到九成。"


@pytest.fixture(scope="module")
def real_library(shared_folder, shell, tmp_path_factory) -> Path:
    library = tmp_path_factory.mktemp("real") / "library"
    ingested = shell("ingest", shared_folder / "seeds", "--library", library)
    assert ingested.returncode == 0, ingested.stdout + ingested.stderr
    return library


# Real articles


@pytest.mark.seeds
def test_the_wuhu_question_is_answered_with_all_three_figures_from_the_wuhu_sentence(shell, real_library):
    ran = shell("ask", "how did Wuhu reduce debt", "--json", "--library", real_library)
    answer = json.loads(ran.stdout)
    (citation,) = [c for c in answer["citations"] if "62.59%" in c["quote"]]

    assert ran.returncode == 0
    assert all(figure in answer["text"] for figure in ("10亿元", "62.59%", "48.8%"))
    assert all(figure in citation["quote"] for figure in ("10亿元", "62.59%", "48.8%"))
    assert citation["regions"] == ["安徽省芜湖市"]
    assert citation["article_id"].startswith("000_")
    assert any(citation["number"] in s["citations"] and "48.8%" in s["text"] for s in answer["sentences"])


@pytest.mark.seeds
def test_the_real_questions_are_answered_refused_and_quoted_as_promised(shared_folder, real_library, capsys):
    settings = load_settings(library=real_library)
    encoder = build_encoder(settings)
    suite = read_suite(shared_folder / "evaldata" / "seed_questions.jsonl")
    with open_library(settings.library, encoder) as library:
        report = run([suite], build_pipeline(library, encoder, settings), with_mutations=False)
    passed = {kind: sum(c.passed for c in report.cases if c.type == kind) for kind in report.by_type}
    with capsys.disabled():
        sys.stdout.write(f"\n{json.dumps(passed)}; missed: {[c.id for c in report.cases if not c.passed]}\n")

    assert passed["fact"] >= 21
    assert passed["unanswerable"] >= 4
    assert report.metric("citation_exact").value == 1.0
    assert report.metric("faithfulness").value == 1.0


@pytest.mark.seeds
def test_no_site_chrome_reaches_the_library(real_library):
    with Library.open(real_library) as library:
        texts = {a.article_id: library.article(a.article_id).text for a in library.articles()}

    assert len(texts) >= 5
    # The folder's own README is an article too, and it speaks about the chrome of the others.
    real = {name: text for name, text in texts.items() if re.match(r"\d{3}_", name)}
    assert len(real) == 5
    assert {(name, s) for name, text in real.items() for s in CHROME if s in text} == set()


@pytest.mark.seeds
def test_every_body_paragraph_reaches_the_library(shared_folder, real_library):
    with Library.open(real_library) as library:
        kept = "\n".join(_squeezed(library.article(a.article_id).text) for a in library.articles())
    paragraphs = [
        p for file in sorted((shared_folder / "seeds").glob("*.txt")) for p in _body_paragraphs(file)
    ]

    assert len(paragraphs) > 80
    assert [p[:12] for p in paragraphs if p not in kept] == []


def _body_paragraphs(file: Path) -> Iterator[str]:
    """Yield what anybody would call body: a line or <p> of 40 Han characters that ends as a sentence does."""
    text = re.sub(r"</?(?:p|br|div)\b[^>]*>", "\n", file.read_text(encoding="utf-8"))
    for line in html.unescape(re.sub(r"<[^>]+>", "", text)).splitlines():
        paragraph = _squeezed(line)
        ends = re.search(r"[。！？!?][”’」』）)\"]*$", paragraph)
        if count_han(paragraph) >= 40 and ends and not any(s in paragraph for s in CHROME):
            yield paragraph


def _squeezed(text: str) -> str:
    return "".join(text.split())


# The life of a folder


def outcomes(ran: subprocess.CompletedProcess[str]) -> dict[str, str]:
    return {Path(file["path"]).name: file["outcome"] for file in json.loads(ran.stdout)["files"]}


@pytest.fixture
def folder(tmp_path) -> Path:
    place = tmp_path / "articles"
    place.mkdir()
    for number in range(3):
        (place / f"{number}.txt").write_text(GOOD.format(30 + number), encoding="utf-8")
    return place


def test_a_library_follows_its_folder(shell, folder, tmp_path):
    def ingest(*options: str) -> subprocess.CompletedProcess[str]:
        return shell("ingest", folder, "--json", "--library", tmp_path / "library", *options)

    assert set(outcomes(ingest()).values()) == {"added"}

    again = ingest()
    assert set(outcomes(again).values()) == {"unchanged"}
    assert again.returncode == 0

    (folder / "0.txt").write_text("某市为村医统一购买养老保险，参保人数达到4321人。", encoding="utf-8")
    assert outcomes(ingest()) == {"0.txt": "replaced", "1.txt": "unchanged", "2.txt": "unchanged"}
    assert "4321人" in shell("ask", "有多少村医参加了养老保险?", "--library", tmp_path / "library").stdout
    assert "30%" not in shell("library", "show", "0", "--library", tmp_path / "library").stdout

    (folder / "1.txt").unlink()
    kept = ingest()
    assert outcomes(kept)["1.txt"] == "missing"
    assert json.loads(kept.stdout)["articles"] == 3

    pruned = ingest("--prune")
    assert outcomes(pruned)["1.txt"] == "removed"
    assert json.loads(pruned.stdout)["articles"] == 2
    assert shell("library", "check", "--library", tmp_path / "library").returncode == 0


# Whatever else a folder may hold


@pytest.fixture
def as_anybody() -> list[str]:
    """A command to run another through, so that permissions hold for it: root would read everything."""
    if os.getuid() != 0:
        return []
    if not sys.platform.startswith("linux"):
        pytest.skip("root cannot give up its right to read everything here")
    drop_from_bounding_set, dac_override, dac_read_search = 24, 1, 2
    drops = "; ".join(f"p({drop_from_bounding_set}, {c}, 0, 0, 0)" for c in (dac_override, dac_read_search))
    code = (
        f"import ctypes, os, sys; p = ctypes.CDLL(None).prctl; {drops}; os.execv(sys.argv[1], sys.argv[1:])"
    )
    return [sys.executable, "-c", code]


def spoil(place: Path) -> None:
    """Put every kind of bad input beside a good file that was changed to a binary."""
    (place / "empty.txt").touch()
    (place / "binary.txt").write_bytes(bytes(range(256)) * 64)
    (place / "cut.html").write_text(
        f"<html><body><p>{GOOD.format(66)}</p><p>第二段在这里断<div cla", encoding="utf-8"
    )
    (place / "bare.html").write_text("<html><head><title>", encoding="utf-8")
    (place / "huge.txt").write_text("医改要闻" * 13 + "\n", encoding="utf-8")
    with (place / "huge.txt").open("ab") as file:
        file.truncate(50_000_000)
    (place / "ligature.txt").write_text("\ufdfa" * 1000, encoding="utf-8")
    (place / "locked").mkdir()
    (place / "locked" / "inside.txt").write_text(GOOD.format(99), encoding="utf-8")
    (place / "dangling.txt").symlink_to(place / "nowhere.txt")
    (place / "2.txt").write_bytes(b"\x7fELF" + bytes(4096))
    (place / "new.txt").write_text(GOOD.format(88), encoding="utf-8")
    (place / "locked").chmod(0)


def test_bad_input_gets_a_line_each_and_costs_nothing_else(shell, folder, tmp_path, as_anybody):
    library = tmp_path / "library"
    assert shell("ingest", folder, "--library", library).returncode == 0
    spoil(folder)

    ran = shell("ingest", folder, "--json", "--library", library, through=as_anybody)
    (folder / "locked").chmod(0o700)
    report = {Path(file["path"]).name: file for file in json.loads(ran.stdout)["files"]}

    assert ran.returncode == 2
    assert {name: file["error"]["code"] for name, file in report.items() if file["outcome"] == "refused"} == {
        "empty.txt": "empty",
        "binary.txt": "binary",
        "bare.html": "no_text",
        "huge.txt": "too_large",
        "locked": "no_permission",
        "dangling.txt": "broken_link",
        "2.txt": "binary",
    }
    assert {name for name, file in report.items() if file["outcome"] == "added"} == {
        "cut.html",
        "ligature.txt",
        "new.txt",
    }
    assert report["2.txt"]["kept_old"]
    assert all(file["error"]["message"] for file in report.values() if file["outcome"] == "refused")
    with Library.open(library) as opened:
        texts = [opened.article(a.article_id).text for a in opened.articles()]
        assert opened.check() == []
    for number in (30, 31, 32, 66, 88):
        assert any(f"缩短了{number}%" in text for text in texts)
