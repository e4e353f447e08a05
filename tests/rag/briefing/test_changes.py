from __future__ import annotations

import pytest

from rag.briefing.changes import changes_section, find_changes
from rag.briefing.charts import change_charts, place_charts
from rag.briefing.draft import Drafts
from rag.briefing.findings import Finding, quote_of
from rag.briefing.places import place_of
from rag.briefing.records import by_kind, measured_in


@pytest.fixture
def measured(candidates_in):
    def read(markdown):
        return measured_in(
            [
                Finding(quote=quote_of(c, c.start, c.end), sentence=c, place=place_of(c), strength=1.0)
                for c in candidates_in(markdown)
            ]
        )

    return read


@pytest.fixture
def drafts(topic_called):
    return lambda language="zh": Drafts(topic_called("编制改革"), language)


RATES = """合肥市的家庭医生签约率从41.5%提高到63.2%。

赣州市的家庭医生签约率从30%提高到52%。

合肥市的家庭医生签约率由41.5%升至63.2%。

合肥市的床位从2400张增加到2650张。
"""


def test_a_change_that_is_told_twice_is_set_out_once(measured):
    found = find_changes(measured(RATES))

    assert [(c.before.record.figure.raw, c.after.record.figure.raw) for c in found] == [
        ("41.5%", "63.2%"),
        ("30%", "52%"),
        ("2400张", "2650张"),
    ]


@pytest.mark.parametrize(("language", "gap"), [("zh", "21.7个百分点"), ("en", "21.7 percentage points")])
def test_the_difference_is_computed_and_said_to_be(measured, drafts, language, gap):
    section = changes_section(find_changes(measured(RATES)), drafts(language))

    change = section.grid.rows[0][1][2][0]
    assert change.is_computed
    assert gap in change.text


def test_a_chart_holds_one_indicator_in_one_unit(measured, drafts):
    charts = change_charts(find_changes(measured(RATES)), drafts())

    assert [(c.unit, [name for name, _ in c.groups]) for c in charts] == [
        ("%", ["安徽省合肥市", "江西省赣州市"]),
        ("张", ["安徽省合肥市"]),
    ]


def test_a_bound_is_in_the_table_and_not_drawn(measured, drafts):
    found = find_changes(measured("合肥市的床位从不足2400张增加到2650张。\n"))

    section = changes_section(found, drafts())
    assert section.grid.rows[0][1][0][0].text == "不足2400张"
    assert section.charts == ()


def test_figures_of_other_names_are_not_put_into_one_chart(measured):
    groups = by_kind(
        measured(
            "合肥市有卫生工作人员4933人。\n\n合肥市有卫生专业技术人员4469人。\n\n合肥市有卫生工作人员4933名。\n"
        )
    )

    assert [len(group) for group in groups].count(1) >= 2


def test_places_are_charted_by_one_indicator_and_years_that_differ_are_named(measured, drafts):
    (chart,) = place_charts(
        measured("2020年，合肥市的资产负债率为48.8%。\n\n2023年，赣州市的资产负债率为51.2%。\n"), drafts()
    )

    assert [(name, bars[0].shown) for name, bars in chart.groups] == [
        ("安徽省合肥市（2020年）", "48.8%"),
        ("江西省赣州市（2023年）", "51.2%"),
    ]


def test_one_place_or_two_units_make_no_chart_of_places(measured, drafts):
    assert place_charts(measured("合肥市的资产负债率为48.8%。\n"), drafts()) == ()
    assert place_charts(measured("合肥市的床位为2400张。\n\n赣州市的床位使用率为84%。\n"), drafts()) == ()


def test_a_plan_is_not_charted_as_if_it_were_reached(measured, drafts):
    text = "到2030年，合肥市的资产负债率要降到40%。\n\n2023年，赣州市的资产负债率为51.2%。\n"

    assert place_charts(measured(text), drafts()) == ()
