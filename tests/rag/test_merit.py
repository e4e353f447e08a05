from __future__ import annotations

import dataclasses

import pytest

from rag.merit import EVEN, SIGNS, Signs, is_crowd, is_telling, least_likelihood, likelihood, merit, rank_sign

MIDDLING = Signs(
    coverage=0.5, lead=0.0, rank=0.5, own=0.4, around=0.5, fresh=0.5, kind=0.5, fit=0.0, place=0.0
)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("sign", ["coverage", "lead", "rank", "kind", "place"])
def test_what_speaks_for_a_sentence_makes_it_better(sign, language):
    more = dataclasses.replace(MIDDLING, **{sign: getattr(MIDDLING, sign) + 0.1})

    assert merit(more, language) > merit(MIDDLING, language)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("value", [-1.0, 0.0, 1.0, 1e6])
def test_a_likelihood_is_one_whatever_the_signs(sign, value, language):
    assert 0 <= likelihood(dataclasses.replace(MIDDLING, **{sign: value}), language) <= 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_answer_in_the_questions_words_is_likelier_than_silence(language):
    answer = Signs(coverage=1, lead=0.08, rank=1, own=0.9, around=1, fresh=1, kind=1, fit=1, place=1)
    silence = Signs(coverage=0.4, lead=0.0, rank=1, own=0.1, around=0.3, fresh=0, kind=0, fit=0, place=0)

    assert likelihood(answer, language) > 0.7 > least_likelihood(language)
    assert likelihood(answer, language) > 4 * likelihood(silence, language)


def test_the_sign_of_a_rank_falls():
    assert rank_sign(1) == 1
    assert all(rank_sign(n) > rank_sign(n + 1) > 0 for n in range(1, 20))


def test_many_articles_are_a_crowd_and_one_is_none():
    crowds = [is_crowd(n, "zh") for n in range(30)]

    assert crowds == sorted(crowds)
    assert not crowds[1]
    assert crowds[8]


def test_no_crowd_refuses_where_likelihood_tells_too_little():
    assert not is_telling("en")
    assert not any(is_crowd(n, "en") for n in range(30))


def test_a_crowd_asks_for_more():
    assert least_likelihood("zh") < EVEN
