from __future__ import annotations

import pytest

from rag.verify import audit, verify

EVIDENCE = "丽水市部分县的公立医院推行了年薪制，院长的年薪由同级财政承担。"


@pytest.mark.parametrize(
    ("claim", "word"),
    [
        ("丽水市所有县的公立医院推行了年薪制。", "所有"),
        ("丽水市部分县的公立医院率先推行了年薪制。", "率先"),
        ("院长的年薪只能由同级财政承担。", "只能"),
        ("院长的年薪完全由同级财政承担。", "完全"),
        ("麗水市全部縣的公立醫院推行了年薪制。", "全部"),
    ],
)
def test_a_claim_must_not_be_stronger_than_its_evidence(claim, word):
    found = [f for f in audit(claim, EVIDENCE) if f.reason == "strength"]

    assert [claim[f.start : f.end] for f in found] == [word]
    assert not verify(claim, EVIDENCE).supported


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("所有县都推行了年薪制。", "各县都推行了年薪制。"),
        ("年薪制覆盖所有医院。", "年薪制实现医院全覆盖，年薪制覆盖每家医院。"),
        ("最近，丽水市部分县的公立医院推行了年薪制。", EVIDENCE),
        ("年薪不再是院长唯一的收入，由同级财政承担。", "年薪不再是院长的全部收入，由同级财政承担。"),
        ("取得一定成效。", "取得了成效。"),
    ],
)
def test_a_strong_word_that_the_evidence_bears_out_is_fair(claim, evidence):
    assert [f for f in audit(claim, evidence) if f.reason == "strength"] == []
