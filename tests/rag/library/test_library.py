from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rag.errors import (
    ArticleNotFoundError,
    LibraryBusyError,
    LibraryDamagedError,
    LibraryMismatchError,
    LibraryMissingError,
    LibraryUnwritableError,
)
from rag.library import Library
from rag.types import Filter, Heading

BEDS = "市中医院新增床位二百张\n县医院关停旧病区三个\n乡镇卫生院配齐全科医生"
DRUGS = "药品目录调整一次\n耗材集中采购节约经费"


def ids(hits):
    return [hit.passage.passage_id for hit in hits]


def write(library, *articles):
    library.replace_articles(articles)


def test_what_goes_in_comes_out(library, new_article):
    new = new_article(
        BEDS,
        title="床位调整",
        source="卫生报",
        date="2023-05",
        url="https://example.org/1",
        regions=("340200",),
        headings=(Heading(start=0, end=5, level=2, kind="question"),),
        facts_from=(("date", "front matter"),),
    )

    write(library, new)

    assert library.article("a") == new.article
    assert library.article_passages("a") == [indexed.passage for indexed in new.passages]
    assert library.check() == []


def test_passages_come_in_the_order_asked_for_without_those_that_are_not_there(library, new_article):
    write(library, new_article(BEDS))

    found = library.passages(["a#2", "nothing", "a#0"])

    assert [passage.passage_id for passage in found] == ["a#2", "a#0"]


def test_neighbours_are_those_of_the_same_article(library, new_article):
    write(library, new_article(BEDS), new_article(DRUGS, article_id="b"))
    first, middle, _ = library.article_passages("a")

    before, after = library.neighbours(middle)

    assert (before.passage_id, after.passage_id) == ("a#0", "a#2")
    assert library.neighbours(first)[0] is None


@pytest.mark.parametrize("name", ["beds-1", "beds", "床位调整"])
def test_an_article_is_found_by_id_by_the_start_of_its_id_and_by_title(library, new_article, name):
    write(
        library,
        new_article(BEDS, article_id="beds-1", title="床位调整"),
        new_article(DRUGS, article_id="drugs"),
    )

    assert library.find_article(name).article_id == "beds-1"


@pytest.mark.parametrize(
    ("name", "count"), [("b", 2), ("none", 0), ("", 0), ("同题", 2), ("b\0", 2), ("%", 0)]
)
def test_a_name_of_no_article_or_several_is_an_error_that_counts_them(library, new_article, name, count):
    write(
        library,
        new_article(BEDS, article_id="b1", title="同题"),
        new_article(DRUGS, article_id="b2", title="同题"),
    )

    with pytest.raises(ArticleNotFoundError) as caught:
        library.find_article(name)

    assert caught.value.values["count"] == str(count)


def test_an_exact_id_wins_over_longer_ids(library, new_article):
    write(library, new_article(BEDS, article_id="b"), new_article(DRUGS, article_id="b2"))

    assert library.find_article("b").article_id == "b"


def test_summaries_and_stats_count(library, new_article, folder):
    write(
        library,
        new_article(BEDS, title="床位", date="2021", regions=("340000",)),
        new_article(DRUGS, article_id="b", date="2023-04-01"),
    )

    summaries, stats = library.articles(), library.stats()

    assert [(s.article_id, s.n_passages, s.n_chars) for s in summaries] == [
        ("a", 3, len(BEDS)),
        ("b", 2, len(DRUGS)),
    ]
    assert summaries[0].origins == ("/articles/a.txt",)
    assert (stats.articles, stats.passages, stats.first_date, stats.last_date) == (2, 5, "2021", "2023-04-01")
    assert stats.passages_by_region == {"340000": 3}
    assert stats.bytes_on_disk >= (folder / "library.db").stat().st_size
    assert library.year_range() == (2021, 2023)


def test_both_searches_find_the_passage_that_says_it(library, new_article, encoder):
    write(library, new_article(BEDS), new_article(DRUGS, article_id="b"))

    dense = library.dense(encoder.embed_query("耗材集中采购节约经费"), top_k=2)
    lexical = library.lexical({"耗材": 1.0, "采购": 1.0}, top_k=2)

    assert ids(dense)[0] == ids(lexical)[0] == "b#1"
    assert dense[0].score == pytest.approx(1.0, abs=1e-5)
    assert [hit.rank for hit in dense] == [1, 2]
    assert {hit.origin for hit in lexical} == {"lexical"}


def test_exact_and_approximate_search_agree(open_library, new_article, encoder):
    write(
        open_library(),
        *[new_article(f"第{n}家医院有{n * 7}张床\n它的编号是{n}", article_id=f"h{n}") for n in range(30)],
    )
    query = encoder.embed_query("第7家医院有49张床")

    approximate, exact = (
        open_library().dense(query, top_k=5),
        open_library(exact_up_to=1000).dense(query, top_k=5),
    )

    assert ids(approximate) == ids(exact)
    assert [hit.score for hit in approximate] == pytest.approx([hit.score for hit in exact], abs=1e-4)


