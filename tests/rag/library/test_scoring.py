from __future__ import annotations

import random
import sqlite3

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.library import lexical
from rag.library.term_counts import TermCounts

TERMS = [f"词{n}" for n in range(12)] + ["62.59%", "a"]
PASSAGES = st.lists(st.tuples(*[st.lists(st.sampled_from(TERMS), max_size=20)] * 2), min_size=1, max_size=40)


def indexed(passages):
    connection = sqlite3.connect(":memory:")
    connection.execute(
        "CREATE VIRTUAL TABLE passage_fts USING fts5 (context, body, tokenize = \"unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'\")"
    )
    connection.executemany(
        "INSERT INTO passage_fts (rowid, context, body) VALUES (?, ?, ?)",
        [(row, " ".join(context), " ".join(body)) for row, (context, body) in enumerate(passages)],
    )
    connection.commit()
    return connection


def by_fts5(connection, weights, allowed=None):
    """What FTS5's own bm25() gives each passage, best first."""
    sql = f"SELECT rowid, -bm25(passage_fts, {lexical.CONTEXT_WEIGHT}, {lexical.BODY_WEIGHT}) FROM passage_fts WHERE passage_fts MATCH ?"
    scores = {}
    for term, weight in weights.items():
        for row, score in connection.execute(sql, (f'"{term}"',)):
            if allowed is None or row in allowed:
                scores[row] = scores.get(row, 0.0) + weight * score
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0])))


@given(
    passages=PASSAGES,
    weights=st.dictionaries(st.sampled_from(TERMS), st.sampled_from([0.2, 0.5, 1.0]), min_size=1),
)
def test_the_scores_are_those_of_fts5(passages, weights):
    connection = indexed(passages)

    found = lexical.search(connection, weights, top_k=99, counts=TermCounts())

    assert dict(found) == pytest.approx(by_fts5(connection, weights))
    assert [score for _, score in found] == sorted(dict(found).values(), reverse=True)
    connection.close()


@pytest.fixture
def many():
    """Passages over a vocabulary in which a few terms are in most of them."""
    rng = random.Random(3)
    shares = [1 / (n + 1) for n in range(400)]
    bodies = [rng.choices([f"词{n}" for n in range(400)], shares, k=25) for _ in range(3000)]
    connection = indexed([(["共同"], body) for body in bodies])
    yield connection
    connection.close()


QUESTIONS = [
    {"词0": 1.0, "词60": 1.0, "词300": 0.5},
    {"词1": 0.5, "词2": 1.0, "词5": 0.7, "词40": 1.0, "词90": 0.5, "词200": 1.0, "不在": 1.0},
    {"词150": 1.0, "词151": 1.0, "词152": 1.0, "词0": 1.0},
]


@pytest.mark.parametrize("weights", QUESTIONS)
@pytest.mark.parametrize("allowed", [None, range(0, 3000, 9), range(0, 3000, 2)])
@pytest.mark.parametrize("read", [500, 50_000])
def test_what_is_chosen_to_be_scored_holds_the_best(many, monkeypatch, weights, allowed, read):
    monkeypatch.setattr(lexical, "OCCURRENCES_READ", read)
    scores = by_fts5(many, weights, allowed)

    found = lexical.search(many, weights, top_k=10, counts=TermCounts(), allowed=allowed)

    # Which of several equal passages comes first is chance.
    assert [score for _, score in found] == pytest.approx(list(scores.values())[:10], abs=1e-4)
    assert [scores[row] for row, _ in found] == pytest.approx([score for _, score in found], abs=1e-4)


@pytest.mark.parametrize(
    "weights", [{"词0": 1.0}, {"词0": 1.0, "词1": 1.0}, {"词0": 1.0, "词1": 0.5, "词399": 1.0}]
)
def test_words_that_nearly_all_passages_hold_still_find_as_many_as_asked_for(many, monkeypatch, weights):
    monkeypatch.setattr(lexical, "OCCURRENCES_READ", 50)

    found = lexical.search(many, weights, top_k=30, counts=TermCounts())

    assert len(found) == len(dict(found)) == 30
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)


def test_nothing_is_found_where_nothing_may_be(many):
    assert lexical.search(many, QUESTIONS[0], top_k=9, counts=TermCounts(), allowed=[]) == []


@given(st.lists(st.sampled_from([0.0, 0.5, 1.0, 2.5]), max_size=30), st.integers(1, 12))
def test_the_best_are_those_that_sorting_them_all_gives(worth, most):
    found = lexical._best(np.asarray(worth, np.float64), most=most)

    order = sorted((place for place, one in enumerate(worth) if one), key=lambda place: -worth[place])
    assert sorted(found) == sorted(order[:most])
