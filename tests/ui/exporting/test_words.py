from __future__ import annotations

import string
from dataclasses import replace

import pytest
from briefings import plain_briefing

from ui.exporting.words import WORDS, cite, corner, describe, quote, word


@pytest.mark.parametrize("key", WORDS)
def test_a_word_has_both_languages_with_the_same_values(key):
    holes = [
        sorted(name for _, name, _, _ in string.Formatter().parse(WORDS[key][tongue]) if name)
        for tongue in ("zh", "en")
    ]

    assert WORDS[key]["zh"]
    assert WORDS[key]["en"]
    assert holes[0] == holes[1]


def test_a_text_with_braces_is_not_read_as_a_form():
    assert word("aside", "zh", text="{0} {x}") == "（{0} {x}）"


def test_a_source_is_named_with_what_is_known_of_it():
    source = plain_briefing().sources[0]

    assert cite(source, "zh") == "《云泽市医改观察之1》，临溪卫生简报，2024-02-15"
    assert cite(replace(source, title=None, source=None, date=None), "zh") == "（无标题），来源不详，日期不详"
    assert (
        cite(replace(source, title=None, source=None, date=None), "en")
        == "(untitled), source unknown, undated"
    )
    assert quote(source, "en") == f"“云泽市医改观察之1”, 临溪卫生简报, 2024-02-15: 「{source.quote}」"


@pytest.mark.parametrize(
    ("since", "until", "told"),
    [
        (2021, None, "2021 年以来"),
        (None, 2023, "截至 2023 年"),
        (2021, 2023, "2021—2023 年"),
        (None, None, None),
    ],
)
def test_the_years_asked_for_are_told(since, until, told):
    briefing = plain_briefing()
    asked = replace(briefing.request, since_year=since, until_year=until)

    assert dict(describe(replace(briefing, request=asked))).get("年份") == told


def test_the_library_is_told_so_that_the_briefing_can_be_made_again():
    facts = dict(describe(plain_briefing("en")))

    assert facts["Library"] == "27 articles as of 2024-12-02, hash 9f2c51e07a44"
    assert facts["Version"] == "0.1.0"


def test_the_first_column_is_named_by_the_kind_of_section():
    assert (corner("comparison", "zh"), corner("changes", "en"), corner("timeline", "zh")) == (
        "地区",
        "Indicator",
        "项目",
    )


def test_what_is_left_out_and_what_was_dropped_is_told():
    briefing = replace(plain_briefing(), left_out=("江苏省盐城市", "广东省"), dropped=("一句", "又一句"))

    facts = dict(describe(briefing))

    assert facts["文库也谈到、本稿未收的地区"] == "江苏省盐城市、广东省"
    assert facts["出处证明不了而删去的句数"] == "2"
