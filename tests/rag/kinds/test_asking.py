from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.kinds import asked_kinds

QUESTIONS = [
    ("这家医院的院长是谁？", "person"),
    ("哪位专家提出了这个建议？", "person"),
    ("由哪個部門負責？", "body"),
    ("哪家公司负责运营？", "body"),
    ("哪所大学参与了研究？", "body"),
    ("试点在哪个城市开展？", "place"),
    ("會議在哪裡舉行？", "place"),
    ("他是哪国人？", "place"),
    ("什么时候开始施行？", "time"),
    ("施行时间是？", "time"),
    ("一共有几家医院？", "number"),
    ("報銷比例是多少？", "number"),
    ("这条路有多长？", "number"),
    ("他演过哪部电影？", "title"),
    ("依据的是什么文件？", "title"),
    ("这座山又被称为什么？", "title"),
    ("为什么要推进集采？", "reason"),
    ("取消的原因是什么？", "reason"),
    ("如何控制费用？", "manner"),
    ("采用什么方式付费？", "manner"),
    ("什么是医共体？", "definition"),
    ("医联体是什么？", "definition"),
    ("村医有编制吗？", "yes_no"),
    ("是否纳入医保？", "yes_no"),
    ("哪些城市参加了试点？", "list"),
    ("Who runs the hospital?", "person"),
    ("Which department is in charge?", "body"),
    ("Which company won the bid?", "body"),
    ("Where was the meeting held?", "place"),
    ("In which province is it?", "place"),
    ("When did it start?", "time"),
    ("What year was it founded?", "time"),
    ("How many doctors were hired?", "number"),
    ("How old is he?", "number"),
    ("What percentage is reimbursed?", "number"),
    ("What was the name of the author?", "person"),
    ("Which film did he make?", "title"),
    ("Why was it closed?", "reason"),
    ("How did they cut costs?", "manner"),
    ("What is a medical consortium?", "definition"),
    ("Does it cover outpatients?", "yes_no"),
    ("Which cities took part?", "list"),
]


@pytest.mark.parametrize(("question", "kind"), QUESTIONS)
def test_the_asking_words_tell_the_kind(question, kind):
    assert asked_kinds(question).kind == kind


@pytest.mark.parametrize(
    "question",
    ["他获得了什么奖励？", "What happened next?", "医改", "", "他担任什么官职？", "What type of role is it?"],
)
def test_a_question_that_does_not_tell_has_no_kind(question):
    assert asked_kinds(question).kind is None


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("试点有几个城市？", "城市"),
        ("全长多少公里？", "公里"),
        ("有多少家医院？", "家"),
        ("占比多少？", "%"),
        ("百分之几？", "%"),
        ("How many doctors were hired?", "doctors"),
        ("What share is paid?", "%"),
        ("有多大？", None),
    ],
)
def test_a_number_has_the_unit_that_is_asked_for(question, unit):
    assert asked_kinds(question).unit == unit


@pytest.mark.parametrize(
    ("question", "precision"),
    [
        ("哪一年成立？", "year"),
        ("几月开始？", "month"),
        ("是几月几日？", "day"),
        ("何时成立？", None),
        ("What year was it?", "year"),
        ("In which month?", "month"),
    ],
)
def test_a_time_has_the_precision_that_is_asked_for(question, precision):
    assert asked_kinds(question).precision == precision


@pytest.mark.parametrize(
    ("question", "head", "kind"),
    [
        ("哪个国家的医院？", "国家", "place"),
        ("院长是什么人？", None, None),
        ("哪些城市参加了？", "城市", "place"),
        ("哪个大学校长？", "校长", "person"),
        ("Which city is it?", "city", "place"),
        ("Which companies won?", "company", "body"),
    ],
)
def test_the_head_is_the_noun_behind_the_asking_word(question, head, kind):
    asked = asked_kinds(question)

    assert asked.head == head
    assert head is None or asked.head_kind == kind


def test_become_what_is_no_why():
    assert asked_kinds("学校后来改名为什么？").kind == "title"
    assert asked_kinds("为什么学校改名？").kind == "reason"


def test_full_width_and_traditional_questions_are_read_alike():
    assert asked_kinds("Ｗｈｏ ｒｕｎｓ ｉｔ？").kind == "person"
    assert asked_kinds("為什麼推進？").kind == asked_kinds("为什么推进？").kind == "reason"


def test_the_offsets_hold_the_asking_words():
    question = "㈠ 試點在哪個城市開展？"

    asked = asked_kinds(question)

    assert question[asked.start : asked.end] == "哪個城市"


@given(
    st.text(
        alphabet=st.sampled_from("谁哪个几多少什么为何时年是在的吗？?， who what mny怎㈠ﬁ𠮷名字城市"),
        max_size=30,
    )
)
def test_any_question_is_read_and_the_offsets_lie_in_it(question):
    asked = asked_kinds(question)

    assert 0 <= asked.start <= asked.end <= len(question)
    assert asked.kind is None or asked.start < asked.end
