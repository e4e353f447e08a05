from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from answers import REFUSED

from rag.errors import LibraryBusyError, LibraryDamagedError, LibraryUnwritableError
from rag.history import Asked, Feedback
from rag.library import Library, catalogue

BEDS = "市中医院新增床位二百张\n县医院关停旧病区三个"
ASKED = Asked(asker="amei", conversation="c1", via="page", settings={"top_k": 8})
THUMB = Feedback(liked=True, reason="", given_at="2026-01-02T03:04:05+00:00")


def tables(folder):
    with closing(sqlite3.connect(folder / "library.db")) as connection:
        return {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}


def test_a_library_that_never_kept_an_answer_has_no_table_for_it(library, folder, new_article):
    library.replace_articles([new_article(BEDS)])

    assert library.history.listed() == library.history.conversations("amei") == []
    assert library.history.forget(["a"]) == 0
    assert "answers" not in tables(folder)


def test_a_library_made_before_there_was_a_history_gets_one_with_the_first_answer(
    library, open_library, folder, new_article
):
    library.replace_articles([new_article(BEDS)])
    library.history.keep(REFUSED, ASKED)
    library.close()
    with closing(sqlite3.connect(folder / "library.db")) as connection:
        connection.execute("DROP TABLE answers")
    before = tables(folder)

    reopened = open_library()
    assert reopened.history.listed() == []
    answer_id = reopened.history.keep(REFUSED, ASKED)

    assert "answers" not in before
    assert reopened.history.ids() == [answer_id]
    assert [a.article_id for a in reopened.articles()] == ["a"]
    assert reopened.check() == []


def test_what_was_kept_is_there_when_the_library_is_opened_again(library, open_library):
    answer_id = library.history.keep(REFUSED, ASKED)
    library.history.rate(answer_id, THUMB)
    library.close()

    kept = open_library().history.kept(answer_id)

    assert (kept.answer, kept.asked, kept.feedback) == (REFUSED, ASKED, THUMB)


def test_a_library_with_a_history_checks_as_sound_and_keeps_it_through_a_repair(
    library, encoder, folder, new_article
):
    library.replace_articles([new_article(BEDS)])
    answer_id = library.history.keep(REFUSED, ASKED)
    library.history.rate(answer_id, THUMB)
    before = library.history.listed()
    library.close()

    assert Library.check_at(folder) == []
    Library.repair(folder, encoder)

    with Library.open(folder) as repaired:
        assert repaired.history.listed() == before
        assert repaired.check() == []


def test_an_answer_outlives_the_article_that_it_cites(library, new_article):
    library.replace_articles([new_article(BEDS)])
    answer_id = library.history.keep(REFUSED, ASKED)

    library.remove_article("a")

    assert library.history.ids() == [answer_id]


def test_an_answer_is_kept_while_another_process_holds_the_write_lock(library, folder):
    code = (
        "import sys; from pathlib import Path; from rag.library.lock import WriteLock\n"
        f"with WriteLock(Path({str(folder)!r})).held(wait_s=5): print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout.readline() == b"held\n"

        answer_id = library.history.keep(REFUSED, ASKED)
        with pytest.raises(LibraryBusyError), library.writing(wait_s=0.05):
            pass

        holder.stdin.close()
    assert library.history.ids() == [answer_id]


def test_a_transaction_that_does_not_end_makes_the_library_busy(open_library, folder, monkeypatch):
    monkeypatch.setattr(catalogue, "BUSY_TIMEOUT_S", 0.1)
    library = open_library()
    with closing(sqlite3.connect(folder / "library.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(LibraryBusyError):
            library.history.keep(REFUSED, ASKED)

    library.history.keep(REFUSED, ASKED)
    assert len(library.history.ids()) == 1


def test_a_library_that_may_only_be_read_shows_its_history_and_takes_nothing_in(library, folder, monkeypatch):
    answer_id = library.history.keep(REFUSED, ASKED)
    library.close()
    monkeypatch.setattr(os, "access", lambda _path, mode: mode != os.W_OK)

    with Library.open(folder) as opened:
        assert not opened.is_writable
        assert opened.history.find(answer_id[:8]).answer == REFUSED
        for change in (
            lambda: opened.history.keep(REFUSED, ASKED),
            lambda: opened.history.rate(answer_id, None),
            lambda: opened.history.forget([answer_id]),
        ):
            with pytest.raises(LibraryUnwritableError):
                change()


@pytest.mark.parametrize("column", ["asked", "answer"])
@pytest.mark.parametrize("stored", ["", "{", "[]", "{}", "null", b"\xff"])
def test_an_answer_that_is_not_as_it_was_written_is_damage_that_names_it(library, folder, column, stored):
    answer_id = library.history.keep(REFUSED, ASKED)
    with closing(sqlite3.connect(folder / "library.db", isolation_level=None)) as connection:
        connection.execute(f"UPDATE answers SET {column} = ?", (stored,))

    with pytest.raises(LibraryDamagedError, match=answer_id):
        library.history.listed()


def test_the_answer_is_stored_as_json_that_a_person_can_read(library, folder):
    library.history.keep(REFUSED, ASKED)

    with closing(sqlite3.connect(folder / "library.db")) as connection:
        (stored,) = connection.execute("SELECT answer FROM answers").fetchone()

    assert "文章没有谈到火星。" in stored
    assert json.loads(stored)["refusal"]["code"] == "off_topic"


def test_lists_and_conversations_are_found_by_an_index(library, folder):
    library.history.keep(REFUSED, ASKED)
    with closing(sqlite3.connect(folder / "library.db")) as connection:

        def plan(sql):
            return " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}"))

        newest = plan("SELECT answer FROM answers WHERE TRUE ORDER BY asked_at DESC, row DESC LIMIT 20")
        owned = plan("SELECT answer FROM answers WHERE asker = 'a' AND conversation = 'c'")
        liked = plan("SELECT answer FROM answers WHERE liked = 0 ORDER BY asked_at DESC, row DESC")

    assert "answers_by_time" in newest
    assert "answers_by_conversation" in owned
    assert "answers_by_thumb" in liked
    assert "TEMP B-TREE" not in newest + liked
