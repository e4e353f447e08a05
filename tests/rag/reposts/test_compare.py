from __future__ import annotations

import re

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.reposts import Text, compare, is_correcting
from tests.support.effort import effort_below

RELEASE = (
    "安丰县卫生健康局8月3日通报，全县14家乡镇卫生院已经全部开设中医馆，群众在家门口就能看上中医。\n"
    "据介绍，今年以来县财政投入资金860万元，为卫生院添置了煎药机、针灸床等设备312台（套）。\n"
    "截至7月底，中医馆累计接诊患者2.6万人次，同比增加18.5%，平均每次费用74元。\n"
    "县卫生健康局要求，各卫生院不得以任何名义向患者收取挂号以外的费用。\n"
    "下一步，安丰县将在村卫生室推广中医适宜技术，力争明年底覆盖率提高到九成以上。"
)
CORRECTED = RELEASE.replace("860万元", "680万元")
HEAD, TAIL = "当前位置：首页 > 要闻\n来源：某网 作者：李某\n", "\n责任编辑：王某\n分享到：微信"
LINES = RELEASE.split("\n")


def text(body: str, **fields: str) -> Text:
    return Text(text=body, **fields)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(RELEASE, id="the same"),
        pytest.param(HEAD + RELEASE + TAIL, id="a portal's lines"),
        pytest.param("\n".join(LINES[:3]), id="the tail cut off"),
        pytest.param("\n".join(LINES[1:]), id="the head cut off"),
        pytest.param("\n".join(LINES[:2] + LINES[3:]), id="a paragraph left out"),
        pytest.param(opencc.OpenCC("s2t").convert(RELEASE), id="Traditional"),
        pytest.param(
            RELEASE.translate(str.maketrans("0123456789，（）", "０１２３４５６７８９,()")), id="other widths"
        ),
        pytest.param(RELEASE.replace("\n", "").replace("。", "。\n　　"), id="other paragraphs"),
        pytest.param(RELEASE.replace("据介绍，", "记者了解到，").replace("累计", "共"), id="a few words"),
        pytest.param(RELEASE.replace("8月3日", "2023年8月3日"), id="a date in full"),
        pytest.param(RELEASE.replace("安丰县卫生健康局8", "本报讯 县卫生健康局8"), id="a place left out"),
    ],
)
def test_printings_of_one_text_are_reposts(changed):
    assert compare(text(RELEASE), text(changed)) == "repost"
    assert compare(text(changed), text(RELEASE)) == "repost"


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param(RELEASE.replace("860万元", "680万元"), id="a figure"),
        pytest.param(RELEASE.replace("14家", "114家"), id="a figure that holds the other"),
        pytest.param(RELEASE.replace("九成", "八成"), id="a figure in characters"),
        pytest.param(RELEASE.replace("8月3日", "8月10日").replace("7月底", "8月上旬"), id="a day"),
        pytest.param(RELEASE.replace("安丰县", "白塔县"), id="a county that no list has"),
        pytest.param(RELEASE.replace("安丰县", "舒城县"), id="a county of a list"),
        pytest.param(RELEASE.replace("看上中医。", "看上中医，县第二医院派人坐诊。"), id="an ordinal"),
        pytest.param(RELEASE.replace("看上中医。", "看上中医，县中心医院派人坐诊。"), id="another hospital"),
        pytest.param(RELEASE.replace("不得以任何", "可以以任何"), id="a ban lifted"),
        pytest.param(RELEASE.replace("已经全部", "尚未全部"), id="done and not done"),
        pytest.param(RELEASE.replace("同比增加", "同比减少"), id="up and down"),
        pytest.param(
            RELEASE.replace("中医馆", "中医馆", 1).replace("提高到", "降低到"), id="raised and lowered"
        ),
    ],
)
def test_texts_that_differ_in_what_they_say_are_two_articles(changed):
    original = RELEASE
    if "派人坐诊" in changed:
        original = re.sub("县.{2}医院派人", "县第一医院派人", changed)

    assert compare(text(original), text(changed)) is None
    assert compare(text(changed), text(HEAD + original + TAIL)) is None


