from __future__ import annotations

from rag.verify import verify


def test_a_claim_cut_out_of_a_denial_is_not_verbatim_support():
    assert not verify("取消药品加成", "该市没有取消药品加成。").supported
    assert verify("没有取消药品加成", "该市没有取消药品加成。").supported


def test_a_claim_cut_out_of_a_number_is_not_verbatim_support():
    assert not verify("建成9家医院", "建成19家医院。").supported
    assert not verify("投入10", "投入10亿元。").supported
