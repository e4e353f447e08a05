"""Dates as people and officials write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.describing.dates import is_date_line, parse_date

NUMERALS = "〇一二三四五六七八九"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("二〇一五年四月二十三日", "2015-04-23"),
        ("二○二一年十二月三十一日", "2021-12-31"),
        ("二零二三年五月", "2023-05"),
        ("一九九八年十月一日", "1998-10-01"),
        ("民國112年7月1日", "2023-07-01"),
        ("中華民國一百一十二年七月一日", "2023-07-01"),
        ("民国九十九年", "2010"),
        ("民國一一二年", "2023"),
        ("June 2, 2022", "2022-06-02"),
        ("2nd Sept. 2022", "2022-09-02"),
        ("Jan 2022", "2022-01"),
        ("印发于２０２１年３月４日", "2021-03-04"),
    ],
)
def test_dates_in_numerals_of_the_republic_and_in_english_are_read(text, date):
    assert parse_date(text) == date


@pytest.mark.parametrize(
    "text",
    [
        *("二〇一五年十三月一日", "二〇二三年二月二十九日", "民國999年1月1日", "2023年13月1日", "2023-04-31"),
        *("Feb 30, 2022", "前天", "上周五", "本月3日", "三月四日", "3月4日", "百年", "民國", "两会"),
    ],
)
def test_what_no_calendar_has_and_what_needs_a_calendar_to_tell_is_none(text):
    assert parse_date(text) is None


@pytest.mark.parametrize(
    ("line", "is_date"),
    [
        ("2021年3月4日", True),
        ("（2021年3月4日）", True),
        ("[2021-03-04]", True),
        ("二〇二一年三月四日", True),
        ("中華民國110年3月4日", True),
        ("２０２１．３．４", True),
        ("2021年3月", False),
        ("于2021年3月4日", False),
        ("2021年3月4日起施行", False),
        ("2021年2月30日", False),
        ("", False),
    ],
)
def test_a_date_line_is_nothing_but_a_date_with_its_day(line, is_date):
    assert is_date_line(line) is is_date


def numeral(number):
    tens, ones = divmod(number, 10)
    return ("十" if tens == 1 else NUMERALS[tens] + "十" if tens else "") + (NUMERALS[ones] if ones else "")


@settings(deadline=None)
@given(
    st.dates(
        min_value=__import__("datetime").date(1950, 1, 1), max_value=__import__("datetime").date(2099, 12, 31)
    )
)
def test_every_date_of_our_time_is_read_in_numerals_and_in_years_of_the_republic(day):
    year = "".join(NUMERALS[int(digit)] for digit in str(day.year))

    assert parse_date(f"{year}年{numeral(day.month)}月{numeral(day.day)}日") == day.isoformat()
    assert parse_date(f"民國{day.year - 1911}年{day.month}月{day.day}日") == day.isoformat()


@settings(deadline=None)
@given(st.text(alphabet="〇一二十百年月日民国國0123456789 -/.JunMay,", max_size=60))
def test_any_text_is_a_date_or_none(text):
    date = parse_date(text)

    assert date is None or 4 <= len(date) <= 10
    assert isinstance(is_date_line(text), bool)
