"""The number, the issuers and the signature of an official document."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.blocks import Block
from ingest.describing.documents import (
    accept_number,
    find_signature,
    head_issuer,
    head_number,
    is_form_title,
    read_number,
    title_issuer,
)
from tests.support.effort import effort_below

BODY = "各县要把医院、卫生院和村卫生室合成一个整体，人员、资金和药品由集团统一管理。"


def blocks(*lines):
    return [Block(text=line) for line in lines]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("国办发〔2015〕38号", "国办发〔2015〕38号"),
        ("國辦發（2015）38號", "國辦發〔2015〕38號"),
        ("国卫医发 [2022] 3 号", "国卫医发〔2022〕3号"),
        ("皖政〔２０２０〕１２号", "皖政〔2020〕12号"),
        ("芜医改办﹝2021﹞7号", "芜医改办〔2021〕7号"),
        ("发文字号：苏政办发【2019】第12号", "苏政办发〔2019〕12号"),
        ("文 号: 某政发(2020)5号", "某政发〔2020〕5号"),
        ("衛部醫字第1121660001號", "衛部醫字第1121660001號"),
        ("某市关于做好分级诊疗的通知（某政办〔2020〕5号）", "某政办〔2020〕5号"),
    ],
)
def test_a_number_is_read_in_every_way_of_writing_it(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "根据国办发〔2015〕38号文件，现就有关事项通知如下：",
        "（国办发〔2015〕38号）要求各地落实",
        "第38号",
        "2015年38号",
        "门牌〔215〕38号",
        "",
    ],
)
def test_a_number_that_a_sentence_cites_is_not_read(text):
    assert read_number(text) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("医保发〔2023〕1号", "医保发〔2023〕1号"),
        ("某某委员会令第8号", "某某委员会令第8号"),
        ("2023年第4号", "2023年第4号"),
        ("无", None),
        ("详见正文", None),
    ],
)
def test_a_field_may_hold_the_number_of_an_order(text, number):
    assert accept_number(text) == number


def test_the_number_of_the_head_is_the_documents_and_one_below_the_body_is_not():
    assert head_number(blocks("某市人民政府文件", "某政〔2021〕3号", "题目", BODY)) == "某政〔2021〕3号"
    assert head_number(blocks("题目", BODY, "某政〔2021〕3号")) is None
    assert head_number(blocks("题目", "按照某政〔2021〕3号的要求", BODY)) is None


def test_the_letterhead_names_the_issuer():
    assert head_issuer(blocks("某某省人民政府办公厅文件", BODY)) == "某某省人民政府办公厅"
    assert head_issuer(blocks("某某省人民政府办公厅", BODY)) is None
    assert head_issuer(blocks(BODY, "某某省人民政府办公厅文件")) is None


@pytest.mark.parametrize(
    ("title", "issuer"),
    [
        ("某某省卫生健康委关于推进医联体建设的实施意见", "某某省卫生健康委"),
        ("某某省卫生健康委 某某省财政厅关于印发实施方案的通知", "某某省卫生健康委、某某省财政厅"),
        ("某某市醫療保障局關於調整支付標準的通知", "某某市醫療保障局"),
        ("某某市人民政府关于医改的决定（试行）", "某某市人民政府"),
        ("关于推进医联体建设的意见", None),
        ("某某省卫生健康委召开会议部署工作", None),
        ("某某局长谈关于医改的意见", None),
        ("某某县关于医改的故事", None),
    ],
)
def test_the_title_names_the_bodies_in_front_of_what_it_is_about(title, issuer):
    assert title_issuer(title) == issuer


@pytest.mark.parametrize(
    ("title", "is_form"),
    [
        ("关于推进医联体建设的意见", True),
        ("某某市医共体管理办法（试行）", True),
        ("關於調整支付標準的通知", True),
        ("某某县医改的三本账", False),
        ("通知里的三个变化", False),
        ("通" * 400, False),
    ],
)
def test_a_document_is_called_what_documents_are_called(title, is_form):
    assert is_form_title(title) is is_form


def test_a_signature_is_bodies_above_a_date():
    found = find_signature(
        blocks(
            BODY,
            "某某省卫生健康委员会 某某省财政厅",
            "某某省医疗保障局",
            "二〇二一年三月四日",
            "（此件公开发布）",
        )
    )

    assert found is not None
    assert found.bodies == ("某某省卫生健康委员会", "某某省财政厅", "某某省医疗保障局")
    assert found.date == "2021-03-04"


def test_a_signature_may_stand_on_one_line():
    found = find_signature(blocks(BODY, "某某县人民政府办公室　2021年3月4日"))

    assert found is not None
    assert (found.bodies, found.date) == (("某某县人民政府办公室",), "2021-03-04")


@pytest.mark.parametrize(
    "last",
    [
        ("王小明", "2021年3月4日"),
        ("某某省卫生健康委员会",),
        (BODY, "2021年3月4日"),
        ("某某县医院", "2021年2月30日"),
    ],
)
def test_a_name_a_lone_body_and_a_lone_date_are_no_signature(last):
    assert find_signature(blocks(BODY, *last)) is None


@settings(deadline=None)
@given(st.text(alphabet="国办发某市政府局关于通知意见的〔（[2015]）〕第38号號 　、年月日", max_size=130))
def test_any_line_is_judged_without_an_error(text):
    for number in (read_number(text), accept_number(text)):
        assert number is None or number[-1] in "号號"
    title_issuer(text)
    is_form_title(text)
    find_signature(blocks(text, "2021年3月4日"))


@pytest.mark.parametrize("unit", ["院", "国务院", "关于", "局 ", "(", "〔2020〕", "通知", "某局、"])
def test_hostile_lines_are_judged_quickly(unit):
    line = (unit * 400)[:119] + "X"

    with effort_below(2):
        for _ in range(10):
            read_number(line)
            title_issuer(line)
            is_form_title(line)
            find_signature(blocks(*[line] * 20, "2021年3月4日"))
