"""Years that texts and questions name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.years import asked_years, bare_year_spans, find_years, year_ranges, year_spans
from tests.support.effort import effort_below

_PIECES = st.sampled_from(
    ["2019", "２０２０年", "—", "至", "21年", "“十四五”期间", "去年", "since ", "between 2019 and 2021", "二〇一九年", "以来", "㎡", "。", " "]
)  # fmt: skip
TEXTS = st.lists(_PIECES, max_size=10).map("".join)


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2022年的任务", (2022,)),
        ("２０２２年的任务", (2022,)),
        ("2019—2022年的支出", (2019, 2020, 2021, 2022)),
        ("2019年到2021年", (2019, 2020, 2021)),
        ("2019年至2021年", (2019, 2020, 2021)),
        ("2019-2021 spending", (2019, 2020, 2021)),
        ("from 2019 to 2021", (2019, 2020, 2021)),
        ("2021-2019", (2019, 2020, 2021)),
        ("2018年和2021年", (2018, 2021)),
        ("投入120190元", ()),
        ("第2099999号", ()),
        ("没有年份", ()),
        ("2019—21年的支出", (2019, 2020, 2021)),
        ("2019年至21年", (2019, 2020, 2021)),
        ("2019-21 spending", (2019, 2020, 2021)),
        ("2019年到35家医院", (2019,)),
        ("2021-05-06", (2021,)),
        ("2019-12", (2019,)),
        ("二〇一九年和二零二一年", (2019, 2021)),
        ("一二三四五年级", ()),
        ("between 2019 and 2021", (2019, 2020, 2021)),
        ("in 2019 and 2021", (2019, 2021)),
        ("FY2019", (2019,)),
        ("“十四五”期间", (2021, 2022, 2023, 2024, 2025)),
        ("十三五末", (2016, 2017, 2018, 2019, 2020)),
        ("“十五”期间", (2001, 2002, 2003, 2004, 2005)),
        ("八五时期", (1991, 1992, 1993, 1994, 1995)),
        ("during the 14th Five-Year Plan period", (2021, 2022, 2023, 2024, 2025)),
        ("十四五规划", ()),
        ("二十五期间", ()),
        ("near the 2nd five-year plan period", ()),
    ],
)
def test_years_are_found_and_ranges_filled_in(text, years):
    assert find_years(text) == years


def test_a_long_range_keeps_its_last_year():
    assert find_years("1980年到2024年")[-1] == 2024


def test_a_span_of_years_holds_the_year_sign_but_not_a_salary():
    text = "2019年至2021年的目标，2022年薪酬"

    assert [text[a:b] for a, b in year_spans(text)] == ["2019年至2021年", "2022"]


def test_a_year_in_full_width_digits_has_its_span():
    text = "㎡：２０１９年至２０２１年、2022"

    assert [text[a:b] for a, b in year_spans(text)] == ["２０１９年至２０２１年", "2022"]


def test_looking_for_years_is_linear():
    with effort_below(3):
        find_years("2019" + " " * 100_000 + "2020")
        find_years("2019-" * 20_000)


@pytest.mark.parametrize(
    ("question", "years"),
    [
        ("芜湖去年的支出", (2022,)),
        ("今年的任务", (2023,)),
        ("前年和去年的支出", (2021, 2022)),
        ("明年的目标", (2024,)),
        ("spending last year", (2022,)),
        ("What is planned for next year?", (2024,)),
        ("2021年以来做了什么", (2021, 2022, 2023)),
        ("自2021年起", (2021, 2022, 2023)),
        ("How has it changed since 2021?", (2021, 2022, 2023)),
        ("from 2021 onwards", (2021, 2022, 2023)),
        ("from 2019 to 2021", (2019, 2020, 2021)),
        ("2022年后勤怎么改", (2022,)),
        ("近三年的支出", ()),
        ("基本年薪、目前年均和如今年轻的医生", ()),
        ("in the last year of training", ()),
    ],
)
def test_a_question_counts_its_years_from_the_one_it_is_asked_in(question, years):
    assert asked_years(question, 2023) == years


def test_without_the_year_it_is_asked_in_only_what_is_named_outright_counts():
    assert asked_years("去年和2021年以来的支出", None) == (2021,)


@pytest.mark.parametrize(
    ("years", "words"),
    [
        ((), []),
        ((2019,), ["2019"]),
        ((2019, 2020), ["2019", "2020"]),
        ((2019, 2020, 2021, 2023), ["2019—2021", "2023"]),
        ((2023, 2021, 2022, 2022), ["2021—2023"]),
    ],
)
def test_runs_of_years_are_put_as_ranges(years, words):
    assert year_ranges(years) == words


@given(TEXTS)
def test_spans_of_years_are_ordered_slices_that_name_years(text):
    for (start, end), (bare_start, bare_end) in zip(year_spans(text), bare_year_spans(text), strict=True):
        assert 0 <= start == bare_start < bare_end <= end <= len(text)
        assert find_years(text[bare_start : bare_end + 1]) != ()


@given(TEXTS)
def test_years_are_ascending_and_a_question_names_all_that_its_text_does(text):
    assert list(find_years(text)) == sorted(set(find_years(text)))
    assert set(find_years(text)) <= set(asked_years(text, 2023))
