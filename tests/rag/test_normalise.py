from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.normalise import (
    clause_spans,
    count_han,
    detect_language,
    fold,
    fold_aligned,
    sentence_spans,
    simplify,
)

TEXTS = st.text(alphabet="。！？；，、：“”（）《》%.,!? 　\n１2３.５亿元醫医改㎡ﷺ𠮷é한aBC", max_size=200)


def slices(text: str, spans: list[tuple[int, int]]) -> list[str]:
    return [text[a:b] for a, b in spans]


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＡＢＣ１２３％", "abc123%"),
        ("銅仁市（縣）", "铜仁市(县)"),
        ("㎡", "m2"),
        ("资产负债率", "资产负债率"),
        ("", ""),
    ],
)
def test_fold_gives_the_matching_form(text, folded):
    assert fold(text) == folded


@given(TEXTS)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(TEXTS)
def test_every_folded_character_leads_back_to_its_original(text):
    folded = fold_aligned(text)

    assert len(folded.starts) == len(folded.text) + 1
    assert list(folded.starts) == sorted(folded.starts)
    assert folded.starts[-1] == len(text)
    for i, ch in enumerate(folded.text):
        origin = text[folded.starts[i]]
        assert ch in fold(origin) or simplify(ch) in simplify(fold(text))


@given(st.text(max_size=200))
def test_simplify_keeps_the_length(text):
    assert len(simplify(text)) == len(text)


def test_sentences_end_at_chinese_and_western_stops_but_not_inside_numbers():
    text = "投入10亿元；降至48.8%。“真的吗？”他问。It fell to 3.5. Good! 完"

    assert slices(text, sentence_spans(text)) == [
        "投入10亿元；", "降至48.8%。", "“真的吗？”", "他问。", "It fell to 3.5.", "Good!", "完",
    ]  # fmt: skip


def test_clauses_end_at_commas_and_colons_but_not_inside_numbers():
    text = "投入1,200万元，其中：财政出一半，9:30开会。"

    assert slices(text, clause_spans(text)) == ["投入1,200万元，", "其中：", "财政出一半，", "9:30开会。"]


@pytest.mark.parametrize("spans_of", [sentence_spans, clause_spans])
@given(text=TEXTS)
def test_spans_are_ordered_disjoint_trimmed_and_cover_all_but_white_space(spans_of, text):
    spans = spans_of(text)

    covered = set()
    for (a, b), following in zip(spans, [*spans, (len(text), len(text))][1:], strict=True):
        assert a < b <= following[0]
        assert text[a:b].strip() == text[a:b]
        covered.update(range(a, b))
    assert all(text[i].isspace() for i in range(len(text)) if i not in covered)


def test_a_long_line_without_stops_is_cut_in_linear_time():
    text = "医改" * 200_000

    assert slices(text, sentence_spans(text)) == [text]
    assert slices(text, clause_spans(text)) == [text]


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("how did Wuhu reduce debt", "en"),
        ("how did 芜湖 reduce debt", "en"),
        ("芜湖是怎么化债的?", "zh"),
        ("DRG是什么", "zh"),
        ("DRG付费怎么推进", "zh"),
        ("123", "en"),
    ],
)
def test_the_language_of_a_question_is_the_one_most_of_it_is_in(question, language):
    assert detect_language(question) == language


def test_han_characters_beyond_the_basic_plane_are_counted():
    assert count_han("𠮷a医") == 2
