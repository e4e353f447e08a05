"""Answers made by hand over a real library: each fault must cost just what it should."""

from __future__ import annotations

import dataclasses

import pytest

from eval.cases import Case, Evidence
from eval.places import locate
from eval.report import Tally
from eval.scoring import Judging, failed_case, score_case
from rag.absence import absence
from rag.build import build_encoder, open_library
from rag.errors import SuiteError
from rag.settings import load_settings
from rag.types import Answer, Citation, Refusal, Sentence, Verdict

DEBT = Case(
    id="debt",
    type="figure",
    question="芜湖市属公立医院的资产负债率降到多少?",
    must_contain=("62.59%", "48.8%"),
    evidence=(Evidence(article="wuhu-debt", text="资产负债率由62.59%降到48.8%"),),
)
HEFEI = Case(
    id="hefei",
    type="near_miss",
    near="city",
    question="合肥的资产负债率?",
    refusal=("region_not_in_library",),
)
QUOTE = "芜湖市累计拿出10亿元化债资金，市属公立医院的资产负债率由62.59%降到48.8%。"


@pytest.fixture(scope="module")
def library(sample_library):
    settings = load_settings(library=sample_library)
    with open_library(settings.library, build_encoder(settings)) as opened:
        yield opened


@pytest.fixture(scope="module")
def by(library):
    return Judging(library=library)


@pytest.fixture(scope="module")
def citation(library):
    """Makes a citation of words that stand in a sample article."""

    def make(name, words, number=1):
        article = library.find_article(name)
        start = article.text.index(words)
        return Citation(
            number=number,
            article_id=article.article_id,
            title=article.title,
            source=article.source,
            date=article.date,
            url=None,
            regions=("安徽省芜湖市",),
            heading_path=(article.title,),
            start=start,
            end=start + len(words),
            quote=words,
        )

    return make


def answered(*citations, text=QUOTE, numbers=None, more=(), dropped=()):
    cited = Sentence(text=text, citations=tuple(c.number for c in citations) if numbers is None else numbers)
    return Answer(
        question=DEBT.question,
        language="zh",
        sentences=(cited, *more),
        citations=citations,
        refusal=None,
        composer="by hand",
        dropped=dropped,
    )


def refused(code):
    return Answer(
        question="?",
        language="zh",
        sentences=(),
        citations=(),
        refusal=Refusal(code=code, message="没有"),
        composer="by hand",
    )


def scored(answer, by, library, case=DEBT):
    return score_case(case, answer, by=by, places=locate(case, library), suite="s")


def shares(result):
    return {name: tally.hits / tally.of for name, tally in result.scores.items() if tally.of}


def test_a_good_answer_passes_in_everything(by, library, citation):
    result = scored(answered(citation("wuhu-debt", QUOTE)), by, library)

    assert result.passed, result.failures
    assert shares(result) == {
        "passed": 1,
        "correctness": 1,
        "false_refusal": 0,
        "faithfulness": 1,
        "citation_recall": 1,
        "citation_precision": 1,
        "citation_exact": 1,
        "evidence_cited": 1,
        "figure_support": 1,
        "grounded": 1,
        "dropped": 0,
        "errors": 0,
        "answer_chars": len(QUOTE),
    }


def test_a_missing_fact_costs_its_share_of_correctness(by, library, citation):
    text = "芜湖市累计拿出10亿元化债资金。"

    result = scored(
        answered(citation("wuhu-debt", QUOTE), text="芜湖市属公立医院的资产负债率降到48.8%。"), by, library
    )
    neither = scored(answered(citation("wuhu-debt", QUOTE), text=text), by, library)

    assert result.scores["correctness"] == Tally(hits=0.5, of=1)
    assert result.failures == ("lacks: 62.59%",)
    assert neither.scores["correctness"] == Tally(hits=0, of=1)


def test_saying_what_must_not_be_said_costs_the_whole_answer(by, library, citation):
    case = DEBT.model_copy(update={"must_not_contain": ("10亿元",)})

    result = scored(answered(citation("wuhu-debt", QUOTE)), by, library, case)

    assert result.scores["correctness"] == Tally(hits=0, of=1)
    assert result.failures == ("says: 10亿元",)


def test_a_changed_figure_is_unsupported_and_fails_the_case(by, library, citation):
    wrong = QUOTE.replace("48.8%", "47.8%")

    result = scored(answered(citation("wuhu-debt", QUOTE), text=wrong), by, library)

    assert not result.passed
    assert result.scores["faithfulness"] == Tally(hits=0, of=1)
    assert result.scores["figure_support"] == Tally(hits=2, of=3)
    assert "47.8%" in result.claims[0].reason


def test_a_true_sentence_that_cites_something_else_is_unsupported(by, library, citation):
    other = citation("lishui-emergency", "浙江省丽水市山高路远，群众看病难。")

    result = scored(answered(other), by, library)

    assert shares(result)["faithfulness"] == shares(result)["citation_recall"] == 0
    assert shares(result)["citation_precision"] == shares(result)["evidence_cited"] == 0


def test_a_needless_citation_costs_precision_alone(by, library, citation):
    other = citation("lishui-emergency", "浙江省丽水市山高路远，群众看病难。", number=2)

    result = scored(answered(citation("wuhu-debt", QUOTE), other), by, library)

    assert shares(result)["faithfulness"] == shares(result)["citation_recall"] == 1
    assert shares(result)["citation_precision"] == 0.5


def test_the_quote_that_an_answer_carries_is_not_believed(by, library, citation):
    forged = dataclasses.replace(
        citation("lishui-emergency", "浙江省丽水市山高路远，群众看病难。"), quote=QUOTE
    )

    result = scored(answered(forged), by, library)

    assert shares(result)["citation_exact"] == shares(result)["faithfulness"] == 0
    assert "inexact: [1]" in result.failures


