from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageFont

from ui.exporting.measure import clip, cut, ems, line_count, wrap

TEXTS = st.text(alphabet="云泽市化债。，（）%1２3W aif-—…x\u3000é𠮷", max_size=300)


@given(text=TEXTS, width=st.floats(2, 60))
def test_wrapped_lines_are_the_text_and_fit(text, width):
    lines = wrap(text, width)

    assert "".join(lines) == text
    # A space at the end of a line takes no room.
    assert all(ems(line.rstrip()) <= width for line in lines)
    assert line_count(text, width) == len(lines) >= 1


@given(text=TEXTS, width=st.floats(2, 60), lines=st.integers(1, 8))
def test_pieces_are_the_text_and_each_fits(text, width, lines):
    pieces = cut(text, width, lines)

    assert "".join(pieces) == text
    assert all(line_count(piece, width) <= lines for piece in pieces)


@given(text=TEXTS, width=st.floats(2, 60))
def test_a_clipped_text_fits_and_says_that_it_is_clipped(text, width):
    short = clip(text, width)

    assert ems(short) <= width
    assert short == text or (short.endswith("…") and text.startswith(short[:-1]))


@pytest.mark.parametrize(
    ("text", "lines"),
    [("", 1), ("云" * 9, 1), ("云" * 10, 2), ("W" * 100, 12), ("word " * 6, 2)],
)
def test_lines_are_counted(text, lines):
    assert line_count(text, 10) == lines


@pytest.mark.parametrize(
    "text",
    [
        "公立医院化债，资产负债率由57.3%降到41.9%。",
        "The asset–liability ratio fell to 41.9%.",
        "WMmwQ@",
        "illicit fjord",
    ],
)
@pytest.mark.parametrize(
    "face",
    [
        "truetype/dejavu/DejaVuSans.ttf",
        "truetype/liberation/LiberationSans-Regular.ttf",
        "opentype/noto/NotoSansCJK-Regular.ttc",
    ],
)
def test_the_estimate_is_no_less_than_the_width_in_a_real_face(text, face):
    try:
        font = ImageFont.truetype(f"/usr/share/fonts/{face}", 100)
    except OSError:
        pytest.skip(f"the font {face} is not on this machine")
    if "Noto" not in face:
        text = text.encode("ascii", "ignore").decode()

    assert font.getlength(text) / 100 <= ems(text) * 1.03
