from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.followup import Resolved, resolve, resolve_followup
from rag.regions import find_regions
from rag.years import find_years
from tests.support.effort import effort_below

ZH_FIRST = "丽水的急救半径缩小了多少?"
ZH_DEBT = "芜湖是怎么化债的?"
EN_DEBT = "how did Wuhu reduce debt"
ZH_RATIO = "芜湖2019年的资产负债率是多少?"
EN_RATIO = "What was Wuhu's asset-liability ratio in 2019?"

TALK = st.lists(
    st.one_of(
        st.sampled_from(
            ["芜湖", "三明", "Wuhu", "那", "呢", "它", "其", "it", "and ", "2020年", "2019-2021", "编制", "化债", "?", "怎么", "they", " the two ", "两者", "哪种更", "这项政策", "其成效", "前一年", "跟", "比", "药占比", "院长", "全国", "reduce debt", "its pay"]
        ),
        st.text(alphabet=st.characters(codec="utf-8"), max_size=6),
    ),
    max_size=6,
).map("".join)  # fmt: skip


def sure(text):
    return Resolved(text=text, is_sure=True)


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
    assert resolve(question, history) == sure(standalone)


@pytest.mark.parametrize(
    ("first", "question", "standalone"),
    [
        ("浙江丽水新建了多少个急救站？", "钱从哪里来？", "丽水市急救钱从哪里来？"),
        ("江苏啟東的村醫有多少人？", "平均年齡多大？", "启东市村醫平均年齡多大？"),
        ("辽宁省的公立医院债务有多少?", "哪个部门管？", "辽宁省公立医院债务哪个部门管？"),
        ("2020年贵州有多少家基层医疗机构？", "其中乡镇卫生院多少？", "贵州省2020年基层医疗机构其中乡镇卫生院多少？"),
        ("How many village clinics were rebuilt in Gansu?", "Where did the money come from?", "Village clinics in Gansu: Where did the money come from?"),
        ("Tell me about the hospital group in Luohu, Shenzhen.", "How many clinics belong to it?", "How many clinics belong to the hospital group in Luohu, Shenzhen?"),
    ],
)  # fmt: skip
def test_what_is_always_that_of_something_is_asked_of_the_subject_before(first, question, standalone):
    assert resolve(question, [first]).text == standalone


@pytest.mark.parametrize(
    ("history", "question", "standalone"),
    [
        (["天津的集采降价多少?", "北京呢?"], "回到天津，患者少花了多少钱?", "天津集采，患者少花了多少钱?"),
        (["天津的集采降价多少?", "北京呢?"], "說回天津：什么时候开始的?", "天津集采，什么时候开始的?"),
        (["How did Wuhu reduce debt?", "And Tongren?"], "Back to Wuhu: what was the cost?", "Debt resolution: in Wuhu, what was the cost?"),
        (["How did Wuhu reduce debt?"], "Back to Sanming: what was the cost?", "Back to Sanming: what was the cost?"),
    ],
)  # fmt: skip
def test_a_return_to_an_earlier_topic_leans_on_the_question_about_it(history, question, standalone):
    assert resolve(question, history).text == standalone


@pytest.mark.parametrize(
    "question",
    ["红烧肉怎么做?", "《静夜思》是谁写的？", "某縣有多少鄉鎮衛生院？", "“两医一体”说的是什么？", "国家怎样评价地市医改?", "今年的高考分数线是多少？", "Which cities or counties merged their health and insurance agencies?", "How many hospital beds did the county have?", "What does capitation mean?"],
)  # fmt: skip
def test_a_short_question_that_has_a_reach_of_its_own_is_not_given_a_place(question):
    assert resolve_followup(question, ["重庆2018年的急救反应时间是多少？"]) == question
    assert resolve_followup(question, ["What was the response time in Chongqing in 2018?"]) == question


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
    assert resolve(question, [first]) == sure(standalone)


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
def test_why_alone_asks_about_what_was_done_in_the_place_before(why):
    assert resolve(f"{why}?", [ZH_DEBT]) == sure(f"芜湖市化债{why}?")


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
    assert resolve(question, [ZH_DEBT]) == sure(question)


@pytest.mark.parametrize("question", ["", "?", "。", "那么", "呢", " \n"])
def test_a_follow_up_that_says_nothing_stays_as_it_is(question):
    assert resolve_followup(question, [ZH_DEBT]) == question


