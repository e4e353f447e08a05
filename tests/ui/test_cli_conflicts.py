"""Two articles with different figures for one thing, from the files to the terminal, the JSON and the history."""

from __future__ import annotations

import json

import pytest

ARTICLES = {
    "first.md": """---
title: 漳州床位见闻
date: 2023-04-02
source: 九龙江周报
region: [福建省漳州市]
---
2022年，漳州市每千人口医疗床位数为5.6张。
""",
    "second.md": """---
title: 漳州医疗资源盘点
source: 闽南卫生
region: [福建省漳州市]
---
漳州市医疗资源逐年增加。2022年，漳州市的每千人口医疗床位数达到6.1张，群众住院更方便。
""",
}
QUESTIONS = [
    "漳州每千人口医疗床位数是多少张?",
    "How many hospital beds per 1,000 people does Zhangzhou have?",
]


@pytest.fixture
def shelved(cli, own_library, tmp_path):
    for name, text in ARTICLES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert cli("ingest", *(tmp_path / name for name in ARTICLES), "--library", own_library).code == 0


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_conflict_is_told_in_the_terminal_and_listed_in_the_json(shelved, ask, question):
    document = json.loads(ask(question, "--json").out)
    printed = ask(question).out

    (conflict,) = document["conflicts"]
    assert [(s["source"], s["date"]) for s in conflict["sides"]] == [
        ("九龙江周报", "2023-04-02"),
        ("闽南卫生", None),
    ]
    statement = document["sentences"][conflict["sentence"]]
    assert statement["citations"] == [s["citation"] for s in conflict["sides"]]
    assert statement["text"] in printed
    assert ("日期不详" if document["language"] == "zh" else "undated") in statement["text"]
    quotes = {c["number"]: c["quote"] for c in document["citations"]}
    for side, figure in zip(conflict["sides"], ("5.6张", "6.1张"), strict=True):
        assert figure in quotes[side["citation"]]


def test_a_kept_conflict_is_shown_again_and_replayed(shelved, ask, history, listed):
    ask(QUESTIONS[0])
    answer_id = listed()[0]["answer_id"]

    kept = json.loads(history("show", answer_id, "--json").out)
    replayed = json.loads(history("replay", answer_id, "--json").out)

    assert "两篇文章的数字不同" in history("show", answer_id).out
    assert replayed["same"] is True
    assert replayed["answer"]["conflicts"] == kept["answer"]["conflicts"] != []


def test_a_conflict_that_is_settled_is_told_by_the_replay(shelved, ask, cli, history, listed, own_library):
    ask(QUESTIONS[0])
    (gone,) = [
        a["article_id"]
        for a in json.loads(cli("library", "list", "--json", "--library", own_library).out)["articles"]
        if a["title"] == "漳州医疗资源盘点"
    ]
    cli("library", "remove", gone, "--yes", "--library", own_library)

    replayed = json.loads(history("replay", listed()[0]["answer_id"], "--json").out)

    assert replayed["same"] is False
    assert replayed["answer"]["conflicts"] == []
    assert any(line.startswith("-两篇文章的数字不同") for line in replayed["text"])
