from __future__ import annotations

import dataclasses

import pytest

from rag.assess import (
    assess,
    count_speaking,
    covers_enough,
    is_in_place,
    is_in_time,
    may_be_silent,
    score,
    score_all,
)
from rag.echo import Echo

NO_ECHO = Echo(own=0.0, around=0.0, fresh=0.0)
HEFEI = """---
title: 安徽合肥：家庭医生
date: 2021-05-06
region: [安徽省合肥市]
---
合肥市的家庭医生签约率从41.5%提高到63.2%。

合肥市的乡镇卫生院去年新招了村医三百名。

这几年，签约服务的费用由医保基金和居民共同承担。
"""


@pytest.fixture
def judge(query_for, candidates_in):
    """Assesses a question against articles in Markdown."""

    def run(question, *markdown):
        return assess(query_for(question), candidates_in(*(markdown or (HEFEI,))))

    return run


def texts(scored):
    return [s.candidate.text for s in scored]


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("合肥的家庭医生签约率是多少?", "63.2%"),
        ("合肥市2021年的家庭医生签约率是多少?", "63.2%"),
        ("安徽的家庭医生签约率是多少?", "63.2%"),
        ("What is Hefei's family doctor contract rate?", "63.2%"),
        ("合肥2020年新招了多少村医?", "三百名"),
        ("签约服务的费用由谁承担?", "医保基金"),
    ],
)
def test_a_question_that_the_articles_answer_is_answered_by_the_right_sentence(judge, question, part):
    assessment = judge(question)

    assert assessment.gap is None
    assert part in texts(assessment.answering)[0]


def test_nothing_is_the_gap_where_no_sentence_touches_the_question(judge):
    assessment = judge("红烧肉怎么做?")

    assert (assessment.gap, assessment.answering) == ("nothing", ())
    assert assessment.missing == ("红烧肉",)


def test_nothing_is_the_gap_where_there_are_no_sentences_at_all(query_for):
    for question in ("红烧肉怎么做?", "芜湖"):
        assert assess(query_for(question), []).gap == "nothing"


def test_the_subject_is_the_gap_where_only_the_side_of_a_question_is_covered(judge):
    assessment = judge("合肥的家庭医生怎样用红烧肉招待病人?")

    assert (assessment.gap, assessment.answering) == ("subject", ())
    assert "红烧肉" in assessment.missing


def test_the_region_is_the_gap_where_the_subject_is_there_for_another_place(judge):
    assessment = judge("赣州的家庭医生签约率是多少?")

    assert (assessment.gap, assessment.answering) == ("region", ())
    assert "63.2%" in texts(assessment.nearest)[0]


def test_the_year_is_the_gap_where_the_subject_is_there_for_another_year(judge):
    assessment = judge("合肥2015年的家庭医生签约率是多少?")

    assert (assessment.gap, assessment.answering) == ("year", ())
    assert texts(assessment.nearest) != []


def test_the_figure_is_the_gap_where_the_subject_is_there_without_such_a_figure(judge):
    assessment = judge("合肥的签约服务费用是多少亿元?")

    assert (assessment.gap, assessment.answering) == ("figure", ())


@pytest.mark.parametrize(
    "question",
    [
        "赣州的家庭医生签约率是多少?",
        "What is Ganzhou's family doctor contract rate?",
        "合肥1999年的家庭医生签约率是多少?",
        "合肥的平均住院日是多少?",
        "合肥的资产负债率是多少?",
        "合肥的编制周转池有多少人?",
        "合肥市新招了多少亿元?",
    ],
)
def test_a_near_miss_is_not_answered(judge, question):
    assert judge(question).answering == ()


def test_a_sentence_of_a_place_inside_the_one_asked_about_is_in_place(query_for, candidates_in):
    (candidate,) = candidates_in("# 签约\n\n合肥市蜀山区的签约率达到百分之六十。")

    assert is_in_place(query_for("安徽的签约率"), candidate)
    assert is_in_place(query_for("合肥的签约率"), candidate)
    assert not is_in_place(query_for("合肥市庐阳区的签约率"), candidate)
    assert not is_in_place(query_for("江西的签约率"), candidate)
    assert is_in_place(query_for("各地的签约率"), candidate)


def test_a_sentence_of_the_whole_province_is_not_about_its_city(query_for, candidates_in):
    (candidate,) = candidates_in("# 签约\n\n安徽省的签约率达到百分之六十。")

    assert not is_in_place(query_for("合肥的签约率"), candidate)


def test_a_sentence_has_the_years_it_names_and_only_else_those_around_it(query_for, candidates_in):
    named, unnamed = candidates_in(
        "---\ntitle: 签约\ndate: 2021-05-06\n---\n2018年的签约率达到百分之六十。\n\n后来的签约率又有所提高。\n"
    )

    assert is_in_time(query_for("2018年的签约率"), named)
    assert not is_in_time(query_for("2021年的签约率"), named)
    assert is_in_time(query_for("2021年的签约率"), unnamed)
    assert not is_in_time(query_for("2018年的签约率"), unnamed)
    assert is_in_time(query_for("签约率"), named)


