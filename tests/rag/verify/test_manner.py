from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.verify import audit, verify

RATIO = "市属公立医院资产负债率从62.59%下降至48.8%。"
PATIENTS = "下转患者增长38.7%，急救半径缩小了9公里。"


@pytest.mark.parametrize(
    ("claim", "evidence", "raw"),
    [
        ("市属公立医院资产负债率下降了48.8%。", RATIO, "48.8%"),
        ("市属公立医院资产负债率下降约48.8%。", RATIO, "48.8%"),
        ("市屬公立醫院資產負債率下降了４８.８％。", RATIO, "４８.８％"),
        ("The asset–liability ratio of municipal public hospitals fell by 48.8%.", RATIO, "48.8%"),
        ("下转患者增长到38.7%。", PATIENTS, "38.7%"),
        ("急救半径缩小至9公里。", PATIENTS, "9公里"),
        ("急救半径从9公里缩小。", PATIENTS, "9公里"),
    ],
)
def test_what_something_changed_to_is_not_what_it_changed_by(claim, evidence, raw):
    found = [f for f in audit(claim, evidence) if f.reason.startswith("manner")]

    assert [claim[f.start : f.end] for f in found] == [raw]
    assert not verify(claim, evidence).supported


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("市属公立医院资产负债率降至48.8%。", RATIO),
        ("市属公立医院资产负债率由62.59%降为48.8%。", RATIO),
        ("市属公立医院资产负债率为48.8%。", RATIO),
        ("The asset–liability ratio fell from 62.59% to 48.8%.", RATIO),
        ("下转患者增长了38.7%。", PATIENTS),
        ("急救半径缩小9公里。", PATIENTS),
        ("床位增加到40张。", "床位增加40张，达到400张，另一家医院床位增加到40张。"),
        ("编制增加120个。", "核增编制120个。"),
    ],
)
def test_the_same_manner_in_other_words_is_fair(claim, evidence):
    assert [f for f in audit(claim, evidence) if f.reason.startswith("manner")] == []


@given(st.integers(1, 999), st.sampled_from(["下降", "增加", "缩小", "提高"]))
def test_by_and_to_are_told_apart_whatever_the_figure(value, verb):
    to, by = f"床位{verb}到{value}张。", f"床位{verb}了{value}张。"

    assert not verify(by, to).supported
    assert not verify(to, by).supported
    assert verify(to, to).supported
    assert verify(by, by).supported


@pytest.mark.parametrize(
    ("claim", "evidence", "fair"),
    [
        ("丽水市取消了年薪制。", "丽水市推行了年薪制。", False),
        ("麗水市終止了年薪制。", "丽水市推行了年薪制。", False),
        ("丽水市取消了药品加成。", "丽水市全面取消药品加成。", True),
        ("丽水市终止了旧的采购合同。", "丽水市废止了旧的采购合同。", True),
        ("Lishui abolished the annual salary system.", "丽水市推行了年薪制。", False),
    ],
)
def test_that_something_was_ended_is_nothing_to_add(claim, evidence, fair):
    assert verify(claim, evidence).supported is fair
