from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing

import pytest
from answers import hostile_answer
from beds import BEDS, DRUGS, write

from rag.errors import LibraryBusyError, LibraryMissingError
from rag.history import Asked
from rag.library import Library
from rag.library.lock import WriteLock
from rag.library.salvage import needs_salvage, salvage

PAGE = 4096
LONG = "\n".join(f"第{n}条说的是第{n}家医院的床位" for n in range(400))


@pytest.fixture
def filled(open_library, new_article, folder):
    """A closed library of a long article and two short ones, with a kept answer and an earlier version."""
    library = open_library()
    write(
        library,
        new_article(LONG, title="长文"),
        new_article(DRUGS, article_id="b", title="药品"),
        new_article(BEDS, article_id="c", title="床位"),
    )
    write(library, new_article(BEDS + "\n后来又增加了一行。", article_id="c", title="床位"))
    library.history.keep(hostile_answer("问"), Asked(via="cli", settings={}))
    library.close()
    return folder


def wipe(path, found_by: bytes) -> None:
    """Write zeros over the page that holds some bytes."""
    content = path.read_bytes()
    page = content.index(found_by) // PAGE
    with path.open("r+b") as file:
        file.seek(page * PAGE)
        file.write(bytes(PAGE))


def change(path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_a_sound_record_needs_no_salvage_and_a_folder_without_one_is_named(filled, tmp_path):
    assert not needs_salvage(filled)
    with pytest.raises(LibraryMissingError):
        needs_salvage(tmp_path)
    with pytest.raises(LibraryMissingError):
        salvage(tmp_path)


@pytest.mark.parametrize(
    ("sql", "is_needed"),
    [
        ("DELETE FROM passage_fts", False),
        ("DELETE FROM vectors WHERE passage = 1", False),
        ("INSERT INTO garbage VALUES (1)", False),
        ("DELETE FROM origins", True),
        ("UPDATE passages SET start = 7 WHERE ordinal = 3", True),
        ("UPDATE articles SET regions = 'not JSON' WHERE article_id = 'b'", True),
        ("UPDATE articles SET text = CAST(x'ff' AS TEXT) WHERE article_id = 'b'", True),
    ],
)
def test_only_what_making_the_indexes_again_does_not_mend_needs_a_salvage(filled, sql, is_needed):
    change(filled / "library.db", sql)

    assert needs_salvage(filled) == is_needed


def test_an_article_whose_text_is_gone_is_lost_by_name_and_with_its_file(filled, encoder):
    wipe(filled / "library.db", "第390条说的".encode())

    report = Library.repair(filled, encoder)

    assert report.salvaged is not None
    [lost] = report.salvaged.lost
    assert (lost.article_id, lost.title, lost.paths) == ("a", "长文", ("/articles/a.txt",))
    assert (report.articles, report.salvaged.articles, report.salvaged.answers) == (2, 2, 1)
    assert report.salvaged.damaged_file.exists()
    with Library.open(filled) as library:
        assert [a.article_id for a in library.articles()] == ["b", "c"]
        assert [v.article.text for v in library.versions("c")] == [BEDS]
        assert len(library.history.ids()) == 1
        assert library.check() == []


def test_nothing_is_left_behind_but_the_damaged_file_and_it_is_as_it_was(filled, encoder):
    wipe(filled / "library.db", "第390条说的".encode())
    before = (filled / "library.db").read_bytes()

    report = Library.repair(filled, encoder)

    assert report.salvaged is not None
    assert report.salvaged.damaged_file.read_bytes() == before
    names = {path.name for path in filled.iterdir()} - {"chroma", ".lock", ".vectors.lock", "library.db"}
    assert names == {report.salvaged.damaged_file.name}


def test_a_killed_salvage_is_started_over(filled, encoder):
    path = filled / "library.db"
    wipe(path, "第390条说的".encode())
    salvage(shutil.copytree(filled, filled.with_name("copy")))
    # As after a kill between the two renames: a half draft, a finished file, and a link to the damaged one.
    shutil.copy(filled.with_name("copy") / "library.db", filled / "library.db.salvaged")
    (filled / "library.db.salvaging").write_bytes(b"half")
    (filled / "library.db.damaged-20260101T000000000000").hardlink_to(path)
    (filled / ".salvage-left").mkdir()

    report = Library.repair(filled, encoder)

    assert report.salvaged is not None
    assert [a.article_id for a in report.salvaged.lost] == ["a"]
    assert len(list(filled.glob("library.db*"))) == 2
    assert not list(filled.glob(".salvage-*"))


def test_whoever_writes_is_not_disturbed(filled, monkeypatch):
    monkeypatch.setattr("rag.library.salvage.WAIT_S", 0.1)
    wipe(filled / "library.db", "第390条说的".encode())

    with WriteLock(filled).held(wait_s=1), pytest.raises(LibraryBusyError):
        salvage(filled)


def test_a_kept_answer_that_is_not_as_it_was_is_found_and_named_and_the_rest_stays(filled, encoder):
    with Library.open(filled) as library:
        [answer_id] = library.history.ids()
        library.history.keep(hostile_answer("又问"), Asked(via="cli", settings={}))
    change(filled / "library.db", "UPDATE answers SET answer = '{\"x\": 1}' WHERE question LIKE '%一问问%'")
    assert [problem.code for problem in Library.check_at(filled)] == ["answer"]

    report = Library.repair(filled, encoder)

    assert report.salvaged is not None
    assert report.salvaged.lost_answers == (answer_id,)
    assert (report.salvaged.lost, report.salvaged.answers) == ((), 1)
    assert Library.check_at(filled) == []


def test_an_article_keeps_its_text_where_only_what_is_known_of_it_is_garbled(filled, encoder):
    change(
        filled / "library.db",
        "UPDATE articles SET headings = '[[1, 2]]', regions = 'no JSON', facts_from = '[[7, 8]]' "
        "WHERE article_id = 'b'",
    )

    report = Library.repair(filled, encoder)

    assert report.salvaged is not None
    assert report.salvaged.lost == ()
    with Library.open(filled) as library:
        assert (library.article("b").text, library.article("b").regions) == (DRUGS, ())
        assert library.check() == []
