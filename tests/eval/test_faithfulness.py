from __future__ import annotations

import json

import pytest

from eval.faithfulness import best_threshold, cosines, judge_pairs, measure, token_overlap
from eval.pairfile import Keyword, Pair, read_pairs
from rag.build import build_encoder, build_meaning
from rag.errors import SuiteError
from rag.settings import Settings

PREMISE = "甲市投入10亿元化解医院债务，资产负债率由60%下降到45%。乙县有医院8家。"
PAIRS = [
    Pair(id="1", premise=PREMISE, hypothesis="甲市投入10亿元化解债务。", label="entailment", kind="trim"),
    Pair(id="2", premise=PREMISE, hypothesis="甲市的资产负债率下降到45%。", label="supported", kind="trim"),
    Pair(
        id="3", premise=PREMISE, hypothesis="甲市投入12亿元化解债务。", label="contradiction", kind="figure"
    ),
    Pair(id="4", premise=PREMISE, hypothesis="甲市的居民非常满意。", label="neutral", kind="invented"),
    Pair(
        id="5",
        premise=PREMISE,
        hypothesis="乙县有医院8家。甲市投入10万元。",
        label="unfaithful",
        keywords=(Keyword(text="8家", label="faithful"), Keyword(text="10万元", label="unfaithful")),
    ),
]


@pytest.fixture(scope="module")
def encoder():
    return build_encoder(Settings())


def test_the_checker_is_held_against_the_labels():
    report = measure(judge_pairs(PAIRS, meaning=None))
    checker = report.accuracies[0]

    # Both supported pairs are supported, all three others rejected.
    assert (checker.value, checker.supported, checker.rejected) == (1.0, 1.0, 1.0)
    assert report.right_by_label == {
        "entailment": (1, 1),
        "supported": (1, 1),
        "contradiction": (1, 1),
        "neutral": (1, 1),
        "unfaithful": (1, 1),
    }
    assert report.right_by_kind == {"trim": (2, 2), "figure": (1, 1), "invented": (1, 1)}
    assert report.wrong == ()


def test_a_wrong_verdict_is_listed_with_its_reasons():
    wrong = PAIRS[2].model_copy(update={"label": "entailment"})

    report = measure(judge_pairs([*PAIRS[:2], wrong, PAIRS[3]], meaning=None))

    assert [(row["id"], row["label"]) for row in report.wrong] == [("3", "entailment")]
    assert "12亿元" in report.wrong[0]["reasons"][0]
    # Of three true ones two are supported; the one false is rejected: (2/3 + 1) / 2.
    assert report.accuracies[0].value == pytest.approx((2 / 3 + 1) / 2, abs=1e-6)


def test_findings_of_a_later_sentence_keep_their_place():
    (judged,) = judge_pairs([PAIRS[4]], meaning=None)

    first = judged.findings[0]

    assert PAIRS[4].hypothesis[first.start : first.end] == "10万元"


def test_keywords_that_the_checker_points_at_are_counted():
    keywords = measure(judge_pairs(PAIRS, meaning=None)).keywords

    assert (keywords.bad.flagged, keywords.bad.of) == (1, 1)
    assert (keywords.good.flagged, keywords.good.of) == (0, 1)
    assert measure(judge_pairs(PAIRS[:4], meaning=None)).keywords is None


def test_plain_judges_get_the_threshold_that_suits_them_best(encoder):
    judged = judge_pairs(PAIRS, meaning=build_meaning(encoder))
    names = [a.judge for a in measure(judged, cosines=cosines(PAIRS, encoder)).accuracies]

    assert names == ["checker", "token overlap", "embedding cosine"]
    # At 0.6 the two above it are the true ones; at any other threshold one more is wrong.
    assert best_threshold([True, True, False, False], [0.9, 0.6, 0.5, 0.1]) == 0.6


def test_a_file_of_one_label_has_no_balanced_accuracy():
    checker, overlap = measure(judge_pairs(PAIRS[:2], meaning=None)).accuracies

    assert (checker.value, checker.low, checker.rejected) == (None, None, None)
    assert checker.supported == 1.0
    assert overlap.value is None


@pytest.mark.parametrize(
    ("premise", "hypothesis", "share"),
    [
        # Of the tokens 甲 市 有 10 家 all but 10 are there: 4/5.
        ("甲市有8家", "甲市有10家", 0.8),
        ("the city spent 10", "City SPENT 10", 1.0),
        ("甲", "", 0.0),
    ],
)
def test_token_overlap_is_the_share_of_the_claims_tokens(premise, hypothesis, share):
    assert token_overlap(Pair.model_construct(premise=premise, hypothesis=hypothesis, context="")) == share


def test_the_document_is_plain_json():
    report = measure(judge_pairs(PAIRS, meaning=None))

    assert json.loads(json.dumps(report.document()))["pairs"] == 5


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ('{"premise": "甲", "hypothesis": "乙"}', "label"),
        ('{"premise": "甲", "hypothesis": "乙", "label": "maybe"}', "'maybe' is no label"),
        ('{"premise": "", "hypothesis": "乙", "label": "neutral"}', "premise"),
        ("nonsense", "JSON"),
    ],
)
def test_a_bad_line_is_named_by_file_and_number(tmp_path, line, problem):
    file = tmp_path / "pairs.jsonl"
    file.write_text(f"{PAIRS[0].model_dump_json()}\n\n{line}\n", encoding="utf-8")

    with pytest.raises(SuiteError, match=problem) as raised:
        read_pairs(file)
    assert "pairs.jsonl:3: " in str(raised.value)


def test_an_empty_file_of_pairs_is_an_error(tmp_path):
    (tmp_path / "pairs.jsonl").touch()

    with pytest.raises(SuiteError, match="no pair"):
        read_pairs(tmp_path / "pairs.jsonl")


@pytest.mark.seeds
def test_on_pairs_from_government_reports_the_checker_is_better_than_both_plain_judges(
    shared_folder, encoder
):
    pairs = read_pairs(shared_folder / "evaldata" / "faithfulness" / "ocnli_gov.jsonl")

    report = measure(judge_pairs(pairs, meaning=build_meaning(encoder)), cosines=cosines(pairs, encoder))
    checker, *plain = report.accuracies

    assert checker.value > max(judge.value for judge in plain)
    assert all(judge.lead[0] > 0 for judge in plain), "the lead is no more than chance"


@pytest.mark.seeds
def test_of_words_that_annotators_judged_the_bad_ones_are_pointed_at_far_more_often(shared_folder):
    pairs = read_pairs(shared_folder / "evaldata" / "faithfulness" / "uhgeval_news.jsonl")

    keywords = measure(judge_pairs(pairs, meaning=None)).keywords

    assert keywords.bad.of > 400
    assert keywords.good.of > 1000
    assert keywords.bad.low > 2 * keywords.good.high - 0.1
