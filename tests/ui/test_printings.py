from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from questions import WUHU

from rag.library import Library
from rag.types import Repost
from ui.printings import printing_words

SOURCES = st.lists(
    st.none() | st.sampled_from(["甲报", "乙网", "丙刊", "丁社", "戊台", "己站", "庚报"]), max_size=9
)


def repost(source, relation="repost"):
    return Repost(article_id="b", title="题", source=source, date=None, url=None, relation=relation)


@pytest.fixture
def reprinted(own_library, reprint) -> tuple[str, str, str]:
    """Lets the article that is cited be printed by another outlet as well; returns both ids, and that outlet."""
    with Library.open(own_library) as opened:
        first = next(a.article_id for a in opened.articles() if a.article_id.startswith("wuhu-debt"))
        other = next(a.article_id for a in opened.articles() if a.article_id != first)
        reprint(opened, first, other)
    return first, other, "乙网"


def test_each_outlet_is_named_once_and_the_articles_own_not_at_all():
    reposts = [repost("乙网"), repost("甲报"), repost("乙网"), repost("丙刊", "correction")]

    assert printing_words(reposts, "zh", own="甲报") == ["另见：乙网", "文字有更正的另一版：丙刊"]
    assert printing_words(reposts, "en") == [
        "also printed by 乙网, 甲报",
        "printed with corrections by 丙刊",
    ]


def test_a_printing_of_an_unknown_outlet_counts_all_the_same():
    assert printing_words([repost(None)], "zh") == ["另见：来源不详"]


def test_a_correction_by_the_same_outlet_is_named():
    assert printing_words([repost("甲报", "correction")], "zh", own="甲报") == ["文字有更正的另一版：甲报"]


@given(SOURCES)
def test_no_line_is_made_of_nothing_and_none_grows_without_end(sources):
    lines = printing_words(map(repost, sources), "zh", own="甲报")

    assert len(lines) == bool(set(sources) - {"甲报"})
    assert all(line.count("、") <= 4 for line in lines)


def test_an_answer_says_who_else_printed_what_it_cites(ask, reprinted):
    first, other, source = reprinted

    ran = ask(WUHU)
    cited = json.loads(ask(WUHU, "--json").out)["citations"]

    assert f"    另见：{source}" in ran.out.splitlines()
    assert {c["article_id"]: [r["article_id"] for r in c["reposts"]] for c in cited}[first] == [other]


def test_so_does_a_kept_answer_and_one_asked_again(ask, history, listed, reprinted):
    ask(WUHU)
    answer_id = listed()[0]["answer_id"]

    shown, replayed = history("show", answer_id), history("replay", answer_id)
    document = json.loads(history("replay", answer_id, "--json").out)

    for ran in (shown, replayed):
        assert f"    另见：{reprinted[2]}" in ran.out.splitlines()
    assert document["answer"]["citations"][0]["reposts"][0]["article_id"] == reprinted[1]
