from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.absence import absence, absence_of
from rag.compose import Draft, Quote
from rag.numbering import check, number_and_verify
from rag.types import Article

TEXT = "合肥市核增编制300个，全部用于乡镇卫生院。家庭医生的签约率从41.5%提高到63.2%。药房由社区医院管理。"
HEFEI = Article(
    article_id="hefei",
    title="安徽合肥：编制",
    text=TEXT,
    source="测试文库",
    date="2021-05-06",
    url="https://example.org/a",
    regions=("340100",),
)
OTHER = Article(article_id="other", title=None, text=TEXT)


def quote(part, article=HEFEI):
    start = article.text.index(part)
    return Quote(
        article=article,
        start=start,
        end=start + len(part),
        heading_path=("安徽合肥：编制", "一、编制"),
        regions=("340100",),
    )


STAFF, RATE, PHARMACY = (
    quote("合肥市核增编制300个"),
    quote("家庭医生的签约率从41.5%提高到63.2%。"),
    quote("药房由社区医院管理。"),
)


def draft(text, *quotes, is_lead=True):
    return Draft(text=text, quotes=quotes, is_lead=is_lead)


def run(*drafts, language="zh"):
    return number_and_verify(drafts, language=language)


def test_citations_are_numbered_by_first_use():
    sentences, citations, _ = run(
        draft("家庭医生的签约率从41.5%提高到63.2%。", RATE),
        draft("合肥市核增编制300个。", STAFF),
        draft("药房由社区医院管理。", PHARMACY),
    )

    assert [s.citations for s in sentences] == [(1,), (2,), (3,)]
    assert [c.quote for c in citations] == [RATE.text, STAFF.text, PHARMACY.text]


def test_a_quote_used_twice_has_one_number():
    sentences, citations, _ = run(
        draft("家庭医生的签约率从41.5%提高到63.2%。", RATE),
        draft("签约率：41.5% → 63.2%（计算得出：63.2% − 41.5% = 21.7个百分点）", RATE, is_lead=False),
    )

    assert [s.citations for s in sentences] == [(1,), (1,)]
    assert len(citations) == 1


def test_the_same_words_in_two_articles_are_two_citations():
    _, citations, _ = run(
        draft("药房由社区医院管理。", PHARMACY),
        draft("药房由社区医院管理。", quote("药房由社区医院管理。", OTHER)),
    )

    assert [(c.number, c.article_id) for c in citations] == [(1, "hefei"), (2, "other")]


def test_a_sentence_lists_its_citations_in_ascending_order_once_each():
    sentences, _, _ = run(
        draft("药房由社区医院管理。", PHARMACY),
        draft("合肥市核增编制300个。", STAFF, PHARMACY, STAFF),
    )

    assert sentences[1].citations == (1, 2)


def test_an_unsupported_draft_is_dropped_and_takes_no_number():
    sentences, citations, dropped = run(
        draft("合肥市核增编制900个。", STAFF), draft("药房由社区医院管理。", PHARMACY)
    )

    assert [s.text for s in sentences] == ["药房由社区医院管理。"]
    assert [(c.number, c.quote) for c in citations] == [(1, PHARMACY.text)]
    assert [v.supported for v in dropped] == [False]
    assert "900" in dropped[0].reason


def test_the_cards_of_a_dropped_sentence_go_with_it():
    sentences, citations, _ = run(
        draft("合肥市的签约率下降到63.2%。", RATE),
        draft("签约率：41.5% → 63.2%（计算得出：63.2% − 41.5% = 21.7个百分点）", RATE, is_lead=False),
        draft("药房由社区医院管理。", PHARMACY),
    )

    assert [s.text for s in sentences] == ["药房由社区医院管理。"]
    assert [c.number for c in citations] == [1]


def test_a_wrong_card_goes_alone():
    sentences, _, dropped = run(
        draft("家庭医生的签约率从41.5%提高到63.2%。", RATE),
        draft("签约率：41.5% → 63.2%（计算得出：63.2% − 41.5% = 99个百分点）", RATE, is_lead=False),
    )

    assert [s.text for s in sentences] == ["家庭医生的签约率从41.5%提高到63.2%。"]
    assert len(dropped) == 1


