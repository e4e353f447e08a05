from __future__ import annotations

from eval.citations import citation_precision, citation_recall
from eval.report import Tally

# What each citation says; a statement is supported where its letters are all said by the citations together.


def supports(text, cited):
    return bool(cited) and set(text) <= set("".join(cited))


def test_recall_is_the_share_of_statements_that_their_citations_support_together():
    # "ab" needs both of its citations; "c" cites what does not say it; "d" cites nothing. One of three.
    statements = [("ab", ["a", "b"]), ("c", ["a"]), ("d", [])]

    assert citation_recall(statements, supports) == Tally(hits=1 / 3, of=1)


def test_precision_counts_a_citation_that_supports_alone_or_cannot_be_left_out():
    # "ab" with [ab, a, x]: "ab" supports alone; "a" does not, and without it the others still support; nor does "x".
    assert citation_precision([("ab", ["ab", "a", "x"])], supports) == Tally(hits=1 / 3, of=1)
    # With [a, b] neither is enough alone, but neither can be left out: both are needed.
    assert citation_precision([("ab", ["a", "b"])], supports) == Tally(hits=1, of=1)


def test_no_citation_of_an_unsupported_statement_is_needed():
    assert citation_precision([("abc", ["a", "b"]), ("a", ["a"])], supports) == Tally(hits=1 / 3, of=1)


def test_statements_without_any_citation_are_worth_nothing():
    assert citation_recall([("a", [])], supports) == Tally(hits=0, of=1)
    assert citation_precision([("a", [])], supports) == Tally(hits=0, of=1)


def test_an_answer_that_states_nothing_has_neither():
    assert citation_recall([], supports).of == citation_precision([], supports).of == 0
