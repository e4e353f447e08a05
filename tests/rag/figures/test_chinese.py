from __future__ import annotations

from decimal import Decimal

import pytest

from rag.figures import Amount, as_written, find_figures, in_chinese


@pytest.mark.parametrize(
    "text", ["约3.2万人", "超过100家", "40%以上", "10余家", "近5万人", "20天左右", "不足8家"]
)
def test_a_figure_keeps_what_qualifies_it(text):
    (figure,) = find_figures(f"共有{text}")

    assert as_written(figure) == text


def test_a_rough_amount_is_said_to_be_rough():
    assert in_chinese(Amount(value=Decimal(18000), unit="人", qualifier="约")) == "约1.8万人"