def test_a_draft_that_quotes_nothing_is_kept_and_cites_nothing():
    sentences, citations, dropped = run(draft("（安徽省芜湖市）资料中未提及。"))

    assert [(s.text, s.citations) for s in sentences] == [("（安徽省芜湖市）资料中未提及。", ())]
    assert citations == dropped == ()


def test_the_reason_is_in_the_language_of_the_answer():
    _, _, (zh,) = run(draft("合肥市核增编制900个。", STAFF))
    _, _, (en,) = run(draft("Hefei added 900 posts.", STAFF), language="en")

    assert "原文" in zh.reason
    assert en.reason.isascii() or "evidence" in en.reason


def test_a_citation_says_where_it_was_cut_and_names_its_places():
    _, (citation,), _ = run(draft("合肥市核增编制300个。", STAFF))

    assert HEFEI.text[citation.start : citation.end] == citation.quote
    assert (citation.title, citation.source, citation.date, citation.url) == (
        "安徽合肥：编制",
        "测试文库",
        "2021-05-06",
        "https://example.org/a",
    )
    assert citation.regions == ("安徽省合肥市",)
    assert citation.heading_path == ("安徽合肥：编制", "一、编制")


@pytest.mark.parametrize(
    ("text", "is_supported"),
    [
        ("（安徽省合肥市）合肥市核增编制300个。", True),  # the place the quote was found to speak of
        ("2021年，合肥市核增编制300个。", True),  # the date of its article
        ("（江西省赣州市）合肥市核增编制300个。", False),
        ("2019年，合肥市核增编制300个。", False),
        ("合肥市没有核增编制300个。", False),
    ],
)
def test_headings_date_and_place_belong_to_the_evidence(text, is_supported):
    assert check(draft(text, STAFF), language="zh").supported is is_supported


def test_nothing_gives_nothing():
    assert run() == ((), (), ())


CLAIMS = {
    STAFF: ["合肥市核增编制300个。", "合肥市核增编制301个。"],
    RATE: ["家庭医生的签约率从41.5%提高到63.2%。", "签约率是99%。"],
    PHARMACY: ["药房由社区医院管理。", "药房由大象管理。"],
}


@given(
    st.lists(
        st.tuples(st.sampled_from(list(CLAIMS)), st.booleans(), st.booleans(), st.sampled_from(list(CLAIMS))),
        max_size=8,
    )
)
def test_citations_are_one_to_n_none_unused_and_each_is_exact(choices):
    drafts = [
        Draft(text=CLAIMS[first][is_false], quotes=(first, second), is_lead=is_lead)
        for first, is_false, is_lead, second in choices
    ]

    sentences, citations, _ = number_and_verify(drafts, language="zh")

    used = [n for s in sentences for n in s.citations]
    assert [c.number for c in citations] == list(range(1, len(citations) + 1))
    assert set(used) == {c.number for c in citations}
    assert list(dict.fromkeys(used)) == sorted(set(used)) or len(set(used)) > 1
    assert all(HEFEI.text[c.start : c.end] == c.quote for c in citations)
    assert all(s.text in {true for true, _ in CLAIMS.values()} for s in sentences)


def test_a_draft_that_cites_nothing_is_dropped_unless_it_tells_of_silence():
    silence = absence("340200", "zh")

    sentences, _, dropped = run(draft(PHARMACY.text, PHARMACY), draft("群众非常满意。"), draft(silence))

    assert [s.text for s in sentences] == [PHARMACY.text, silence]
    assert [v.reason for v in dropped] == ["“群众非常满意”没有注明出处"]


def test_that_a_topic_is_not_mentioned_is_believed_of_the_rules_that_looked_for_it_only():
    silence = absence_of(("耗材集采",), "zh")

    assert not check(Draft(text=silence, quotes=()), language="zh").supported
    assert check(Draft(text=silence, quotes=(), sides=(1,)), language="zh").supported
