from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics import (
    METRICS,
    all_metrics,
    balanced_accuracy,
    balanced_interval,
    bootstrap_interval,
    metric,
    percentile,
)
from eval.report import Tally

SHARES = st.lists(
    st.tuples(st.integers(0, 5), st.integers(1, 5)).map(lambda pair: (min(pair), pair[1])),
    min_size=1,
    max_size=30,
)


def test_a_metric_is_the_sum_of_hits_over_the_sum_of_all():
    # Two answers: 3 of 4 claims supported, then 1 of 1. (3 + 1) / (4 + 1) = 0.8, not the mean of 0.75 and 1.
    found = metric("faithfulness", [Tally(hits=3, of=4), Tally(hits=1, of=1)])

    assert found.value == 0.8
    assert found.cases == 2


def test_a_metric_without_a_case_has_no_value():
    found = metric("refusal_recall", [])

    assert (found.value, found.low, found.high, found.cases) == (None, None, None, 0)


def test_every_metric_is_reported_in_order_whether_it_has_a_value_or_not():
    metrics = all_metrics([{"passed": Tally(hits=1, of=1)}, {"passed": Tally(hits=0, of=1)}])

    assert [m.name for m in metrics] == list(METRICS)
    assert metrics[0].value == 0.5
    assert all(m.value is None for m in metrics[1:])


def test_the_interval_of_half_of_four_hundred_is_about_five_points_to_either_side():
    # The normal approximation: 1.96 * sqrt(0.5 * 0.5 / 400) = 0.049.
    low, high = bootstrap_interval([0.0, 1.0] * 200, [1.0] * 400)

    assert low == pytest.approx(0.451, abs=0.01)
    assert high == pytest.approx(0.549, abs=0.01)


def test_the_interval_is_the_same_at_every_call():
    assert bootstrap_interval([1, 0, 1], [1, 1, 1]) == bootstrap_interval([1, 0, 1], [1, 1, 1])


@given(SHARES)
def test_the_interval_holds_the_value_of_a_share_and_stays_between_0_and_1(shares):
    tops, bottoms = [float(a) for a, _ in shares], [float(b) for _, b in shares]

    low, high = bootstrap_interval(tops, bottoms)

    assert 0 <= low <= high <= 1
    # A percentile interval of very few cases may just miss the value itself.
    assert low - 0.1 <= sum(tops) / sum(bottoms) <= high + 0.1


@pytest.mark.parametrize(("tops", "bottoms"), [([], []), ([1.0], [1.0, 2.0]), ([0.0], [0.0])])
def test_an_interval_of_nothing_is_an_error(tops, bottoms):
    with pytest.raises(ValueError, match=r"denominators"):
        bootstrap_interval(tops, bottoms)


def test_percentiles_are_interpolated():
    # Five values; the 95th percentile lies 0.8 of the way from the fourth to the fifth.
    assert percentile([10, 20, 30, 40, 50], 0.5) == 30
    assert percentile([10, 20, 30, 40, 50], 0.95) == 48
    with pytest.raises(ValueError, match="values"):
        percentile([], 0.5)


def test_balanced_accuracy_weighs_both_kinds_alike():
    # Of 4 true 3 are found, of 2 false 1: (3/4 + 1/2) / 2 = 0.625; plain accuracy would be 4/6.
    truth = [True, True, True, True, False, False]

    assert balanced_accuracy(truth, [True, True, True, False, False, True]) == 0.625
    assert balanced_accuracy(truth, [True] * 6) == 0.5
    with pytest.raises(ValueError, match="both kinds"):
        balanced_accuracy([True, True], [True, False])


def test_the_interval_of_a_lead_lies_above_0_only_where_one_judge_is_clearly_better():
    truth = [True, False] * 100
    worse = [t if i % 3 else not t for i, t in enumerate(truth)]

    low, high = balanced_interval(truth, truth, against=worse)

    assert 0.2 < low < high < 0.45
    assert balanced_interval(truth, worse, against=worse) == (0, 0)
    assert balanced_interval(truth, truth) == (1, 1)
