from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.followup import resolve_followup
from rag.regions import find_regions
from rag.understand import find_years

ZH_FIRST = "丽水的急救半径缩小了多少?"
ZH_DEBT = "芜湖是怎么化债的?"
EN_DEBT = "how did Wuhu reduce debt"
ZH_RATIO = "芜湖2019年的资产负债率是多少?"
EN_RATIO = "What was Wuhu's asset-liability ratio in 2019?"

TALK = st.lists(
    st.one_of(
        st.sampled_from(
            ["芜湖", "三明", "Wuhu", "那", "呢", "它", "其", "it", "and ", "2020年", "2019-2021", "编制", "化债", "?", "怎么"]
        ),
        st.text(alphabet=st.characters(codec="utf-8"), max_size=6),
    ),
    max_size=6,
).map("".join)  # fmt: skip


def codes(text):
    return [mention.region.code for mention in find_regions(text)]


@pytest.mark.parametrize(
    ("history", "question", "standalone"),
    [
        ([], "反应时间呢?", "反应时间呢?"),
        ([ZH_FIRST], "那三明呢?", "三明的急救半径缩小了多少?"),
        ([ZH_FIRST], "反应时间呢?", "丽水的反应时间缩小了多少?"),
        ([ZH_DEBT], "它的编制改革呢?", "芜湖市的编制改革呢?"),
        ([ZH_DEBT], "那它投入了多少钱?", "芜湖市投入了多少钱?"),
        ([ZH_DEBT], "有多少村医受益?", "芜湖市有多少村医受益?"),
        ([EN_DEBT], "And Tongren?", "how did Tongren reduce debt"),
        ([EN_DEBT], "And what did it do about staffing?", "What did Wuhu do about staffing?"),
        ([EN_DEBT], "What is its staffing pool?", "What is Wuhu's staffing pool?"),
        (
            ["铜仁的编制改革"],
            "山西2020年基层就诊患者的比例目标是多少?",
            "山西2020年基层就诊患者的比例目标是多少?",
        ),
    ],
)
def test_what_a_follow_up_leaves_out_is_carried_over(history, question, standalone):
    assert resolve_followup(question, history) == standalone


@pytest.mark.parametrize(
    ("first", "question", "standalone"),
    [
        (ZH_DEBT, "三明呢", "三明是怎么化债的?"),
        (ZH_DEBT, "那么三明市呢？", "三明市是怎么化债的?"),
        (ZH_DEBT, "還有銅仁呢？", "銅仁是怎么化债的?"),
        ("蕪湖是怎麼化債的?", "那銅仁呢?", "銅仁是怎麼化債的?"),
        (ZH_DEBT, "那三明和铜仁呢?", "三明、铜仁是怎么化债的?"),
        ("芜湖和铜仁的编制改革有什么不同?", "那深圳和盐城呢?", "深圳、盐城的编制改革有什么不同?"),
        (ZH_DEBT, "And Tongren?", "Tongren是怎么化债的?"),
        ("How did Wuhu reduce debt?", "What about Tongren and Shenzhen?", "How did Tongren and Shenzhen reduce debt?"),
        ("How did Wuhu reduce debt?", "Shenzhen?", "How did Shenzhen reduce debt?"),
        ("什么是医共体?", "那三明呢?", "三明：什么是医共体?"),
    ],
)  # fmt: skip
def test_a_new_place_takes_that_of_the_old_one(first, question, standalone):
    assert resolve_followup(question, [first]) == standalone


@pytest.mark.parametrize(
    ("first", "question", "standalone"),
    [
        ("芜湖的资产负债率是多少?", "编制呢?", "芜湖的编制是多少?"),
        ("比较芜湖和铜仁的编制改革", "薪酬呢?", "比较芜湖和铜仁的薪酬改革"),
        ("What is the staffing quota of Tongren?", "And pay?", "What is the pay of Tongren?"),
    ],
)
def test_a_new_subject_takes_the_place_of_the_old_one(first, question, standalone):
    assert resolve_followup(question, [first]) == standalone


@pytest.mark.parametrize(
    ("first", "question", "standalone"),
    [
        (ZH_RATIO, "那2020年呢?", "芜湖2020年的资产负债率是多少?"),
        (ZH_RATIO, "2020年?", "芜湖2020年的资产负债率是多少?"),
        (ZH_RATIO, "那2020到2022年呢?", "芜湖2020到2022年的资产负债率是多少?"),
        (ZH_RATIO, "那三明2020年呢?", "三明2020年的资产负债率是多少?"),
        (ZH_RATIO, "那三明呢?", "三明2019年的资产负债率是多少?"),
        (EN_RATIO, "And in 2020?", "What was Wuhu's asset-liability ratio in 2020?"),
        (EN_RATIO, "What about Tongren in 2020?", "What was Tongren's asset-liability ratio in 2020?"),
        ("2022年全国医改任务有多少项?", "那2023年呢?", "2023年全国医改任务有多少项?"),
        (ZH_DEBT, "2022年呢?", "2022年芜湖是怎么化债的?"),
        ("How did Wuhu reduce debt?", "And in 2022?", "How did Wuhu reduce debt in 2022?"),
    ],
)
def test_a_new_year_takes_the_place_of_the_old_one(first, question, standalone):
    assert resolve_followup(question, [first]) == standalone


