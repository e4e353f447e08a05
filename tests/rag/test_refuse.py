from __future__ import annotations

import pytest

from rag.assess import Assessment, assess
from rag.refuse import library_topics, refuse, refuse_plainly
from rag.types import Filter


@pytest.fixture(scope="module")
def refusal(tiny_pipeline):
    def ask(question, **options):
        answer = tiny_pipeline.ask(question, **options)
        assert answer.refusal is not None, answer.text
        return answer.refusal

    return ask


@pytest.mark.parametrize(
    ("question", "code", "said"),
    [
        ("火星上有没有生命?", "off_topic", ["没有谈到", "编制"]),
        ("Is there life on Mars?", "off_topic", ["do not touch", "staffing"]),
        ("编制的红烧肉", "not_found", ["没有找到“红烧肉”"]),
        ("广州的编制有多少个?", "region_not_in_library", ["广东省广州市", "有“编制”", "安徽省合肥市"]),
        ("How many staffing posts has Guangzhou?", "region_not_in_library", ["Guangzhou", "staffing quota", "Hefei"]),
        ("赣州的编制有多少个?", "region_without_subject", ["江西省赣州市", "“编制”", "安徽省合肥市"]),
        ("How many staffing posts has Ganzhou?", "region_without_subject", ["Ganzhou", "staffing quota", "Hefei"]),
        ("赣州的红烧肉多少钱?", "region_without_subject", ["江西省赣州市", "红烧肉", "急救"]),
        ("合肥2012年的签约率是多少?", "year_without_subject", ["2012年的“签约", "安徽省合肥市"]),
        ("What was Hefei's family doctor contract rate in 2012?", "year_without_subject", ["family doctor", "2012", "Hefei"]),
        ("合肥的家庭医生花了多少亿元?", "figure_not_found", ["“家庭医生”", "没有给出"]),
        ("When did Hefei add staffing quotas?", "figure_not_found", ["staffing quota", "no such figure"]),
        ("比较合肥和赣州的做法", "too_vague", ["太宽泛", "安徽省合肥市、江西省赣州市", "编制", "哪一方面"]),
        ("Compare Hefei and Ganzhou", "too_vague", ["too broad", "Hefei, Ganzhou", "staffing quota", "which topic"]),
        ("医改怎么样？", "too_vague", ["太宽泛", "文库收录的主题有", "编制周转池"]),
        ("How is health reform going?", "too_vague", ["too broad", "The library is about", "staffing-quota pool"]),
    ],
)  # fmt: skip
def test_a_refusal_names_what_is_missing_and_what_is_there(refusal, question, code, said):
    given = refusal(question)

    assert given.code == code
    assert [words for words in said if words not in given.message] == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", ["empty_question", "empty_library"])
def test_what_needs_no_evidence_is_refused_in_both_languages(code, language):
    refusal = refuse_plainly(code, language)

    assert refusal.code == code
    assert ("yigai ingest" in refusal.message) == (code == "empty_library")
    assert any("\u4e00" <= ch <= "\u9fff" for ch in refusal.message) == (language == "zh")


def test_a_message_has_no_hole_left_and_no_blank_at_its_end(refusal):
    for question in ("火星上有没有生命?", "广州的编制", "合肥2012年的签约率是多少?", "赣州的红烧肉"):
        message = refusal(question).message

        assert "{" not in message
        assert message == message.strip()
        assert "“”" not in message


def test_every_code_that_assessing_can_lead_to_has_a_message_without_evidence(query_for, tiny_library):
    for gap in ("nothing", "vague", "subject", "region", "year", "figure", None):
        for question in ("合肥2012年的编制有多少个?", "编制", "广州"):
            refusal = refuse(query_for(question), Assessment(answering=(), gap=gap), library=tiny_library)

            assert refusal.message


def test_a_place_that_lies_in_a_place_of_the_library_is_not_thereby_in_it(refusal):
    assert refusal("合肥市蜀山区的编制有多少个?").code == "region_not_in_library"


