from __future__ import annotations

from contextlib import closing

import pytest
from beds import BEDS, write

from rag.library import groups, reading
from rag.library.catalogue import Catalogue


@pytest.fixture
def catalogue(library, new_article, folder):
    """Of a library of three articles, a, b and c, too short to be printings of one text."""
    write(library, *[new_article(BEDS, article_id=letter) for letter in "abc"])
    with closing(Catalogue.open(folder)) as opened:
        yield opened


@pytest.fixture
def connection(catalogue):
    """Lends one connection inside a transaction, all of which is kept."""
    with catalogue.transaction() as lent:
        yield lent


def test_the_last_signature_counts_with_its_bands(connection):
    groups.write_signature(connection, "a", b"one", [1, 2, 2])
    groups.write_signature(connection, "a", b"two", [3])

    assert groups.read_signature(connection, "a") == b"two"
    assert groups.read_signature(connection, "nobody") is None
    assert groups.sharing_a_band(connection, [1, 2]) == []
    assert groups.sharing_a_band(connection, [3, 4]) == ["a"]


def test_those_with_most_bands_in_common_come_first_and_too_many_are_left_out(connection, monkeypatch):
    groups.write_signature(connection, "a", b"", [1])
    groups.write_signature(connection, "b", b"", [1, 2])
    groups.write_signature(connection, "c", b"", [1, 2, 3])

    assert groups.sharing_a_band(connection, [1, 2, 3]) == ["c", "b", "a"]
    monkeypatch.setattr(groups, "MOST_CANDIDATES", 2)
    assert groups.sharing_a_band(connection, [1, 2, 3]) == ["c", "b"]
    monkeypatch.setattr(groups, "_BAND_MEMBERS", 1)
    assert groups.sharing_a_band(connection, [1]) == ["a"]


def test_articles_that_wait_count_only_where_they_are_asked(connection):
    for letter in "abc":
        groups.write_signature(connection, letter, b"", [1])
    connection.execute("UPDATE articles SET grouped = 0 WHERE article_id IN ('a', 'b')")

    assert groups.ungrouped(connection, limit=9) == ["a", "b"]
    assert groups.sharing_a_band(connection, [1]) == ["c"]
    assert groups.sharing_a_band(connection, [1], asked=["a"]) == ["a", "c"]


def test_a_group_has_a_name_and_an_article_alone_has_none(connection):
    groups.write_group(connection, "b", {"a": "repost", "b": None})
    groups.write_group(connection, "c", {"c": None})

    assert groups.members_of(connection, "a") == groups.members_of(connection, "b") == ["a", "b"]
    assert groups.members_of(connection, "c") == ["c"]
    assert groups.place_of(connection, "a") == ("b", "repost")
    assert groups.place_of(connection, "c") == (None, None)
    assert groups.represented_by(connection, "b") == ["a"]
    assert groups.represented_by(connection, "a") == []


@pytest.mark.parametrize(
    ("own", "other", "expected"),
    [
        (None, "repost", "repost"),
        (None, "correction", "correction"),
        ("correction", "correction", "repost"),
        ("repost", "repost", "repost"),
        ("repost", "correction", "correction"),
    ],
)
def test_what_two_printings_are_to_each_other_follows_from_what_they_are_to_the_first(
    connection, own, other, expected
):
    groups.write_group(
        connection, "c" if own else "a", {"a": own, "b": other, "c": None if own else "repost"}
    )

    reposts = {r.article_id: r.relation for r in reading.read_article(connection, "a").reposts}
    backwards = {r.article_id: r.relation for r in reading.read_article(connection, "b").reposts}

    assert reposts["b"] == backwards["a"] == expected


def test_shadowed_passages_are_not_searched_and_come_back_as_they_were(connection):
    rows = sorted(reading.read_article_passages(connection, "a"))
    sql = "SELECT rowid, context, body FROM passage_fts ORDER BY 1"
    before = connection.execute(sql).fetchall()

    groups.shadow(connection, rows[:2])

    assert groups.shadowed_rows(connection, ["a", "b"]) == set(rows[:2])
    assert sorted(reading.read_searched(connection, rows)) == rows[2:]
    assert sorted(reading.read_passages(connection, rows)) == rows
    assert reading.searched_count(connection) == reading.passage_count(connection) - 2

    groups.unshadow(connection, rows[:2])

    assert connection.execute(sql).fetchall() == before
    assert groups.shadowed_rows(connection, ["a"]) == set()
    assert connection.execute("SELECT count(*) FROM garbage").fetchone() == (0,)


def test_vectors_of_passages_are_read_shadowed_or_not(connection):
    rows = sorted(reading.read_article_passages(connection, "b"))
    groups.shadow(connection, rows[:1])

    keys, matrix, owners = groups.vectors_of(connection, rows[:2])

    assert (keys, owners, matrix.shape) == (rows[:2], ["b", "b"], (2, 48))
    assert groups.vectors_of(connection, [])[0] == []
    groups.unshadow(connection, rows[:1])
