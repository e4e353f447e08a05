from __future__ import annotations

import sqlite3

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.library import lexical, reading
from rag.library.catalogue import FILE_NAME
from rag.library.term_counts import TermCounts, indexed_count

TEXT = "甲乙\n丙丁\n戊己"


def counted(library):
    with library._catalogue.reading() as connection:
        return indexed_count(connection), reading.searched_count(connection)


def test_fts5_says_how_many_passages_it_holds(library, new_article):
    assert counted(library) == (0, 0)
    library.replace_articles([new_article(TEXT, article_id=f"a{n}") for n in range(70)])
    assert counted(library) == (210, 210)
    library.replace_articles([new_article("一\n二", article_id="a3")])
    library.remove_article("a7")
    assert counted(library) == (206, 206)


def test_passages_that_repeat_another_printing_do_not_count(library, new_article):
    long = "".join(f"第{n}家医院今年完成改造，投入{n * 37}万元，覆盖{n * 113}人。" for n in range(30))
    library.replace_articles([new_article(long, article_id=name) for name in ("a", "b")])

    found, expected = counted(library)

    assert found == expected
    assert found < library.passage_count()


@given(rows=st.lists(st.booleans(), max_size=300))
def test_the_number_is_right_after_any_writes(rows):
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE passage_fts USING fts5 (context, body)")
    for number, stays in enumerate(rows):
        connection.execute("INSERT INTO passage_fts (rowid, body) VALUES (?, 'a b')", (number,))
        if not stays:
            connection.execute("DELETE FROM passage_fts WHERE rowid = ?", (number,))
    connection.commit()

    assert indexed_count(connection) == sum(rows)
    connection.close()


def counting(counts, connection, terms):
    """Look terms up, and tell which of them had to be counted."""
    asked = []

    def count(connection, unknown):
        asked.extend(unknown)
        return lexical.document_frequency(connection, unknown)

    return counts.of(connection, terms, count=count), asked


def test_a_term_is_counted_once(library, new_article):
    library.replace_articles([new_article(TEXT)])
    counts = TermCounts()
    with library._catalogue.reading() as connection:
        first = counting(counts, connection, ["甲乙", "无"])
        again = counting(counts, connection, ["无", "丙丁", "甲乙"])

    assert first[1] == ["甲乙", "无"]
    assert again[1] == ["丙丁"]
    assert list(again[0]) == ["无", "丙丁", "甲乙"]
    assert again[0] == library.document_frequency(["无", "丙丁", "甲乙"])


@pytest.mark.parametrize("change", ["add", "replace", "remove", "other process"])
def test_what_is_remembered_goes_with_any_change_of_the_passages(library, new_article, change):
    library.replace_articles([new_article("甲乙", article_id="a"), new_article("丙丁", article_id="b")])
    terms = ["甲乙", "丙丁", "戊己"]
    before = library.document_frequency(terms)

    if change == "add":
        library.replace_articles([new_article("戊己\n丙丁", article_id="c")])
    elif change == "replace":
        library.replace_articles([new_article("戊己", article_id="a")])
    elif change == "remove":
        library.remove_article("a")
    else:
        connection = sqlite3.connect(library.directory / FILE_NAME)
        connection.execute("DELETE FROM passage_fts")
        connection.commit()
        connection.close()

    fresh = TermCounts()
    with library._catalogue.reading() as connection:
        expected = fresh.of(connection, terms, count=lexical.document_frequency)
    assert library.document_frequency(terms) == expected != before


def test_what_is_remembered_stays_when_an_answer_is_kept(library, new_article):
    counts = TermCounts()
    library.replace_articles([new_article(TEXT)])
    with library._catalogue.reading() as reader:
        counting(counts, reader, ["甲乙"])
    with library._catalogue.transaction() as writer:
        writer.execute("CREATE TABLE IF NOT EXISTS kept (answer)")
    with library._catalogue.reading() as reader:
        counting(counts, reader, ["甲乙"])
    with library._catalogue.transaction() as writer:
        writer.execute("INSERT INTO kept VALUES ('…')")
    with library._catalogue.reading() as reader:
        assert counting(counts, reader, ["甲乙"])[1] == []