def test_texts_on_other_matters_and_very_short_ones_are_two_articles():
    assert compare(text(RELEASE), text("县医院新门诊楼昨天启用，共设诊室五十间。" * 4)) is None
    assert compare(text("会议今天召开。"), text("会议今天召开。")) is None
    assert compare(text(RELEASE), text(LINES[0])) is None  # quoted, not printed


@pytest.mark.parametrize(
    ("title", "other", "expected"),
    [
        ("安丰县公布中医馆建设情况", "白塔县公布中医馆建设情况", None),
        ("2022年中医馆建设情况的通报", "2023年中医馆建设情况的通报", None),
        ("安丰县公布中医馆建设情况", "家门口看中医！这个县14家卫生院全部开馆", "repost"),
        ("安丰县公布中医馆建设情况", None, "repost"),
    ],
)
def test_a_title_of_the_same_form_with_another_place_or_year_makes_another_article(title, other, expected):
    assert compare(text(RELEASE, title=title), text(RELEASE, title=other)) == expected


@pytest.mark.parametrize(
    ("right", "expected"),
    [
        pytest.param(
            text(CORRECTED, title="更正：中医馆建设情况", date="2023-08-05"), "correction", id="title"
        ),
        pytest.param(text(f"勘误：此前报道有误。\n{CORRECTED}", date="2023-08-05"), "correction", id="head"),
        pytest.param(
            text(f"{CORRECTED}\n（更正）", date="2023-08-01"), "correction", id="the first form lived on"
        ),
        pytest.param(text(CORRECTED, date="2023-08-05"), None, id="nothing is said"),
        pytest.param(text(CORRECTED, title="更正：建设情况", date="2024-08-05"), None, id="a year later"),
        pytest.param(
            text(CORRECTED, title="建设情况（2023年修订）", date="2023-08-05"), None, id="a revision"
        ),
    ],
)
def test_a_text_that_says_that_it_corrects_is_a_correction(right, expected):
    first = text(RELEASE, source="县报", date="2023-08-03")

    assert compare(first, right) == compare(right, first) == expected
    if expected:
        assert is_correcting(right, first)
        assert not is_correcting(first, right)


def test_a_form_filled_in_anew_is_no_correction_whatever_it_says():
    weekly = "".join(f"第{n}组接种{n * 37}人，其中老年人{n * 11}人，学生{n * 5}人。" for n in range(3, 12))
    other = "".join(f"第{n}组接种{n * 41}人，其中老年人{n * 13}人，学生{n * 7}人。" for n in range(3, 12))

    assert compare(text(weekly, date="2023-08-01"), text(f"更正\n{other}", date="2023-08-08")) is None


PIECES = st.sampled_from([*LINES, HEAD, TAIL, "1", "3万人", "13万人", "，", "。", "𠮷", " ", "\0", "不"])


@settings(max_examples=60, deadline=None)
@given(one=st.lists(PIECES, max_size=8).map("".join), other=st.lists(PIECES, max_size=8).map("".join))
def test_comparing_is_symmetric_for_any_text(one, other):
    assert compare(text(one), text(other)) == compare(text(other), text(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("一二三四五，" * 40_000, "一二三四五，" * 39_000, id="one clause"),
        pytest.param(
            "".join(f"第{n}条，" for n in range(40_000)),
            "".join(f"第{n}条，" for n in range(1, 40_000)),
            id="many",
        ),
        pytest.param("1" * 200_000, "1" * 199_999, id="one number"),
        pytest.param("不" * 49_000, "不" * 48_000, id="one negation"),
        pytest.param("年年" + "12月" * 12_000, "年年" + "11月" * 12_000, id="months"),
    ],
)
def test_texts_made_to_be_slow_are_compared_in_seconds(one, other):
    with effort_below(10):
        compare(text(one), text(other))
