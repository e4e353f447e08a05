from __future__ import annotations

import html
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reports import HOSTILE

from eval.views.escape import markdown, one_line, visible

anything = st.text(st.characters(exclude_categories=())) | st.sampled_from(HOSTILE)


@given(anything)
def test_visible_text_can_be_encoded_and_obeys_nothing(text):
    shown = visible(text)

    shown.encode("utf-8")
    assert {unicodedata.category(ch) for ch in shown if ch not in "\n\t"}.isdisjoint({"Cc", "Cf", "Cs", "Cn"})


@pytest.mark.parametrize("text", ["医改：６２．５９％降到48.8%，𠮷。\n\t“好”", "", "Ünïcödé"])
def test_what_can_be_read_is_left_as_it_is(text):
    assert visible(text) == text


def test_what_would_be_obeyed_is_spelt_out():
    assert visible("a\u202eb\x00c") == "a[U+202E]b[U+0000]c"


@given(anything, st.integers(1, 300))
def test_one_line_is_one_line_within_its_limit(text, limit):
    line = one_line(text, limit=limit)

    assert len(line) <= limit
    assert len(line.splitlines()) <= 1


def test_a_long_line_is_cut_with_an_ellipsis():
    assert one_line("字" * 3000, limit=10) == "字" * 9 + "…"


@given(anything)
def test_markdown_leaves_no_markup_and_reads_back(text):
    written = markdown(text)

    assert not set(written) & set("<>|`*_[]()\\$~@!:\n")
    assert html.unescape(written) == one_line(text)