def test_an_empty_library_finds_nothing(library, encoder):
    assert library.dense(encoder.embed_query("医院"), top_k=3) == []
    assert library.lexical({"医院": 1.0}, top_k=3) == []
    assert library.articles() == []
    assert library.year_range() is None
    assert library.check() == []


@pytest.mark.parametrize("exact_up_to", [0, 10**6])
def test_a_narrow_filter_finds_all_it_lets_through(open_library, new_article, encoder, exact_up_to):
    library = open_library(exact_up_to=exact_up_to)
    many = "\n".join(f"第{n}条关于医院的普通句子" for n in range(400))
    write(library, new_article(many, regions=("110000",)))
    write(
        library,
        new_article(BEDS, article_id="b", regions=("340000",), passage_regions=[("340200",), ("340100",)]),
    )
    query = encoder.embed_query("第7条关于医院的普通句子")

    province = Filter(regions=("340000",))
    city = Filter(regions=("340200",))

    assert sorted(ids(library.dense(query, top_k=10, within=province))) == ["b#0", "b#1", "b#2"]
    assert ids(library.dense(query, top_k=10, within=city)) == ["b#0"]
    assert ids(library.lexical({"关于": 1.0, "床位": 1.0, "医院": 1.0}, top_k=10, within=city)) == ["b#0"]


def test_a_passage_has_its_own_regions_or_else_its_articles(library, new_article):
    write(library, new_article(BEDS, regions=("340000",), passage_regions=[("110000",)]))

    assert library.region_counts() == {"110000": 1, "340000": 2}


def test_years_filter_by_the_articles_date_and_leave_undated_ones_out(library, new_article):
    write(
        library,
        new_article("医院一", article_id="y21", date="2021-12-31"),
        new_article("医院二", article_id="y23", date="2023"),
        new_article("医院三", article_id="none"),
    )

    def found(**years):
        hits = library.lexical({"医院": 1.0}, top_k=9, within=Filter(**years))
        return sorted(hit.passage.article_id for hit in hits)

    assert found() == ["none", "y21", "y23"]
    assert found(since_year=2022) == ["y23"]
    assert found(until_year=2022) == ["y21"]
    assert found(since_year=2021, until_year=2023) == ["y21", "y23"]
    assert found(since_year=10**30) == []


def test_a_replaced_article_is_wholly_the_new_one(library, new_article, encoder):
    write(library, new_article(BEDS))

    write(library, new_article(DRUGS))

    assert library.article("a").text == DRUGS
    assert library.passage_count() == 2
    assert library.lexical({"床位": 1.0}, top_k=5) == []
    assert len(library.dense(encoder.embed_query("床位"), top_k=9)) == 2
    assert library.check() == []


def test_a_batch_that_fails_leaves_everything_as_it_was(library, new_article):
    write(library, new_article(BEDS))
    clash = new_article(DRUGS, article_id="b")
    taken = replace(clash.passages[0], passage=replace(clash.passages[0].passage, passage_id="a#0"))
    broken = replace(clash, passages=(taken, *clash.passages[1:]))

    with pytest.raises(sqlite3.IntegrityError):
        write(library, new_article("新的一条", article_id="c"), broken)

    assert [summary.article_id for summary in library.articles()] == ["a"]
    assert library.check() == []


def test_parts_that_do_not_fit_together_are_refused(library, new_article):
    new = new_article(BEDS)
    shifted = replace(new.passages[0], passage=replace(new.passages[0].passage, start=1))

    for wrong in (
        replace(new, vectors=new.vectors[:1]),
        replace(new, vectors=new.vectors[:, :5]),
        replace(new, vectors=np.full_like(new.vectors, np.nan)),
        replace(new, passages=(shifted, *new.passages[1:])),
        replace(new, passages=tuple(reversed(new.passages))),
        replace(new, origin=replace(new.origin, content_hash="other")),
    ):
        with pytest.raises(ValueError, match="a: "):
            write(library, wrong)

    assert library.articles() == []


@pytest.mark.parametrize("vector", [[0.0, 1.0], [float("nan")] * 48, [[0.0] * 48]])
def test_a_vector_that_cannot_be_compared_is_refused(library, vector):
    with pytest.raises(ValueError, match="finite vectors"):
        library.dense(vector, top_k=3)


def test_an_article_goes_with_the_last_file_it_stands_for(library, new_article):
    new = new_article(BEDS)
    write(library, new)
    library.add_origin(replace(new.origin, path="/articles/copy.txt"), article_id="a")

    library.forget_origin("/articles/a.txt")
    assert [summary.origins for summary in library.articles()] == [("/articles/copy.txt",)]

    library.forget_origin("/articles/copy.txt")
    assert library.articles() == []
    assert library.check() == []


