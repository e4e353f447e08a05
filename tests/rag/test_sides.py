from __future__ import annotations

import pytest

from rag.assess import assess
from rag.reading import Reading
from rag.sides import set_out, told_apart

SHAOXING = """---
title: 绍兴市医改
region: [浙江省绍兴市]
---
绍兴市推行编制备案制，核定编制800个。绍兴市2020年医保基金支出12亿元，2022年医保基金支出15亿元。
"""
JIAXING = """---
title: 嘉兴市医改
region: [浙江省嘉兴市]
---
嘉兴市给公立医院核定编制500个。嘉兴市的薪酬改革让医生拿年薪。
"""
ZHEJIANG = """---
title: 浙江省医改
region: [浙江省]
---
浙江省核定编制9000个，由省里统筹。
"""
PROCUREMENT = """---
title: 集采
region: [浙江省嘉兴市]
---
嘉兴市耗材集采平均降价70%，药品集采平均降价55%。
"""


@pytest.fixture
def set_out_for(query_for, candidates_in):
    """Asks texts without a search, the question as a whole and each of its items alone."""

    def run(question, *markdown):
        read = candidates_in(*markdown)

        def reading(query):
            return Reading(query=query, hits=(), candidates=tuple(read), assessment=assess(query, read))

        query = query_for(question)
        alone = told_apart([query_for(item.question) for item in query.items], query.intent)
        parts = [(item, reading(part)) for item, part in zip(query.items, alone, strict=True)]
        return set_out(reading(query), parts)

    return run


def texts(comparison):
    return [[s.candidate.text for s in side.answering] for side in comparison.sides]


def test_each_place_has_its_own_sentences_and_silence_is_kept(set_out_for):
    _, comparison = set_out_for("绍兴和南京核定了多少编制?", SHAOXING, JIAXING)

    assert comparison.kind == "place"
    assert comparison.rows == ("330600", "320100")
    shaoxing, nanjing = texts(comparison)
    assert all("绍兴" in text for text in shaoxing)
    assert nanjing == []


def test_what_a_compared_city_does_is_not_told_of_its_province(set_out_for):
    _, comparison = set_out_for("浙江和嘉兴分别核定了多少编制?", ZHEJIANG, JIAXING)

    province, city = texts(comparison)
    assert province == ["浙江省核定编制9000个，由省里统筹。"]
    assert city == ["嘉兴市给公立医院核定编制500个。"]


def test_each_place_is_asked_each_topic(set_out_for):
    _, comparison = set_out_for("绍兴和嘉兴的编制与薪酬有什么不同?", SHAOXING, JIAXING)

    assert comparison.columns == ("编制", "薪酬")
    quotas, pay, their_quotas, their_pay = texts(comparison)
    assert quotas
    assert their_quotas
    assert pay == []
    assert their_pay[0] == "嘉兴市的薪酬改革让医生拿年薪。"


def test_each_year_is_answered_by_itself(set_out_for):
    reading, comparison = set_out_for("绍兴市2020年和2021年医保基金支出分别是多少?", SHAOXING)

    assert comparison.kind == "year"
    of_2020, of_2021 = texts(comparison)
    assert "12亿元" in of_2020[0]
    assert of_2021 == []
    assert [s.candidate.text for s in reading.assessment.answering] == of_2020


def test_a_sentence_that_says_it_of_all_answers_all_alone(set_out_for):
    _, comparison = set_out_for("嘉兴的药品集采和耗材集采分别降价多少?", PROCUREMENT)

    assert texts(comparison) == [[PROCUREMENT.split("\n")[-2]]] * 2
    sentence = PROCUREMENT.split("\n")[-2]
    assert comparison.part(sentence, 0) == "药品集采平均降价55%。"
    assert comparison.part(sentence, 1) == "嘉兴市耗材集采平均降价70%，"


def test_a_topic_is_not_answered_by_the_other_one(set_out_for):
    only_drugs = PROCUREMENT.replace("耗材集采平均降价70%，", "")
    _, comparison = set_out_for("嘉兴的药品集采和耗材集采分别降价多少?", only_drugs)

    drugs, consumables = texts(comparison)
    assert drugs == ["嘉兴市药品集采平均降价55%。"]
    assert consumables == []


def test_where_no_side_is_answered_the_question_stands_as_a_whole(set_out_for):
    reading, comparison = set_out_for("南京和镇江核定了多少编制?", SHAOXING)

    assert comparison is None
    assert reading.assessment.answering == ()


def test_a_question_about_one_thing_is_no_comparison(set_out_for):
    assert set_out_for("绍兴核定了多少编制?", SHAOXING)[1] is None