@pytest.mark.parametrize(
    "change", [{"article_id": "nowhere"}, {"start": -5}, {"end": 10**9}, {"start": 9, "end": 9}]
)
def test_a_citation_that_points_nowhere_supports_nothing(by, library, citation, change):
    lost = dataclasses.replace(citation("wuhu-debt", QUOTE), **change)

    result = scored(answered(lost), by, library)

    assert (
        shares(result)["citation_exact"]
        == shares(result)["faithfulness"]
        == shares(result)["figure_support"]
        == 0
    )


@pytest.mark.parametrize("numbers", [(), (2,), (1, 7)])
def test_a_sentence_that_cites_nothing_or_what_is_not_there_is_unsupported(by, library, citation, numbers):
    result = scored(answered(citation("wuhu-debt", QUOTE), numbers=numbers), by, library)

    assert shares(result)["faithfulness"] == 0
    assert not result.passed


def test_a_sentence_more_than_the_evidence_gives_is_found(by, library, citation):
    more = Sentence(text="群众满意度也大幅提高。", citations=(1,))

    result = scored(answered(citation("wuhu-debt", QUOTE), more=(more,)), by, library)

    assert result.scores["faithfulness"] == Tally(hits=1, of=2)
    assert [c.supported for c in result.claims] == [True, False]


def test_silence_about_a_place_needs_no_citation_unless_the_place_is_cited(by, library, citation):
    hefei, wuhu = (Sentence(text=absence(code, "zh"), citations=()) for code in ("340100", "340200"))

    silent = scored(answered(citation("wuhu-debt", QUOTE), more=(hefei,)), by, library)
    wrong = scored(answered(citation("wuhu-debt", QUOTE), more=(wuhu,)), by, library)

    assert silent.passed, silent.failures
    assert shares(silent)["citation_recall"] == 1
    assert not wrong.passed


def test_a_right_refusal_passes_and_its_reason_is_counted(by, library):
    right, wrong = (
        scored(refused(code), by, library, HEFEI) for code in ("region_not_in_library", "off_topic")
    )

    assert right.passed
    assert shares(right) == {"refusal_recall": 1, "refusal_reason": 1, "passed": 1, "errors": 0}
    assert wrong.failures == ("wrong_reason: off_topic ≠ region_not_in_library",)
    assert shares(wrong)["refusal_recall"] == 1
    assert shares(wrong)["refusal_reason"] == 0


def test_answering_what_must_be_refused_fails_whatever_it_says(by, library, citation):
    result = scored(answered(citation("wuhu-debt", QUOTE)), by, library, HEFEI)

    assert shares(result)["refusal_recall"] == 0
    assert result.failures == ("answered: ",)


def test_refusing_what_must_be_answered_is_a_false_refusal(by, library):
    result = scored(refused("not_found"), by, library)

    assert shares(result) == {"false_refusal": 1, "correctness": 0, "passed": 0, "errors": 0}


def test_a_false_premise_may_be_refused_or_set_right(by, library, citation):
    case = Case(
        id="premise",
        type="false_premise",
        question="芜湖的资产负债率为什么升到了70%?",
        must_contain=("48.8%",),
        must_not_contain=("70%",),
    )

    assert scored(refused("not_found"), by, library, case).passed
    assert scored(answered(citation("wuhu-debt", QUOTE)), by, library, case).passed
    assert not scored(
        answered(citation("wuhu-debt", QUOTE), text="芜湖市累计拿出10亿元化债资金。"), by, library, case
    ).passed


def test_articles_that_must_be_cited_are_asked_for(by, library, citation):
    case = DEBT.model_copy(update={"articles": ("wuhu-debt", "lishui")})

    assert scored(answered(citation("wuhu-debt", QUOTE)), by, library, case).failures == (
        "not_cited: lishui",
    )


def test_what_the_checker_kept_from_the_reader_is_counted(by, library, citation):
    dropped = (Verdict(supported=False, reason="没有依据"),)

    result = scored(answered(citation("wuhu-debt", QUOTE), dropped=dropped), by, library)

    assert result.scores["dropped"] == Tally(hits=1, of=2)
    assert result.dropped == ("没有依据",)
    assert result.passed


def test_a_case_that_could_not_be_scored_failed_in_all_that_it_should_have_shown():
    answer, refusal = failed_case(DEBT, "s", "boom"), failed_case(HEFEI, "s", "boom")

    assert shares(answer) == {"passed": 0, "errors": 1, "correctness": 0, "false_refusal": 1}
    assert shares(refusal) == {"passed": 0, "errors": 1, "refusal_recall": 0}
    assert answer.error == "boom"


@pytest.mark.parametrize(
    ("evidence", "problem"),
    [
        (Evidence(article="atlantis", text="x"), "0 articles match 'atlantis'"),
        (Evidence(article="shanxi", text="x"), "articles match 'shanxi'"),
        (Evidence(article="wuhu-debt", text="没有这句话"), "does not stand in article 'wuhu-debt"),
    ],
)
def test_evidence_that_is_not_in_the_library_makes_a_bad_suite(library, evidence, problem):
    with pytest.raises(SuiteError, match=problem):
        locate(DEBT.model_copy(update={"evidence": (evidence,)}), library)


def test_evidence_is_found_in_every_place_and_in_other_writing(library):
    case = DEBT.model_copy(update={"evidence": (Evidence(article="wuhu-debt", text="資產負債率"),)})

    places = locate(case, library)

    assert len(places.spans) == 2
    assert all(library.article(a).text[s:e] == "资产负债率" for a, s, e in places.spans)
    assert len(places.passages) == 2
