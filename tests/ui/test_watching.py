from __future__ import annotations

import json
import queue
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from office_files import zip_bytes

from rag.errors import LibraryBusyError
from rag.library import Library, OriginFile, StoredOrigin
from rag.settings import load_settings
from ui.ingesting import Reading, Wanted, reading
from ui.watching import Follower, Watch, paths_to_read

TEXT = "# {name}试点进展\n\n{name}在三家医院试点，门诊等候时间缩短了一半以上。\n"
PATIENCE_S = 60


def origin(path: Path) -> StoredOrigin:
    file = OriginFile(path=str(path), content_hash="0" * 64, size=1, mtime_ns=1)
    return StoredOrigin(file=file, article_id="a", pipeline="")


# What is to be read


def test_new_and_changed_files_are_read_and_those_of_other_kinds_are_skipped_once(tmp_path):
    for name in ("新.md", "旧.txt", "表.xlsx", "图.png"):
        (tmp_path / name).touch()
    changes = {tmp_path / "新.md": True, tmp_path / "旧.txt": False, tmp_path / "表.xlsx": True}
    changes[tmp_path / "图.png"] = False

    wanted, skipped = paths_to_read(changes, [], named=[])

    assert set(wanted) == {tmp_path / "新.md", tmp_path / "旧.txt"}
    assert skipped == [tmp_path / "表.xlsx"]


def test_a_file_of_another_kind_that_was_named_is_read_so_that_it_is_refused(tmp_path):
    (tmp_path / "表.xlsx").touch()
    path = tmp_path / "表.xlsx"

    assert paths_to_read({path: False}, [], named=[path]) == ([path], [])


def test_a_new_folder_is_read_and_an_old_one_is_left_to_its_files(tmp_path):
    (tmp_path / "新").mkdir()

    assert paths_to_read({tmp_path / "新": True, tmp_path: False}, [], named=[]) == ([tmp_path / "新"], [])


def test_of_what_is_gone_only_what_the_library_remembers_matters(tmp_path):
    gone = {tmp_path / "去.md": False, tmp_path / "4913": False, tmp_path / "folder": False}
    gone[tmp_path / "news.zip"] = False
    known = [tmp_path / "去.md", tmp_path / "folder" / "a.md", tmp_path / "news.zip" / "b.md"]
    stays = tmp_path / "folder-2" / "c.md"

    wanted, skipped = paths_to_read(gone, map(origin, [*known, stays]), named=[])

    assert (set(wanted), skipped) == (set(known), [])


# What is followed


def changed(follower: Follower, *paths: Path, timeout_s: float = 10) -> dict[Path, bool]:
    """Wait until all of the paths have changed; return everything that has."""
    told: dict[Path, bool] = {}
    end = time.monotonic() + timeout_s
    while not set(paths) <= set(told) and time.monotonic() < end:
        told |= follower.wait(0.5)
    assert set(paths) <= set(told)
    return told


def test_the_library_itself_and_hidden_files_are_not_followed(tmp_path):
    library = tmp_path / "library"
    (library / "chroma").mkdir(parents=True)
    follower = Follower([tmp_path], apart_from=library, language="en")

    with follower.following():
        (library / "library.db").touch()
        (library / "chroma" / "a.json").touch()
        (tmp_path / ".swp.md").touch()
        (tmp_path / "~$文章.docx").touch()
        (tmp_path / "文章.md").touch()
        told = changed(follower, tmp_path / "文章.md")

    assert set(told) <= {tmp_path / "文章.md", tmp_path}


def test_a_named_file_is_followed_through_being_replaced_and_its_neighbours_are_not(tmp_path):
    file, neighbour = tmp_path / "文章.md", tmp_path / "别的.md"
    file.touch()
    follower = Follower([file], apart_from=tmp_path / "library", language="en")

    with follower.following():
        for text in ("一", "二"):
            neighbour.write_text(text, encoding="utf-8")
            (tmp_path / "draft").write_text(text, encoding="utf-8")
            (tmp_path / "draft").replace(file)
            told = changed(follower, file)

    assert set(told) == {file}


