"""What every way to find passages promises: the dense side, the lexical side, and both fused."""

from __future__ import annotations

import itertools

import pytest

from rag.types import Filter

QUESTIONS = ["公立医院的编制改革", "山西县域医改的目标是多少?", "How many hospitals were built?", "医院"]


class TestRetrieverContract:
    @pytest.mark.parametrize("question", QUESTIONS)
    @pytest.mark.parametrize("top_k", [1, 5, 30])
    def test_there_are_at_most_as_many_hits_as_asked_for(self, search, filled_library, question, top_k):
        hits = search(filled_library, question, top_k=top_k)

        assert 0 < len(hits) <= top_k

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_ranks_count_from_one_and_scores_never_rise(self, search, filled_library, question):
        hits = search(filled_library, question, top_k=20)

        assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
        assert all(a.score >= b.score for a, b in itertools.pairwise(hits))

    @pytest.mark.parametrize("question", QUESTIONS)
    def test_a_passage_is_found_once(self, search, filled_library, question):
        ids = [hit.passage.passage_id for hit in search(filled_library, question, top_k=50)]

        assert len(ids) == len(set(ids))

    def test_every_hit_is_an_exact_slice_of_its_article(self, search, filled_library):
        for hit in search(filled_library, QUESTIONS[0], top_k=20):
            article = filled_library.article(hit.passage.article_id)
            assert article.text[hit.passage.start : hit.passage.end] == hit.passage.text

    def test_the_same_question_finds_the_same(self, search, filled_library):
        first, second = (search(filled_library, QUESTIONS[1], top_k=10) for _ in range(2))

        assert first == second

    def test_the_best_hit_speaks_of_the_question(self, search, filled_library):
        (best,) = search(filled_library, "山西县级医疗集团的六统一", top_k=1)

        assert "统一" in best.passage.text + best.passage.context

    def test_a_filter_lets_only_its_region_through(self, search, filled_library):
        hits = search(filled_library, "医改", top_k=20, within=Filter(regions=("140000",)))

        assert hits
        assert all(any(code.startswith("14") for code in hit.passage.regions) for hit in hits)

    def test_a_filter_that_nothing_passes_finds_nothing(self, search, filled_library):
        assert search(filled_library, "医改", top_k=20, within=Filter(since_year=2999)) == []

    def test_no_hits_are_found_where_none_are_asked_for(self, search, filled_library):
        assert search(filled_library, "医改", top_k=0) == []

    def test_an_empty_library_finds_nothing(self, search, empty_library):
        assert search(empty_library, "医改", top_k=5) == []

    @pytest.mark.parametrize("question", ["？", "", "\x00", '"', "NEAR(医院*", "a" * 3000, "医院" * 500])
    def test_any_question_can_be_searched_for(self, search, filled_library, question):
        assert len(search(filled_library, question, top_k=5)) <= 5
