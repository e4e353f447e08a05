from __future__ import annotations

import itertools

import numpy as np
import pytest

from rag.retrieve import POOL, WORTH, Worth, rarity_in, retrieve
from rag.types import Filter
from rag.understand import search_terms, understand

EVERYWHERE = Filter()
HALF_KNOWN = "How do wobbly frobnicators zigzag over a hospital quibble?"


@pytest.fixture(scope="session")
def search(opened_sample, bundled_encoder):
    def run(question, *, top_k=8, within=EVERYWHERE, worth=WORTH):
        query = understand(question, rarity=rarity_in(opened_sample))
        return retrieve(
            query, library=opened_sample, encoder=bundled_encoder, top_k=top_k, within=within, worth=worth
        )

    return run


@pytest.fixture(scope="session")
def year_of(opened_sample):
    years = {a.article_id: int(a.date[:4]) if a.date else None for a in opened_sample.articles()}
    return lambda hit: years[hit.passage.article_id]


@pytest.fixture(scope="session")
def sides(opened_sample):
    """What each side alone finds for a question: (dense, lexical), best first."""

    def run(question, found):
        terms = search_terms(understand(question, rarity=rarity_in(opened_sample)))
        return (
            opened_sample.dense(found.vector, top_k=POOL),
            opened_sample.lexical(terms, top_k=POOL),
        )

    return run


def ids(found):
    return [hit.passage.passage_id for hit in found.hits]


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("芜湖是怎么化债的?", "10亿元"),
        ("蕪湖是怎麼化債的?", "10亿元"),
        ("How did Wuhu reduce debt?", "10亿元"),
        ("丽水的急救半径缩小了多少?", "21公里"),
        ("How far did Lishui shrink the emergency service radius?", "21公里"),
    ],
)
def test_the_passage_that_answers_is_among_the_first(search, question, part):
    assert any(part in hit.passage.text for hit in search(question).hits[:3])


def test_the_lexical_side_weighs_in_full_where_the_library_knows_every_word(search):
    assert search("芜湖化债").lexical_weight == pytest.approx(1)


def test_the_lexical_side_weighs_nothing_where_the_library_knows_no_word(search):
    assert search("frobnicators?").lexical_weight == 0
    assert search("红烧肉").lexical_weight == 0


def test_an_english_question_outside_the_glossary_weighs_the_lexical_side_less_than_the_same_in_chinese(
    search,
):
    english = search("How do hospital frobnicators zigzag?")
    chinese = search("医院编制改革")

    assert 0 < english.lexical_weight < chinese.lexical_weight


def test_an_english_question_within_the_glossary_is_searched_by_words_as_well(search):
    assert search("What did Wuhu do about staffing?").lexical_weight > 0.5


@pytest.mark.parametrize("question", ["医院编制改革", HALF_KNOWN, "frobnicators?", "什么是医院"])
def test_hits_are_what_either_side_finds_best_first(search, sides, question):
    found = search(question)
    dense, lexical = sides(question, found)

    pool = {h.passage.passage_id for h in (*dense, *lexical)}
    assert set(ids(found)) <= pool
    assert len(found.hits) == 8


@pytest.mark.parametrize("question", ["医院编制改革", HALF_KNOWN])
def test_worth_nothing_the_words_leave_the_order_of_meaning(search, sides, question):
    found = search(question, worth=Worth(words=0.0, pairs=0.0))

    assert ids(found) == [h.passage.passage_id for h in sides(question, found)[0]][:8]


@pytest.mark.parametrize("question", ["医院编制改革", "粤健通是什么?", "“挂图作战”是什么?"])
@pytest.mark.parametrize("worth", [Worth(words=1000.0, pairs=0.0), WORTH])
def test_the_first_of_a_lexical_side_that_reads_the_question_is_read(search, sides, question, worth):
    found = search(question, worth=worth)

    assert found.lexical_weight > 0.5
    first = sides(question, found)[1][0].passage.passage_id
    assert first in ids(found)[: 1 if worth is not WORTH else 8]


@pytest.mark.parametrize("question", ["frobnicators?", "红烧肉"])
def test_words_that_the_library_does_not_know_leave_the_order_of_meaning(search, sides, question):
    found = search(question)

    assert ids(found) == [h.passage.passage_id for h in sides(question, found)[0]][:8]


def test_a_passage_that_repeats_the_wording_gains_by_it(search):
    question = "编制周转池由县里统一调配吗?"
    text = "".join(h.passage.text for h in search(question, worth=Worth(words=0.0, pairs=50.0)).hits[:1])

    assert "周转池" in text


