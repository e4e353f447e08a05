from __future__ import annotations

import pytest
from beds import BEDS, DRUGS, write

from rag.library.remembered import Remembered


@pytest.fixture
def reads():
    return []


def count(library, remembered, reads, key="k"):
    """Ask for a value, and note when it was really read."""

    def read(connection):
        reads.append(key)
        return connection.execute("SELECT count(*) FROM passages").fetchone()[0]

    with library._catalogue.reading() as connection:
        return remembered.of(connection, key, read)


def test_a_value_is_read_once_until_an_article_comes_changes_or_goes(library, new_article, reads):
    remembered = Remembered()
    write(library, new_article(BEDS))
    assert [count(library, remembered, reads) for _ in range(3)] == [3, 3, 3]
    assert len(reads) == 1

    write(library, new_article(DRUGS, article_id="b"))
    assert [count(library, remembered, reads) for _ in range(2)] == [5, 5]
    write(library, new_article(DRUGS + "\n又一行", article_id="b"))
    assert [count(library, remembered, reads) for _ in range(2)] == [6, 6]
    library.remove_article("b")
    assert [count(library, remembered, reads) for _ in range(2)] == [3, 3]
    assert len(reads) == 4


def test_a_printing_that_repeats_another_is_missed_when_it_goes(library, new_article, reads):
    text = "\n".join(f"第{n}家医院新增床位{n * 7}张，并关停旧病区" for n in range(40))
    write(library, new_article(text), new_article(text, article_id="b", passage_regions=[("340200",)]))
    with library._catalogue.reading() as connection:
        (hidden,) = connection.execute(
            "SELECT article_id FROM passages WHERE shadowed = 1 GROUP BY article_id HAVING count(*) = 40"
        ).fetchone()
    remembered = Remembered()
    assert count(library, remembered, reads) == 80
    assert library.region_codes() == ["340200"]

    library.remove_article(hidden)

    assert count(library, remembered, reads) == 40
    assert library.region_codes() == sorted(library.region_counts())
    assert library.check() == []


def test_what_another_process_writes_is_seen(library, open_library, new_article, reads):
    remembered = Remembered()
    write(library, new_article(BEDS))
    count(library, remembered, reads)

    write(open_library(), new_article(DRUGS, article_id="b"))

    assert count(library, remembered, reads) == 5


def test_of_several_values_the_least_recently_used_goes(library, new_article, reads):
    write(library, new_article(BEDS))
    remembered = Remembered(most=2)

    for key in ("a", "b", "a", "c", "a", "b"):
        count(library, remembered, reads, key)

    assert reads == ["a", "b", "c", "b"]
