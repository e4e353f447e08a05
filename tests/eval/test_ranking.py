from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.ranking import mean, metric_names, per_query

GRADES = {"编制": {"a": 2, "b": 1, "c": 0}}
RANKINGS = {"编制": ["x", "b", "c", "a"]}
documents = st.sampled_from("abcdefgh")
qrels_drawn = st.dictionaries(
    st.sampled_from("123"), st.dictionaries(documents, st.integers(0, 3), max_size=5), min_size=1
)
rankings_drawn = st.dictionaries(st.sampled_from("1234"), st.lists(documents, unique=True))


def measure(name: str, k: int) -> float:
    return per_query(GRADES, RANKINGS, ks=(k,))["编制"][f"{name}@{k}"]


def test_hit_is_whether_anything_relevant_stands_among_the_first_k():
    # x has no grade; b, second, has grade 1.
    assert [measure("hit", k) for k in (1, 2, 4)] == [0, 1, 1]


def test_recall_is_the_share_of_the_relevant_among_the_first_k():
    # a and b are relevant, c (grade 0) is not: none of 2, then b (1 of 2), then b and a (2 of 2).
    assert [measure("recall", k) for k in (1, 3, 4)] == [0, 0.5, 1]


def test_mrr_is_one_over_the_first_relevant_rank_and_0_beyond_the_cut_off():
    # b is second: 1/2 from k = 2 on, nothing at k = 1.
    assert [measure("MRR", k) for k in (1, 2, 10)] == [0, 0.5, 0.5]


def test_ndcg_discounts_grades_by_the_logarithm_of_the_rank():
    # DCG@4 = 0/log2(2) + 1/log2(3) + 0/log2(4) + 2/log2(5) = 0.63093 + 0.86135 = 1.49228
    # ideal: 2/log2(2) + 1/log2(3) = 2.63093; nDCG@4 = 0.56721
    ideal = 2 + 1 / math.log2(3)

    assert measure("nDCG", 4) == pytest.approx((1 / math.log2(3) + 2 / math.log2(5)) / ideal, abs=1e-12)
    assert measure("nDCG", 4) == pytest.approx(0.56721, abs=5e-6)
    # At k = 1 nothing is found, and the ideal is cut as well.
    assert measure("nDCG", 1) == 0


def test_ndcg_at_k_compares_with_the_best_k_only():
    # Both first places could hold grade 1 at best: b alone at k = 1 is as good as can be.
    values = per_query({"q": {"a": 1, "b": 1}}, {"q": ["b"]}, ks=(1, 2))["q"]

    assert values["nDCG@1"] == 1
    assert values["nDCG@2"] == pytest.approx(1 / (1 + 1 / math.log2(3)))


def test_the_mean_counts_queries_without_a_ranking_in_one_denominator():
    qrels = {"found": {"a": 1}, "empty": {"a": 1}, "missing": {"a": 1}, "nothing to find": {"a": 0}}

    means = mean(per_query(qrels, {"found": ["a"], "empty": [], "not asked about": ["a"]}))

    # 1 of 4, for every measure at every cut-off.
    assert means == dict.fromkeys(metric_names(), 0.25)


def test_the_keys_are_the_names_of_the_report():
    assert list(per_query({"q": {"a": 1}}, {}, ks=(1, 5, 10))["q"]) == [
        *("hit@1", "hit@5", "hit@10", "recall@1", "recall@5", "recall@10"),
        *("MRR@1", "MRR@5", "MRR@10", "nDCG@1", "nDCG@5", "nDCG@10"),
    ]


def test_ids_may_be_any_text():
    assert per_query({"问 题\t１": {"文件 甲\n": 1}}, {"问 题\t１": ["文件 甲\n"]})["问 题\t１"]["hit@1"] == 1


@pytest.mark.parametrize("ks", [(), (0,), (5, -1)])
def test_a_cut_off_that_is_no_rank_is_refused(ks):
    with pytest.raises(ValueError, match="cut-offs"):
        per_query({"q": {"a": 1}}, {}, ks=ks)


def test_a_ranking_that_names_a_document_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        per_query({"q": {"a": 1}}, {"q": ["a", "b", "a"]})


def test_the_mean_of_no_query_is_refused():
    with pytest.raises(ValueError, match="no query"):
        mean({})


@given(qrels_drawn, rankings_drawn)
def test_measures_lie_between_0_and_1_and_their_arguments_stay_as_they_are(qrels, rankings):
    before = (repr(qrels), repr(rankings))

    values = per_query(qrels, rankings, ks=(1, 3, 10))

    assert list(values) == list(qrels)
    assert all(0 <= value <= 1 + 1e-12 for row in values.values() for value in row.values())
    assert (repr(qrels), repr(rankings)) == before


@given(qrels_drawn, rankings_drawn)
def test_every_measure_equals_its_definition(qrels, rankings):
    for query_id, row in per_query(qrels, rankings, ks=(3,)).items():
        grades, top = qrels[query_id], rankings.get(query_id, [])[:3]
        relevant = {document for document, grade in grades.items() if grade > 0}
        ranks = [rank for rank, document in enumerate(top, start=1) if document in relevant]
        gains = [grades.get(document, 0) for document in top]
        ideal = discounted(sorted(grades.values(), reverse=True)[:3])
        assert row["hit@3"] == bool(ranks)
        assert row["recall@3"] == pytest.approx(len(ranks) / len(relevant) if relevant else 0)
        assert row["MRR@3"] == pytest.approx(1 / ranks[0] if ranks else 0)
        assert row["nDCG@3"] == pytest.approx(discounted(gains) / ideal if ideal else 0)


def discounted(gains: list[int]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


@given(st.dictionaries(documents, st.integers(1, 3), min_size=1, max_size=3))
def test_the_best_ranking_has_1_throughout(grades):
    best = sorted(grades, key=lambda document: -grades[document])

    values = per_query({"q": grades}, {"q": best}, ks=(3, 10))["q"]

    assert all(value == pytest.approx(1) for value in values.values())
