from __future__ import annotations

import pytest

from rag.absence import absence, place_of_absence


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", ["340200", "110000", "520600", "360100"])
def test_what_is_said_of_a_silent_place_names_it(code, language):
    assert place_of_absence(absence(code, language), language) == code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "（安徽省芜湖市）资料中未提及。还有10家。",
        "资料中未提及。",
        "（某地）资料中未提及。",
        "芜湖市拿出10亿元。",
    ],
)
def test_anything_else_is_no_silence(text):
    assert place_of_absence(text, "zh") is None
