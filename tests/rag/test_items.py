from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.items import are_listed, asks_for_most, topic_items, wants_each, year_items
from rag.regions import find_regions


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("绍兴市2020年和2022年的支出各是多少?", ["2020", "2022"]),
        ("紹興２０２０年與２０２２年的支出", ["2020", "2022"]),
        ("2019年、2020年和2021年相比,签约率怎么变?", ["2019", "2020", "2021"]),
        ("Compare 2020 and 2022 in Shaoxing", ["2020", "2022"]),
        ("2020年的支出是多少?", []),
        ("2019年到2024年一共投入多少?", []),
        ("2019—2024年投入多少?", []),
        ("2020年和2020年的支出", []),
        ("from 2019 to 2024", []),
        ("between 2019 and 2024", []),
    ],
)
def test_years_of_a_list_are_asked_about_one_by_one_and_a_stretch_of_time_is_no_list(question, names):
    assert [item.name for item in year_items(question)] == names


def test_each_year_gets_the_whole_question():
    assert [item.question for item in year_items("绍兴市2020年和2022年的支出?")] == [
        "绍兴市2020年的支出?",
        "绍兴市2022年的支出?",
    ]
    assert year_items("Spending in 2020 and 2022 in Shaoxing")[1].question == "Spending in 2022 in Shaoxing"


@pytest.mark.parametrize(
    ("question", "names", "marks"),
    [
        ("药品集采和耗材集采有什么不同?", ["药品集采", "耗材集采"], ["药品", "耗材"]),
        ("藥品集採與耗材集採", ["藥品集採", "耗材集採"], ["藥品", "耗材"]),
        ("第一方阵和第三方阵的任务", ["第一方阵", "第三方阵"], ["第一", "第三"]),
        ("编制与薪酬分别怎么改?", ["编制", "薪酬"], ["编制", "薪酬"]),
        ("编制、薪酬和分级诊疗怎么改?", ["编制", "薪酬", "分级诊疗"], ["编制", "薪酬", "分级诊疗"]),
        ("drugs and consumables", ["drugs", "consumables"], ["drugs", "consumables"]),
        ("就诊或住院占比", [], []),
        ("芜湖和铜仁", [], []),
        ("编制怎么改?", [], []),
    ],
)
def test_topics_in_one_breath_are_told_apart(question, names, marks):
    items = topic_items(question)

    assert [item.name for item in items] == names
    assert [item.mark for item in items] == marks


def test_each_topic_gets_the_whole_question():
    assert [item.question for item in topic_items("比较药品集采和耗材集采的降幅")] == [
        "比较药品集采的降幅",
        "比较耗材集采的降幅",
    ]


@pytest.mark.parametrize(
    "question", ["分别是多少", "各有什么做法", "A與B有何區別", "compare them", "each of them"]
)
def test_a_question_may_want_each_by_itself(question):
    assert wants_each(question)


@pytest.mark.parametrize("question", ["编制和薪酬怎么改?", "各地怎么做", "各级医院", "a teacher"])
def test_most_questions_do_not(question):
    assert not wants_each(question)


@pytest.mark.parametrize(
    "question",
    ["绍兴和嘉兴哪个最高?", "哪个市投得更多?", "哪个城市降幅較大", "Which of them has the highest ratio?"],
)
def test_a_question_may_ask_for_the_most(question):
    assert asks_for_most(question)


@pytest.mark.parametrize("question", ["至多几家?", "投入多少?", "how high is the ratio?", "最近怎么改?"])
def test_how_much_is_not_the_most(question):
    assert not asks_for_most(question)


@pytest.mark.parametrize(
    "text", ["广东和深圳", "廣東與深圳", "Guangdong and Shenzhen", "Guangdong vs. Shenzhen"]
)
def test_places_of_a_list_are_all_asked_about(text):
    assert {mention.region.code for mention in find_regions(text)} == are_listed(text, find_regions(text))


def test_a_place_that_only_says_where_another_lies_is_not_listed():
    text = "太原市在山西怎么样?"

    assert not are_listed(text, find_regions(text))


@given(st.text(alphabet="药品耗材集采和与、年2019 2020and芜湖的，。𠮷\n", max_size=40))
def test_whatever_is_asked_items_are_several_different_and_whole(text):
    for items in (year_items(text), topic_items(text)):
        names = [item.name for item in items]
        assert len(names) != 1
        assert all(name and name in item.question for name, item in zip(names, items, strict=True))
        assert len(set(names)) > 1 or not names
