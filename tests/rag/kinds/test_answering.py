from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.kinds import asked_kinds, could_answer


def score(question: str, sentence: str) -> float:
    return could_answer(asked_kinds(question), sentence, question)


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        ("谁是院长？", "院长刘自林表示支持。", "费用下降了10%。"),
        ("Who is the director?", "院长刘自林表示支持。", "费用下降了10%。"),
        ("哪個部門負責？", "由省卫健委负责。", "费用下降了10%。"),
        ("在哪里举行？", "会议在芜湖市举行。", "费用下降了10%。"),
        ("什么时候开始？", "自2021年6月4日起施行。", "费用有所下降。"),
        ("哪一年开始？", "二〇二一年启动。", "费用有所下降。"),
        ("降了百分之几？", "费用下降了四成。", "共有三名医生。"),
        ("有多少家医院？", "共有１２０家。", "费用有所下降。"),
        ("How many doctors were hired?", "招聘了三十名医生。", "费用有所下降。"),
        ("他演过哪部电影？", "他演过《春天》。", "费用有所下降。"),
    ],
)
def test_a_sentence_that_holds_the_asked_thing_scores_one_and_one_without_it_is_turned_down(
    question, answer, other
):
    assert score(question, answer) == 1
    assert score(question, other) < 0.5


def test_who_is_not_answered_by_the_person_that_the_question_names():
    assert score("刘自林的上级是谁？", "刘自林表示支持。") < 1
    assert score("刘自林的上级是谁？", "院长王明表示支持。") == 1


def test_where_is_not_answered_by_the_place_that_the_question_names():
    assert score("芜湖市在哪个省？", "芜湖市很好。") == 0
    assert score("芜湖市在哪个省？", "芜湖市属于安徽省。") == 1


def test_a_digit_of_another_number_of_the_question_is_not_known():
    assert score("2014年有几家医院？", "共有4家。") == 1
    assert score("4家医院里有几家达标？", "共有4家。") < 0.5


def test_a_name_with_little_around_it_leaves_who_open():
    assert score("谁反对？", "随后刘自林反对。") >= 0.5
    assert score("谁反对？", "今天天气很热。") == 0


def test_a_day_without_its_year_answers_which_year_hardly():
    assert score("哪一年开始？", "6月4日开始。") < 0.5
    assert score("哪一天开始？", "6月4日开始。") == 1


def test_a_distance_is_not_answered_by_a_share():
    assert score("全长多少公里？", "占百分之四十。") < 0.5
    assert score("全长多少公里？", "全长364.6公里。") == 1


def test_a_share_or_money_answers_a_count_less_than_a_count_of_something_else():
    city, other = score("有几个城市参加？", "3个城市参加。"), score("有几个城市参加？", "招聘30名医生。")

    assert score("有几个城市参加？", "占40%。") < other < city
    assert score("有几个城市参加？", "投入3亿元。") < other


def test_a_list_of_places_wants_places():
    assert score("哪些城市参加了？", "芜湖市、合肥市参加。") == 1
    assert score("哪些城市参加了？", "费用有所下降。") == 0


@pytest.mark.parametrize("question", ["是否纳入医保？", "他获得了什么奖励？", ""])
def test_what_no_kind_answers_any_sentence_may(question):
    assert score(question, "费用有所下降。") == 1


@pytest.mark.parametrize("question", ["为什么下降？", "如何控制？", "什么是集采？"])
def test_reasons_ways_and_definitions_are_never_turned_down(question):
    assert score(question, "费用下降。") >= 0.5


@given(
    st.sampled_from(
        ["谁？", "哪里？", "何时？", "几家？", "哪部电影？", "哪些？", "哪家公司？", "Why?", "What is it?"]
    ),
    st.text(alphabet=st.sampled_from("王说在省院公司第三年《》。，1%㈠ﬁ𠮷 Ab"), max_size=40)
    | st.text(max_size=30),
)
def test_a_score_lies_between_nought_and_one(question, sentence):
    assert 0 <= score(question, sentence) <= 1
