from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verify import FIGURE_REASONS, audit, verify

EVIDENCE = "2021年，芜湖市投入10亿元化解债务，资产负债率由62.59%下降到48.8%。"
ALPHABET = st.text("芜湖市投入亿元下降上升未2021年48.8%10，。（）「」“”《》 \n１％𠮷aB", max_size=80)


def test_everything_that_is_wrong_is_listed_with_its_place():
    claim = "2022年，铜仁市投入12亿元化解债务，资产负债率由62.59%上升到48.8%。"

    found = {f.reason: claim[f.start : f.end] for f in audit(claim, EVIDENCE)}

    assert found["figure"] == "12亿元"
    assert found["date"] == "2022年"
    assert found["place"] == "铜仁市"
    assert "上升" in found["direction"]


def test_nothing_is_listed_for_what_is_supported():
    assert audit("资产负债率由62.59%下降到48.8%。", EVIDENCE) == []


def test_the_first_finding_is_the_reason_of_the_verdict():
    claim = "芜湖市投入12亿元。"

    assert verify(claim, EVIDENCE).reason == audit(claim, EVIDENCE)[0].message
    assert audit(claim, EVIDENCE)[0].reason in FIGURE_REASONS


@pytest.mark.parametrize("claim", ["", "。，", "   "])
def test_what_says_nothing_is_not_supported(claim):
    assert [f.reason for f in audit(claim, EVIDENCE)] == ["nothing"]


@given(ALPHABET, ALPHABET)
def test_findings_lie_inside_the_claim_and_verdict_and_list_agree(claim, evidence):
    found = audit(claim, evidence)

    assert all(0 <= f.start <= f.end <= len(claim) for f in found)
    assert verify(claim, evidence).supported == (not found)
