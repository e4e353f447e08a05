"""What a large library is asked, on small ones: the answers must be the same, whichever way they are found."""

from __future__ import annotations

import random

import pytest

from rag.library import reading
from rag.library.search import _width
from rag.types import Filter

PLACES = ("340000", "340200", "340207", "341100", "440000", "440300", "110105")


@pytest.fixture
def placed(open_library, new_article):
    """Passages each about one division."""
    rng = random.Random(5)
    library = open_library()
    lines = [f"第{n}行说{rng.choice('甲乙丙丁戊己庚辛')}{rng.choice('子丑寅卯辰巳')}" for n in range(120)]
    places = [(PLACES[n % len(PLACES)],) for n in range(120)]
    library.replace_articles([new_article("\n".join(lines), passage_regions=places)])
    return library


@pytest.mark.parametrize("wanted", [*PLACES, "120000"])
def test_a_place_lets_through_what_lies_in_it(placed, wanted):
    from rag.regions import is_within

    with placed._catalogue.reading() as connection:
        rows = reading.allowed_rows(connection, Filter(regions=(wanted,)))
        of = dict(connection.execute("SELECT passage, code FROM passage_regions"))

    assert rows.tolist() == sorted(row for row, code in of.items() if is_within(code, wanted))
    assert placed.is_about(wanted) == bool(len(rows))


def test_the_divisions_spoken_of_are_listed_without_counting(placed):
    assert placed.region_codes() == sorted(placed.region_counts()) == sorted(PLACES)


def test_an_empty_library_speaks_of_no_division(library):
    assert library.region_codes() == []


@pytest.mark.parametrize(("dates", "is_dated"), [([], False), ([None], False), ([None, "2021-01-01"], True)])
def test_whether_any_article_has_a_date(library, new_article, dates, is_dated):
    library.replace_articles(
        [new_article("一", article_id=f"a{n}", date=date) for n, date in enumerate(dates)]
    )

    assert library.has_dates() == is_dated


def test_a_filter_of_places_and_years_lets_through_what_meets_both(library, new_article):
    library.replace_articles(
        [
            new_article(
                "一\n二", article_id="a", date="2021-01-01", passage_regions=[("340200",), ("440300",)]
            ),
            new_article("三", article_id="b", date="2023-01-01", passage_regions=[("340207",)]),
        ]
    )
    with library._catalogue.reading() as connection:
        found = reading.allowed_rows(connection, Filter(regions=("340000", "440000"), since_year=2022))

    assert len(found) == 1


def test_chroma_finds_in_a_place_what_comparing_with_every_passage_finds(placed, open_library, encoder):
    query = encoder.embed_passages(["第7行说甲子"])[0]
    within = Filter(regions=("340000",))

    def found(library):
        return [(h.passage.ordinal, round(h.score, 4)) for h in library.dense(query, top_k=9, within=within)]

    assert found(placed) == found(open_library(exact_up_to=10**6))


def test_the_fewer_a_filter_lets_through_the_more_neighbours_are_asked_for():
    assert _width(30, candidates=10**6, total=10**6) == 1000
    assert _width(30, candidates=10**4, total=10**4) < 100
    widths = [_width(30, candidates=n, total=10**6) for n in (500_000, 100_000, 10_000, 1000, 0)]
    assert widths == sorted(widths)
    assert widths[1] * 100_000 / 10**6 >= 30


def test_titles_are_all_read_or_evenly_drawn(library, new_article):
    assert library.titles(5) == []
    library.replace_articles(
        [new_article("一", article_id=f"a{n:02}", title=f"题{n:02}") for n in range(40)]
        + [new_article("二", article_id="untitled")]
    )

    assert library.titles(1000) == [f"题{n:02}" for n in range(40)]
    drawn = library.titles(10)
    assert 5 <= len(drawn) <= 10
    assert drawn[0] == "题00"
    assert drawn[-1] >= "题30"


def test_a_library_is_empty_until_it_holds_a_passage(library, new_article):
    assert library.is_empty
    library.replace_articles([new_article("一")])
    assert not library.is_empty
    library.remove_article("a")
    assert library.is_empty