def test_what_cannot_be_followed_is_raised_where_changes_are_waited_for(tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    follower = Follower([gone], apart_from=tmp_path / "library", language="en")
    gone.rmdir()

    with follower.following(), pytest.raises((OSError, RuntimeError)):
        follower.wait(10)


# The whole command


class Watching:
    """`yigai ingest --watch` in a process of its own, and what it says, line by line."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line.rstrip("\n"))

    def line_with(self, *words: str) -> str:
        """Wait for a line that has all the words; return it."""
        end = time.monotonic() + PATIENCE_S
        seen = []
        while time.monotonic() < end:
            try:
                seen.append(self._lines.get(timeout=1))
            except queue.Empty:
                assert self.process.poll() is None, seen
                continue
            if all(word in seen[-1] for word in words):
                return seen[-1]
        raise AssertionError(f"no line with {words} in {seen}")

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=PATIENCE_S)


@pytest.fixture
def watch(tmp_path):
    @contextmanager
    def run(*arguments: object) -> Iterator[Watching]:
        command = [Path(sys.executable).with_name("yigai"), "ingest", *map(str, arguments), "--watch"]
        process = subprocess.Popen(
            [*command, "--library", str(tmp_path / "library")],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            encoding="utf-8",
            env={"LANG": "en_US.UTF-8", "HOME": str(Path.home()), "PATH": "/usr/bin:/bin"},
            cwd=tmp_path,
        )
        try:
            yield Watching(process)
        finally:
            process.kill()
            process.wait()
            process.stdout.close()

    return run


def test_a_folder_is_read_first_and_then_whatever_changes_until_interrupted(watch, tmp_path):
    folder = tmp_path / "articles"
    (folder / "deep").mkdir(parents=True)
    (folder / "甲.md").write_text(TEXT.format(name="甲市"), encoding="utf-8")
    (folder / "deep" / "乙.md").write_text(TEXT.format(name="乙市"), encoding="utf-8")

    with watch("articles", "--prune") as watching:
        watching.line_with("added", "甲.md")
        watching.line_with("Watching articles")
        (folder / "丙.md").write_text(TEXT.format(name="丙市"), encoding="utf-8")
        watching.line_with("added", "丙.md")
        (folder / "甲.md").write_text(TEXT.format(name="甲县"), encoding="utf-8")
        watching.line_with("replaced", "甲.md")
        (folder / "空.txt").touch()
        watching.line_with("refused", "空.txt", "the file is empty")
        (folder / "表.xlsx").touch()
        watching.line_with("skipped", "表.xlsx")
        (folder / "news.zip").write_bytes(zip_bytes({"丁.md": TEXT.format(name="丁市")}))
        watching.line_with("opened", "news.zip")
        (folder / "丙.md").rename(folder / "丙丙.md")
        watching.line_with("moved", "丙丙.md")
        shutil.rmtree(folder / "deep")
        watching.line_with("removed", "乙.md")

        assert watching.interrupt() == 0
        ended = watching.line_with("Ended:")
        watching.line_with("The library has 3 articles")

    assert "1 replaced" in ended
    assert "1 removed" in ended
    assert "1 moved" in ended
    assert Library.check_at(tmp_path / "library") == []


@pytest.fixture
def opened(tmp_path):
    settings = load_settings(library=tmp_path / "library")
    with reading(Wanted(paths=(), is_quiet=True), settings, language="en") as opened:
        yield opened


def watch_over(opened, folder, **wanted):
    follower = Follower([folder], apart_from=opened.library.directory, language="en")
    return Watch(opened, follower, roots=[folder], wanted=Wanted(paths=(folder,), **wanted))


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "articles"
    folder.mkdir()
    (folder / "甲.md").write_text(TEXT.format(name="甲市"), encoding="utf-8")
    return folder


def test_watching_tells_scripts_a_document_a_line(opened, folder, capsys):
    watch = watch_over(opened, folder, is_quiet=True)

    watch.begin()
    (folder / "甲.md").write_text(TEXT.format(name="甲县"), encoding="utf-8")
    assert watch.read({folder / "甲.md": False})
    assert watch.read({folder / "甲.md": False})
    watch.sum_up()

    first, second, last = map(json.loads, capsys.readouterr().out.splitlines())
    assert [f["outcome"] for f in first["files"]] == ["added"]
    assert [f["outcome"] for f in second["files"]] == ["replaced"]
    assert (last["ended"], last["files"], last["articles"]) == (True, [], 1)
    assert {name: count for name, count in last["totals"].items() if count} == {"added": 1, "replaced": 1}


class Failing(Reading):
    """A library that fails the first time that it is written to."""

    def __init__(self, opened: Reading, error: Exception) -> None:
        self.library, self.language = opened.library, opened.language
        self._opened, self._errors = opened, [error]

    def read(self, paths, *, prune):
        if self._errors:
            raise self._errors.pop()
        return self._opened.read(paths, prune=prune)


@pytest.mark.parametrize(
    ("error", "is_done_with", "told"),
    [
        (LibraryBusyError(path="x", waited_s=30), False, "tried again"),
        (MemoryError("too large"), True, "Unexpected error (MemoryError)"),
    ],
)
def test_an_error_is_told_and_does_not_end_it(opened, folder, capsys, error, is_done_with, told):
    watch = watch_over(Failing(opened, error), folder)

    assert watch.read({folder / "甲.md": True}) is is_done_with
    assert told in capsys.readouterr().err
    assert watch.read({folder / "甲.md": True})
    assert "added" in capsys.readouterr().out


def test_where_nothing_changed_the_summary_says_so(opened, folder, capsys):
    watch_over(opened, folder).sum_up()

    assert "Ended: nothing changed meanwhile" in capsys.readouterr().out


def test_watching_nothing_is_bad_input(cli, tmp_path):
    ran = cli("ingest", tmp_path / "nowhere", "--watch", "--library", tmp_path / "library")

    assert ran.code == 2
    assert "There is nothing at" in ran.err
