from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.verify.forms import compact_aligned, quotations, without_quotations

ALPHABET = "绍兴市医院从由下降至增长未没有不计划已占达为家元%％0123456789０５.，,。；“”「」（）《》年月 \n\u3000abz𠮷張億ﷺ①"


@given(st.text(ALPHABET, max_size=60))
def test_the_compact_form_keeps_its_way_back(text):
    form, offsets = compact_aligned(text)

    assert len(form) == len(offsets)
    assert offsets == sorted(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)


@given(st.text(ALPHABET, max_size=60))
def test_blanking_quotations_keeps_the_length(text):
    assert len(without_quotations(text)) == len(text)


def test_quotations_are_the_outermost_ones():
    text = "他说“要建“六统一”机制”，又说「好」"

    assert [text[a:b] for a, b in quotations(text)] == ["要建“六统一”机制", "好"]
