from __future__ import annotations

import pytest

from rag.vague import is_too_vague


@pytest.mark.parametrize(
    "question",
    [
        "比较芜湖、铜仁和丽水的做法",
        "比較蕪湖和銅仁的做法",
        "芜湖和铜仁有什么不同？",
        "重庆、芜湖、铜仁三地的医改经验有何异同",
        "Compare Wuhu and Tongren",
        "Compare the practices of Wuhu and Tongren.",
        "医改怎么样",
        "醫改怎麼樣？",
        "有什么情况？",
        "How is health reform going?",
    ],
)
def test_who_names_no_topic_is_too_vague(query_for, question):
    assert is_too_vague(query_for(question))


@pytest.mark.parametrize(
    "question",
    [
        "比较芜湖和铜仁的编制",
        "芜湖和铜仁各有多少人？",
        "比较芜湖2020年和2022年的做法",
        "重庆和广东各靠什么机制推动医改？",
        "Compare staffing reform in Wuhu and Tongren.",
        "Who presented the reforms of Wuhu and Tongren?",
        "芜湖的做法有哪些？",
        "介绍一下铜仁",
        "什么是医改？",
        "医改是什么时候开始的？",
        "医改由谁牵头？",
        "公立医院怎么样？",
        "2025年医改怎么样？",
        "明天天气怎么样？",
    ],
)
def test_who_names_a_topic_or_one_place_or_asks_for_one_thing_is_not(query_for, question):
    assert not is_too_vague(query_for(question))
