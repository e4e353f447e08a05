from __future__ import annotations

import os
import random
import shutil
import sqlite3

import numpy as np
import pytest
from beds import BEDS, DRUGS, ids, write

from rag.errors import (
    LibraryDamagedError,
    LibraryMismatchError,
    LibraryMissingError,
    LibraryUnwritableError,
)
from rag.library import Library


def test_a_folder_without_a_library_is_named(folder):
    with pytest.raises(LibraryMissingError, match="yigai ingest"):
        Library.open(folder)
    with pytest.raises(LibraryMissingError):
        Library.peek(folder)
    with pytest.raises(LibraryMissingError):
        Library.check_at(folder)
    assert not folder.exists()


def test_a_file_where_the_folder_should_be_cannot_be_written_to(tmp_path):
    place = tmp_path / "taken"
    place.write_text("not a folder", encoding="utf-8")

    for folder in (place, place / "below"):
        with pytest.raises(LibraryUnwritableError):
            Library.open(folder, encoder_name="x", dimension=3, create=True)


def test_another_encoder_or_dimension_is_a_mismatch_that_names_both(library, folder):
    with pytest.raises(LibraryMismatchError, match=r"'hashing'.*'other'.*yigai library repair"):
        Library.open(folder, encoder_name="other", dimension=48)
    with pytest.raises(LibraryMismatchError, match=r"dimension '48'.*'64'"):
        Library.open(folder, encoder_name="hashing", dimension=64)
    assert Library.peek(folder).encoder == "hashing"


@pytest.mark.parametrize(
    "content",
    [b"not a database at all, but long enough to be looked at" * 30, random.Random(5).randbytes(9000)],
)
def test_a_file_that_is_no_database_is_damage(folder, content):
    folder.mkdir()
    (folder / "library.db").write_bytes(content)

    with pytest.raises(LibraryDamagedError, match=r"library\.db"):
        Library.open(folder)
    assert [problem.code for problem in Library.check_at(folder)] == ["unreadable"]


def test_another_programs_database_is_damage(folder):
    folder.mkdir()
    connection = sqlite3.connect(folder / "library.db")
    connection.execute("CREATE TABLE somebody_elses (x)")
    connection.close()

    with pytest.raises(LibraryDamagedError, match="is not a library"):
        Library.open(folder)


def test_an_empty_file_left_by_a_killed_maker_is_no_library_yet(folder, open_library):
    folder.mkdir()
    (folder / "library.db").touch()

    with pytest.raises(LibraryMissingError):
        Library.open(folder)
    assert open_library().articles() == []


