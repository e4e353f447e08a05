from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.compose.statements import Statement, numbers_of, read_statements


def read(*pieces: str) -> list[tuple[str, tuple[int, ...]]]:
    return [(s.text, s.cited) for s in read_statements(pieces)]


@pytest.mark.parametrize(
    "marker",
    [
        "[1][2]",
        "[1,2]",
        "[1，2]",
        "[1、2]",
        "【1】【2】",
        "【1,2】",
        "［1］［2］",
        "[证据1、证据2]",
        "[ 1 - 2 ]",
    ],
)
@pytest.mark.parametrize("end", ["{m}。", "。{m}", "{m}", " {m}。"])
def test_markers_of_every_form_belong_to_the_sentence_before_them(marker, end):
    text = "债务降了" + end.format(m=marker)

    first = read(text + "\n其余照旧[3]。")
    assert [cited for _, cited in first] == [(1, 2), (3,)]
    assert "[" not in first[0][0]
    assert first[0][0].rstrip("。") == "债务降了"


def test_a_marker_that_opens_a_line_belongs_to_that_line():
    assert read("[1] 甲降了。\n[2] 乙升了。") == [("甲降了。", (1,)), ("乙升了。", (2,))]
    assert read("- [2] 甲降了。\n- [1] 乙升了。") == [("甲降了。", (2,)), ("乙升了。", (1,))]


def test_full_stops_in_figures_end_nothing():
    assert read("The ratio fell from 62.59% to 48.8% [1]. It cost 1.5 billion yuan [2].") == [
        ("The ratio fell from 62.59% to 48.8%.", (1,)),
        ("It cost 1.5 billion yuan.", (2,)),
    ]


def test_list_marks_and_emphasis_are_taken_away():
    assert read("1. **芜湖**：化债[1]。\n2、`三明`：减负[2]。\n### 小结[1]") == [
        ("芜湖：化债。", (1,)),
        ("三明：减负。", (2,)),
        ("小结", (1,)),
    ]


def test_a_marker_in_mid_sentence_leaves_one_blank():
    assert read("The pool serves 1,000 staff [1] and 35 doctors [2].") == [
        ("The pool serves 1,000 staff and 35 doctors.", (1, 2))
    ]


def test_brackets_that_are_no_markers_stay():
    assert read("国办发[2015]38号文件规定[1]。") == [("国办发[2015]38号文件规定。", (1,))]
    assert read("It is [sic] so [1].") == [("It is [sic] so.", (1,))]


def test_what_a_model_thinks_aloud_is_no_answer():
    assert read("<think>也许是[9]。不对。</think>\n是三明[1]。") == [("是三明。", (1,))]
    assert read("<think>没有说完") == []
    assert read("<thi", "nk>想。</thi", "nk>答[1]。") == [("答。", (1,))]


def test_half_a_marker_at_the_end_is_dropped():
    assert read("债务降了。其余[1") == [("债务降了。", ()), ("其余", ())]


def test_what_says_nothing_is_no_sentence():
    assert read("1.\n——\n[1]\n。。。") == []


def test_a_sentence_comes_as_soon_as_the_next_has_begun():
    pieces = iter(["债务降了[1", "]。", "其", "余照旧。"])
    taken: list[str] = []

    def recorded():
        for piece in pieces:
            taken.append(piece)
            yield piece

    statements = read_statements(recorded())

    assert next(statements) == Statement(text="债务降了。", cited=(1,))
    assert taken == ["债务降了[1", "]。", "其"]


@pytest.mark.parametrize(
    ("inside", "numbers"),
    [
        ("1", [1]),
        ("1-3", [1, 2, 3]),
        ("1，证据2", [1, 2]),
        ("3-1", [3, 1]),
        ("1-999", [1, 999]),
        ("2、2", [2, 2]),
    ],
)
def test_numbers_of_a_marker(inside, numbers):
    assert numbers_of(inside) == numbers


TEXTS = st.lists(
    st.sampled_from(
        [
            "债务",
            "降了",
            "62.59%",
            "。",
            "；",
            "[1]",
            "[1,2]",
            "【3】",
            "［2］",
            "[",
            "]",
            "\n",
            " ",
            "- ",
            "1. ",
            ". ",
            "Wuhu ",
            "“",
            "”",
            "！",
            "<",
            "think>",
            "**",
        ]
    ),
    max_size=25,
).map("".join)


@given(TEXTS, st.lists(st.integers(0, 80), max_size=12))
def test_how_the_text_is_cut_into_pieces_changes_nothing(text, cuts):
    ends = sorted({cut for cut in cuts if cut <= len(text)} | {0, len(text)})
    pieces = [text[a:b] for a, b in itertools.pairwise(ends)]

    assert read(*pieces) == read(text)
