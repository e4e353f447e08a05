from __future__ import annotations

import dataclasses
import json
import re
import time

import pytest
from answers import without_timings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from questions import FACTS, NEAR_MISSES, VARIED

from rag.figures import find_figures, in_english
from rag.normalise import contains_han, fold
from rag.pipeline import LONGEST_QUESTION_CHARS, Timings
from rag.schema import answer_document
from rag.settings import Settings
from rag.types import Filter
from tests.support.effort import effort_below

HOSTILE = {
    "control characters": "\x00\x1b[31m芜湖\x07是怎么化债的?\r\n",
    "right to left": "\u202e芜湖是怎么化债的?\u202c\u2066",
    "markup": "<script>alert('芜湖')</script><b>化债</b>&amp;",
    "a quoted query": '芜湖" OR 1=1; DROP TABLE passages; -- NEAR(化债*',
    "a template": "{question} {0} %s %(x)d $HOME `id` 芜湖化债",
    "undecodable bytes": "\udce8\udc8a\udc9c芜湖是怎么化债的?",
    "a ligature that grows": "ﷺ" * 100_000,
    "100 kB of a question": "芜湖是怎么化债的?" * 12_000,
    "100 kB without a break": "a" * 100_000,
    "100 kB of punctuation": "，" * 100_000,
    "many places": "芜湖、铜仁、盐城、深圳、三明、丽水、青岛、白山、庆阳、重庆、广东、山西怎么改革?",
    "many years": "2019-" * 300 + "2020年芜湖化债",
    "private use": "\ue000\uf8ff\U0010ffff化债",
    "combining marks": "芜" + "\u0301" * 900 + "湖化债",
}


def is_consistent(answer):
    """Answered or refused, never both and never neither."""
    if answer.refusal is not None:
        return not answer.answered and answer.sentences == answer.citations == () and answer.refusal.message
    return answer.answered and answer.sentences and answer.citations


@pytest.mark.parametrize(("question", "said"), FACTS)
def test_a_fact_is_answered(answer_to, question, said):
    answer = answer_to(question)

    assert [words for words in said if words not in answer.text] == []
    assert is_consistent(answer)


@pytest.mark.parametrize(("question", "code"), NEAR_MISSES)
def test_what_the_articles_do_not_say_is_refused(answer_to, question, code):
    answer = answer_to(question)

    assert answer.refusal is not None, answer.text
    assert answer.refusal.code == code
    assert is_consistent(answer)


@pytest.mark.parametrize("question", VARIED)
def test_every_quote_is_the_articles_own_text(answer_to, opened_sample, question):
    answer = answer_to(question)

    for citation in answer.citations:
        article = opened_sample.article(citation.article_id)
        assert article.text[citation.start : citation.end] == citation.quote
        assert (citation.title, citation.source, citation.date) == (
            article.title,
            article.source,
            article.date,
        )


@pytest.mark.parametrize("question", VARIED)
def test_citations_are_numbered_by_first_use_and_none_is_unused(answer_to, question):
    answer = answer_to(question)

    used = list(dict.fromkeys(n for s in answer.sentences for n in s.citations))
    assert used == list(range(1, len(answer.citations) + 1))
    assert [c.number for c in answer.citations] == used


def numbers(text):
    return set(re.findall(r"\d+(?:[.,]\d+)*", fold(text)))


@pytest.mark.parametrize("question", VARIED)
def test_every_number_of_an_answer_is_quoted_or_computed(answer_to, question):
    answer = answer_to(question)

    for sentence in answer.sentences:
        quotes = [c.quote for c in answer.citations if c.number in sentence.citations]
        known = {n for quote in quotes for n in numbers(quote)}
        known |= {n for quote in quotes for f in find_figures(quote) for n in numbers(in_english(f))}
        told = re.sub(r"[（(](?:计算得出：|computed: ).*?[)）]", "", sentence.text)
        assert numbers(told) <= known


@pytest.mark.parametrize("question", VARIED)
def test_the_answer_is_in_the_language_of_the_question(answer_to, question):
    answer = answer_to(question)

    assert answer.language == ("zh" if contains_han(question) else "en")
    if answer.refusal:
        assert contains_han(answer.text) == (answer.language == "zh")


