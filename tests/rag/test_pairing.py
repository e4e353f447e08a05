"""Several places, each asked for something of its own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.pairing import paired_items
from rag.regions import find_asked_regions


def paired(text):
    return paired_items(text, find_asked_regions(text, ()))


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("芜湖的债务和铜仁的编制分别怎么样？", ["芜湖的债务怎么样？", "铜仁的编制怎么样？"]),
        ("芜湖怎么化债，铜仁怎么调整编制？", ["芜湖怎么化债？", "铜仁怎么调整编制？"]),
        ("芜湖化债用了多少资金以及丽水建了多少急救站", ["芜湖化债用了多少资金？", "丽水建了多少急救站？"]),
        (
            "请问蕪湖的債務、銅仁的編制、麗水的急救各是什麼情況",
            ["请问蕪湖的債務是什麼情況", "请问銅仁的編制是什麼情況", "请问麗水的急救是什麼情況"],
        ),
        ("芜湖的化债钱和丽水的急救钱，哪个投得多？", ["芜湖的化债钱是多少？", "丽水的急救钱是多少？"]),
        ("在芜湖的化债和在丽水的急救", ["在芜湖的化债", "丽水的急救"]),
        ("Wuhu's debt and Tongren's staffing quota?", ["Wuhu's debt?", "Tongren's staffing quota?"]),
        (
            "How did Wuhu reduce debt and Tongren adjust staffing quotas?",
            ["How did Wuhu reduce debt?", "How did Tongren adjust staffing quotas?"],
        ),
        (
            "What is the debt ratio in Wuhu and the emergency radius in Lishui?",
            ["What is the debt ratio in Wuhu?", "What is the emergency radius in Lishui?"],
        ),
    ],
)
def test_each_place_is_asked_for_its_own(question, parts):
    assert [item.question for item in paired(question)] == parts


@pytest.mark.parametrize(
    "question",
    [
        "芜湖和铜仁的编制分别怎么样？",
        "芜湖的医院和铜仁的医院分别有多少？",
        "芜湖的资产负债率比铜仁的高多少？",
        "芜湖的化债经验和铜仁有什么不同？",
        "检查结果互认，铜仁和丽水各做到了哪一步？",
        "洛克在什么时期到云南以及西藏地区考察？",
        "芜湖是怎么化债的？铜仁呢？",
        "芜湖的债务和芜湖的编制",
        "How did Wuhu and Tongren reduce debt?",
        "Compare debt in Wuhu with debt in Lishui",
        "芜湖的债务",
        "",
    ],
)
def test_what_is_asked_of_all_or_of_one_against_another_is_not_taken_apart(question):
    assert paired(question) == ()


def test_an_item_is_named_by_its_place_and_marked_by_its_topic():
    assert [(item.name, item.mark) for item in paired("芜湖的债务和铜仁的编制分别怎么样？")] == [
        ("340200", "债务"),
        ("520600", "编制"),
    ]


PIECES = ["芜湖", "铜仁", "丽水市", "的债务", "的编制", "急救", "怎么样", "和", "，", "、", "？", "𠮷", "ﷺ", " Wuhu", " Tongren", "'s debt", " quota", " and ", " in", "How did"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=10).map("".join))
def test_whatever_is_asked_each_part_names_its_place_alone(text):
    items = paired(text)

    assert len(items) != 1
    for item in items:
        assert [mention.region.code for mention in find_asked_regions(item.question, ())] == [item.name]


def test_the_answer_has_a_row_for_each_place_with_what_was_asked_of_it(sample_pipeline):
    answer = sample_pipeline.ask("芜湖的资产负债率和丽水的急救半径分别有什么变化？")

    cells = {row.item: "".join(e.text for e in row.cells[0].entries) for row in answer.table.rows}
    assert "48.8%" in cells["安徽省芜湖市"]
    assert "急救" not in cells["安徽省芜湖市"]
    assert "公里" in cells["浙江省丽水市"]
    assert "负债" not in cells["浙江省丽水市"]


def test_silence_names_the_place_and_what_was_asked_of_it(sample_pipeline):
    answer = sample_pipeline.ask("芜湖的资产负债率和丽水的高血压用药分别怎么样？")

    assert "浙江省丽水市 · 高血压用药" in answer.text
    assert [row.cells[0].mentioned for row in answer.table.rows] == [True, False]
