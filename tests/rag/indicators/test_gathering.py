from __future__ import annotations

import pytest

from rag.indicators.gathering import gather_records, keep_wanted
from rag.indicators.select import Wanted
from rag.library import Library


@pytest.fixture
def library(sample_library):
    with Library.open(sample_library) as opened:
        yield opened


def test_every_figure_of_the_library_comes_with_its_article_and_its_place_in_it(library):
    told = list(gather_records(library, Wanted()))

    assert len({one.article.article_id for one in told}) > 5
    for one in told:
        text = library.article(one.article.article_id).text
        assert one.article.article_id == one.record.article_id
        assert text[one.record.start : one.record.end] == one.record.figure.raw


def test_gathering_what_is_wanted_is_gathering_all_and_keeping_what_is_wanted(library):
    every = list(gather_records(library, Wanted()))

    for wanted in (Wanted(indicator="debt ratio"), Wanted(regions=("520600",)), Wanted(since_year=2020)):
        assert list(gather_records(library, wanted)) == keep_wanted(every, wanted)
        assert keep_wanted(every, wanted)


def test_it_is_told_how_far_it_is(library):
    told: list[tuple[int, int]] = []

    list(gather_records(library, Wanted(), on_article=lambda done, total: told.append((done, total))))

    total = len(library.articles())
    assert told == [(number, total) for number in range(1, total + 1)]


def test_one_article_alone_is_read(library):
    name = next(a.article_id for a in library.articles() if a.article_id.startswith("wuhu-debt"))

    assert {t.article.article_id for t in gather_records(library, Wanted(article_ids=(name,)))} == {name}