@pytest.mark.parametrize(("question", "refusal"), [("", True), ("?", True), ("……", True), ("芜湖", False)])
def test_the_shortest_questions(sample_pipeline, question, refusal):
    answer = sample_pipeline.ask(question)

    assert (answer.refusal is not None) is refusal
    assert is_consistent(answer)


@pytest.mark.parametrize(
    ("question", "language"),
    [("", "zh"), ("   \n", "zh"), ("？", "zh"), ("。", "zh"), ("?!", "en"), ("🙂", "zh"), ("为什么?", "zh"), ("Why?", "en")],
)  # fmt: skip
def test_a_question_that_holds_nothing_is_refused_in_the_language_it_is_in(
    sample_pipeline, question, language
):
    answer = sample_pipeline.ask(question)

    assert answer.refusal.code == "empty_question"
    assert answer.language == language
    assert contains_han(answer.text) == (language == "zh")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_question_is_answered_or_refused_in_time(sample_pipeline, name):
    with effort_below(15):
        answer = sample_pipeline.ask(HOSTILE[name])

        assert is_consistent(answer)
        assert json.dumps(answer_document(answer), ensure_ascii=False).encode()


def test_what_is_wrapped_around_a_question_does_not_hide_it(sample_pipeline):
    for name in ("control characters", "right to left", "undecodable bytes"):
        assert "10亿元" in sample_pipeline.ask(HOSTILE[name]).text


def test_a_question_is_cut_where_it_is_no_question_any_more(sample_pipeline):
    answer = sample_pipeline.ask("芜湖是怎么化债的?" + "，" * 100_000)

    assert len(answer.question) == LONGEST_QUESTION_CHARS
    assert "10亿元" in answer.text


def test_a_hostile_history_does_no_harm(sample_pipeline):
    history = ["\udcff", "x" * 100_000, "", "\x00", "芜湖是怎么化债的?"]

    assert is_consistent(sample_pipeline.ask("那三明呢?", history=history))


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    question=st.text(
        alphabet=st.one_of(
            st.sampled_from("芜湖铜仁编制化债多少亿元，。?%（）Wuhu debt 2019\n\u3000\u202e𠮷"),
            st.characters(),
        ),
        max_size=40,
    ),
    earlier=st.sampled_from([(), ("芜湖是怎么化债的?",), ("how did Wuhu reduce debt", "And Tongren?")]),
)
def test_any_question_is_answered_or_refused(tiny_pipeline, question, earlier):
    answer = tiny_pipeline.ask(question, history=earlier)

    assert is_consistent(answer)
    for citation in answer.citations:
        text = tiny_pipeline.library.article(citation.article_id).text
        assert text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    ("history", "question", "said"),
    [
        (["芜湖是怎么化债的?"], "那丽水的急救半径呢?", "12公里"),
        (["丽水的急救半径缩小了多少?"], "反应时间呢?", "12分钟"),
        (["芜湖是怎么化债的?"], "它的编制改革呢?", "编制周转池"),
        (["How did Wuhu reduce debt?"], "And what did it do about staffing?", "编制周转池"),
    ],
)
def test_a_follow_up_is_answered_from_what_was_asked_before(sample_pipeline, history, question, said):
    answer = sample_pipeline.ask(question, history=history)

    assert said in answer.text
    assert answer.question == question


def test_a_follow_up_about_a_place_that_says_nothing_of_it_is_refused(sample_pipeline):
    answer = sample_pipeline.ask("那三明呢?", history=["丽水的急救半径缩小了多少?"])

    assert answer.refusal.code == "region_without_subject"
    assert "三明市" in answer.text


def test_every_place_of_a_comparison_is_answered_or_said_to_be_missing(sample_pipeline):
    answer = sample_pipeline.ask("比较芜湖、铜仁和合肥的编制改革")

    assert "芜湖" in answer.text
    assert "铜仁" in answer.text
    assert "（安徽省合肥市）资料中未提及。" in answer.text


