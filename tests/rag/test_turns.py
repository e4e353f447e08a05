from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.turns import (
    bare_subject,
    clusters,
    has_own_reach,
    is_fragment,
    is_nominal,
    is_noun_phrase,
    is_whole,
    lacks_subject,
    leans_by_attribute,
    read_turn,
    refers_back,
    sole_concept,
    takes_topic,
    unknown_nouns,
)

TALK = st.lists(
    st.one_of(
        st.sampled_from(
            ["芜湖", "三明", "Wuhu", "全国", "那", "呢", "它", "and ", "２０２０年", "2019-2021", "编制", "药占比", "哪个部门", "many ", "the county", "“两医一体”", "其中", "?"]
        ),
        st.text(alphabet=st.characters(codec="utf-8"), max_size=6),
    ),
    max_size=6,
).map("".join)  # fmt: skip


def test_a_turn_is_read_into_places_years_and_concepts():
    turn = read_turn("那芜湖市２０１９年的药占比呢?")

    assert [(p.surface, p.code) for p in turn.places] == [("芜湖市", "340200")]
    assert [turn.text[a:b] for a, b in turn.years] == ["２０１９年"]
    assert [m.concept.id for m in turn.topics] == ["drug_share"]
    assert turn.core == "的药占比"


def test_the_whole_country_is_a_place_without_a_code():
    (place,) = read_turn("全国的药占比是多少?").places

    assert (place.surface, place.code) == ("全国", "")


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("哪个部门印发了医改任务?", ["health_reform", "annual_tasks"]),
        ("三明的县医院试点", ["county_hospital"]),
        ("有哪些试点?", ["pilot"]),
        ("Who pays village doctors?", ["village_doctor"]),
    ],
)
def test_a_topic_is_what_a_question_is_about_not_what_it_asks_for(text, ids):
    assert [m.concept.id for m in read_turn(text).topics] == ids


@pytest.mark.parametrize(
    ("text", "is_own"),
    [("三明高吗?", True), ("比三明高吗?", False), ("跟三明相比呢?", False), ("高吗?", False)],
)
def test_a_place_that_another_is_held_against_is_not_the_one_asked_about(text, is_own):
    assert read_turn(text).has_own_place is is_own


@pytest.mark.parametrize(
    ("text", "lacks"),
    [
        ("什么时候开始的?", True),
        ("誰牽頭？", True),
        ("哪个部门管?", True),
        ("为什么?", True),
        ("Who pays?", True),
        ("Where did it start?", True),
        ("药占比是多少?", False),
        ("村医有多少?", False),
        ("这项保障扩大到谁?", False),
        ("“五化”是什么?", False),
        ("How many ambulances are there?", False),
        ("Which hospitals joined?", False),
    ],
)
def test_a_question_without_a_subject_is_told_from_one_that_has_its_own(text, lacks):
    assert lacks_subject(read_turn(text)) is lacks


@pytest.mark.parametrize(
    ("text", "leans"),
    [
        ("钱从哪里来?", True),
        ("平均年齡多大?", True),
        ("患者少花了多少钱?", True),
        ("结余怎么分?", True),
        ("它投入了多少钱?", False),
        ("Where did the money come from?", True),
        ("村医的工资有多少?", False),
        ("有多少患者?", False),
        ("购置税多少?", False),
    ],
)
def test_what_is_always_that_of_something_is_no_subject(text, leans):
    assert leans_by_attribute(read_turn(text)) is leans


@pytest.mark.parametrize(
    ("text", "takes"),
    [
        ("其中乡镇卫生院多少?", True),
        ("What percentage went to village doctors?", True),
        ("What percentage of doctors left?", False),
        ("後來藥價降了嗎?", True),
        ("乡镇卫生院多少?", False),
    ],
)
def test_a_part_and_a_sequel_take_the_topic(text, takes):
    assert takes_topic(read_turn(text)) is takes


@pytest.mark.parametrize(
    ("text", "refers"),
    [
        ("What is its budget?", True),
        ("Did it work?", True),
        ("Which cities merged their agencies?", False),
        ("What share did Shanxi want within the county?", False),
        ("当地投入了多少?", True),
        ("三明的药占比和它的次均费用?", False),
        ("药占比是多少?", False),
    ],
)
def test_a_pronoun_refers_back_unless_its_own_question_names_what_it_is(text, refers):
    assert refers_back(read_turn(text)) is refers


@pytest.mark.parametrize(
    ("text", "nominal", "one"),
    [
        ("县医院呢?", True, "county_hospital"),
        ("那药占比呢", True, "drug_share"),
        ("民营医院可以牵头吗?", False, None),
        ("平均年龄多大?", False, None),
        ("效果好不好?", False, None),
        ("Per 1,000 residents?", False, None),
        ("And county hospitals?", True, "county_hospital"),
    ],
)
def test_a_thing_that_is_only_named_is_told_from_a_question(text, nominal, one):
    turn = read_turn(text)

    assert is_nominal(turn) is nominal
    assert not nominal or sole_concept(turn).concept.id == one


def test_a_noun_phrase_may_hold_several_concepts_but_no_verb():
    assert is_noun_phrase(read_turn("And the drug share in 2020?"))
    assert not is_noun_phrase(read_turn("药占比下降呢?"))
    assert not is_noun_phrase(read_turn("Describe the drug share"))


@pytest.mark.parametrize(
    "text", ["国家怎样评价医改?", "某縣有幾家醫院?", "每个省选几个城市?", "《静夜思》是谁写的?", "What does DRG mean?", "世界杯决赛是哪两支球队?"]
)  # fmt: skip
def test_a_question_may_say_itself_how_far_it_reaches(text):
    assert has_own_reach(read_turn(text))
    assert is_whole(read_turn(text))


@pytest.mark.parametrize("text", ["救护车有几辆?", "钱从哪里来?", "家庭医生呢?"])
def test_most_short_questions_do_not(text):
    assert not has_own_reach(read_turn(text))


def test_the_noun_of_a_fragment_stands_without_what_leads_to_it():
    assert bare_subject(read_turn("And that in county hospitals?")) == "county hospitals"
    assert bare_subject(read_turn("那邊的村醫呢?")) == "村醫"


@pytest.mark.parametrize(
    ("text", "fragment"),
    [("三明呢?", True), ("那药占比", True), ("药占比是多少?", False), ("那么药占比是多少呢?", False)],
)
def test_a_fragment_opens_or_ends_as_a_follow_up_and_asks_nothing(text, fragment):
    assert is_fragment(read_turn(text)) is fragment


def test_names_that_only_and_joins_are_one():
    turn = read_turn("编制和薪酬，还有药占比")

    assert [turn.text[a:b] for a, b in clusters(turn.topics, turn.text)] == ["编制和薪酬", "药占比"]


def test_nouns_that_the_glossary_does_not_know_are_found_in_both_languages():
    assert unknown_nouns(read_turn("新能源汽车的药占比")) == ["新能源", "汽车"]
    assert unknown_nouns(read_turn("Does the drug share cover bicycles?")) == ["bicycles"]


@given(TALK)
def test_any_turn_is_read_and_nothing_is_moved(text):
    turn = read_turn(text)

    assert len(turn.bare) == len(text)
    assert all(text[p.start : p.end] == p.surface for p in turn.places)
    assert all(turn.bare[a:b].isspace() for a, b in turn.years)
    assert set(turn.topics) <= set(turn.concepts)
    assert not (lacks_subject(turn) and unknown_nouns(turn))
