from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.briefing.findings import (
    Finding,
    in_reading_order,
    is_label,
    is_leaning,
    quote_of,
    told_once,
    whole_end,
)
from rag.briefing.places import place_of


@pytest.fixture
def findings_in(candidates_in):
    def read(markdown):
        return [
            Finding(quote=quote_of(c, c.start, c.end), sentence=c, place=place_of(c), strength=1.0)
            for c in candidates_in(markdown)
        ]

    return read


def test_the_same_words_and_the_same_figures_in_much_the_same_words_are_told_once(findings_in):
    found = findings_in(
        "合肥市核增编制300个。\n\n合肥市核增编制300个。\n\n合肥市共核增了编制300个。\n\n合肥市为芜湖路医院核增编制320个。\n"
    )

    kept = told_once(found)

    assert [f.quote.text for f in kept] == ["合肥市核增编制300个。", "合肥市为芜湖路医院核增编制320个。"]


def test_a_figure_of_its_own_always_stays_however_alike_the_words(findings_in):
    found = findings_in("合肥市核增编制300个。\n\n合肥市核增编制301个。\n")

    assert told_once(found) == found


def test_the_same_figure_of_two_places_is_told_of_both(findings_in):
    found = findings_in("合肥市核增编制300个。\n\n安庆市核增编制300个。\n")

    assert told_once(found) == found


def test_measures_come_before_results(findings_in):
    found = findings_in("合肥市核增编制300个。\n\n合肥市建立周转池。\n")

    assert [f.quote.text for f in in_reading_order(found)] == ["合肥市建立周转池。", "合肥市核增编制300个。"]


def test_the_number_of_a_list_is_not_quoted(candidates_in):
    (sentence,) = candidates_in("一、合肥市建立周转池，核增编制300个。\n")

    assert quote_of(sentence, sentence.start, sentence.end).text == "合肥市建立周转池，核增编制300个。"


@pytest.mark.parametrize(
    ("text", "label"),
    [("一是打造数字化品牌。", True), ("核增编制300个。", False), ("开展评价。", True), ("率先" * 12, False)],
)
def test_a_short_sentence_without_a_figure_only_announces(text, label):
    assert is_label(text) is label


@pytest.mark.parametrize(
    "clause", ["自挂牌运行以来,", "周转池建成后，", "通过引专家、建学科，", "合肥市围绕三大方向，"]
)
def test_a_clause_may_wait_for_what_follows(clause):
    assert is_leaning(clause)


@pytest.mark.parametrize(
    "clause", ["核增编制300个，", "以后勤社会化为主，", "三家医院随后成立。", "目前运行平稳"]
)
def test_a_clause_that_states_something_does_not_wait(clause):
    assert not is_leaning(clause)


def test_a_quote_goes_on_to_where_it_states_something(candidates_in):
    (sentence,) = candidates_in("自试点以来，合肥市核增编制300个，运行平稳。\n")
    text = sentence.article.text

    end = whole_end(sentence, sentence.start, sentence.start + len("自试点以来"))

    assert text[sentence.start : end] == "自试点以来，合肥市核增编制300个"


@given(st.integers(1, 30), st.integers(1, 30))
def test_a_quote_is_never_made_shorter_and_never_leaves_its_sentence(candidates, a, b):
    (sentence,) = candidates
    start, end = sorted((min(a, sentence.end - 1), min(b, sentence.end)))
    end = max(end, start + 1)

    assert end <= whole_end(sentence, start, end) <= sentence.end


@pytest.fixture(scope="module")
def candidates(request):
    from pathlib import Path

    from shelf import Shelf

    from ingest.read import read_content
    from ingest.split import split_article
    from rag.evidence import gather_candidates
    from rag.types import Hit

    text = "自试点以来，合肥市核增编制300个，通过周转池，运行平稳。"
    article = read_content(text.encode(), path=Path("a.md")).article
    passages = split_article(
        article, budget_tokens=192, window_tokens=512, count_tokens=lambda ts: [len(t) for t in ts]
    )
    hits = [Hit(passage=p, score=1.0, rank=1, origin="fused") for p in passages]
    return gather_candidates(hits, library=Shelf(article))


def test_a_finding_is_told_by_where_it_stands(findings_in):
    (found,) = findings_in("合肥市核增编制300个。\n")
    other = dataclasses.replace(found, place="")

    assert found.key == other.key
