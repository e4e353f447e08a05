from __future__ import annotations

from rag.verify import verify

DEBT = (
    "绍兴市累计安排8.5亿元专项资金化解医院债务，市级公立医院资产负债率由58.4%下降到41.27%，"
    "并设立“编制储备池”，使800余名编外护士和42名返乡村医转入编制。"
)


def test_reasons_are_in_the_language_asked_for():
    claim = "宁波市累计安排8.5亿元专项资金化解医院债务"

    assert verify(claim, DEBT).reason == "原文没有提到“宁波市”"
    assert verify(claim, DEBT, language="en").reason == "the evidence does not mention the place “宁波市”"


def test_a_long_part_of_the_claim_is_cut_in_the_reason():
    verdict = verify("病区改造" * 40, DEBT)

    assert verdict.reason.endswith("…”在原文中找不到依据")
    assert len(verdict.reason) < 90
