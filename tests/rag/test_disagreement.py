from __future__ import annotations

import dataclasses

import pytest
from answers import citation
from hypothesis import given
from hypothesis import strategies as st

from rag.disagreement import conflicts_told, disagreement, is_worded_so, read_disagreement
from rag.figures import find_figures
from rag.numbering import verify_cited
from rag.types import Sentence

PLACE = {"regions": ("安徽省芜湖市",), "title": "化债", "heading_path": ("化债",)}
NEW = citation(
    number=1,
    article_id="b",
    quote="市属公立医院的资产负债率为51.3%。",
    source="江城报",
    date="2023-09-02",
    **PLACE,
)
OLD = citation(
    number=2,
    article_id="a",
    quote="市属公立医院的资产负债率降到48.8%。",
    source="江淮报",
    date="2023-05",
    **PLACE,
)
UNDATED = citation(
    number=3, article_id="c", quote="市属公立医院的资产负债率是54.1%。", source=None, date=None, **PLACE
)


def sides(*citations):
    return [(c, find_figures(c.quote)[0]) for c in citations]


ZH = "两篇文章的数字不同，新的在前：51.3%（江城报，2023-09-02）；48.8%（江淮报，2023-05）。"
EN = "The figures of two articles differ, newest first: 51.3% (江城报, 2023-09-02); 48.8% (江淮报, 2023-05)."


@pytest.mark.parametrize(("language", "text"), [("zh", ZH), ("en", EN)])
def test_what_differs_is_said_with_sources_and_dates_the_newest_first(language, text):
    assert disagreement(sides(NEW, OLD), language) == text


def test_what_is_not_known_of_a_side_is_said():
    assert disagreement(sides(NEW, OLD, UNDATED), "zh").endswith("54.1%（来源不详，日期不详）。")
    assert disagreement(sides(NEW, OLD, UNDATED), "en").startswith("The figures of three articles differ")


def test_without_any_date_none_is_said_to_be_newer():
    undated = [dataclasses.replace(one, date=None) for one in (NEW, OLD)]

    assert "新" not in disagreement(sides(*undated), "zh")
    assert "newest" not in disagreement(sides(*undated), "en")
    assert verify_cited(disagreement(sides(*undated), "zh"), undated, language="zh").supported


def test_a_figure_is_named_with_what_qualifies_it_and_in_english_as_it_is_written_too():
    money = [
        citation(
            number=1, article_id="b", quote="化债投入超过12亿元。", source="甲", date="2023-09", **PLACE
        ),
        citation(number=2, article_id="a", quote="化债投入约8亿元。", source="乙", date="2023-09", **PLACE),
    ]

    assert "超过12亿元（甲" in disagreement(sides(*money), "zh")
    assert "more than CNY 1.2 billion「12亿元」 (甲" in disagreement(sides(*money), "en")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("cited", [(NEW, OLD), (NEW, OLD, UNDATED)])
def test_what_is_true_is_borne_out_whatever_order_the_citations_are_in(language, cited):
    text = disagreement(sides(*cited), language)

    for order in (cited, cited[::-1]):
        assert verify_cited(text, order, language=language).supported
        assert read_disagreement(text, order, language) == tuple(sides(*cited))


def changed(cited, **what):
    return dataclasses.replace(cited, **what)


FALSE = {
    "a figure that the quote has not": (ZH.replace("51.3%", "52.3%"), (NEW, OLD)),
    "sources changed over": (
        ZH.replace("江城报", "\0").replace("江淮报", "江城报").replace("\0", "江淮报"),
        (NEW, OLD),
    ),
    "another date": (ZH.replace("2023-05", "2023-06"), (NEW, OLD)),
    "the oldest first": (disagreement(sides(OLD, NEW), "zh"), (NEW, OLD)),
    "one more word": (ZH[:-1] + "，应以前者为准。", (NEW, OLD)),
    "a side that is not cited": (ZH, (NEW, UNDATED)),
    "a citation too many": (ZH, (NEW, OLD, UNDATED)),
    "one citation": (ZH, (NEW,)),
    "the same figure": (ZH.replace("51.3%", "48.8%"), (changed(NEW, quote=OLD.quote), OLD)),
    "of two places": (ZH, (changed(NEW, regions=("浙江省丽水市",)), OLD)),
    "of two years": (ZH, (changed(NEW, quote=f"2019年，{NEW.quote}"), OLD)),
    "of one article": (ZH, (changed(NEW, article_id="a"), OLD)),
    "of two things": (ZH, (changed(NEW, quote="床位使用率为51.3%。"), OLD)),
}


@pytest.mark.parametrize("name", FALSE)
def test_what_is_not_so_does_not_pass_in_those_words(name):
    text, cited = FALSE[name]

    assert is_worded_so(text, "zh")
    assert not verify_cited(text, cited, language="zh").supported
    assert conflicts_told([Sentence(text=text, citations=tuple(c.number for c in cited))], cited, "zh") == ()


def test_the_reason_is_told_in_both_languages():
    assert "看不出" in verify_cited(FALSE["one citation"][0], (NEW,), language="zh").reason
    assert "does not bear out" in verify_cited(EN, (NEW,), language="en").reason


def test_an_ordinary_sentence_is_not_taken_for_one():
    assert not is_worded_so(NEW.quote, "zh")
    assert verify_cited(NEW.quote, (NEW,), language="zh").supported


def test_an_answer_lists_what_it_says_to_differ():
    said = [Sentence(text=OLD.quote, citations=(2,)), Sentence(text=ZH, citations=(1, 2))]

    (conflict,) = conflicts_told(said, (NEW, OLD), "zh")

    assert conflict.sentence == 1
    assert [(s.figure, s.citation, s.source, s.date) for s in conflict.sides] == [
        ("51.3%", 1, "江城报", "2023-09-02"),
        ("48.8%", 2, "江淮报", "2023-05"),
    ]


NAMES = st.text(alphabet="报（），；:;()「」{}% 0两篇", max_size=12)


@given(NAMES, NAMES, st.sampled_from(["zh", "en"]))
def test_any_source_can_be_named_and_read_back(one, other, language):
    cited = (changed(NEW, source=one or None), changed(OLD, source=other or None))

    text = disagreement(sides(*cited), language)

    assert read_disagreement(text, cited, language) == tuple(sides(*cited))