def test_a_truncated_record_is_damage(open_library, new_article, folder):
    library = open_library()
    write(
        library,
        *[new_article("\n".join(f"第{n}条{m}" for m in range(40)), article_id=f"a{n}") for n in range(30)],
    )
    library.close()
    record = folder / "library.db"
    os.truncate(record, record.stat().st_size // 2)

    def read_all():
        with open_library() as damaged:
            for n in range(30):
                damaged.article_passages(f"a{n}")

    with pytest.raises(LibraryDamagedError, match=r"library\.db"):
        read_all()
    assert Library.check_at(folder) != []


def test_a_header_that_forbids_writing_is_damage_and_no_folder_that_may_only_be_read(
    open_library, new_article, encoder, folder
):
    with open_library() as library:
        write(library, new_article(BEDS))
    with (folder / "library.db").open("r+b") as file:
        file.seek(18)
        file.write(b"\x82")  # the version that SQLite must know to write

    with open_library() as library, pytest.raises(LibraryDamagedError, match="header"):
        write(library, new_article(DRUGS, article_id="b"))
    assert [problem.code for problem in Library.check_at(folder)] == ["record"]

    Library.repair(folder, encoder)

    assert Library.check_at(folder) == []


@pytest.mark.parametrize(
    "victim", ["chroma.sqlite3", "data_level0.bin", "header.bin", "link_lists.bin", "state.json"]
)
@pytest.mark.parametrize("harm", ["overwrite", "truncate", "remove"])
def test_damaged_vectors_are_noticed_and_repaired(open_library, new_article, encoder, folder, victim, harm):
    library = open_library()
    text = "\n".join(
        f"第{n}条说的是第{n % 7}家医院" for n in range(1100)
    )  # Chroma writes its files at a thousand
    write(library, new_article(text))
    library.close()
    target = next(path for path in (folder / "chroma").rglob(victim))
    size = target.stat().st_size
    if harm == "overwrite":
        target.write_bytes(np.random.default_rng(1).bytes(max(size, 40)))
    elif harm == "truncate" and size:
        os.truncate(target, size // 2)
    else:
        target.unlink()

    with pytest.raises(LibraryDamagedError, match=r"chroma.*yigai library repair"):
        open_library().dense(encoder.embed_query("第3条"), top_k=3)
    assert Library.check_at(folder) != []

    Library.repair(folder, encoder)

    assert Library.check_at(folder) == []
    assert ids(open_library().dense(encoder.embed_query("第3条说的是第3家医院"), top_k=1)) == ["a#3"]


def test_vectors_that_are_missing_altogether_are_damage_and_can_be_made_again(
    open_library, new_article, encoder, folder
):
    write(open_library(), new_article(BEDS))
    shutil.rmtree(folder / "chroma")

    with pytest.raises(LibraryDamagedError, match="chroma/ is missing"):
        open_library().dense(encoder.embed_query("床位"), top_k=3)
    with pytest.raises(LibraryDamagedError, match="chroma/ is missing"):
        open_library().replace_articles([new_article(DRUGS, article_id="b")])

    Library.repair(folder, encoder)
    assert len(open_library().dense(encoder.embed_query("床位"), top_k=3)) == 3


def test_repair_adopts_another_encoder(library, new_article, folder, encoder):
    write(library, new_article(BEDS, title="床位"), new_article(DRUGS, article_id="b"))
    library.close()
    encoder.name, encoder.dimension = "wider", 64
    seen = []

    Library.repair(folder, encoder, on_progress=lambda done, total: seen.append((done, total)))

    assert seen == [(5, 5)]
    with Library.open(folder, encoder_name="wider", dimension=64, exact_up_to=0) as repaired:
        passage = repaired.article_passages("a")[2]
        assert ids(repaired.dense(encoder.embed_query(passage.embedded), top_k=1)) == ["a#2"]
        assert ids(repaired.lexical({"采购": 1.0}, top_k=1)) == ["b#1"]
        assert repaired.check() == []


def test_repair_makes_a_lost_term_index_again(library, new_article, folder, encoder):
    write(library, new_article(BEDS))
    library.close()
    connection = sqlite3.connect(folder / "library.db")
    connection.execute("DELETE FROM passage_fts")
    connection.commit()
    connection.close()
    assert [problem.code for problem in Library.check_at(folder)] == ["terms_missing"]

    Library.repair(folder, encoder)

    assert Library.check_at(folder) == []
    with Library.open(folder) as repaired:
        assert ids(repaired.lexical({"床位": 1.0}, top_k=3)) == ["a#0"]


@pytest.mark.parametrize(
    ("sql", "code"),
    [
        ("UPDATE passages SET start = 0 WHERE ordinal = 1", "offsets"),
        ('UPDATE passages SET "end" = 9999 WHERE ordinal = 2', "offsets"),
        ("UPDATE passages SET ordinal = 7 WHERE ordinal = 2", "ordinal"),
        ("UPDATE articles SET text = '短'", "offsets"),
        ("UPDATE articles SET content_hash = 'x'", "origin_differs"),
        ("DELETE FROM origins", "origin_missing"),
        ("DELETE FROM vectors WHERE passage = 1", "record_vectors"),
        ("UPDATE vectors SET vector = zeroblob(192) WHERE passage = 1", "vectors_differ"),
        ("DELETE FROM passages WHERE ordinal = 2", "vectors_orphan"),
        ("INSERT INTO passage_fts (rowid, body) VALUES (77, 'x')", "terms_orphan"),
        ("INSERT INTO garbage VALUES (1)", "vectors_missing"),  # the check finishes what was left undone
        ("INSERT INTO passage_regions VALUES ('110000', 99)", "reference"),
    ],
)
def test_check_finds_what_should_not_be(library, new_article, folder, sql, code):
    write(library, new_article(BEDS))
    library.close()
    connection = sqlite3.connect(folder / "library.db")
    connection.execute(sql)
    connection.commit()
    connection.close()

    assert code in {problem.code for problem in Library.check_at(folder)}