def test_a_province_is_in_the_library_where_one_of_its_cities_is(refusal):
    assert refusal("安徽的大熊猫有多少只?").code == "region_without_subject"


def test_at_most_five_places_are_offered(query_for, candidates_in, tiny_library):
    cities = ["芜湖市", "铜仁市", "盐城市", "丽水市", "青岛市", "三明市", "深圳市"]
    texts = [f"# {city}\n\n{city}核增编制三百个，全部用于乡镇。\n" for city in cities]
    query = query_for("合肥的编制")

    refusal = refuse(query, assess(query, candidates_in(*texts)), library=tiny_library)

    assert sum(city in refusal.message for city in cities) == 5


def test_what_the_places_compared_share_is_offered_first_and_at_most_six_topics(
    query_for, candidates_in, tiny_library
):
    texts = (
        "# 合肥市\n\n合肥市抓化债、编制、薪酬、绩效考核、分级诊疗、集采、家庭医生和医保支付。\n",
        "# 赣州市\n\n赣州市的编制多了。\n",
    )
    query = query_for("比较合肥和赣州的做法")

    refusal = refuse(query, assess(query, candidates_in(*texts)), library=tiny_library)

    listed = refusal.message.partition("文库里有：")[2].partition("。")[0].split("、")
    assert listed[0] == "编制"
    assert len(listed) == 6


@pytest.mark.parametrize(
    ("question", "whole"), [("医改怎么样?", "：医改"), ("How is health reform going?", ": health reform")]
)
def test_the_whole_field_is_no_topic_to_choose(sample_pipeline, question, whole):
    refusal = sample_pipeline.ask(question).refusal

    assert refusal is not None
    assert refusal.code == "too_vague"
    assert whole not in refusal.message


def test_a_vague_comparison_with_a_place_that_is_not_there_says_so_of_the_others_only(refusal):
    assert refusal("比较广州和成都的做法").code == "region_not_in_library"


def test_a_place_is_offered_once(query_for, candidates_in, tiny_library):
    text = "# 芜湖市\n\n芜湖市核增编制三百个，全部用于乡镇。\n\n芜湖市又核增编制二百个。\n"
    query = query_for("合肥的编制")

    refusal = refuse(query, assess(query, candidates_in(text)), library=tiny_library)

    assert refusal.message.count("芜湖市") == 1


@pytest.mark.parametrize(
    ("question", "within", "said"),
    [
        ("合肥的家庭医生签约率是多少?", Filter(since_year=2022), ["安徽合肥：签约服务和编制", "2021-05-06"]),
        ("合肥的家庭医生签约率是多少?", Filter(regions=("360700",)), ["安徽合肥：签约服务和编制"]),
        ("赣州的急救反应时间缩短到多少?", Filter(until_year=2022), ["江西赣州：院前急救", "日期不详"]),
        ("What is the emergency response time in Ganzhou?", Filter(since_year=2000), ["江西赣州：院前急救", "undated"]),
    ],
)  # fmt: skip
def test_an_answer_that_only_the_filter_hides_is_pointed_at(refusal, question, within, said):
    given = refusal(question, within=within)

    assert given.code == "outside_filter"
    assert [words for words in said if words not in given.message] == []


def test_a_filter_is_not_blamed_for_what_is_nowhere(refusal):
    assert refusal("火星上有没有生命?", within=Filter(since_year=2050)).code == "off_topic"


def test_topics_are_those_of_the_titles_in_the_readers_language(tiny_library):
    assert "编制周转池" in library_topics(tiny_library, "zh")
    assert "staffing-quota pool" in library_topics(tiny_library, "en")


def test_the_commonest_topics_come_first_and_their_order_is_fixed(opened_sample):
    topics = library_topics(opened_sample, "zh")

    assert 0 < len(topics) <= 10
    assert len(set(topics)) == len(topics)
    assert topics == library_topics(opened_sample, "zh")


def test_an_empty_library_has_no_topics(empty_library):
    assert library_topics(empty_library, "zh") == []
