from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from chance import seed

from ingest import batch as batch_module
from ingest import run as run_module
from ingest.run import IngestOptions, ingest_paths
from rag.library import Library

TEXT = "全市新建社区卫生站{n}所，配备医生{n}名。\n村医每月补助提高到{n}百元，由县财政支付。\n"


@pytest.fixture
def ingest(library: Library, hashing_encoder: Any, folder: Path) -> Callable[..., dict[str, str]]:
    """Ingests the folder (or other paths); returns each file's outcome, and keeps the library's soundness."""

    def once(*paths: Path, **options: Any) -> dict[str, str]:
        report = ingest_paths(paths or (folder,), library=library, encoder=hashing_encoder, **options)
        once.report = report  # type: ignore[attr-defined]
        assert library.check() == []
        return {file.path.name: file.outcome for file in report.files}

    return once


def write(path: Path, n: int) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(TEXT.format(n=n), encoding="utf-8")
    return path


def texts(library):
    return sorted(library.article(summary.article_id).text for summary in library.articles())


def test_new_files_are_added_and_a_second_run_changes_nothing(ingest, folder, library):
    write(folder / "a.txt", 3)
    write(folder / "below" / "b.md", 4)

    assert ingest() == {"a.txt": "added", "b.md": "added"}
    before = library.articles()
    record = (library.directory / "library.db").read_bytes()

    assert ingest() == {"a.txt": "unchanged", "b.md": "unchanged"}
    assert library.articles() == before
    assert (library.directory / "library.db").read_bytes() == record


def test_a_file_that_was_only_touched_is_unchanged(ingest, folder):
    path = write(folder / "a.txt", 3)
    ingest()

    os.utime(path, (1, 1))

    assert ingest() == {"a.txt": "unchanged"}


def test_a_changed_file_replaces_its_article_under_the_same_id(ingest, folder, library):
    write(folder / "a.txt", 3)
    ingest()
    article_id = library.articles()[0].article_id

    write(folder / "a.txt", 5)

    assert ingest() == {"a.txt": "replaced"}
    assert [summary.article_id for summary in library.articles()] == [article_id]
    assert "新建社区卫生站5所" in texts(library)[0]


def test_identical_files_share_one_article_and_name_each_other(ingest, folder, library):
    write(folder / "a.txt", 3)
    write(folder / "b.txt", 3)

    assert ingest() == {"a.txt": "added", "b.txt": "same_as"}
    assert ingest.report.files[1].other == folder / "a.txt"
    assert library.articles()[0].origins == (str(folder / "a.txt"), str(folder / "b.txt"))
    assert ingest() == {"a.txt": "unchanged", "b.txt": "unchanged"}


def test_a_copy_that_changes_becomes_an_article_of_its_own(ingest, folder, library):
    write(folder / "a.txt", 3)
    write(folder / "b.txt", 3)
    ingest()

    write(folder / "a.txt", 9)

    assert ingest() == {"a.txt": "replaced", "b.txt": "unchanged"}
    assert [summary.origins for summary in library.articles()] == [
        (str(folder / "b.txt"),),
        (str(folder / "a.txt"),),
    ]


def test_a_moved_file_keeps_its_article(ingest, folder, library):
    write(folder / "a.txt", 3)
    ingest()
    article_id = library.articles()[0].article_id

    (folder / "a.txt").rename(folder / "z.txt")

    assert ingest() == {"z.txt": "moved"}
    assert ingest.report.files[0].other == folder / "a.txt"
    assert [(s.article_id, s.origins) for s in library.articles()] == [(article_id, (str(folder / "z.txt"),))]


def test_files_that_swap_their_names_keep_both_texts(ingest, folder, library):
    write(folder / "a.txt", 3)
    write(folder / "b.txt", 4)
    ingest()
    before = texts(library)

    (folder / "a.txt").rename(folder / "t.txt")
    (folder / "b.txt").rename(folder / "a.txt")
    (folder / "t.txt").rename(folder / "b.txt")
    ingest()

    assert texts(library) == before
    assert ingest() == {"a.txt": "unchanged", "b.txt": "unchanged"}


def test_a_new_file_never_takes_the_id_of_another_article(ingest, folder, library):
    write(folder / "a.txt", 3)
    ingest()
    write(folder / "a.txt", 4)
    ingest()

    write(folder / "below" / "a.txt", 3)  # what the id of the first was made from

    ingest()
    assert [file.outcome for file in ingest.report.files] == ["unchanged", "added"]
    assert len(library.articles()) == 2


def test_a_removed_file_is_reported_and_removed_only_when_asked(ingest, folder, library):
    write(folder / "a.txt", 3)
    write(folder / "b.txt", 4)
    ingest()
    (folder / "a.txt").unlink()

    assert ingest() == {"b.txt": "unchanged", "a.txt": "missing"}
    assert len(library.articles()) == 2
    assert ingest(prune=True) == {"b.txt": "unchanged", "a.txt": "removed"}
    assert len(library.articles()) == 1
    assert ingest(prune=True) == {"b.txt": "unchanged"}


