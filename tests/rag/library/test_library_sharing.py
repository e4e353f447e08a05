from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest
from beds import BEDS, DRUGS, write

from rag.errors import (
    LibraryBusyError,
    LibraryUnwritableError,
)
from rag.library import Library


def test_two_libraries_in_one_process_do_not_mix(open_library, new_article, encoder, tmp_path):
    here = open_library()
    there = Library.open(tmp_path / "other", encoder_name="hashing", dimension=48, create=True, exact_up_to=0)
    with there:
        write(here, new_article(BEDS))
        write(there, new_article(DRUGS))

        assert len(here.dense(encoder.embed_query("医院"), top_k=9)) == 3
        assert len(there.dense(encoder.embed_query("医院"), top_k=9)) == 2


def test_what_one_opening_writes_another_finds_at_once(open_library, new_article, encoder):
    reader, writer = open_library(), open_library()
    write(writer, new_article(BEDS))
    assert len(reader.dense(encoder.embed_query("医院"), top_k=9)) == 3

    write(writer, new_article(DRUGS, article_id="b"))
    assert len(reader.dense(encoder.embed_query("医院"), top_k=9)) == 5

    write(reader, new_article(DRUGS))
    assert len(writer.dense(encoder.embed_query("医院"), top_k=9)) == 4
    assert writer.check() == []


def test_a_library_works_on_after_a_repair_in_the_same_process(open_library, new_article, encoder, folder):
    library = open_library()
    write(library, new_article(BEDS))
    library.dense(encoder.embed_query("医院"), top_k=9)

    Library.repair(folder, encoder)

    assert len(library.dense(encoder.embed_query("医院"), top_k=9)) == 3
    write(library, new_article(DRUGS, article_id="b"))
    assert library.check() == []


def test_a_second_writer_waits_and_then_says_so(open_library):
    first, second = open_library(), open_library()
    problems = []

    def write_too():
        try:
            with second.writing(wait_s=0.2):
                pass
        except LibraryBusyError as error:
            problems.append(error)

    with first.writing():
        thread = threading.Thread(target=write_too)
        thread.start()
        thread.join()

    assert "0.2 s" in str(problems[0])
    with second.writing(wait_s=0.2):
        pass


def test_reading_from_many_threads_while_writing_finds_only_whole_articles(library, new_article, encoder):
    write(library, new_article(BEDS))
    stop, problems = threading.Event(), []

    def read():
        while not stop.is_set():
            for hit in library.dense(encoder.embed_query("医院"), top_k=5) + library.lexical(
                {"医院": 1.0}, top_k=5
            ):
                text = library.article(hit.passage.article_id).text
                if hit.passage.text not in (BEDS + "\n" + DRUGS).split("\n") or text not in (BEDS, DRUGS):
                    problems.append(hit)

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for turn in range(15):
        write(library, new_article(DRUGS if turn % 2 else BEDS))
    stop.set()
    for thread in threads:
        thread.join()

    assert problems == []
    assert library.check() == []


def test_a_half_written_index_is_made_again_by_whoever_comes_next(open_library, new_article, encoder, folder):
    library = open_library()
    write(library, new_article(BEDS))
    library.close()
    path = folder / "chroma" / "state.json"
    path.write_text(
        json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"is_writing": True}), encoding="utf-8"
    )
    (folder / "chroma" / "chroma.sqlite3").write_bytes(b"half of a page")
    assert Library.check_at(folder) == []  # who checks finishes what was interrupted

    found = open_library().dense(encoder.embed_query("医院"), top_k=9)

    assert len(found) == 3
    assert Library.check_at(folder) == []


@pytest.mark.parametrize("exact_up_to", [0, 2000])
def test_opening_and_reading_do_not_import_chroma_before_a_vector_needs_it(
    library, new_article, folder, exact_up_to
):
    write(library, new_article(BEDS))
    library.close()
    code = (
        "import sys; from pathlib import Path; from rag.library import Library; from rag.types import Filter\n"
        f"with Library.open(Path({str(folder)!r}), encoder_name='hashing', dimension=48, exact_up_to={exact_up_to}) as l:\n"
        "    l.articles(); l.stats(); l.find_article('a'); l.lexical({'床位': 1.0}, top_k=3)\n"
        "    before = 'chromadb' in sys.modules\n"
        "    l.warm_up(); found = l.dense([1.0] * 48, top_k=3)\n"
        "print(before, 'chromadb' in sys.modules, len(found))\n"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["False", str(exact_up_to == 0), "3"]


@contextmanager
def without_privileges():
    """The superuser may write anywhere: become nobody for a while."""
    if os.geteuid() != 0:
        yield
        return
    os.setresuid(65534, 65534, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.mark.skipif(not hasattr(os, "setresuid"), reason="permissions work otherwise there")
def test_a_folder_that_may_only_be_read_can_be_searched_but_not_written(open_library, new_article, folder):
    library = open_library(exact_up_to=2000)
    write(library, new_article(BEDS))
    library.dense([1.0] * 48, top_k=9)
    library.close()
    place = Path(tempfile.mkdtemp())
    try:
        shutil.copytree(folder, place / "library")
        for path in [place, *place.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        with without_privileges(), Library.open(place / "library", exact_up_to=0) as shared:
            assert len(shared.articles()) == 1
            assert len(shared.dense([1.0] * 48, top_k=9)) == 3
            assert len(shared.lexical({"床位": 1.0}, top_k=3)) == 1
            with pytest.raises(LibraryUnwritableError):
                shared.remove_article("a")
    finally:
        for path in [place, *place.rglob("*")]:
            path.chmod(0o755)
        shutil.rmtree(place)
