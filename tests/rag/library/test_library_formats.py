from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest

from rag.errors import LibraryFormatError
from rag.library import Library

# Written by yigai 0.1 with its own encoder: two articles of the sample library, and one answer that was asked for.
FORMAT_1 = Path(__file__).parent / "format1" / "library.db"


@pytest.fixture
def first_format(folder: Path) -> Path:
    folder.mkdir()
    shutil.copy(FORMAT_1, folder / "library.db")
    return folder


def formats(folder: Path) -> tuple[str, set[str]]:
    with sqlite3.connect(folder / "library.db") as connection:
        schema = connection.execute("SELECT value FROM manifest WHERE key = 'schema'").fetchone()[0]
        statements = {
            row[0] for row in connection.execute("SELECT sql FROM sqlite_master WHERE sql NOT NULL")
        }
    connection.close()
    return schema, statements


def test_a_library_of_the_first_format_opens_with_everything_in_it(first_format):
    with Library.open(first_format) as library:
        assert library.manifest.schema == 2
        assert [article.n_passages for article in library.articles()] == [4, 5]
        article = library.find_article("wuhu-debt")
        assert "62.59%" in article.text
        assert (article.author, article.doc_number, article.kind, article.reposts) == (None, None, None, ())
        (kept,) = library.history.listed()
        assert kept.answer.citations[0].quote in library.article(kept.answer.citations[0].article_id).text
    assert formats(first_format)[0] == "2"


def test_a_new_library_and_one_brought_up_to_date_have_the_same_tables(first_format, tmp_path):
    with Library.open(first_format):
        pass
    with Library.open(tmp_path / "new", encoder_name="e", dimension=8, create=True):
        pass

    ours = {sql for sql in formats(first_format)[1] if "answers" not in sql}
    assert ours == formats(tmp_path / "new")[1]


def test_a_library_of_the_first_format_is_brought_up_to_date_once(first_format):
    for _ in range(3):
        with Library.open(first_format) as library:
            assert library.passage_count() == 9


def test_an_update_that_is_cut_short_leaves_the_first_format_whole(first_format, monkeypatch):
    broken = {1: "ALTER TABLE articles ADD COLUMN author TEXT;\nALTER TABLE nowhere ADD COLUMN x TEXT;\n"}
    with monkeypatch.context() as patch:
        patch.setattr("rag.library.schema.UPGRADES", broken)
        with pytest.raises(sqlite3.OperationalError):
            Library.open(first_format)

    assert formats(first_format)[0] == "1"
    with Library.open(first_format) as library:
        assert library.passage_count() == 9


def test_a_library_of_the_first_format_that_may_only_be_read_says_what_to_do(first_format, monkeypatch):
    monkeypatch.setattr("os.access", lambda *_: False)

    with pytest.raises(LibraryFormatError, match=r"format 1.*copy it.*yigai library stats") as caught:
        Library.open(first_format)
    assert "复制到可写的位置" in caught.value.localised("zh")


def test_a_library_of_a_later_format_says_to_update(first_format):
    with sqlite3.connect(first_format / "library.db") as connection:
        connection.execute("UPDATE manifest SET value = '99' WHERE key = 'schema'")
    connection.close()

    with pytest.raises(LibraryFormatError, match=r"format 99.*update yigai"):
        Library.open(first_format)
