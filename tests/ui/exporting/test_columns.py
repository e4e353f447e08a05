from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rag.briefing.types import Line
from ui.exporting.columns import share_width
from ui.exporting.outline import Table

TEXTS = st.text(alphabet="云泽W1a ", max_size=80)


@given(texts=st.lists(TEXTS, min_size=1, max_size=9), width=st.integers(300, 9000))
def test_shares_add_up_and_each_column_has_some(texts, width):
    table = Table(head=tuple(texts), rows=())

    shares = share_width(table, width, em=10, padding=10)

    assert sum(shares) == width
    assert all(share > 15 for share in shares)


def test_a_word_is_not_broken_where_there_is_room():
    long = (Line(text="长" * 60),)
    table = Table(head=("Place", "a", "b", "c", "d"), rows=(("Chongqing", (long,) * 4),))

    shares = share_width(table, 453, em=10, padding=10)

    assert shares[0] >= 10 + 10 * 6
    assert shares[1] > shares[0]


def test_a_column_with_more_in_it_is_wider():
    table = Table(
        head=("地区", "短", "长"), rows=(("云泽市", ((Line(text="短"),), (Line(text="长" * 40),))),)
    )

    _, short, long = share_width(table, 453, em=10, padding=10)

    assert long > 1.5 * short
