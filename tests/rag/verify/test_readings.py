from __future__ import annotations

from rag.verify import verify

DEBT = (
    "绍兴市累计安排8.5亿元专项资金化解医院债务，市级公立医院资产负债率由58.4%下降到41.27%，"
    "并设立“编制储备池”，使800余名编外护士和42名返乡村医转入编制。"
)


def test_citation_markers_of_the_claim_are_not_figures():
    assert verify("绍兴市累计安排8.5亿元专项资金[1]化解医院债务[23]", DEBT).supported
