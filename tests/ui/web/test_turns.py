from __future__ import annotations

import dataclasses
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.library import OriginFile
from rag.normalise import contains_han
from rag.types import Filter
from ui.remembering import local_time
from ui.web.finding import ArticleFinder
from ui.web.turns import (
    Asking,
    address_of,
    answer_with_sources,
    filter_words,
    region_names,
    turn_of,
    unfinished,
)

WUHU = "芜湖是怎么化债的?"
QUESTIONS = [WUHU, "How did Wuhu reduce debt?", "丽水为什么从急救入手?", "蕪湖市投入了多少化債資金？"]
WHOLE = Filter(regions=("340200", "520600"), since_year=2019, until_year=2023, sources=("卫生报", "健康报"))


@pytest.fixture(scope="module")
def answers(pipeline):
    return {question: pipeline.ask(question) for question in QUESTIONS}


def shown(answer, library, language="zh", **asking):
    return turn_of(answer, Asking(key="k", **asking), find=ArticleFinder(library), language=language)


def changed(library, article_id, text):
    """Put a version with another text in an article's place."""
    old = library.article(article_id)
    origin = OriginFile(path="/elsewhere.md", content_hash="0" * 64, size=1, mtime_ns=1)
    new = dataclasses.replace(old, text=text, headings=(), content_hash="0" * 64)
    import numpy as np

    library.replace_article(new, [], np.zeros((0, library.manifest.dimension), np.float32), origin=origin)


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_card_marks_the_quote_of_its_citation_in_the_articles_own_words(answers, sample, question):
    answer = answers[question]

    turn = shown(answer, sample)

    assert [card.clause.text for card in turn.cards] == [c.quote for c in answer.citations]
    assert [card.number for card in turn.cards] == [c.number for c in answer.citations]
    assert {card.state for card in (*turn.cards, *turn.unused)} == {"current"}
    for card, citation in zip(turn.cards, answer.citations, strict=True):
        whole = card.clause.before + card.clause.text + card.clause.after
        assert whole in sample.article(citation.article_id).text


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_was_read_and_not_cited_has_unnumbered_cards_of_its_own(answers, sample, question):
    answer = answers[question]

    turn = shown(answer, sample)

    assert [card.clause.text for card in turn.unused] == [hit.passage.text for hit in answer.unused]
    assert {card.number for card in turn.unused} == {0}
    anchors = [card.anchor for card in (*turn.cards, *turn.unused)]
    assert len(set(anchors)) == len(anchors)


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_address_of_a_card_opens_the_article_at_the_clause(answers, sample, question):
    for card in shown(answers[question], sample).cards:
        address = urlsplit(card.address)
        place = {name: int(values[0]) for name, values in parse_qs(address.query).items()}

        text = sample.article(unquote(address.path.removeprefix("article/"))).text
        assert text[place["start"] : place["end"]] == card.clause.text


def test_an_article_that_has_changed_or_is_gone_leaves_the_quote_as_it_was(own, pipeline):
    answer = pipeline.ask("比较芜湖和铜仁的编制改革")
    first, other = list(dict.fromkeys(c.article_id for c in answer.citations))[:2]
    changed(own, first, "此文已改写。")
    own.remove_article(other)

    turn = shown(answer, own)

    states = {c.article_id: card.state for c, card in zip(answer.citations, turn.cards, strict=True)}
    assert (states[first], states[other]) == ("earlier", "gone")
    assert [card.clause.text for card in turn.cards] == [c.quote for c in answer.citations]
    assert [card.title for card in turn.cards] == [c.title for c in answer.citations]
    assert [card.clause.text for card in turn.unused] == [hit.passage.text for hit in answer.unused]


def test_the_card_of_a_changed_article_opens_the_version_that_it_quotes_and_leads_to_the_present(
    own, pipeline
):
    answer = pipeline.ask(WUHU)
    cited = answer.citations[0]
    text = own.article(cited.article_id).text
    changed(own, cited.article_id, "此文已改写。")
    (version,) = own.versions(cited.article_id)

    card = shown(answer, own).cards[0]

    assert card.state == "earlier"
    assert card.clause.before + card.clause.text + card.clause.after in text
    assert parse_qs(urlsplit(card.address).query)["version"] == [version.replaced_at]
    assert card.present == address_of(cited.article_id)
    assert card.replaced == local_time(version.replaced_at)


def test_a_quote_that_no_version_has_stays_as_it_was_kept(own, pipeline):
    answer = pipeline.ask(WUHU)
    odd = dataclasses.replace(answer.citations[0], start=3, end=9, quote="没有这样的话")

    card = shown(dataclasses.replace(answer, citations=(odd,)), own).cards[0]

    assert (card.state, card.clause.text, card.present) == ("changed", "没有这样的话", "")


def test_a_card_says_who_else_printed_the_article(own, pipeline, reprint):
    answer = pipeline.ask(WUHU)
    cited = answer.citations[0]
    other = next(a.article_id for a in own.articles() if a.article_id != cited.article_id)
    reprint(own, cited.article_id, other)

    turn = shown(answer, own)

    assert turn.cards[0].printings == ("另见：乙网",)
    assert shown(answer, own, "en").cards[0].printings == ("also printed by 乙网",)


