from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.briefing.dates import find_events
from rag.evidence import named_years

ALPHABET = "0123456789年月日底初上半去前今明十四五期间“”《》（）()，。-—至2019编制𠮷ﷺ第一季度 "


@pytest.mark.parametrize(
    ("text", "shown", "order"),
    [
        ("2017年10月，集团挂牌", "2017年10月", (2017, 10, 0)),
        ("２０１７年１０月３日挂牌", "2017年10月3日", (2017, 10, 3)),
        ("2018年底完成", "2018年底", (2018, 12, 0)),
        ("2023年上半年完成", "2023年上半年", (2023, 6, 0)),
        ("2019—2024年，投入3亿元", "2019—2024年", (2019, 0, 0)),
        ("“十四五”期间，新建3家", "2021—2025年", (2021, 0, 0)),
    ],
)
def test_dates_are_found_as_they_are_written(text, shown, order):
    (event,) = find_events(text, None)

    assert (event.shown, event.order, event.is_reckoned) == (shown, order, False)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("去年核增编制", "2020年"),
        ("今年上半年完成", "2021年上半年"),
        ("前年底启动", "2019年底"),
        ("明年3月出台", "2022年3月"),
    ],
)
def test_a_relative_date_is_reckoned_from_the_articles(text, shown):
    (event,) = find_events(text, "2021-05-06")

    assert (event.shown, event.is_reckoned) == (shown, True)


def test_without_a_date_of_the_article_a_relative_one_is_of_no_year():
    assert find_events("去年核增编制", None) == []


@pytest.mark.parametrize(
    "text",
    [
        "印发《2022年重点任务》",
        "按〔2015〕38号文",
        "促进行动（2021—2025年）出台",
        "近5年核增编制",
        "基本年薪制",
        "2021年级的学生",
    ],
)
def test_titles_durations_and_look_alikes_date_no_event(text):
    assert find_events(text, "2021-05-06") == []


@given(st.text(ALPHABET, max_size=60), st.sampled_from([None, "2021", "2021-05-06"]))
def test_a_date_stands_where_it_is_said_to(text, date):
    events = find_events(text, date)

    assert all(text[e.start : e.end] == e.text and e.text for e in events)
    assert all(one.end <= other.start for one, other in itertools.pairwise(events))


@given(
    st.sampled_from(["前年", "去年", "上年", "今年", "本年", "明年", "2019年", "“十四五”期间"]),
    st.integers(1990, 2040),
)
def test_years_are_those_that_answers_reckon(word, year):
    (event,) = find_events(f"{word}核增编制", f"{year}-03")

    assert event.order[0] == min(named_years(f"{word}核增编制", f"{year}-03"))