def test_coverage_and_own_share_are_shares(query_for, candidates_in):
    for question in ("合肥的家庭医生签约率是多少?", "村医和医保基金", "芜湖", "红烧肉"):
        for candidate in candidates_in(HEFEI):
            scored = score(query_for(question), dataclasses.replace(candidate, standout=1.0), NO_ECHO)

            assert 0 <= scored.own <= 1
            assert 0 <= scored.coverage <= 1
            assert scored.own <= scored.coverage + 1e-9


def test_a_heading_alone_answers_nothing(query_for, candidates_in):
    (candidate,) = candidates_in("# 合肥的编制周转池\n\n图书馆在周末延长开放的时间。")

    scored = score(query_for("合肥的编制周转池"), candidate, NO_ECHO)

    assert scored.coverage > 0
    assert not covers_enough(query_for("合肥的编制周转池"), scored)


def test_a_heading_completes_a_sentence_that_leaves_the_subject_out(query_for, candidates_in):
    query = query_for("合肥的编制周转池由谁管理?")
    with_heading, without = (
        candidates_in(f"# {title}\n\n由市里的编办统一管理和调剂。")[0] for title in ("编制周转池", "其他事项")
    )

    assert score(query, with_heading, NO_ECHO).coverage > score(query, without, NO_ECHO).coverage


def test_figures_of_another_kind_are_left_out(query_for, candidates_in):
    (candidate,) = candidates_in("# 投入\n\n合肥市投入3.6亿元，建成急救站20个，占全省的12%。")

    assert [f.raw for f in score(query_for("投入多少亿元?"), candidate, NO_ECHO).figures] == ["3.6亿元"]
    assert score(query_for("怎么投入?"), candidate, NO_ECHO).figures == ()


def test_a_sentence_that_names_the_place_itself_comes_before_one_that_inherits_it(judge):
    text = "# 编制\n\n编制周转池放入编制三百个。\n\n合肥市的编制周转池放入编制三百个。\n"
    article = f"---\ntitle: 编制\nregion: [安徽省合肥市]\n---\n{text}"

    assert texts(judge("合肥的编制周转池", article).answering)[0].startswith("合肥市")


def test_answering_sentences_come_best_first_and_their_order_is_fixed(judge):
    first, second = judge("合肥的家庭医生和村医"), judge("合肥的家庭医生和村医")

    scores = [s.score for s in first.answering]
    assert scores == sorted(scores, reverse=True)
    assert texts(first.answering) == texts(second.answering)


def test_a_question_of_a_place_alone_is_answered_by_what_there_is_of_it(judge):
    assert judge("合肥").gap is None
    assert judge("赣州").gap == "region"
    assert judge("合肥1999").gap == "year"


def test_a_place_that_is_only_passed_by_does_not_answer_for_it(judge):
    other = "# 急救\n\n赣州市学习合肥市的做法，建成急救站三十个。\n"

    assessment = judge("合肥的编制有多少?", other)

    assert assessment.answering == ()


def bookshop(articles):
    """So many articles that speak of a shop and say neither who runs it nor where it stands."""
    days = "一二三四五六日"
    return [f"# 书店见闻\n\n阳光书店在周{day}晚上开放，读者很多。\n" for day in days[:articles]]


@pytest.mark.parametrize("question", ["阳光书店的店长是谁?", "陽光書店的店長是誰?", "阳光书店在哪座桥边?"])
def test_what_many_articles_speak_of_and_none_likely_says_is_nowhere(judge, question):
    assert judge(question, *bookshop(4)).gap is None

    assessment = judge(question, *bookshop(5))

    assert (assessment.gap, assessment.answering) == ("detail", ())
    assert len(assessment.nearest) == 5


def test_what_one_of_many_articles_says_is_answered(judge):
    told = "# 书店见闻\n\n阳光书店的店长是李小红，读者很多。\n"

    assert texts(judge("阳光书店的店长是谁?", *bookshop(6), told).answering)[0].startswith(
        "阳光书店的店长是李小红"
    )


def test_articles_about_other_matters_make_no_crowd(judge):
    others = [f"# 见闻\n\n{name}在晚上开放，读者很多。\n" for name in ("月光图书室", "城南茶馆", "河边影院")]

    assert judge("阳光书店的店长是谁?", *bookshop(4), *others).gap is None


def test_each_article_counts_once_among_those_that_speak(query_for, candidates_in):
    query = query_for("阳光书店的店长是谁?")
    one = "# 书店见闻\n\n" + "".join(f"阳光书店在周{day}晚上开放。" for day in "一二三四五六日")

    assert count_speaking(score_all(query, candidates_in(one))) == 1
    assert count_speaking(score_all(query, candidates_in(*bookshop(5)))) == 5
    assert count_speaking([]) == 0


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("阳光书店的店长是谁?", True),
        ("医共体的编制周转池在哪里?", False),
        ("比较阳光书店和月光书店", False),
        ("合肥和赣州的阳光书店在哪里?", False),
    ],
)
def test_comparisons_and_what_the_glossary_knows_are_not_refused_for_want_of_likelihood(
    query_for, question, expected
):
    assert may_be_silent(query_for(question)) == expected


@pytest.mark.parametrize("question", ["比较合肥和赣州的做法", "医改怎么样?", "How is health reform going?"])
def test_a_question_that_names_no_topic_has_a_gap_of_its_own(judge, question):
    assessment = judge(question)

    assert (assessment.gap, assessment.answering) == ("vague", ())
