from __future__ import annotations

import json
import re

import pytest
from questions import HEFEI, WUHU

from rag.history import Asked, kept_from
from rag.library import Library


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
        {
            "article_id": cited[0].article_id,
            "state": "gone",
            "citations": [c.number for c in cited],
            "version": 0,
            "replaced_at": "",
        }
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
    assert "文章已改动，引文在早先的第 1 版" in ran.out
    assert "--version 1" in ran.out
    assert "合肥市的家庭医生签约率从41.5%提高到63.2%。」" in ran.out
    (changed,) = document["articles"]
    assert (changed["state"], changed["citations"][0], changed["version"]) == ("earlier", 1, 1)
    assert document["quotes"][0]["paragraph"] == "「合肥市的家庭医生签约率从41.5%提高到63.2%。」"
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
