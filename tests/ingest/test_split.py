"""Cutting an article into passages."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.split import split_article
from rag.tokens import token_counts
from rag.types import Article, Heading, Passage
from tests.support.effort import effort_below

SENTENCE = "县里把三家医院和十二家卫生院合成一个集团，人员、资金和药品由集团统一管理。"


def count_characters(texts):
    """Count a token a character and two for the ends: an encoder of the plainest kind."""
    return [len(text) + 2 for text in texts]


def make(*lines, headings=(), title=None, regions=()):
    """Join lines to an article; `headings` maps the number of a line to its level or its level and kind."""
    starts = list(itertools.accumulate((len(line) + 1 for line in lines), initial=0))
    return Article(
        article_id="a",
        title=title,
        text="\n".join(lines),
        regions=regions,
        content_hash="0123456789abcdef",
        headings=tuple(
            Heading(start=starts[n], end=starts[n] + len(lines[n]), level=level, kind=kind)
            for n, level, kind in sorted(
                (n, *(v if isinstance(v, tuple) else (v, "heading"))) for n, v in dict(headings).items()
            )
        ),
    )


def split(article, *, budget=64, window=512, count=count_characters):
    return split_article(article, budget_tokens=budget, window_tokens=window, count_tokens=count)


def visible(text):
    return "".join(text.split())


def test_short_paragraphs_of_a_section_share_a_passage():
    assert [p.text for p in split(make("甲。", "乙。", "丙。"))] == ["甲。\n乙。\n丙。"]


def test_a_passage_never_crosses_a_heading():
    passages = split(make("甲。", "一、标题", "乙。", headings={1: 1}))

    assert [(p.text, p.heading_path) for p in passages] == [("甲。", ()), ("乙。", ("一、标题",))]


def test_a_long_paragraph_is_cut_between_sentences_and_evenly():
    passages = split(make(SENTENCE * 4), budget=100)

    assert [p.text for p in passages] == [SENTENCE * 2, SENTENCE * 2]


def test_a_long_sentence_is_cut_between_clauses():
    clause = "人员由集团统一管理，"

    texts = [p.text for p in split(make(clause * 12 + "完了。"))]

    assert len(texts) > 1
    assert all(text.endswith(("，", "。")) for text in texts)


def test_text_without_any_stop_is_cut_between_characters():
    texts = [p.text for p in split(make("医" * 2000))]

    assert "".join(texts) == "医" * 2000


def test_a_cut_falls_neither_inside_a_number_nor_before_a_combining_mark():
    texts = [p.text for p in split(make("医20240101改" * 60))] + [
        p.text for p in split(make("e\u0301\u0323" * 300))
    ]

    assert not any(text[0].isdigit() and text[:8] != "20240101" for text in texts)
    assert not any(text.startswith(("\u0301", "\u0323")) for text in texts)


def test_a_point_stays_with_what_follows_it():
    first = "一是推进融合。" + SENTENCE
    second = "二是开展改革。" + SENTENCE

    texts = [p.text for p in split(make(first + second), budget=80)]

    assert texts == [first, second]


def test_the_path_is_the_title_and_the_headings_outermost_first():
    article = make(
        "一、甲：", "（一）乙", "正文。", "二、丙", "正文。", headings={0: 1, 1: 2, 3: 1}, title="题目"
    )

    assert [p.heading_path for p in split(article)] == [("题目", "一、甲", "（一）乙"), ("题目", "二、丙")]


def test_a_title_that_is_also_a_heading_is_said_once():
    article = make("题目", "正文。", headings={0: 1}, title="题目")

    assert [p.heading_path for p in split(article)] == [("题目",)]


def test_a_question_is_a_passage_and_the_path_of_its_answer():
    article = make("某报：怎样？", "主任：好。", headings={0: (1, "question")}, title="题目")

    assert [(p.text, p.heading_path) for p in split(article)] == [
        ("某报：怎样？", ("题目",)),
        ("主任：好。", ("题目", "怎样？")),
    ]


def test_a_long_entry_of_the_path_is_shortened():
    article = make("长" * 90, "正文。", headings={0: 1})

    assert split(article)[0].heading_path == ("长" * 59 + "…",)


def test_the_context_leaves_half_the_window_to_the_text():
    article = make("标" * 60, "题" * 60, "正文" * 40, headings={0: 1, 1: 2}, title="名" * 60)

    passages = split(article, window=64)

    assert all(p.heading_path for p in passages)
    assert all(count_characters([p.context])[0] <= 32 for p in passages)
    assert all(count_characters([p.embedded])[0] <= 64 for p in passages)


def test_passages_are_numbered_and_named_after_their_article():
    passages = split(make(*[SENTENCE] * 3))

    assert [p.ordinal for p in passages] == list(range(len(passages)))
    assert passages[1].passage_id == "a@01234567#0001"


def test_regions_are_those_of_the_text_else_of_the_nearest_heading_else_of_the_article():
    article = make(
        "芜湖市的事。", "学习三明经验", "正文。", "其他", "末尾。", headings={1: 1, 3: 1}, regions=("140000",)
    )

    assert [p.regions for p in split(article)] == [("340200",), ("350400",), ("140000",)]


def test_a_section_under_a_places_name_is_about_that_place():
    article = make("贵州省铜仁市：", "学习三明经验", "正文。", "三明的做法先行。", headings={0: 1, 1: 2})

    assert split(article)[0].regions == ("350400", "520600")
    assert split(make("铜仁市：", "学习三明经验", "正文。", headings={0: 1, 1: 2}))[0].regions == ("520600",)


def test_an_article_of_white_space_has_no_passages():
    assert split(make(" \u3000", "", "\n")) == ()
    assert split(make("")) == ()


@pytest.mark.parametrize(("budget", "window"), [(0, 512), (64, 8)])
def test_a_budget_or_window_that_holds_nothing_is_refused(budget, window):
    with pytest.raises(ValueError, match="holds no passage"):
        split(make("正文。"), budget=budget, window=window)


def test_a_spelled_special_token_is_counted_as_text():
    assert token_counts(["<|endoftext|>"])[0] > 1
    assert token_counts([]) == []


def test_embedded_text_is_context_and_text():
    passage = Passage(
        passage_id="p", article_id="a", ordinal=0, start=0, end=1, text="文", heading_path=("甲", "乙")
    )

    assert passage.embedded == "甲 > 乙\n文"
    assert split(make("文。"))[0].embedded == "文。"


LINE = st.one_of(
    st.text(alphabet="。！？；，、“”（）%09５ \u3000\t\U00020bb7aBc医改e\u0301\u200dﷺ.…", max_size=120),
    st.sampled_from(
        ["", " ", "医" * 700, SENTENCE * 9, "a" * 300, "\u0301" * 90, "<|endoftext|>" * 9, "１２３，" * 80]
    ),
)


@st.composite
def articles(draw):
    lines = draw(st.lists(LINE, max_size=10))
    kinds = st.tuples(st.integers(1, 4), st.sampled_from(["heading", "question"]))
    headings = {n: draw(kinds) for n, line in enumerate(lines) if line.strip() and draw(st.booleans())}
    return make(
        *lines, headings=headings, title=draw(st.sampled_from([None, "题目", "长" * 70])), regions=("140000",)
    )


def count_worst(texts):
    """Count as an encoder might that knows no word and normalises first: up to eighteen tokens for a ligature."""
    return [2 + sum(18 if ch == "ﷺ" else 2 for ch in text) for text in texts]


@settings(max_examples=150, deadline=None)
@given(
    articles(),
    st.sampled_from([(16, 64), (64, 128), (192, 512)]),
    st.sampled_from([count_characters, count_worst]),
)
def test_passages_are_exact_slices_that_cover_the_text_within_budget_and_window(article, limits, count):
    budget, window = limits

    passages = split(article, budget=budget, window=window, count=count)

    assert all(article.text[p.start : p.end] == p.text for p in passages)
    assert all(before.end <= after.start for before, after in itertools.pairwise(passages))
    assert max(token_counts([p.text for p in passages]), default=0) <= budget
    assert max(count([p.embedded for p in passages]), default=0) <= window
    hidden = {offset for h in article.headings if h.kind == "heading" for offset in range(h.start, h.end)}
    expected = "".join(ch for offset, ch in enumerate(article.text) if offset not in hidden)
    assert visible("".join(p.text for p in passages)) == visible(expected)
    assert [p.ordinal for p in passages] == list(range(len(passages)))
    for heading in article.headings:
        assert not any(p.start < heading.start < p.end or p.start < heading.end < p.end for p in passages)


@pytest.mark.parametrize("unit", [SENTENCE, "医", "a", "ﷺ", "e\u0301", "，", "1.", "问：好？\n"])
def test_a_megabyte_is_split_in_linear_time(unit):
    article = make(unit * (300_000 // len(unit)))

    with effort_below(18):
        passages = split(article, budget=192)

        assert len(passages) > 100
