from __future__ import annotations

import pytest

from eval.keywords import is_flagged
from rag.verify import Finding, audit
from rag.verify.forms import compact

EVIDENCE = "甲市投入10亿元化解债务，新建医院3家。"


def flagged(keyword, claim):
    return is_flagged(keyword, claim, audit(claim, EVIDENCE), evidence=compact(EVIDENCE))


def test_a_wrong_figure_is_pointed_at_and_the_words_beside_it_are_not():
    claim = "甲市投入12亿元化解债务。"

    assert flagged("12亿元", claim)
    assert not flagged("化解债务", claim)


def test_of_an_invented_clause_only_the_words_that_are_nowhere_are_pointed_at():
    claim = "甲市投入10亿元化解债务，还为医院招聘了大批外籍专家。"

    assert flagged("外籍专家", claim)
    assert not flagged("甲市", claim)
    assert not flagged("10亿元", claim)


@pytest.mark.parametrize("keyword", ["", "  ", "不在其中"])
def test_a_keyword_that_is_not_in_the_claim_is_not_pointed_at(keyword):
    finding = Finding("wording", 0, 5, "")

    assert not is_flagged(keyword, "甲市有医院", [finding], evidence="")


def test_a_keyword_is_found_in_other_writing():
    assert flagged("12億元", "甲市投入12亿元化解债务。")
