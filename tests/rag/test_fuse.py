from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.fuse import reciprocal_rank_fusion, weighted_sum
from rag.types import Hit, Passage


def hit(passage_id: str, rank: int) -> Hit:
    passage = Passage(passage_id=passage_id, article_id="a", ordinal=0, start=0, end=1, text="x")
    return Hit(passage=passage, score=1 / rank, rank=rank, origin="dense")


def ranking(ids: list[str]) -> list[Hit]:
    return [hit(passage_id, rank) for rank, passage_id in enumerate(ids, start=1)]


rankings = st.lists(
    st.tuples(st.floats(0, 2), st.lists(st.sampled_from("abcdefgh"), unique=True).map(ranking)), max_size=4
)


def test_scores_are_the_weighted_sums_of_reciprocal_ranks():
    fused = reciprocal_rank_fusion([(1.0, ranking(["a", "b"])), (0.5, ranking(["b"]))])

    # b: 1/62 + 0.5/61 = 0.024326..., a: 1/61 = 0.016393...
    assert [(h.passage.passage_id, round(h.score, 6)) for h in fused] == [("b", 0.024326), ("a", 0.016393)]


def test_a_ranking_of_weight_zero_adds_nothing():
    fused = reciprocal_rank_fusion([(1.0, ranking(["a"])), (0.0, ranking(["b", "a"]))])

    assert [h.passage.passage_id for h in fused] == ["a"]


def test_a_negative_weight_is_refused():
    with pytest.raises(ValueError, match="negative"):
        reciprocal_rank_fusion([(-1.0, ranking(["a"]))])


@given(rankings)
def test_fusion_returns_each_passage_once_in_order_of_score(given_rankings):
    fused = reciprocal_rank_fusion(given_rankings)

    ids = [h.passage.passage_id for h in fused]
    assert len(ids) == len(set(ids))
    assert [h.rank for h in fused] == list(range(1, len(ids) + 1))
    assert all(a.score >= b.score for a, b in itertools.pairwise(fused))


@given(rankings, st.randoms())
def test_fusion_ignores_the_order_of_the_rankings(given_rankings, random):
    shuffled = random.sample(given_rankings, len(given_rankings))

    assert reciprocal_rank_fusion(given_rankings) == reciprocal_rank_fusion(shuffled)


def passages(ids: str) -> list[Passage]:
    return [hit(passage_id, 1).passage for passage_id in ids]


def test_a_sum_weighs_each_measure_and_knows_nothing_of_what_it_does_not_name():
    ranked = weighted_sum(passages("abc"), [(2.0, {"a": 1.0, "b": 0.5}), (1.0, {"b": 1.5, "x": 9.0})])

    # b: 2 · 0.5 + 1.5, a: 2 · 1, c: nothing
    assert [(h.passage.passage_id, h.score, h.rank) for h in ranked] == [
        ("b", 2.5, 1),
        ("a", 2.0, 2),
        ("c", 0.0, 3),
    ]


def test_a_sum_ranks_equals_by_id_and_each_passage_once():
    assert [h.passage.passage_id for h in weighted_sum(passages("cabca"), [])] == ["a", "b", "c"]


def test_a_clear_lead_outweighs_a_narrow_one():
    clear, narrow = {"a": 1.0, "b": 0.1}, {"a": 0.45, "b": 0.5}

    assert weighted_sum(passages("ab"), [(1.0, clear), (1.0, narrow)])[0].passage.passage_id == "a"


@given(
    st.dictionaries(st.sampled_from("abcdef"), st.floats(0, 1)),
    st.dictionaries(st.sampled_from("abcdef"), st.floats(0, 1)),
    st.permutations("abcdef"),
)
def test_a_sum_ignores_the_order_of_passages_and_measures(one, other, order):
    forward = weighted_sum(passages("abcdef"), [(0.1, one), (0.7, other)])

    assert weighted_sum(passages(order), [(0.7, other), (0.1, one)]) == forward
