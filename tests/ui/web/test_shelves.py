from __future__ import annotations

import dataclasses
import os
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.library import ArticleSummary
from rag.regions import ancestors, full_name
from ui.web import shelves
from ui.web.shelves import Shelves, matches

WUHU = ArticleSummary(
    article_id="a",
    title="安徽芜湖：公立医院化债",
    source="《中国卫生》",
    date="2023-05-06",
    regions=("340200",),
    n_chars=9,
    n_passages=1,
    origins=(),
)


@pytest.fixture
def shelf(sample, tmp_path):
    return Shelves(library=sample, reports=tmp_path / "reports")


@pytest.mark.parametrize(
    "search",
    ["", " ", "芜湖", "蕪湖", "公立醫院", "Wuhu", "WUHU 2023", "ｗｕｈｕ", "化债　芜湖", "中国卫生 安徽省", "２０２３-05", "醫院 wuhu 化債"],
)  # fmt: skip
def test_an_article_is_found_by_all_its_words_in_any_script_and_width(search):
    assert matches(WUHU, search)


@pytest.mark.parametrize("search", ["合肥", "芜湖 2024", "Hefei", "<b>", "%", "芜湖\x00"])
def test_one_word_that_is_not_there_is_enough_to_miss(search):
    assert not matches(WUHU, search)


@given(st.text())
def test_any_search_finds_or_misses(search):
    assert matches(WUHU, search) in (True, False)


@pytest.mark.parametrize("search", ["\ud800", "芜湖\udfff"])
def test_a_lone_surrogate_is_in_no_article(search):
    assert not matches(WUHU, search)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_article_has_a_row_that_leads_to_it(shelf, sample, language):
    listed = shelf.listed("", language)

    articles = sample.articles()
    assert [row["article_id"] for row in listed["rows"]] == [a.article_id for a in articles]
    assert [row["passages"] for row in listed["rows"]] == [a.n_passages for a in articles]
    assert str(len(articles)) in listed["count"]
    assert all(
        row["address"].startswith("article/") and row["source"] and row["date"] for row in listed["rows"]
    )


def test_a_search_leaves_what_matches_and_counts_it(shelf):
    listed = shelf.listed("芜湖 化债", "en")

    assert listed["count"] == f"Articles: {len(listed['rows'])}"
    assert 0 < len(listed["rows"]) < 5
    assert all("芜湖" in row["title"] and "Wuhu" in row["regions"] for row in listed["rows"])


def test_a_search_without_a_match_says_so(shelf):
    assert shelf.listed("查无此文", "zh") == {"rows": [], "count": "没有符合的文章。"}


def test_a_long_list_shows_its_beginning_and_counts_the_whole(shelf, sample, monkeypatch):
    monkeypatch.setattr(shelves, "SHOWN_ARTICLES", 3)

    listed = shelf.listed("", "zh")

    assert len(listed["rows"]) == 3
    assert listed["count"] == f"共 {len(sample.articles())} 篇，显示前 3 篇"


def test_what_an_article_does_not_say_is_said_to_be_missing_and_many_places_are_cut():
    bare = dataclasses.replace(
        WUHU, title=None, source=None, date=None, regions=("340100", "340200", "340300", "340400")
    )

    row = shelves._row(bare, "en")

    assert (row["title"], row["date"], row["source"]) == ("(untitled)", "undated", "source unknown")
    assert row["regions"] == "Hefei, Wuhu, Bengbu…"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_choices_are_what_the_library_has_with_the_provinces_above(shelf, sample, language):
    choices = shelf.choices(language)

    codes = [code for _, code in choices.regions]
    assert set(sample.region_counts()) <= set(codes)
    assert all(parent in codes for code in codes for parent in ancestors(code))
    assert len(set(codes)) == len(codes)
    assert len({label for label, _ in choices.regions}) == len(codes)
    if language == "zh":
        assert dict(choices.regions)["安徽省芜湖市"] == "340200"
        assert all(label == full_name(code) for label, code in choices.regions)
    assert choices.sources == tuple(sample.source_counts())
    first, last = sample.year_range()
    assert choices.years == tuple(str(year) for year in range(first, last + 1))


def test_an_empty_library_has_no_choices(encoder, tmp_path):
    from rag.build import open_library

    with open_library(tmp_path / "library", encoder, create=True) as library:
        choices = Shelves(library=library, reports=tmp_path).choices("zh")

    assert (choices.regions, choices.years, choices.sources) == ((), (), ())


def test_the_latest_report_is_the_one_made_last_with_its_time(shelf):
    assert shelf.latest_report() is None
    for made, name in ((1_700_000_000, "a"), (1_600_000_000, "b")):
        folder = shelf.reports / name
        folder.mkdir(parents=True)
        (folder / "report.html").touch()
        os.utime(folder / "report.html", (made, made))
    (shelf.reports / "empty").mkdir()

    page, made = shelf.latest_report()

    assert page.parent.name == "a"
    assert datetime.fromisoformat(made).timestamp() == 1_700_000_000
