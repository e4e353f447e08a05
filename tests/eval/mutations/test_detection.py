from __future__ import annotations

import pytest

from eval.mutations import (
    Faithful,
    Mutant,
    detect,
    faithful_from_answers,
    faithful_from_library,
    keep_supported,
    mutate,
    wilson_interval,
)
from rag.library import Library
from rag.types import Answer, Citation, Sentence, Verdict


def mutant(kind: str, claim: str) -> Mutant:
    return Mutant(kind=kind, claim=claim, evidence="e", context="c", language="zh", original="o")


def flag_bad(claim: str, evidence: str, *, context: str, language: str) -> Verdict:
    return Verdict(supported="坏" not in claim, reason="坏" if "坏" in claim else "")


def test_shares_precision_and_recall_are_counted_over_all_kinds():
    report = detect(
        [
            *(mutant("digit", claim) for claim in ("坏", "好")),
            mutant("year", "坏"),
            *(mutant("same_frame", claim) for claim in ("坏", "好", "好", "好")),
        ],
        verify=flag_bad,
    )

    assert [(d.kind, d.faithful, d.flagged, d.made) for d in report.detections] == [
        ("digit", False, 1, 2),
        ("year", False, 1, 1),
        ("same_frame", True, 1, 4),
    ]
    # Flagged: 2 of 3 unfaithful ones and 1 of 4 faithful ones.
    assert (report.precision, report.recall, report.false_alarms) == (0.666667, 0.666667, 0.25)
    assert [m.claim for m in report.detections[0].missed] == ["好"]
    assert [(m.claim, m.reason) for m in report.detections[2].missed] == [("坏", "坏")]


def test_nothing_judged_has_no_shares():
    report = detect([])

    assert (report.detections, report.precision, report.recall, report.false_alarms) == ((), None, None, None)


def test_the_interval_is_wilsons():
    # 8 of 10 by hand: centre (0.8 + 3.8415/20) / 1.38415, half width 1.96/1.38415 * sqrt(0.016 + 3.8415/400).
    assert wilson_interval(8, 10) == pytest.approx((0.490162, 0.943318), abs=1e-5)
    assert wilson_interval(0, 5)[0] == 0
    with pytest.raises(ValueError, match="no share"):
        wilson_interval(0, 0)


def test_claims_that_are_not_supported_are_left_out_and_counted():
    claims = [
        Faithful(claim=text, evidence="全市有47家医院。", context="", language="zh")
        for text in ("全市有47家医院。", "全市有48家医院。")
    ]

    kept = keep_supported(claims)

    assert (kept.kept, kept.left_out) == ((claims[0],), 1)


@pytest.fixture(scope="module")
def library(sample_library):
    with Library.open(sample_library) as opened:
        yield opened


def test_claims_of_a_library_are_its_sentences_spread_over_its_articles(library):
    claims = faithful_from_library(library, limit=70)

    texts = [library.article(a.article_id).text for a in library.articles()]
    assert len(claims) == 70
    assert claims == faithful_from_library(library, limit=70)
    assert all(any(c.evidence in text for text in texts) for c in claims)
    assert len({c.context for c in claims}) > 30
    assert {c.language for c in claims} == {"zh", "en"}
    assert faithful_from_library(library, limit=0) == []


def test_claims_of_a_library_are_supported_and_most_changes_are_noticed(library):
    kept = keep_supported(faithful_from_library(library, limit=60))

    report = detect(mutate(kept.kept, per_kind=8))

    assert len(kept.kept) > 50
    assert report.recall > 0.8
    assert report.false_alarms < 0.1


def test_claims_of_answers_are_their_cited_sentences(library):
    article = library.article(library.articles()[0].article_id)
    citation = Citation(
        number=1,
        article_id=article.article_id,
        title=article.title,
        source=None,
        date="2024",
        url=None,
        regions=("安徽省芜湖市",),
        heading_path=("标题",),
        start=0,
        end=12,
        quote=article.text[:12],
    )
    answer = Answer(
        question="?",
        language="zh",
        sentences=(
            Sentence(text=article.text[:12], citations=(1,)),
            Sentence(text="没有出处。", citations=()),
        ),
        citations=(citation,),
        refusal=None,
        composer="extractive",
    )

    (claim,) = faithful_from_answers([answer, answer], library)

    assert claim == Faithful(
        claim=article.text[:12],
        evidence=article.text[:12],
        context="标题\n2024\n安徽省芜湖市",
        language="zh",
        regions=("340200",),
    )
