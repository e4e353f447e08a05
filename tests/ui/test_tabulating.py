from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.indicators import find_records
from rag.indicators.gathering import Told
from rag.library import ArticleSummary
from rag.types import Article
from ui.tabulating import CSV_COLUMNS, absence_lines, figure_lines, figure_rows, figures_csv, figures_document
from ui.widths import display_width

HOSTILE = st.text(
    alphabet=st.sampled_from([*"=+-@＝＋－＠,;\"'|\t\r\n <>&\x1b\u202e医院床位3%"]), max_size=20
)


def told(text: str, *, title: str | None = "标题", date: str | None = "2023-08-09") -> list[Told]:
    article = Article(article_id="a1", title=title, text=text, date=date)
    summary = ArticleSummary(
        article_id="a1",
        title=title,
        source=None,
        date=date,
        regions=(),
        n_passages=1,
        n_chars=len(text),
        origins=(),
    )
    return [Told(record=record, article=summary) for record in find_records(article)]


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(figures_csv(told(text)).removeprefix("\ufeff"))))


@given(HOSTILE, HOSTILE)
def test_no_cell_of_a_spreadsheet_is_a_formula(title, before):
    out = figures_csv(told(f"{before}医院达到3家。", title=title))

    for row in list(csv.reader(io.StringIO(out.removeprefix("\ufeff"))))[1:]:
        for name, cell in zip(CSV_COLUMNS, row, strict=True):
            assert cell.lstrip()[:1] not in tuple("=+@＝＋＠－"), name
            assert not cell.lstrip().startswith("-") or name in ("value", "high"), name
            assert "\x1b" not in cell


def test_a_negative_number_stays_a_number_and_its_words_do_not_become_a_formula():
    (row,) = rows("收支结余为-3.5亿元。")

    assert row["value"] == "-350000000.0" or float(row["value"]) == -350000000
    assert row["raw"] == "'-3.5亿元"


@given(HOSTILE, st.integers(30, 120), st.sampled_from(["zh", "en"]))
def test_lines_bear_any_text_and_are_no_wider_than_asked(before, width, language):
    lines = figure_lines(told(f"{before}医院达到3家。", title=before), language, width=width)

    assert lines
    assert all(display_width(line) <= width for line in lines)
    assert not any(ch in line for line in lines for ch in "\x1b\u202e\n\t")


def test_a_change_has_one_row_and_the_difference_is_said_to_be_computed():
    (zh,) = figure_rows([one.record for one in told("资产负债率从62%下降到48%。")], "zh")
    (en,) = figure_rows([one.record for one in told("资产负债率从62%下降到48%。")], "en")

    assert zh.value == "62% → 48%；相差 14个百分点（计算得出）"
    assert en.value == "62% → 48%; difference 14 percentage points (computed)"


def test_what_the_article_says_of_the_difference_is_not_computed_again():
    (row,) = figure_rows([one.record for one in told("床位由320张增加到390张，增加70张。")], "zh")

    assert row.value == "320张 → 390张；增加 70张"


@pytest.mark.parametrize(("language", "mark"), [("zh", "[计划或目标]"), ("en", "[planned]")])
def test_a_plan_is_marked(language, mark):
    (row,) = figure_rows([one.record for one in told("力争床位达到390张。")], language)

    assert mark in row.value


def test_a_year_that_comes_from_the_articles_date_says_so():
    (row,) = figure_rows([one.record for one in told("去年床位达到390张。")], "en")

    assert row.when == "去年 (2022, by the article's date)"


def test_the_document_says_how_many_there_are_in_all():
    document = figures_document(told("床位390张。"), total=7)

    assert document["total"] == 7
    assert set(document["figures"][0]) == set(CSV_COLUMNS)


def test_a_library_without_figures_is_told_from_one_where_none_fits():
    assert absence_lines([], "en") == ["The articles of the library hold no figures."]
    assert "床位" in "\n".join(absence_lines(told("床位390张。"), "zh"))
