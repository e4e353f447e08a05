"""The rules of chrome.toml, and what a line says."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.rulebook import facts_in, folded_line, match_line, part, rules_of
from tests.support.effort import effort_below

PLACES = ("any", "head", "tail", "after", "suffix", "suffix after", "inside", "prefix")


def facts(line):
    found = {}
    for fact in facts_in(folded_line(line), line, "here"):
        found.setdefault(fact.name, fact.value)
    return found


@pytest.mark.parametrize("place", PLACES)
def test_every_place_has_rules_and_no_rule_matches_nothing(place):
    rules = rules_of(place)

    assert rules
    assert not any(rule.pattern.search("") for rule in rules)
    assert not any(re.search("@[a-z]+@", rule.pattern.pattern) for rule in rules)


def test_parts_are_spelled_out_inside_one_another():
    assert "@" not in part("names") + part("opening") + part("agency")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "来源：某某日报 作者：王小明 2021-03-04",
            {"source": "某某日报", "author": "王小明", "date": "2021-03-04"},
        ),
        ("來源：某某衛生雜誌 作者：王小明", {"source": "某某衛生雜誌", "author": "王小明"}),
        ("来源：某某发布编辑：王小明", {"source": "某某发布"}),
        ("来源：某某网作者：王小明 李红 编辑：张三", {"source": "某某网", "author": "王小明 李红"}),
        ("转自【某某网】；", {"source": "某某网"}),
        ("来源：原创稿", {}),
        ("版权归原作者所有", {}),
        ("（某某日报）", {"source": "某某日报"}),
        ("（王小明 李红）", {"author": "王小明 李红"}),
        ("（某某网 王小明）", {"source": "某某网", "author": "王小明"}),
        ("某某新闻记者 王小明 通讯员 李红", {"source": "某某新闻", "author": "王小明"}),
        ("记者丨王小明 李红编辑丨张三", {"author": "王小明 李红"}),
        ("（原标题：某县医改的三本账）", {"title": "某县医改的三本账"}),
        ("【原標題】某縣醫改的三本賬", {"title": "某縣醫改的三本賬"}),
        ("（图/文 王小明）", {"author": "王小明"}),
        ("（某某县医保中心 王小明）", {"author": "王小明"}),
        ("栏目：政策解读", {"column": "政策解读"}),
        (
            "文号：某政办〔2021〕3号 发布机构：某某县卫生健康局",
            {"doc_number": "某政办〔2021〕3号", "issuer": "某某县卫生健康局"},
        ),
        ("本文链接：https://example.cn/a?b=1", {"url": "https://example.cn/a?b=1"}),
    ],
)
def test_a_line_says_what_it_says(line, expected):
    assert facts(line) == expected


def test_a_long_line_is_no_line_of_chrome():
    assert folded_line("来源：某某日报" * 100) is None
    assert match_line(None, "head") is None
    assert facts_in(None, "来源：某某日报", "here") == []


@settings(deadline=None)
@given(
    st.text(
        alphabet="来源作者记者编辑：:|（）()【】《》 、王小明报网发布年月日0123-/.文号〔〕https", max_size=120
    )
)
def test_every_fact_stands_in_its_line(line):
    assert all(value in line for value in facts(line).values())


@pytest.mark.parametrize(
    "unit",
    ["来源", "来源：某", "王小明 ", "记者 ", "（", "https://", "《", "2021-", "某政办〔2021〕", "栏目："],
)
def test_facts_of_hostile_lines_are_read_quickly(unit):
    line = (unit * 400)[:419]

    with effort_below(2):
        facts(line)
        for place in PLACES:
            match_line(folded_line(line), place)
