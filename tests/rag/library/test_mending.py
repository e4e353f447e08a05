from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest
from beds import BEDS, DRUGS, write
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.library import Library
from rag.library.mending import _spans, mend


@pytest.fixture
def record(open_library, new_article, folder):
    """A connection, inside a transaction, to a library of two articles with regions."""
    library = open_library()
    write(
        library,
        new_article(BEDS, title="床位", regions=("110000",)),
        new_article(DRUGS, article_id="b", title="药品"),
    )
    library.close()
    with closing(sqlite3.connect(folder / "library.db", isolation_level=None)) as connection:
        connection.execute("BEGIN")
        yield connection
        if connection.in_transaction:
            connection.execute("COMMIT")


def mended(record, folder, encoder) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Mend, and see that a repair of the indexes then leaves nothing to complain of."""
    found = mend(record, folder / "library.db.damaged")
    record.execute("COMMIT")
    Library.repair(folder, encoder)
    assert Library.check_at(folder) == []
    return found.resplit, found.unplaced


def test_a_sound_record_is_left_as_it_is(record, folder, encoder):
    before = record.execute("SELECT * FROM passages").fetchall()

    assert mended(record, folder, encoder) == ((), ())

    assert record.execute("SELECT * FROM passages").fetchall() == before


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM passages WHERE article_id = 'a'",
        "DELETE FROM passages WHERE article_id = 'a' AND ordinal = 1",
        "UPDATE passages SET ordinal = 9 WHERE article_id = 'a' AND ordinal = 2",
        "UPDATE passages SET start = start + 1 WHERE article_id = 'a' AND ordinal = 1",
        "UPDATE passages SET \"end\" = 9999 WHERE article_id = 'a' AND ordinal = 2",
    ],
)
def test_an_article_with_passages_that_do_not_fit_is_cut_anew_from_its_text(record, folder, encoder, sql):
    record.execute(sql)

    assert mended(record, folder, encoder) == (("a",), ())

    with Library.open(folder) as library:
        assert "".join(p.text for p in library.article_passages("a")).split() == BEDS.split()
        assert len(library.article_passages("b")) == 2


def test_an_article_of_which_no_file_is_known_gets_a_place_that_is_said(record, folder, encoder):
    record.execute("DELETE FROM origins WHERE article_id = 'b'")

    assert mended(record, folder, encoder) == ((), ("b",))

    with Library.open(folder) as library:
        places = {origin.article_id: Path(origin.file.path) for origin in library.origins()}
    assert places["a"] == Path("/articles/a.txt")
    assert places["b"] == folder / "library.db.damaged" / "b"


def test_what_belongs_to_a_lost_article_goes_and_what_it_stood_for_comes_back(record, folder, encoder):
    record.execute("UPDATE articles SET group_id = 'a', grouped = 1")
    record.execute("UPDATE articles SET relation = 'repost' WHERE article_id = 'b'")
    record.execute("UPDATE passages SET shadowed = 1 WHERE article_id = 'b'")
    record.execute("DELETE FROM articles WHERE article_id = 'a'")

    mended(record, folder, encoder)

    with Library.open(folder, exact_up_to=0) as library:
        assert {h.passage.article_id for h in library.lexical({"采购": 1.0}, top_k=9)} == {"b"}
        assert [a.group for a in library.articles()] == [None]
        assert [o.article_id for o in library.origins()] == ["b"]


def test_new_passages_never_take_the_number_of_a_lost_one(record, folder):
    last = record.execute("SELECT max(rowid) FROM passages").fetchone()[0]

    mend(record, Path(folder))

    assert record.execute("SELECT seq FROM sqlite_sequence WHERE name = 'pending'").fetchone()[0] >= last


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="医改。 \n\r\u3000a", max_size=1500))
def test_a_text_that_is_cut_anew_loses_no_visible_character(text):
    spans = list(_spans(text))

    kept = "".join(text[start:end] for start, end in spans)
    assert "".join(kept.split()) == "".join(text.split())
    assert all(0 <= start < end <= len(text) and text[start:end].strip() for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))
