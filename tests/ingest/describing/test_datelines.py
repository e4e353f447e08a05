"""What the first words of a report say, and the trail above it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.blocks import Block
from ingest.clean import CutBlock
from ingest.describing.datelines import crumb_facts, dateline_facts

REST = "省里公布了新的药价，二十种药降了三成。"


def facts(line):
    return {fact.name: fact.value for fact in dateline_facts([Block(text=line + REST)])}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("新华社合肥3月4日电（记者王小明、李红）", {"source": "新华社", "author": "王小明、李红"}),
        ("新華社合肥3月4日電（記者 王小明）", {"source": "新華社", "author": "王小明"}),
        ("中新网合肥3月4日电 (王小明 李红)", {"source": "中新网", "author": "王小明 李红"}),
        (
            "某某新闻网2021年3月4日讯（记者 王小明 通讯员 李红）",
            {"source": "某某新闻网", "author": "王小明", "date": "2021年3月4日"},
        ),
        ("【环球网报道】", {"source": "环球网"}),
        ("本报讯（见习记者 王小明）", {"author": "王小明"}),
        ("财联社3月4日讯（编辑 王小明）", {"source": "财联社"}),
        ("央视网消息（新闻联播）：", {"source": "央视网"}),
        ("在医院的走廊里，记者王小明看到，", {}),
        ("2021年3月4日，", {}),
    ],
)
def test_a_dateline_names_outlet_reporters_and_day(line, expected):
    assert facts(line) == expected


@pytest.mark.parametrize(
    ("trail", "column"),
    [
        ("当前位置：首页 > 政策 > 政策解读 > 正文", "政策解读"),
        ("您的位置：首頁 » 新聞動態", "新聞動態"),
        ("首页 > 正文", None),
        ("当前位置首页", None),
        ("首页 > 2021年3月4日", None),
    ],
)
def test_the_last_part_of_a_trail_that_is_one_is_the_column(trail, column):
    found = [fact.value for fact in crumb_facts([CutBlock(text=trail, reason="breadcrumb")])]

    assert found == ([column] if column else [])


def test_another_cut_line_is_no_trail():
    assert list(crumb_facts([CutBlock(text="首页 > 政策", reason="navigation")])) == []


@settings(deadline=None)
@given(st.text(alphabet="新华社中网记者电讯报道（(）)【】3月4日2021年 、王小明，。", max_size=200))
def test_every_fact_stands_in_the_line(line):
    assert all(fact.value in line for fact in dateline_facts([Block(text=line or "。")]))
