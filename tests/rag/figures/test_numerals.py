from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.figures import find_figures


def only(text):
    (figure,) = find_figures(text)
    return figure


@given(st.integers(min_value=2, max_value=99_999_999))
def test_a_han_numeral_is_read_back(number):
    assert only(_in_han(number) + "亿元").value == number * 10**8


def _in_han(number):
    digits, units = "零一二三四五六七八九", ("", "十", "百", "千")
    high, low = divmod(number, 10**4)
    if high:
        rest = ("零" if low < 1000 and low else "") + (_in_han(low) if low else "")
        return _in_han(high) + "万" + rest
    words, pending = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            words += ("零" if pending and words else "") + digits[digit] + units[power]
        pending = not digit
    return words
