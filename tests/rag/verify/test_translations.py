from __future__ import annotations

from rag.verify import verify

DEBT = (
    "绍兴市累计安排8.5亿元专项资金化解医院债务，市级公立医院资产负债率由58.4%下降到41.27%，"
    "并设立“编制储备池”，使800余名编外护士和42名返乡村医转入编制。"
)
RESCUE = "湖州市把县乡急救站点连成一张网，平均急救半径从18公里缩短至9公里，平均出车时间从25分钟压缩到11分钟。"


def test_a_list_of_glosses_is_checked_pair_by_pair():
    assert verify("Terms: 公立医院 = public hospital; 编制 = staffing quota.", DEBT).supported
    assert verify("Figures: 8.5亿元 = CNY 850 million; 58.4% = 58.4%.", DEBT).supported
    assert not verify("Figures: 8.5亿元 = CNY 85 million.", DEBT).supported
    assert not verify("Terms: 编制 = insurance fund.", DEBT).supported
    assert not verify("Terms: 医共体 = county medical consortium.", DEBT).supported


def test_an_english_claim_needs_its_concepts_in_the_evidence():
    verdict = verify("Huzhou reformed its staffing quota.", RESCUE, language="en")

    assert not verdict.supported
    assert "staffing" in verdict.reason
