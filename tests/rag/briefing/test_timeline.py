from __future__ import annotations

import pytest

from rag.briefing.draft import Drafts
from rag.briefing.findings import Finding, quote_of
from rag.briefing.places import place_of
from rag.briefing.timeline import timeline

DATED = """---
title: 编制改革
date: 2021-05-06
---
"""


@pytest.fixture
def rows_of(candidates_in, topic_called):
    def read(markdown, language="zh"):
        findings = [
            Finding(quote=quote_of(c, c.start, c.end), sentence=c, place=place_of(c), strength=1.0)
            for c in candidates_in(markdown)
        ]
        section = timeline(findings, Drafts(topic_called("编制改革"), language))
        return [(when, list(cells[0])) for when, cells in section.grid.rows] if section else []

    return read


def test_events_come_in_order_of_time_and_each_has_its_own_clause(rows_of):
    rows = rows_of(
        "2018年，合肥市确定试点医院24家。\n\n2017年10月，合肥市挂牌集团9个，2019年推开到全市各区。\n"
    )

    assert [(when, [line.text for line in lines]) for when, lines in rows] == [
        ("2017年10月", ["2017年10月，合肥市挂牌集团9个。"]),
        ("2018年", ["2018年，合肥市确定试点医院24家。"]),
        ("2019年", ["（安徽省合肥市）2019年推开到全市各区。"]),
    ]


@pytest.mark.parametrize(("language", "when", "note"), [("zh", "2020年", "推算"), ("en", "2020", "reckoned")])
def test_a_relative_date_says_how_it_was_reckoned(rows_of, language, when, note):
    ((shown, (line,)),) = rows_of(f"{DATED}合肥市去年核增编制300个。\n", language)

    assert shown == when
    assert note in line.note
    assert "2021-05-06" in line.note


def test_what_has_no_date_has_no_place_in_time(rows_of):
    assert rows_of("合肥市核增编制300个。\n\n合肥市去年核增编制320个。\n") == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("2017年10月", "2017-10"),
        ("2017年10月3日", "2017-10-03"),
        ("2018年底", "2018 (底)"),
        ("2019—2024年", "2019–2024"),
    ],
)
def test_english_readers_get_dates_in_figures(rows_of, text, shown):
    assert [when for when, _ in rows_of(f"{text}，合肥市核增编制300个。\n", "en")] == [shown]