def test_the_vector_is_that_of_the_question(search, bundled_encoder):
    found = search("芜湖是怎么化债的?")

    assert np.allclose(found.vector, bundled_encoder.embed_query("芜湖是怎么化债的?"), atol=1e-6)
    assert np.linalg.norm(found.vector) == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("top_k", [1, 3, 8, 40])
def test_hits_are_ranked_from_one_without_repeats_up_to_top_k(search, top_k):
    found = search("比较芜湖和铜仁的编制改革", top_k=top_k)

    assert len(found.hits) <= top_k
    assert [hit.rank for hit in found.hits] == list(range(1, len(found.hits) + 1))
    assert len(set(ids(found))) == len(found.hits)
    assert all(hit.origin == "fused" for hit in found.hits)


@pytest.mark.parametrize("top_k", [4, 8])
def test_every_place_of_a_comparison_has_its_share(search, top_k):
    found = search("比较芜湖、铜仁、盐城和丽水的医改", top_k=top_k)

    for code in ("340200", "520600", "320900", "331100"):
        share = [hit for hit in found.hits if code in hit.passage.regions]
        assert len(share) >= top_k // 4


def test_more_places_than_hits_leave_no_place_a_share_but_still_find(search):
    assert len(search("比较芜湖、铜仁、盐城和丽水的医改", top_k=2).hits) == 2


def test_the_same_question_finds_the_same_in_the_same_order(search):
    assert len({tuple(ids(search("公立医院的薪酬怎么改?"))) for _ in range(3)}) == 1


@pytest.mark.parametrize(
    ("code", "within"), [("340200", ("340200",)), ("340000", ("340200",)), ("440000", ("440000", "440300"))]
)
def test_a_region_filter_lets_only_that_place_and_what_lies_in_it_through(search, code, within):
    found = search("公立医院改革", within=Filter(regions=(code,)))

    assert found.hits
    for hit in found.hits:
        assert set(hit.passage.regions) & set(within) or any(
            r[:2] == code[:2] and code.endswith("0000") for r in hit.passage.regions
        )


def test_a_filter_holds_also_where_the_question_names_another_place(search):
    found = search("铜仁的编制改革", within=Filter(regions=("340200",)))

    assert found.hits
    assert all("340200" in hit.passage.regions for hit in found.hits)


@pytest.mark.parametrize(
    ("since", "until"), [(2022, None), (None, 2022), (2020, 2023), (2025, 2025), (2019, 2019)]
)
def test_a_year_filter_holds_and_leaves_articles_without_a_date_out(search, year_of, since, until):
    found = search("公立医院改革", within=Filter(since_year=since, until_year=until))

    years = {year_of(hit) for hit in found.hits}
    assert years
    assert None not in years
    assert all((since or 0) <= year <= (until or 9999) for year in years)


def test_a_filter_that_nothing_passes_finds_nothing(search):
    assert search("公立医院改革", within=Filter(since_year=2100)).hits == ()
    assert search("公立医院改革", within=Filter(regions=("310000",))).hits == ()


def test_a_question_without_a_word_for_the_index_is_searched_by_meaning(search):
    assert search("???").hits


def test_an_empty_library_finds_nothing(empty_library, bundled_encoder):
    query = understand("芜湖是怎么化债的?", rarity=rarity_in(empty_library))

    found = retrieve(query, library=empty_library, encoder=bundled_encoder, top_k=8, within=EVERYWHERE)

    assert (found.hits, found.lexical_weight) == ((), 0)


def test_enough_is_asked_of_each_side_for_the_most_hits_a_reader_can_ask_for(opened_sample):
    assert 8 <= POOL <= opened_sample.passage_count()


def test_rarity_falls_as_more_passages_hold_a_word(opened_sample):
    rarity = rarity_in(opened_sample)
    words = ["红烧肉", "周转池", "编制", "医院"]
    held = [opened_sample.document_frequency([w])[w] for w in words]

    rarities = [rarity([w]) for w in words]

    assert held == sorted(held)
    assert all(a > b for a, b in itertools.pairwise(rarities))
    assert rarities[0] == 1.0
    assert all(0 <= r <= 1 for r in rarities)


def test_the_commonest_form_of_an_aspect_tells_its_rarity(opened_sample):
    rarity = rarity_in(opened_sample)

    assert rarity(["红烧肉", "医院"]) == rarity(["医院"])


def test_forms_without_a_term_and_an_empty_library_know_no_word(opened_sample, empty_library):
    assert rarity_in(opened_sample)(["？"]) == 1.0
    assert rarity_in(opened_sample)([]) == 1.0
    assert rarity_in(empty_library)(["医院"]) == 1.0