def test_an_unused_passage_of_an_article_that_is_gone_is_named_by_its_headings(own, pipeline):
    answer = pipeline.ask(WUHU)
    hit = answer.unused[0]
    own.remove_article(hit.passage.article_id)

    card = shown(answer, own).unused[0]

    assert (card.state, card.title) == ("gone", hit.passage.heading_path[0])


def test_each_article_is_read_but_once_for_a_turn(sample):
    calls = []

    class Counted:
        def article(self, article_id):
            calls.append(article_id)
            return sample.article(article_id)

    find = ArticleFinder(Counted())
    article_id = sample.articles()[0].article_id

    assert find(article_id) is find(article_id)
    assert find("nothing") is find("nothing") is None
    assert calls == [article_id, "nothing"]


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.integers(0, 9), st.integers(0, 9))
def test_an_address_keeps_any_id_in_one_piece_of_its_path(article_id, start, end):
    address = urlsplit(address_of(article_id, start, end))

    kind, _, name = address.path.partition("/")
    assert (kind, unquote(name)) == ("article", article_id)
    assert not set("/<>\"'&? ") & set(name)
    assert address.query == (f"start={start}&end={end}" if end > start else "")
    assert address.fragment == ""


def test_places_have_english_names_on_the_english_page(answers, sample):
    turn = shown(answers[WUHU], sample, "en", within=WHOLE)

    assert "Wuhu" in turn.cards[0].facts
    assert turn.within == "Within: Wuhu, Tongren, from 2019, to 2023, 卫生报, 健康报"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_place_of_the_library_is_named_in_the_pages_language(sample, language):
    names = region_names(list(sample.region_counts()), language)

    assert names
    assert {contains_han(name) for name in names} == {language == "zh"}


def test_a_place_that_this_versions_gazetteer_lacks_stands_for_itself():
    assert region_names(["990000"], "zh") == region_names(["990000"], "en") == ["990000"]


def test_a_filter_is_said_in_the_order_of_the_page_and_no_filter_not_at_all():
    assert (
        filter_words(WHOLE, "zh") == "限定：安徽省芜湖市、贵州省铜仁市、2019 年起、至 2023 年、卫生报、健康报"
    )
    assert filter_words(Filter(), "zh") == ""


def test_an_answer_knows_best_how_its_question_was_understood(pipeline, sample):
    answer = dataclasses.replace(pipeline.ask("那丽水呢?", history=[WUHU]), understood="丽水市何时化债?")

    assert shown(answer, sample, history=(WUHU,)).asked_as == "丽水市何时化债?"


def test_an_answer_kept_before_it_said_so_is_understood_by_the_rules_again(pipeline, sample):
    answer = dataclasses.replace(pipeline.ask("那丽水呢?", history=[WUHU]), understood="")

    assert shown(answer, sample, history=(WUHU,)).asked_as == "丽水是怎么化债的?"


def test_a_follow_up_says_what_it_was_taken_to_ask(pipeline, sample):
    answer = pipeline.ask("那丽水呢?", history=[WUHU])

    assert shown(answer, sample, history=(WUHU,)).asked_as == "丽水是怎么化债的?"
    assert shown(dataclasses.replace(answer, understood=""), sample).asked_as == ""


@pytest.mark.parametrize(
    ("earlier", "asked_as"),
    [
        ("\ud800" + WUHU, "?丽水是怎么化债的?"),
        (WUHU + "\udfff", "丽水是怎么化债的??"),
        ("\ud800", "丽水: ?"),
        ("，" * 100_000, "丽水: " + "，" * 1000),
        ("", ""),
    ],
    ids=["a surrogate first", "a surrogate last", "a surrogate alone", "very long", "empty"],
)
def test_a_history_is_read_as_the_pipeline_reads_it(sample, earlier, asked_as):
    turn = shown(unfinished("那丽水呢?", ()), sample, history=(earlier,))

    assert turn.asked_as == asked_as


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_copied_holds_every_sentence_quote_and_number(answers, question):
    answer = answers[question]
    head, _, sources = answer_with_sources(answer).partition(
        "Sources:" if answer.language == "en" else "出处："
    )

    for sentence in answer.sentences:
        assert sentence.text + "".join(f"[{n}]" for n in sentence.citations) in head
    for citation in answer.citations:
        named = f"[{citation.number}] {citation.title} · {citation.source} · {citation.date or ''}"
        assert named in sources
        assert f"「{citation.quote}」" in sources
    assert head.startswith(answer.question)


def test_what_is_copied_counts_characters_from_one_and_has_the_articles_web_address(answers):
    answer = answers[WUHU]
    first = dataclasses.replace(answer.citations[0], start=0, end=7, url="https://example.org/a", title=None)

    copied = answer_with_sources(dataclasses.replace(answer, citations=(first,)))

    assert "[1] （无标题） · " in copied
    assert "第 1–7 字" in copied
    assert copied.endswith("\n    https://example.org/a")


def test_a_refusal_is_copied_with_its_reason_and_without_sources(pipeline):
    answer = pipeline.ask("合肥是怎么化债的?")

    assert answer_with_sources(answer) == f"{answer.question}\n\n{answer.refusal.message}"