def test_a_filter_holds_for_the_whole_answer(sample_pipeline):
    answer = sample_pipeline.ask("编制改革怎么做?", within=Filter(regions=("520600",)))

    assert answer.answered
    assert {region for c in answer.citations for region in c.regions} == {"贵州省铜仁市"}


def test_a_filter_that_hides_the_answer_gives_a_refusal(sample_pipeline):
    answer = sample_pipeline.ask("芜湖是怎么化债的?", within=Filter(since_year=2100))

    assert answer.refusal.code == "outside_filter"
    assert "安徽芜湖" in answer.text
    assert is_consistent(answer)


@pytest.mark.parametrize(("question", "language"), [("芜湖是怎么化债的?", "zh"), ("How did Wuhu reduce debt?", "en")])  # fmt: skip
def test_an_empty_library_says_how_to_fill_it(empty_library, tiny_pipeline, question, language):
    answer = dataclasses.replace(tiny_pipeline, library=empty_library).ask(question)

    assert answer.refusal.code == "empty_library"
    assert "yigai ingest" in answer.text
    assert answer.language == language


def test_an_empty_question_comes_before_an_empty_library(empty_library, tiny_pipeline):
    answer = dataclasses.replace(tiny_pipeline, library=empty_library).ask("?")

    assert answer.refusal.code == "empty_question"


def test_a_question_never_changes_the_library(sample_pipeline):
    before = sample_pipeline.library.stats().articles, sample_pipeline.library.passage_count()

    sample_pipeline.ask("芜湖是怎么化债的?")

    assert (sample_pipeline.library.stats().articles, sample_pipeline.library.passage_count()) == before


@pytest.mark.parametrize("question", VARIED)
def test_the_same_question_has_the_same_answer(answer_to, sample_pipeline, question):
    assert without_timings(answer_to(question)) == without_timings(sample_pipeline.ask(question))


def test_an_answer_and_a_refusal_both_say_how_long_each_step_took(sample_pipeline):
    answered = sample_pipeline.ask("芜湖是怎么化债的?").timings_ms
    refused = sample_pipeline.ask("合肥是怎么化债的?").timings_ms
    empty = sample_pipeline.ask("?").timings_ms

    searching = ["lexical", "dense", "encode", "fuse", "retrieve"]
    reading = ["understand", *searching, "gather", "rerank", "assess"]
    assert list(answered) == [*reading, "compose", "verify", "total"]
    assert list(refused) == [*reading, "refuse", "total"]
    assert list(empty) == ["total"]
    assert all(ms >= 0 for ms in answered.values())
    assert answered["total"] >= max(ms for name, ms in answered.items() if name != "total")
    assert answered["retrieve"] >= sum(answered[name] for name in ("lexical", "dense", "fuse")) - 0.05


def test_time_is_added_up_by_step_and_taken_also_where_a_step_fails():
    timings = Timings()

    def fail():
        with timings.step("a"):
            time.sleep(0.01)
            raise ZeroDivisionError

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            fail()

    assert timings.ms["a"] >= 20


def test_what_was_found_but_not_cited_is_told(sample_pipeline):
    answer = sample_pipeline.ask("铜仁的稳定收入占比是多少?")

    cited = {(c.article_id, c.start) for c in answer.citations}
    assert 0 < len(answer.unused) < sample_pipeline.top_k
    for hit in answer.unused:
        assert not any(
            a == hit.passage.article_id and hit.passage.start <= s < hit.passage.end for a, s in cited
        )


def test_more_passages_are_read_where_more_are_asked_for(sample_pipeline):
    few, many = (
        dataclasses.replace(sample_pipeline, top_k=k).ask("编制改革怎么做?") for k in (1, Settings().top_k)
    )

    assert len(few.unused) < len(many.unused)


def test_a_source_holds_for_the_whole_answer(sample_pipeline):
    sources = sample_pipeline.library.source_counts()
    answered = 0

    for source in sources:
        answer = sample_pipeline.ask("编制改革怎么做?", within=Filter(sources=(source,)))
        answered += answer.answered
        assert {citation.source for citation in answer.citations} <= {source}

    assert answered
