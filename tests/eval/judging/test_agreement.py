from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.judging.agreement import cohen_kappa

verdicts = st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40)


def test_kappa_is_the_agreement_beyond_chance():
    # Of 10 claims both support 4 and both reject 3; one judge alone supports 2, the other alone 1.
    model = [True] * 4 + [False] * 3 + [True] * 2 + [False]
    rules = [True] * 4 + [False] * 3 + [False] * 2 + [True]

    # Agreed 7/10; by chance 6/10 * 5/10 + 4/10 * 5/10 = 0.5; (0.7 - 0.5) / (1 - 0.5) = 0.4.
    assert cohen_kappa(model, rules) == pytest.approx(0.4)


def test_two_who_always_differ_agree_less_than_chance():
    # Agreed 0; by chance 2 * 1/2 * 1/2 = 0.5; (0 - 0.5) / (1 - 0.5) = -1.
    assert cohen_kappa([True, False], [False, True]) == -1


def test_one_who_always_says_the_same_agrees_no_more_than_chance():
    assert cohen_kappa([True, True, True, True], [True, False, True, False]) == 0


@pytest.mark.parametrize("same", [[], [True], [False, False, False]])
def test_kappa_is_not_defined_where_both_say_one_thing_throughout(same):
    assert cohen_kappa(same, same) is None


def test_judges_of_different_claims_are_refused():
    with pytest.raises(ValueError, match="1 and 2 verdicts"):
        cohen_kappa([True], [True, False])


@given(verdicts)
def test_kappa_is_at_most_one_and_the_same_from_both_sides(pairs):
    one, other = [a for a, _ in pairs], [b for _, b in pairs]

    kappa = cohen_kappa(one, other)

    assert kappa == cohen_kappa(other, one)
    assert kappa is None or -1 <= kappa <= 1
    assert (kappa == 1) == (one == other and len(set(one)) == 2)