@pytest.mark.parametrize(
    ("first", "question", "standalone"),
    [
        ("福建三明是怎么取消药品加成的?", "是哪一年开始的?", "三明市取消药品加成是哪一年开始的?"),
        ("辽宁省的公立医院债务有多少?", "当地是怎么化解的?", "辽宁省公立医院债务是怎么化解的?"),
        (ZH_DEBT, "效果怎么样?", "芜湖市化债效果怎么样?"),
        (ZH_DEBT, "那三明有哪些做法?", "三明化债有哪些做法?"),
        ("什么是两票制?", "它有什么好处?", "两票制有什么好处?"),
        ("什么是兩票制?", "該制度在福建是哪年開始的?", "兩票制在福建是哪年開始的?"),
        (ZH_RATIO, "为什么下降?", "芜湖市2019年资产负债率为什么下降?"),
        (ZH_RATIO, "比三明高吗?", "芜湖市2019年资产负债率比三明高吗?"),
        ("How did Sanming abolish the drug markup?", "When did it start?", "When did the drug markup in Sanming start?"),
        ("What does the two-invoice system mean?", "When was it introduced in Fujian?", "When was the two-invoice system introduced in Fujian?"),
        ("How did Wuhu reduce debt?", "What did it do?", "What did Wuhu do (debt resolution)?"),
        ("How did Wuhu reduce debt?", "Why?", "Debt resolution in Wuhu: Why?"),
        (EN_RATIO, "Why did it fall?", "Why did the asset-liability ratio in Wuhu in 2019 fall?"),
        ("When did Fujian introduce the two-invoice system?", "Did drug prices fall afterwards?", "The two-invoice system in Fujian: Did drug prices fall afterwards?"),
    ],
)  # fmt: skip
def test_a_question_without_a_subject_is_about_that_of_the_question_before(first, question, standalone):
    assert resolve(question, [first]) == sure(standalone)


@pytest.mark.parametrize(
    ("first", "question", "standalone"),
    [
        (ZH_RATIO, "那前一年呢?", "芜湖2018年的资产负债率是多少?"),
        (ZH_RATIO, "後一年呢?", "芜湖2020年的资产负债率是多少?"),
        ("芜湖２０１９年的资产负债率是多少?", "上年呢?", "芜湖2018年的资产负债率是多少?"),
        ("芜湖２０１９年的资产负债率是多少?", "２０２１年呢?", "芜湖２０２１年的资产负债率是多少?"),
        (ZH_RATIO, "2020年药占比呢?", "芜湖2020年的药占比是多少?"),
        (EN_RATIO, "And the year before?", "What was Wuhu's asset-liability ratio in 2018?"),
        (EN_RATIO, "And the drug share in 2020?", "What was Wuhu's drug share in 2020?"),
    ],
)
def test_a_year_is_counted_from_that_of_the_question_before(first, question, standalone):
    assert resolve(question, [first]) == sure(standalone)


@pytest.mark.parametrize(
    ("first", "question", "standalone"),
    [
        ("江苏省南京市鼓楼区的家庭医生签约率是多少?", "那里的村卫生室呢?", "江苏省南京市鼓楼区的村卫生室呢?"),
        ("What did Jieshou, Anhui do about village doctors?", "What is their pay?", "What is village doctors' pay in Jieshou, Anhui?"),
        ("Fuzhou 的药占比是多少?", "它的编制呢?", "Fuzhou的编制呢?"),
        ("安徽天长的药占比是多少?", "What about its staffing?", "Tianchang, Chuzhou's staffing?"),
    ],
)  # fmt: skip
def test_a_place_is_named_so_that_it_is_found_again(first, question, standalone):
    resolved = resolve(question, [first])

    assert resolved == sure(standalone)
    assert codes(resolved.text) == codes(first)


@given(st.lists(TALK, max_size=4), TALK)
def test_the_resolved_text_is_that_of_resolve(history, question):
    assert resolve_followup(question, history) == resolve(question, history).text


@given(st.lists(TALK, max_size=4), TALK)
def test_any_conversation_is_resolved(history, question):
    assert isinstance(resolve_followup(question, history), str)


@given(TALK)
def test_a_first_question_is_not_touched(question):
    assert resolve_followup(question, []) == question
    assert resolve_followup(question, [""]) == question


@pytest.mark.parametrize(
    "hostile",
    [
        "吗" * 50_000 + "x",
        " " * 50_000 + "x",
        "那" * 50_000,
        "2019-" * 10_000,
        "芜湖" * 10_000,
        "it " * 20_000,
        "它编制" * 10_000,
        "又" * 50_000,
        "是不是" * 15_000,
        "word " * 10_000,
        "the two " * 8_000,
        "「" * 50_000,
        "好不" * 25_000,
        "回到" * 25_000,
        "back to " * 6_000,
        "药品费用" * 12_000,
    ],
    ids=lambda text: repr(text[:6]),
)
def test_a_hostile_history_costs_little(hostile):
    with effort_below(9):
        resolve_followup("那三明呢?", [hostile])
        resolve_followup(hostile, [ZH_DEBT])


def test_a_long_conversation_costs_little():
    with effort_below(9):
        resolved = resolve_followup("那三明呢?", [ZH_DEBT, "那铜仁呢?"] * 100)

        assert resolved == "三明是怎么化债的?"
