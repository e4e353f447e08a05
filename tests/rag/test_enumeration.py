"""Whether a sentence names the items that a question asks for, or only says how many there are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.enumeration import only_counts

COUNTED = [
    ("某市的9部法规分别叫什么名字？", "某市用9部法规打牢基础，构建两级体系：一级是医疗中心，一级是社康。"),
    ("15个子项目分别叫什么名字？", "全市围绕三大方向，一共设计了15个子项目，每个都有负责人。"),
    (
        "受帮扶的113家医院有哪些？",
        "有73家三甲醫院參加，受幫扶的醫院有113家，方式有三種：\n結對；\n派駐；\n托管。",
    ),
    ("第二批都有哪些县市？", "第二批约有80个县市，工作处于中等水平。"),
    ("六项投入责任具体是哪六项？", "坚持公益性导向，落实六项投入责任，让医院回到公益性上来。"),
    ("“五化”是哪五化？", "近年来深化改革，着重实现“五化”。"),
    ("What are the names of the 15 sub-projects?", "全市一共设计了15个子项目，每个都有负责人。"),
    ("１１条经验，一条一条是什么？", "普遍推广的经验有11条，因地制宜的措施有10条。"),
]
NAMED = [
    ("“五个下沉”下沉的是哪些东西？", "推行“五个下沉”，下沉的是技术、人员、资源、保障和服务。"),
    ("“六统一”统一了哪些方面？", "“六统一”指的是规划、人事、财务、业务、信息，以及采购这六个方面。"),
    ("用哪三条来衡量？", "衡量成败有三个标准：\n一、政策落地；\n二、问题解决；\n三、群众满意。"),
    ("有哪几种方式？", "参加的有73家，帮扶的方式有三种：\n结对；\n派驻；\n托管。"),
    ("“六位一体”融合了哪些服务？", "把诊治、教育、保健、护理、疗护和照护融合起来，称为“六位一体”。"),
    ("内涵提升有哪五个抓手？", "内涵提升有五个抓手：引进专家，建设学科，强化科教，重视人才，扩充资源。"),
    ("第三批是哪些地方？", "第三批有5个城区，例如太原的迎泽区。"),
    ("哪两条路线经过？", "共有两条路线经过，分别是奥羽本线，与以此为终点的田泽湖线。"),
    ("What are the six unified areas?", "“六统一”管理包括：\n行政；\n人员；\n资金；\n业务；\n绩效；\n药械。"),
]
OTHER = [
    ("一共有多少部法规？", "某市用9部法规打牢基础。"),
    ("哪些城市做了编制改革？", "让1000余名医务人员有了身份归属。"),
    ("哪些地方缩短了反应时间？", "反应时间从34分钟缩短到12分钟。"),
    ("哪一年编制了九个数据？", "在2014年编制了9个细分市场的数据。"),
    ("有哪些措施？", "出台了医防融合的方案，建立监督员机制。"),
]


@pytest.mark.parametrize(("question", "text"), COUNTED)
def test_a_sentence_that_only_counts_names_nothing(question, text):
    assert only_counts(question, text)


@pytest.mark.parametrize(("question", "text"), NAMED)
def test_a_sentence_that_names_items_does_not_only_count_them(question, text):
    assert not only_counts(question, text)


@pytest.mark.parametrize(("question", "text"), OTHER)
def test_where_no_items_are_asked_for_or_none_counted_there_is_nothing_to_say(question, text):
    assert not only_counts(question, text)


@given(
    st.text(alphabet="哪些五个六项是有、，：“”12家医院\n ﷺ𠮷", max_size=40),
    st.text(alphabet="五个六项是有、，：“”12家医院\n ﷺ𠮷", max_size=60),
)
def test_any_question_and_text_can_be_judged(question, text):
    assert only_counts(question, text) in (True, False)
