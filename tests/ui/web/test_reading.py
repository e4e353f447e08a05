from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rag.types import Heading
from ui.web.reading import Clause, clause_in_paragraph, paragraphs

TEXTS = st.text(alphabet="医保。，；\n\n \u3000𠮷💊A1%“”", max_size=60)
OFFSETS = st.integers(-5, 80)


def marked(cut):
    return [piece.text for paragraph in cut for piece in paragraph.pieces if piece.is_marked]


def as_slice(text, start, end):
    """The slice that two offsets mean, wherever they lie: none before the text, and none backwards."""
    return text[max(0, start) : max(0, end)] if start < end else ""


@given(TEXTS, OFFSETS, OFFSETS)
@example("", 0, 0)
@example("医保基金", 3, 1)
@example("医保基金", 3, 0)
@example("𠮷野家\n💊药", 0, 5)
def test_the_pieces_of_a_text_are_the_text_and_what_is_marked_is_its_slice(text, start, end):
    cut = paragraphs(text, (), start=start, end=end)

    lines = ["".join(piece.text for piece in paragraph.pieces) for paragraph in cut]
    assert "\n".join(lines) == text
    assert "".join(marked(cut)) == as_slice(text, start, end).replace("\n", "")
    assert all(piece.text for paragraph in cut for piece in paragraph.pieces)


def test_a_place_over_several_paragraphs_is_marked_in_each():
    text = "首段说一。\n\n次段说二。\n末段说三。"

    cut = paragraphs(text, (), start=2, end=len(text) - 2)

    assert marked(cut) == ["说一。", "次段说二。", "末段说"]


def test_headings_have_their_level_and_an_interviewers_question_is_body():
    text = "一、总则\n问：为什么？\n（一）细则\n正文"
    headings = (
        Heading(start=0, end=4, level=1),
        Heading(start=5, end=11, level=1, kind="question"),
        Heading(start=12, end=17, level=2),
    )

    assert [paragraph.level for paragraph in paragraphs(text, headings)] == [1, 0, 2, 0]


@given(TEXTS, OFFSETS, OFFSETS, st.integers(0, 12))
@example("", 0, 0, 5)
@example("医保基金监管", 4, 1, 9)
@example("一段\n二段", 0, 5, 9)
def test_a_clause_stands_in_its_own_paragraph_with_no_more_around_it_than_asked_for(text, start, end, around):
    clause = clause_in_paragraph(text, start, end, around=around)

    first = min(max(0, start), len(text))
    assert clause.text == as_slice(text, start, end)
    assert len(clause.before) <= around
    assert len(clause.after) <= around
    assert "\n" not in clause.before + clause.after
    whole = clause.before + clause.text + clause.after
    at = first - len(clause.before)
    assert text[at : at + len(whole)] == whole


@given(TEXTS, OFFSETS, OFFSETS, st.integers(0, 12))
def test_an_ellipsis_stands_exactly_where_the_paragraph_goes_on(text, start, end, around):
    clause = clause_in_paragraph(text, start, end, around=around)

    at = min(max(0, start), len(text)) - len(clause.before)
    until = at + len(clause.before + clause.text + clause.after)
    assert clause.is_cut_before == (at > 0 and text[at - 1] != "\n")
    assert clause.is_cut_after == (until < len(text) and text[until] != "\n")


def test_a_clause_of_several_paragraphs_reaches_from_the_start_of_its_first_to_the_end_of_its_last():
    text = "前文。\n甲乙丙\n丁戊己\n后文。"

    clause = clause_in_paragraph(text, text.index("丙"), text.index("戊") + 1)

    assert clause == Clause(before="甲乙", text="丙\n丁戊", after="己")


@pytest.mark.parametrize("quote", ["10亿元", "48.8%", "编制周转池"])
def test_a_clause_of_a_real_article_is_found_in_its_real_paragraph(sample, quote):
    article = next(a for s in sample.articles() if quote in (a := sample.article(s.article_id)).text)
    start = article.text.index(quote)

    clause = clause_in_paragraph(article.text, start, start + len(quote))

    line = next(line for line in article.text.split("\n") if quote in line)
    assert clause.text == quote
    assert clause.before in line
    assert clause.after in line
