from __future__ import annotations

from rag.verify import verify


def test_sums_and_shares_are_recomputed():
    evidence = "甲院有床位300张，乙院有床位500张，其中重症床位40张。"

    assert verify("甲院、乙院共有床位800张（计算得出：300张 + 500张 = 800张）", evidence).supported
    assert verify("重症床位占8%（计算得出：40张 ÷ 500张 = 8%）", evidence).supported
    assert not verify("甲院、乙院共有床位900张（计算得出：300张 + 500张 = 900张）", evidence).supported
    assert not verify("重症床位占8%（计算得出：重症床位很多）", evidence).supported


def test_division_by_zero_in_a_computation_is_refused():
    assert not verify("占比5%（计算得出：40张 ÷ 0张 = 5%）", "床位40张，空床0张。").supported