def test_a_file_named_itself_that_is_gone_is_missing_not_refused(ingest, folder, library):
    path = write(folder / "a.txt", 3)
    ingest()
    path.unlink()

    assert ingest(path) == {"a.txt": "missing"}
    assert ingest(path, prune=True) == {"a.txt": "removed"}
    assert ingest(path) == {"a.txt": "refused"}


def test_pruning_touches_nothing_outside_the_folders_named_nor_below_one_that_is_gone(
    ingest, folder, library, tmp_path
):
    write(folder / "a.txt", 3)
    elsewhere = write(tmp_path / "elsewhere" / "b.txt", 4)
    ingest(folder, elsewhere.parent)
    elsewhere.unlink()

    assert ingest(folder, prune=True) == {"a.txt": "unchanged"}
    elsewhere.parent.rmdir()
    assert ingest(elsewhere.parent, prune=True) == {"elsewhere": "refused"}
    assert len(library.articles()) == 2


def test_a_bad_file_is_refused_and_the_rest_goes_in(ingest, folder):
    write(folder / "a.txt", 3)
    (folder / "b.txt").write_bytes(b"")
    (folder / "c.txt").symlink_to(folder / "nowhere")
    (folder / "d.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "e.txt").write_text("长" * 5000, encoding="utf-8")
    write(folder / "f.txt", 4)

    outcomes = ingest(options=IngestOptions(max_bytes=12_000))

    assert (outcomes["a.txt"], outcomes["f.txt"]) == ("added", "added")
    assert {name for name, outcome in outcomes.items() if outcome == "refused"} == {
        "b.txt",
        "c.txt",
        "d.txt",
        "e.txt",
    }
    assert ingest.report.refused == 4
    for file in ingest.report.files:
        if file.outcome == "refused":
            assert file.error.localised("zh") != file.error.localised("en")


def test_a_refused_new_version_leaves_the_old_one_in_the_library_and_says_so(ingest, folder, library):
    write(folder / "a.txt", 3)
    ingest()
    before = texts(library)

    (folder / "a.txt").write_bytes(b"")

    assert ingest() == {"a.txt": "refused"}
    assert ingest.report.files[0].kept_old
    assert ingest.report.files[0].passages > 0
    assert texts(library) == before


def test_half_a_character_in_the_front_matter_does_no_harm(ingest, folder):
    write(folder / "a.txt", 3)
    (folder / "b.md").write_text('---\ntitle: "\\uD800"\n---\n' + TEXT.format(n=8), encoding="utf-8")

    assert ingest() == {"a.txt": "added", "b.md": "added"}


def test_a_file_that_breaks_a_parser_is_refused_like_any_other(ingest, folder, monkeypatch):
    read_content = run_module.read_content

    def fragile(content, *, path, **known):
        if path.name == "b.txt":
            raise RecursionError("too deep")
        return read_content(content, path=path, **known)

    monkeypatch.setattr(run_module, "read_content", fragile)
    write(folder / "a.txt", 3)
    write(folder / "b.txt", 4)

    assert ingest() == {"a.txt": "added", "b.txt": "refused"}
    assert ingest.report.files[1].error.code == "unreadable"


def test_files_are_made_anew_when_the_pipeline_changes(ingest, folder, library):
    write(folder / "a.txt", 3)
    write(folder / "b.txt", 3)
    ingest()
    write(folder / "0.txt", 3)
    options = IngestOptions(passage_tokens=40)

    assert ingest(options=options) == {"0.txt": "same_as", "a.txt": "unchanged", "b.txt": "unchanged"}
    assert ingest(options=options) == {"0.txt": "unchanged", "a.txt": "unchanged", "b.txt": "unchanged"}
    assert ingest() == {"0.txt": "replaced", "a.txt": "unchanged", "b.txt": "unchanged"}
    assert len(library.articles()) == 1


def test_a_file_name_that_is_not_utf8_is_ingested_once(ingest, folder, library):
    path = folder / os.fsdecode(b"\xff\xfe.txt")
    write(path, 3)

    assert list(ingest().values()) == ["added"]
    assert list(ingest().values()) == ["unchanged"]
    path.unlink()
    assert list(ingest(prune=True).values()) == ["removed"]


def test_more_passages_than_a_batch_are_written_in_several(ingest, folder, library, monkeypatch):
    monkeypatch.setattr(batch_module, "BATCH_PASSAGES", 3)
    for n in range(8):
        write(folder / f"{n}.txt", n)

    assert set(ingest().values()) == {"added"}
    assert len(library.articles()) == 8


def test_progress_is_told_for_every_file_and_passage(ingest, folder, library):
    events = []
    for n in range(3):
        write(folder / f"{n}.txt", n)

    ingest(on_event=events.append)

    assert [event.path.name for event in events if event.path][:3] == ["0.txt", "1.txt", "2.txt"]
    assert (events[-1].path, events[-1].files_done, events[-1].files) == (None, 3, 3)
    assert events[-1].passages == library.passage_count()


def test_stopping_keeps_what_was_written_and_the_next_run_does_the_rest(ingest, folder, library, monkeypatch):
    monkeypatch.setattr(batch_module, "BATCH_PASSAGES", 3)
    for n in range(8):
        write(folder / f"{n}.txt", n)

    def stop(event):
        if event.files_done == 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest(on_event=stop)

    assert library.check() == []
    assert 0 < len(library.articles()) < 8
    ingest()
    assert len(library.articles()) == 8


# Forks after the slow imports, so that many processes can be started, and killed, in a short time.
NURSERY = """
import json, os, random, signal, sys, time
from pathlib import Path
import chromadb, chromadb.api.rust, tiktoken
from ingest.run import ingest_paths
from rag.library import Library
sys.path.insert(0, sys.argv[1])
from fakes import HashingEncoder
encoder = HashingEncoder()
articles, library = Path(sys.argv[2]), Path(sys.argv[3])

def open_library():
    return Library.open(library, encoder_name=encoder.name, dimension=encoder.dimension, create=True, exact_up_to=0)

def start(work):
    child = os.fork()
    if not child:
        try:
            work()
        except BaseException:
            import traceback; traceback.print_exc(); os._exit(1)
        os._exit(0)
    return child

def wait(child):
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

def write_articles(version):
    articles.mkdir(exist_ok=True)
    for n in range(40):
        lines = [f"第{version}版第{n}篇第{m}段，医院{m}家，床位{m * n}张。" * 3 for m in range(30)]
        (articles / f"{n}.txt").write_text("\\n".join(lines), encoding="utf-8")

def ingest():
    with open_library() as opened:
        ingest_paths([articles], library=opened, encoder=encoder)
"""

KILLS = """
def look():
    with open_library() as opened:
        opened.recover()
        problems = opened.check()
        assert problems == [], problems
        for summary in opened.articles():
            versions = {p.text[1:p.text.index("版")] for p in opened.article_passages(summary.article_id)}
            assert len(versions) == 1, versions
            found = opened.dense(encoder.embed_query("床位"), top_k=5)
            assert len(found) == 5

write_articles(0)
began = time.monotonic(); assert wait(start(ingest)) == 0; whole = time.monotonic() - began
rng, killed = random.Random(int(sys.argv[4])), 0
version = 0
while killed < 8 and version < 60:  # some runs end before they are killed
    version += 1
    write_articles(version)
    child = start(ingest)
    time.sleep(whole * rng.uniform(0.05, 1.0))
    os.kill(child, signal.SIGKILL)
    killed += wait(child) == -signal.SIGKILL
    assert wait(start(look)) == 0, f"unsound after the kill of version {version}"
assert wait(start(ingest)) == 0

def finish():
    with open_library() as opened:
        assert opened.check() == []
        assert len(opened.articles()) == 40
        assert all(f"第{version}版" in opened.article(s.article_id).text for s in opened.articles())
assert wait(start(finish)) == 0
print(json.dumps({"killed": killed, "whole": whole}))
"""

TOGETHER = """
def read():
    with open_library() as opened:
        for _ in range(60):
            for hit in opened.dense(encoder.embed_query("床位"), top_k=5):
                assert opened.article(hit.passage.article_id).text[hit.passage.start:hit.passage.end] == hit.passage.text

write_articles(0)
children = [start(ingest), start(ingest), start(read), start(read)]
codes = [wait(child) for child in children]

def finish():
    with open_library() as opened:
        assert opened.check() == []
        assert len(opened.articles()) == 40
codes.append(wait(start(finish)))
print(json.dumps(codes))
"""


def in_nursery(script: str, tmp_path: Path, start: int = 0) -> Any:
    support = Path(__file__).parents[1] / "support"
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            NURSERY + script,
            support,
            tmp_path / "articles",
            tmp_path / "library",
            str(start),
        ],
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        timeout=300,
    )
    assert done.returncode == 0, f"{done.stderr[-3000:]}"
    return json.loads(done.stdout)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_a_library_is_sound_after_its_writer_is_killed_at_any_moment(tmp_path):
    outcome = in_nursery(KILLS, tmp_path, start=seed())

    assert outcome["killed"] >= 8


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked")
def test_writers_and_readers_in_several_processes_do_not_harm_each_other(tmp_path):
    assert in_nursery(TOGETHER, tmp_path) == [0, 0, 0, 0, 0]
