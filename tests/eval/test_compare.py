from __future__ import annotations

import dataclasses
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reports import HOSTILE, NO, YES, full_report, make_case, make_report

from eval.compare import compare, document, paired_interval
from eval.report import Tally
from eval.views.compare_view import comparison_to_markdown, render_comparison


def claims(key: str, hits: int, of: int, **fields):
    return make_case(key, scores={"faithfulness": Tally(hits=hits, of=of)}, **fields)


def change_of(comparison, name: str):
    return next(change for change in comparison.metrics if change.name == name)


def printed(comparison, language="en") -> str:
    return render_comparison(comparison, language, width=160)


def test_a_difference_is_taken_over_the_cases_that_both_have_as_a_ratio_of_sums():
    before = make_report([claims("s/a", 1, 2), claims("s/b", 3, 3), claims("s/gone", 0, 9)])
    after = make_report([claims("s/a", 2, 2), claims("s/b", 3, 6), claims("s/new", 9, 9)])

    comparison = compare(before, after)
    change = change_of(comparison, "faithfulness")

    # Before (1 + 3) / (2 + 3) = 0.8, after (2 + 3) / (2 + 6) = 0.625.
    assert (change.before, change.after, change.difference, change.cases) == (0.8, 0.625, -0.175, 2)
    # Drawing a twice gives 1 - 0.5, b twice 0.5 - 1: with 2,000 draws both lie within the interval's ends.
    assert (change.low, change.high) == (-0.5, 0.5)
    assert change.move == "within_chance"
    assert (comparison.only_before, comparison.only_after) == (("s/gone",), ("s/new",))


def test_pairing_sees_a_small_steady_loss_that_the_spread_of_cases_would_hide():
    before = make_report([claims(f"s/{i}", 10 * (i % 2) + 5, 20) for i in range(20)])
    after = make_report([claims(f"s/{i}", 10 * (i % 2) + 4, 20) for i in range(20)])

    comparison = compare(before, after)
    change = change_of(comparison, "faithfulness")

    # Every case lost exactly 1 of 20.
    assert (change.low, change.high) == (-0.05, -0.05)
    assert change.move == "worse"
    assert comparison.is_worse


def test_more_of_what_should_be_low_is_worse_and_of_what_has_no_better_is_nothing():
    def report(dropped: int, chars: int):
        scores = {"dropped": Tally(hits=dropped, of=4), "answer_chars": Tally(hits=chars, of=1)}
        return make_report([make_case(f"s/{i}", scores=scores) for i in range(5)])

    comparison = compare(report(0, 10), report(1, 90))

    assert change_of(comparison, "dropped").move == "worse"
    assert change_of(comparison, "answer_chars").move == "within_chance"
    assert not compare(report(1, 90), report(0, 10)).is_worse


def test_a_case_that_passed_and_fails_now_is_worse_and_tells_the_new_failures():
    before = make_report([make_case("s/a"), make_case("s/b", passed=False, failures=("lacks x", "says y"))])
    after = make_report([make_case("s/a", passed=False, failures=("lacks z",)), make_case("s/b")])

    comparison = compare(before, after)

    assert [(c.key, c.failures) for c in comparison.worse] == [("s/a", ("lacks z",))]
    assert [c.key for c in comparison.better] == ["s/b"]
    assert comparison.shifted == ()
    assert comparison.is_worse


def test_a_case_that_still_passes_with_other_scores_has_shifted():
    before, after = make_report([claims("s/a", 2, 2)]), make_report([claims("s/a", 3, 3)])

    comparison = compare(before, after)

    assert [c.scores for c in comparison.shifted] == [
        {"faithfulness": (Tally(hits=2, of=2), Tally(hits=3, of=3))}
    ]
    assert not comparison.is_worse


def test_a_case_that_still_fails_tells_only_what_is_new():
    before = make_report([make_case("s/a", passed=False, failures=("lacks x",))])
    after = make_report([make_case("s/a", passed=False, failures=("lacks x", "says y"))])

    comparison = compare(before, after)

    assert [c.failures for c in comparison.shifted] == [("says y",)]
    assert not comparison.is_worse


def test_other_contents_of_a_suite_and_another_setup_are_told():
    before = make_report([make_case()])
    suite = dataclasses.replace(before.suites[0], sha256="cd" * 32)
    setup = {**before.setup, "encoder": "other", "library": {**before.setup["library"], "fingerprint": "f00"}}
    after = dataclasses.replace(before, suites=(suite,), setup=setup)

    comparison = compare(before, after)

    assert comparison.suites == ("sample",)
    assert comparison.setup == {
        "encoder": ("multilingual-e5-small", "other"),
        "library.fingerprint": ("9d2f6a10b3c4d5e6", "f00"),
    }
    assert "encoder: multilingual-e5-small → other" in printed(comparison)
    assert "Suites changed" in printed(comparison)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_report_against_itself_shows_no_difference(language):
    comparison = compare(full_report(), full_report())

    assert comparison.is_same
    assert not comparison.is_worse
    assert all(change.difference in (0, None) for change in comparison.metrics)
    assert {"zh": "没有差别。", "en": "There is no difference."}[language] in printed(comparison, language)


def test_reports_with_no_case_in_common_compare_nothing():
    comparison = compare(make_report([make_case("s/a")]), make_report([make_case("s/b")]))

    assert {change.difference for change in comparison.metrics} == {None}
    assert not comparison.is_worse
    assert not comparison.is_same


def test_one_pair_gives_no_interval():
    assert paired_interval([(YES, NO)]) is None


def test_pairs_that_count_nothing_give_no_interval():
    nothing = Tally(hits=0, of=0)

    assert paired_interval([(nothing, YES), (nothing, YES)]) is None


tallies = st.integers(1, 9).flatmap(lambda of: st.builds(Tally, hits=st.integers(0, of), of=st.just(of)))


@given(st.lists(st.tuples(tallies, tallies), min_size=2, max_size=12))
def test_turning_the_pairs_round_turns_the_interval_round(pairs):
    low, high = paired_interval(pairs)
    back_low, back_high = paired_interval([(b, a) for a, b in pairs])

    assert -1 <= low <= high <= 1
    assert (back_low, back_high) == pytest.approx((-high, -low), abs=2e-6)
    assert paired_interval(pairs) == (low, high)


def test_the_document_is_json_and_says_what_it_comes_to():
    before = make_report([make_case("s/a"), claims("s/b", 1, 2)])
    after = make_report([make_case("s/a", passed=False, failures=("x",)), claims("s/b", 2, 2)])

    written = json.loads(json.dumps(document(compare(before, after)), allow_nan=False))

    assert written["is_worse"] is True
    assert written["worse"][0]["key"] == "s/a"
    assert {"name", "difference", "low", "high", "move"} <= written["metrics"][0].keys()
    assert written["shifted"][0]["scores"]["faithfulness"] == [{"hits": 1, "of": 2}, {"hits": 2, "of": 2}]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_hostile_texts_break_neither_the_terminal_nor_the_tables(text, language):
    before = make_report([make_case("s/a", question=text)], setup={"encoder": text})
    after = make_report(
        [make_case("s/a", question=text, passed=False, failures=(text,))], setup={"encoder": "b"}
    )
    comparison = compare(before, after)

    written = comparison_to_markdown(comparison, language)

    assert not set(printed(comparison, language)) & set("\x00\x08\x1b\r\x7f\u202e\u2066")
    rows = [line for line in written.split("\n") if line.startswith("|")]
    assert {line.count("|") for line in rows} == {8, 4}
    assert "<script" not in written
    assert "<img" not in written
