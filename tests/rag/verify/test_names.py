from __future__ import annotations

from rag.verify import verify


def test_an_institution_may_be_named_by_its_usual_short_name():
    assert verify("国家卫健委印发通知", "国家卫生健康委印发通知。").supported
    assert not verify("国家药监局印发通知", "国家卫生健康委印发通知。").supported