def test_the_year_of_the_question_before_holds_for_a_new_place_with_a_subject_of_its_own():
    question = resolve_followup("那三明的编制改革呢?", ["2022年全国医改任务有多少项?"])

    assert codes(question) == ["350400"]
    assert find_years(question) == (2022,)
    assert "编制改革" in question


def test_a_year_of_its_own_is_kept():
    question = resolve_followup("那三明2018年的编制改革呢?", ["2022年全国医改任务有多少项?"])

    assert find_years(question) == (2018,)


@pytest.mark.parametrize(
    ("first", "question", "standalone"),
    [
        (ZH_FIRST, "那里的反应时间呢?", "丽水市的反应时间呢?"),
        (ZH_FIRST, "当地投入了多少钱?", "丽水市投入了多少钱?"),
        (ZH_FIRST, "那裡投入了多少錢?", "丽水市投入了多少錢?"),
        (ZH_FIRST, "該市投入了多少錢?", "丽水市投入了多少錢?"),
        (ZH_FIRST, "该市投入了多少钱?", "丽水市投入了多少钱?"),
        (ZH_FIRST, "其反应时间缩短了多少?", "丽水市反应时间缩短了多少?"),
        ("比较芜湖和铜仁的编制改革", "它们投入了多少钱?", "芜湖市、铜仁市投入了多少钱?"),
        ("How did Wuhu reduce debt?", "How much did they spend?", "How much did Wuhu spend?"),
        ("How did Wuhu reduce debt?", "How much did the city spend?", "How much did Wuhu spend?"),
        ("How did Wuhu reduce debt?", "what about its village doctors?", "Wuhu's village doctors?"),
        ("How did Wuhu reduce debt?", "How many doctors work there?", "How many doctors work in Wuhu?"),
    ],
)
def test_a_pronoun_gives_way_to_the_place_it_stands_for(first, question, standalone):
    assert resolve_followup(question, [first]) == standalone


@pytest.mark.parametrize(
    ("first", "question", "words"),
    [
        (ZH_DEBT, "其中乡镇卫生院有多少家?", "其中"),
        (ZH_DEBT, "尤其是村医怎么办?", "尤其"),
        (EN_DEBT, "Is there anything about staffing?", "there anything"),
    ],
)
def test_a_word_that_only_looks_like_a_pronoun_stays(first, question, words):
    resolved = resolve_followup(question, [first])

    assert words in resolved
    assert codes(resolved) == ["340200"]


@pytest.mark.parametrize("question", ["Some hospitals?", "Solar power?", "Butter?", "Andrology?"])
def test_a_word_that_only_begins_like_a_lead_in_is_not_cut(question):
    resolved = resolve_followup(question, ["How did Wuhu reduce debt?"])

    assert question.rstrip("?") in resolved


@pytest.mark.parametrize("why", ["为什么", "為什麼"])
def test_why_alone_asks_about_the_place_before(why):
    assert resolve_followup(f"{why}?", [ZH_DEBT]) == f"芜湖市{why}?"


def test_a_chain_of_follow_ups_is_resolved_one_by_one():
    history = [ZH_FIRST, "那三明呢?"]

    assert resolve_followup("反应时间呢?", history) == "三明的反应时间缩小了多少?"


@pytest.mark.parametrize(
    "question",
    [
        "每个省份选几个城市开展紧密型城市医疗集团试点?",
        "深圳每多少万人口设1家社康机构?",
        "What are the four parts of the national reform tasks?",
        "How did Tongren change the pay of its hospital staff?",
    ],
)
def test_a_whole_question_is_not_touched(question):
    assert resolve_followup(question, [ZH_DEBT]) == question


@pytest.mark.parametrize("question", ["", "?", "。", "那么", "呢", " \n"])
def test_a_follow_up_that_says_nothing_stays_as_it_is(question):
    assert resolve_followup(question, [ZH_DEBT]) == question


@given(st.lists(TALK, max_size=4), TALK)
def test_any_conversation_is_resolved(history, question):
    assert isinstance(resolve_followup(question, history), str)


@given(TALK)
def test_a_first_question_is_not_touched(question):
    assert resolve_followup(question, []) == question
    assert resolve_followup(question, [""]) == question


@given(st.sampled_from([ZH_DEBT, ZH_FIRST, ZH_RATIO]), st.sampled_from(["三明", "铜仁市", "深圳", "盐城市"]))
def test_the_new_place_is_the_only_one_left(first, place):
    assert codes(resolve_followup(f"那{place}呢?", [first])) == codes(place)


@pytest.mark.parametrize(
    "hostile",
    [
        "吗" * 50_000 + "x",
        " " * 50_000 + "x",
        "那" * 50_000,
        "2019-" * 10_000,
        "芜湖" * 10_000,
        "it " * 20_000,
    ],
    ids=lambda text: repr(text[:6]),
)
def test_a_hostile_history_costs_little(hostile):
    started = time.process_time()

    resolve_followup("那三明呢?", [hostile])
    resolve_followup(hostile, [ZH_DEBT])

    assert time.process_time() - started < 9


def test_a_long_conversation_costs_little():
    started = time.process_time()

    resolved = resolve_followup("那三明呢?", [ZH_DEBT, "那铜仁呢?"] * 100)

    assert resolved == "三明是怎么化债的?"
    assert time.process_time() - started < 9
