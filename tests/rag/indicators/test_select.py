from __future__ import annotations

from decimal import Decimal

import pytest

from rag.figures import Amount
from rag.indicators import find_records
from rag.indicators.select import Wanted, pair_changes, same_kind, select
from rag.types import Article

TEXT = (
    "芜湖市公立医院资产负债率从62%下降到48%。\n"
    "合肥市公立医院负债率为52%，比上年下降3个百分点。\n"
    "2021年，六安市新增床位500张，床位总数达到3000张。\n"
    "全国共有医院3.8万家，开展义诊120家次。\n"
    "芜湖市平均急救反应时间为12分钟。"
)
RECORDS = find_records(Article(article_id="a1", title=None, text=TEXT, date="2023-08-09"))


def raws(records):
    return [record.figure.raw for record in records]


def test_the_text_of_these_tests_has_the_figures_they_are_about():
    assert raws(RECORDS) == [
        "62%",
        "48%",
        "52%",
        "3个百分点",
        "500张",
        "3000张",
        "3.8万家",
        "120家次",
        "12分钟",
    ]


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(), raws(RECORDS)),
        (Wanted(regions=("340200",)), ["62%", "48%", "12分钟"]),
        (Wanted(regions=("340000",)), ["62%", "48%", "52%", "3个百分点", "500张", "3000张", "12分钟"]),
        (Wanted(regions=("110000",)), []),
        (Wanted(is_national=True), ["3.8万家", "120家次"]),
        (Wanted(regions=("340200",), is_national=True), ["62%", "48%", "3.8万家", "120家次", "12分钟"]),
        (Wanted(indicator="debt ratio"), ["62%", "48%", "52%", "3个百分点"]),
        (Wanted(indicator="資產負債率"), ["62%", "48%", "52%", "3个百分点"]),
        (Wanted(indicator="liability_ratio"), ["62%", "48%", "52%", "3个百分点"]),
        (Wanted(indicator="公立医院资产负债率"), ["62%", "48%", "52%", "3个百分点"]),
        (Wanted(indicator="反应时间"), ["12分钟"]),
        (Wanted(indicator="no such thing"), []),
        (Wanted(unit="%"), ["62%", "48%", "52%"]),
        (Wanted(unit="％"), ["62%", "48%", "52%"]),
        (Wanted(unit="个百分点"), ["3个百分点"]),
        (Wanted(unit="家"), ["3.8万家"]),
        (Wanted(unit="家次"), ["120家次"]),
        (Wanted(unit="小时"), ["12分钟"]),
        (Wanted(unit="个"), []),
        (Wanted(since_year=2021, until_year=2021), ["500张", "3000张"]),
        (Wanted(article_ids=("other",)), []),
        (Wanted(regions=("340000",), indicator="床位", unit="张"), ["500张", "3000张"]),
    ],
)
def test_figures_are_chosen_by_place_indicator_unit_and_year(wanted, expected):
    assert raws(select(RECORDS, wanted)) == expected


def test_a_figure_without_a_year_counts_for_the_year_of_its_article_where_that_is_given():
    assert raws(select(RECORDS, Wanted(since_year=2023))) == []
    assert "62%" in raws(select(RECORDS, Wanted(since_year=2023), published={"a1": 2023}))
    assert "500张" not in raws(select(RECORDS, Wanted(since_year=2023), published={"a1": 2023}))


def by_raw(raw):
    return next(record for record in RECORDS if record.figure.raw == raw)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("62%", "52%", True),  # one concept under two names
        ("52%", "3个百分点", False),  # percent is no percentage points
        ("500张", "3000张", False),  # new beds are not all beds
        ("3.8万家", "120家次", False),
        ("62%", "12分钟", False),
    ],
)
def test_figures_of_one_kind_measure_the_same_in_the_same_unit(one, other, expected):
    assert same_kind(by_raw(one), by_raw(other)) is expected
    assert same_kind(by_raw(other), by_raw(one)) is expected


@pytest.mark.parametrize("record", RECORDS, ids=raws(RECORDS))
def test_every_figure_is_of_its_own_kind(record):
    assert same_kind(record, record)


def test_the_ends_of_a_change_come_with_their_difference():
    (changed,) = pair_changes(RECORDS)

    assert (changed.before.figure.raw, changed.after.figure.raw) == ("62%", "48%")
    assert changed.difference == Amount(value=Decimal(14), unit="百分点", kind="percentage_point")


def test_what_the_article_says_of_the_difference_stays_with_the_change():
    text = "床位数由320张增加到390张，增加70张。"
    (changed,) = pair_changes(find_records(Article(article_id="a", title=None, text=text)))

    assert [record.figure.raw for record in changed.stated] == ["70张"]


@pytest.mark.parametrize(
    ("text", "qualifier"),
    [
        ("医院由约10家增加到20家。", "约"),
        ("医院由10家增加到20家。", ""),
        ("医院由不足10家增加到20家。", None),
    ],
)
def test_a_difference_is_only_as_sure_as_its_ends(text, qualifier):
    (changed,) = pair_changes(find_records(Article(article_id="a", title=None, text=text)))

    assert (changed.difference and changed.difference.qualifier) == qualifier


def test_an_end_alone_is_no_change():
    before_only = [record for record in RECORDS if record.role != "after"]

    assert pair_changes(before_only) == []
