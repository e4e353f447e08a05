from __future__ import annotations

import pytest

from rag.compose import Quote
from rag.compose.bracket import bracket
from rag.types import Article


def quote(text, *, headings=("合肥医改", "二、编制周转池"), regions=("340100",)):
    article = Article(article_id="a", title="合肥医改", text=text)
    return Quote(article=article, start=0, end=len(text), heading_path=headings, regions=regions)


def test_a_place_that_the_words_do_not_name_is_named_in_front_of_them():
    assert bracket(quote("近5年增加编制300个。")) == "安徽省合肥市"


def test_a_place_that_the_words_name_is_not_named_again():
    assert bracket(quote("合肥市近5年增加编制300个。")) == ""


@pytest.mark.parametrize(
    "text",
    [
        "该机制每年调剂一次。",
        "其编制由市里管理。",
        "这项制度惠及村医。",
        "它由编办管理。",
        "“该模式”已推开。",
        "該項改革已推開。",
    ],
)
def test_what_the_first_words_only_point_at_is_made_plain_by_the_heading(text):
    assert bracket(quote(text)) == "安徽省合肥市，编制周转池"


@pytest.mark.parametrize(
    "text", ["其中，编制300个。", "其他县跟进。", "其实不难。", "这里有300个编制。", "编制由编办管理。"]
)
def test_words_that_point_at_nothing_need_no_heading(text):
    assert bracket(quote(text)) == "安徽省合肥市"


@pytest.mark.parametrize(
    "headings",
    [
        (),
        ("合肥医改",),  # the title says what the whole is about
        ("合肥医改", "编制够不够用？"),
        ("合肥医改", "2019年以来"),
        ("合肥医改", "一个长得不能再当作名称来读、而且越说越远的小标题"),
        ("合肥医改", "该机制"),
    ],
)
def test_a_heading_that_names_nothing_is_left_out(headings):
    assert bracket(quote("该机制每年调剂一次。", headings=headings, regions=())) == ""


def test_numbers_in_front_of_a_heading_are_left_out():
    for heading in ("（三）编制周转池", "3. 编制周转池", "第三部编制周转池", "三、编制周转池："):
        assert (
            bracket(quote("该机制每年调剂一次。", headings=("合肥医改", heading), regions=())) == "编制周转池"
        )