def test_a_file_that_moves_to_another_article_takes_the_orphan_with_it(library, new_article):
    write(library, new_article(BEDS), new_article(DRUGS, article_id="b"))

    library.add_origin(replace(new_article(DRUGS).origin, path="/articles/a.txt"), article_id="b")

    assert [summary.article_id for summary in library.articles()] == ["b"]
    assert library.check() == []


def test_a_path_that_is_not_utf8_is_kept(library, new_article):
    path = os.fsdecode(b"/articles/\xff\xfe.txt")
    write(library, new_article(BEDS, path=path))

    assert [origin.file.path for origin in library.origins()] == [path]
    assert library.articles()[0].origins == (path,)
    library.forget_origin(path)
    assert library.articles() == []


def test_removing_an_article_leaves_nothing_of_it(library, new_article):
    write(library, new_article(BEDS), new_article(DRUGS, article_id="b"))

    library.remove_article("a")

    assert [summary.article_id for summary in library.articles()] == ["b"]
    assert library.check() == []
    with pytest.raises(ArticleNotFoundError):
        library.remove_article("a")


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


def test_a_library_of_another_format_is_a_mismatch(library, folder):
    library.close()
    with sqlite3.connect(folder / "library.db") as connection:
        connection.execute("UPDATE manifest SET value = '99' WHERE key = 'schema'")
    connection.close()

    with pytest.raises(LibraryMismatchError, match="'99'"):
        Library.open(folder)


@pytest.mark.parametrize(
    "content", [b"not a database at all, but long enough to be looked at" * 30, os.urandom(9000)]
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
        ("INSERT INTO garbage VALUES (1)", "unfinished"),
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
    assert [problem.code for problem in Library.check_at(folder)] == ["interrupted"]

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


TEXTS = st.text(
    st.one_of(
        st.sampled_from("。！？；，、“”（）%1１Ａa\n\u3000𠮷é\0\"'*^(): 的医院改革"),
        st.characters(blacklist_categories=("Cs",)),
    ),
    min_size=1,
    max_size=60,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(TEXTS.filter(lambda text: bool(text.strip())), min_size=1, max_size=4))
def test_any_text_comes_out_as_it_went_in_and_is_found_by_its_own_terms(texts, library, new_article):
    new = [new_article(text, article_id=f"t{n}", title=text[:9]) for n, text in enumerate(texts)]
    write(library, *new)

    for one in new:
        assert library.article(one.article.article_id) == one.article
        assert library.article_passages(one.article.article_id) == [
            indexed.passage for indexed in one.passages
        ]
        for indexed in one.passages:
            terms = dict.fromkeys(indexed.body_terms, 1.0)
            found = ids(library.lexical(terms, top_k=1000))
            assert not terms or indexed.passage.passage_id in found
            assert all(count > 0 for count in library.document_frequency(terms).values())


def test_sources_are_counted_by_article_the_most_frequent_first_and_none_is_left_out(library, new_article):
    assert library.source_counts() == {}
    write(
        library,
        new_article("医院一", article_id="a", source="卫生报"),
        new_article("医院二", article_id="b", source="健康报"),
        new_article("医院三", article_id="c", source="健康报"),
        new_article("医院四", article_id="d", source="Lancet"),
        new_article("医院五", article_id="e"),
    )

    assert list(library.source_counts().items()) == [("健康报", 2), ("Lancet", 1), ("卫生报", 1)]

    library.remove_article("d")
    assert list(library.source_counts()) == ["健康报", "卫生报"]


@pytest.mark.parametrize("exact_up_to", [0, 10**6])
def test_a_source_filters_by_its_exact_name_in_both_searches(open_library, new_article, encoder, exact_up_to):
    library = open_library(exact_up_to=exact_up_to)
    hostile = "x' OR '1'='1\",[]"
    names = {"a": "卫生报", "b": "健康报", "c": hostile, "d": None, "e": "衛生報"}
    write(library, *(new_article(f"医院改革{k}", article_id=k, source=name) for k, name in names.items()))
    query = encoder.embed_query("医院改革")

    def found(*sources, **more):
        within = Filter(sources=sources, **more)
        lexical = library.lexical({"医院": 1.0}, top_k=9, within=within)
        dense = library.dense(query, top_k=9, within=within)
        articles = [sorted(hit.passage.article_id for hit in hits) for hits in (lexical, dense)]
        assert articles[0] == articles[1]
        return articles[0]

    assert found() == list("abcde")
    assert found("卫生报") == ["a"]
    assert found("卫生报", "健康报") == ["a", "b"]
    assert found(hostile) == ["c"]
    for none in ("卫生", "", "%", "卫生报 ", "\x00"):
        assert found(none) == []
    assert found("卫生报", since_year=2000) == []
