from __future__ import annotations

from rag.verify import verify


def test_a_year_may_come_from_the_context_through_this_year_and_last_year():
    evidence = "去年全市新设社区医院40家。"

    assert verify("2021年全市新设社区医院40家", evidence, context="2022-06-02").supported
    assert not verify("2022年全市新设社区医院40家", evidence, context="2019-06-02").supported
