from __future__ import annotations

import math
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.library import IndexedPassage, NewArticle, lexical


def article_of(new_article, bodies, *, article_id="a", context=()):
    """An article whose passages are found by exactly the terms given."""
    new = new_article("\n".join(f"第{n}行" for n in range(len(bodies))), article_id=article_id)
    passages = tuple(
        IndexedPassage(passage=indexed.passage, context_terms=tuple(context), body_terms=tuple(body))
        for indexed, body in zip(new.passages, bodies, strict=True)
    )
    return NewArticle(article=new.article, passages=passages, vectors=new.vectors, origin=new.origin)


def rows_of(hits):
    return [hit.passage.ordinal for hit in hits]


HOSTILE = [
    '"',
    '""',
    "'",
    "*",
    "医*",
    "^医",
    "NEAR(",
    "NEAR",
    "AND",
    "OR",
    "NOT",
    "body:",
    "{body}",
    "(",
    "-",
    "+",
    "\\",
]
HOSTILE += [
    "62.59%",
    "a.b",
    "±",
    "\0",
    "医\0院",
    "\ud800",
    "𠮷",
    "e\u0301",
    "\u200d",
    "İ",
    "ß",
    "ﷺ",
    "",
    " ",
    "两 词",
    "\t",
]


@pytest.mark.parametrize("term", HOSTILE)
def test_any_term_is_only_ever_a_term(library, new_article, term):
    library.replace_articles([article_of(new_article, [["普通"], [term]])])

    hits = library.lexical({term: 1.0}, top_k=9)

    assert rows_of(hits) == ([1] if lexical.storable(term).strip() else [])
    assert library.document_frequency([term]) == {term: len(hits)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(terms=st.dictionaries(st.text(max_size=12), st.floats(), max_size=8))
def test_no_question_makes_the_search_fail(library, terms):
    assert isinstance(library.lexical(terms, top_k=3), list)


def test_a_question_of_thousands_of_terms_is_answered(library, new_article):
    library.replace_articles([article_of(new_article, [[f"词{n}" for n in range(3000)], ["词1"]])])

    hits = library.lexical({f"词{n}": 1.0 + n / 10_000 for n in range(3000)}, top_k=9)

    assert rows_of(hits)[0] == 0


def test_a_term_counts_as_much_as_its_weight(library, new_article):
    library.replace_articles([article_of(new_article, [["甲"], ["乙"], ["丙"], ["丙"], ["丙"], ["丙"]])])

    assert rows_of(library.lexical({"甲": 1.0, "乙": 0.4}, top_k=2)) == [0, 1]
    assert rows_of(library.lexical({"甲": 0.4, "乙": 1.0}, top_k=2)) == [1, 0]
    heavy, light = library.lexical({"甲": 1.0, "乙": 0.4}, top_k=2)
    assert light.score == pytest.approx(0.4 * heavy.score)


@pytest.mark.parametrize("weight", [0.0, -1.0, math.nan, math.inf])
def test_a_weight_that_says_nothing_is_ignored(library, new_article, weight):
    library.replace_articles([article_of(new_article, [["甲"], ["乙"]])])

    assert rows_of(library.lexical({"甲": weight, "乙": 1.0}, top_k=9)) == [1]


def test_a_term_of_the_text_counts_more_than_one_of_the_headings(library, new_article):
    fill = [["丙"]] * 6
    library.replace_articles(
        [
            article_of(new_article, [["乙"]], article_id="above", context=["甲"]),
            article_of(new_article, [["甲"]], article_id="inside", context=["乙"]),
            article_of(new_article, fill, article_id="other"),
        ]
    )

    hits = library.lexical({"甲": 1.0}, top_k=2)

    assert [hit.passage.article_id for hit in hits] == ["inside", "above"]


def test_document_frequency_counts_passages_not_occurrences(library, new_article):
    library.replace_articles([article_of(new_article, [["甲", "甲"], ["甲", "乙"]], context=["乙"])])

    assert library.document_frequency(["甲", "乙", "丙"]) == {"甲": 2, "乙": 2, "丙": 0}


@pytest.fixture
def many(library, new_article):
    """Passages over a vocabulary in which some terms are in nearly every second one."""
    rng = random.Random(7)
    vocabulary = [f"词{n}" for n in range(300)]
    shares = [1 / (n + 2) for n in range(300)]
    bodies = [rng.choices(vocabulary, shares, k=12) for _ in range(400)]
    library.replace_articles([article_of(new_article, bodies, context=["共同"])])
    return library


def test_common_terms_add_to_scores_even_where_they_give_no_candidates(many, monkeypatch):
    weights = {"词1": 0.5, "词2": 1.0, "词5": 0.7, "词40": 1.0, "词90": 0.5, "词200": 1.0, "不在": 1.0}
    complete = {hit.passage.ordinal: hit.score for hit in many.lexical(weights, top_k=400)}

    monkeypatch.setattr(lexical, "OCCURRENCES_READ", 60)
    pruned = many.lexical(weights, top_k=8)

    assert rows_of(pruned)[:4] == list(complete)[:4]
    assert [hit.score for hit in pruned] == pytest.approx(
        [complete[row] for row in rows_of(pruned)], abs=1e-4
    )


def test_common_terms_still_find_passages_where_the_others_find_too_few(many, monkeypatch):
    monkeypatch.setattr(lexical, "OCCURRENCES_READ", 5)
    weights = {"词1": 1.0, "词200": 1.0}

    hits = many.lexical(weights, top_k=300)

    holding = many.document_frequency(weights)
    assert len(hits) >= max(holding.values())
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
