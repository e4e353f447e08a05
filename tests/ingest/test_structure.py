"""Finding headings and interview turns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.blocks import Block
from ingest.structure import find_headings, is_place_line, strip_speaker
from tests.support.effort import effort_below

BODY = "县里把三家医院和十二家卫生院合成一个集团，人员、资金和药品由集团统一管理。"


def outline(*lines, title=None, **levels):
    """Each heading as (level, text), a question with its kind."""
    blocks = [line if isinstance(line, Block) else Block(text=line) for line in lines]
    text = "\n".join(block.text for block in blocks)
    found = []
    for heading in find_headings(blocks, title=title):
        line = text[heading.start : heading.end]
        found.append(
            (heading.level, line) if heading.kind == "heading" else (heading.level, line, heading.kind)
        )
    return found


@pytest.mark.parametrize(
    "line",
    [
        "一、总体要求",
        "（二）完善补偿机制",
        "第三章 保障措施",
        "第四条 资金来源",
        "1.先还债",
        "一是补上短板",
        "看点3",
        "芜湖：从负债到盈余",
        "怎样分钱？",
    ],
)
def test_a_line_of_structure_above_a_paragraph_is_a_heading(line):
    assert outline(BODY, line, BODY) == [(1, line)]


@pytest.mark.parametrize(
    "line",
    [
        "一是补上短板。县里出钱修了十二家卫生院。",
        "同志们：",
        "各位代表：",
        "访谈嘉宾：某省卫生健康委主任",
        "电话：0000-0000",
        "https://example.cn/a",
        "2021年3月4日",
        "好。",
        "钱从哪里来，",
        "会议要求，各地要抓紧落实，要做到：",
        "长" * 61,
    ],
)
def test_other_lines_are_body(line):
    assert outline(BODY, line, BODY) == []


def test_a_heading_without_anything_under_it_is_body():
    assert outline(BODY, "一、总体要求", "二、保障措施", BODY, "结语") == [(1, "二、保障措施")]


def test_numbering_says_what_lies_in_what():
    lines = [
        "第一章 总则",
        "一、要求",
        BODY,
        "（一）目标",
        BODY,
        "1.先还债",
        BODY,
        "二、措施",
        BODY,
        "第二章 附则",
        BODY,
    ]

    assert [level for level, _ in outline(*lines)] == [1, 2, 3, 4, 2, 1]


def test_markup_levels_say_what_lies_in_what():
    lines = [
        Block(text="甲", level=2),
        BODY,
        Block(text="乙", level=4),
        BODY,
        Block(text="丙", level=3),
        BODY,
    ]

    assert outline(*lines) == [(1, "甲"), (2, "乙"), (2, "丙")]


def test_a_place_and_the_line_under_it_are_two_levels():
    lines = ["广东省：", "三张处方推进改革", BODY, "重慶市:", "协同创新", BODY, "在看病贵方面", BODY]

    assert outline(*lines) == [
        (1, "广东省："),
        (2, "三张处方推进改革"),
        (1, "重慶市:"),
        (2, "协同创新"),
        (2, "在看病贵方面"),
    ]


def test_a_numbered_label_and_the_line_under_it_are_two_levels():
    assert outline("看点1", "均衡布局", BODY, "看点2", "推广经验", BODY) == [
        (1, "看点1"),
        (2, "均衡布局"),
        (1, "看点2"),
        (2, "推广经验"),
    ]


def test_short_lines_in_a_row_are_a_list():
    assert outline(BODY, "甲县人民医院", "乙县人民医院", "丙县人民医院", BODY) == []


def test_a_bullet_alone_above_a_paragraph_is_a_heading_and_a_list_is_not():
    item = Block(text="吃透重点", kind="item")

    assert outline(item, BODY) == [(1, "吃透重点")]
    assert outline(BODY, item, item, BODY) == []


def test_a_line_with_a_colon_above_a_list_is_body_and_above_a_paragraph_is_a_heading():
    items = [Block(text="合并医院。", kind="item"), Block(text="统一药品。", kind="item")]

    assert outline(BODY, "做法有两条：", *items) == []
    assert outline(BODY, "做法有两条：", "1. 合并医院。", "2. 统一药品。") == []
    assert outline(BODY, "做法：", BODY) == [(1, "做法：")]


def test_the_title_at_the_top_is_the_outermost_heading():
    assert outline("某县的账", BODY, "一、收入", BODY, title="某县的账") == [(1, "某县的账"), (2, "一、收入")]


def test_the_turns_of_who_asks_are_questions():
    lines = ["■某报：怎样开始的？", "王主任：从还债开始。", BODY, "某报：难在哪里？", "王主任：难在分权。"]

    assert outline(*lines) == [(1, "■某报：怎样开始的？", "question"), (1, "某报：难在哪里？", "question")]


def test_questions_lie_inside_the_section_they_are_asked_in():
    lines = ["一、开头", "问：怎样？", "答：好。", "二、后来", "问：难吗？", "答：难。"]

    assert [entry[0] for entry in outline(*lines)] == [1, 2, 1, 2]


def test_a_statement_by_who_asks_is_a_question_too():
    lines = ["记者：请您谈谈经过。", "王主任：好。", "记者：请接着说。", "王主任：完了。"]

    assert len(outline(*lines)) == 2


@pytest.mark.parametrize(
    "lines", [["王主任：好。", "王主任：很好。"], ["甲方：你们怎样做？说说看。", "乙方：好。"], [BODY, BODY]]
)
def test_one_speaker_or_one_turn_each_is_no_interview(lines):
    assert outline(*lines) == []


def test_the_last_question_without_an_answer_is_body():
    assert len(outline("问：一？", "答：一。", "问：二？", "答：二。", "问：三？")) == 2


def test_a_speakers_label_is_taken_off():
    assert strip_speaker("■某报：怎样开始的？") == "怎样开始的？"
    assert strip_speaker("没有标签") == "没有标签"


@pytest.mark.parametrize(
    ("line", "is_place"), [("贵州省铜仁市：", True), ("廣東省:", True), ("广东省经验", False), ("", False)]
)
def test_a_line_that_is_only_a_place_is_known(line, is_place):
    assert is_place_line(line) is is_place


LINES = st.one_of(
    st.sampled_from(
        [
            BODY,
            "一、要求",
            "（一）目标",
            "广东省：",
            "看点1",
            "短行",
            "问：怎样？",
            "答：好。",
            "记者：谁？",
            "第一章 总则",
        ]
    ),
    st.text(alphabet="。！？；，、“”（）%09５\u3000\U00020bb7aB一二是第章：:问答", min_size=1, max_size=70),
)


@given(
    st.lists(
        st.builds(
            Block, text=LINES, level=st.sampled_from([0, 0, 0, 1, 3]), kind=st.sampled_from(["text", "item"])
        ),
        max_size=20,
    )
)
def test_headings_are_whole_lines_in_order_with_something_under_them(blocks):
    text = "\n".join(block.text for block in blocks)
    headings = find_headings(blocks, title=blocks[0].text if blocks else None)

    starts = {0}
    for block in blocks:
        starts.add(max(starts) + len(block.text) + 1)
    assert [h.start for h in headings] == sorted({h.start for h in headings})
    for heading, following in zip(headings, [*headings[1:], None], strict=False):
        assert heading.start in starts
        assert heading.end + 1 in starts
        assert heading.level >= 1
        end = following.start if following else len(text)
        assert heading.end + 1 < end or (following is not None and following.level > heading.level)


def test_many_lines_are_read_in_linear_time():
    blocks = [Block(text=text) for text in ("记者：谁？", "短行", "1.先还债", "甲：好") * 10_000]

    with effort_below(12):
        find_headings(blocks, title=None)
