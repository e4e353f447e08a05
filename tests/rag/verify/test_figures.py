from __future__ import annotations

from rag.verify import verify

DEBT = (
    "绍兴市累计安排8.5亿元专项资金化解医院债务，市级公立医院资产负债率由58.4%下降到41.27%，"
    "并设立“编制储备池”，使800余名编外护士和42名返乡村医转入编制。"
)


def test_a_range_is_not_the_number_its_digits_spell():
    assert not verify("每省选23个城市", "每省选2—3个城市。").supported
    assert verify("每省选2至3个城市", "每省选2—3个城市。").supported


def test_approximation_may_be_left_out_but_a_bound_may_not():
    assert verify("使800名编外护士转入编制", DEBT).supported
    assert not verify("使不足800名编外护士转入编制", DEBT).supported
    assert not verify("参保率稳定在99%", "参保率稳定在99%以上。").supported


def test_a_list_in_another_order_is_refused():
    evidence = "东部、西部分别按60%、80%补助。"

    assert verify("东部、西部分别按60%、80%补助", evidence).supported
    assert not verify("东部、西部分别按80%、60%补助", evidence).supported


def test_the_subject_may_stand_in_the_clause_before():
    evidence = "人均财政补助标准有所提高，达到每人每年610元，并同步调整个人缴费标准，达到每人每年350元。"

    assert verify("人均财政补助标准有所提高，达到每人每年610元。", evidence).supported
    assert not verify("人均财政补助标准有所提高，达到每人每年350元。", evidence).supported
