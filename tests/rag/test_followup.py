from __future__ import annotations

import pytest

from rag.followup import resolve_followup

ZH_FIRST = "丽水的急救半径缩小了多少?"


@pytest.mark.parametrize(
    ("history", "question", "standalone"),
    [
        ([], "反应时间呢?", "反应时间呢?"),
        ([ZH_FIRST], "那三明呢?", "三明的急救半径缩小了多少?"),
        ([ZH_FIRST], "反应时间呢?", "丽水的反应时间缩小了多少?"),
        (["芜湖是怎么化债的?"], "它的编制改革呢?", "芜湖市的编制改革呢?"),
        (["芜湖是怎么化债的?"], "那它投入了多少钱?", "芜湖市投入了多少钱?"),
        (["芜湖是怎么化债的?"], "有多少村医受益?", "芜湖市有多少村医受益?"),
        (["how did Wuhu reduce debt"], "And Tongren?", "how did Tongren reduce debt"),
        (
            ["how did Wuhu reduce debt"],
            "And what did it do about staffing?",
            "What did Wuhu do about staffing?",
        ),
        (["how did Wuhu reduce debt"], "What is its staffing pool?", "What is Wuhu's staffing pool?"),
        (
            ["铜仁的编制改革"],
            "山西2020年基层就诊患者的比例目标是多少?",
            "山西2020年基层就诊患者的比例目标是多少?",
        ),
    ],
)
def test_what_a_follow_up_leaves_out_is_carried_over(history, question, standalone):
    assert resolve_followup(question, history) == standalone


def test_a_chain_of_follow_ups_is_resolved_one_by_one():
    history = [ZH_FIRST, "那三明呢?"]

    assert resolve_followup("反应时间呢?", history) == "三明的反应时间缩小了多少?"


def test_a_whole_question_is_not_touched():
    question = "每个省份选几个城市开展紧密型城市医疗集团试点?"

    assert resolve_followup(question, ["芜湖是怎么化债的?"]) == question
