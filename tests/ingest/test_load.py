"""Finding files and reading their bytes."""

import os
import tempfile
from pathlib import Path

import pytest

from ingest.load import find_files, read_bytes
from rag.errors import PathMissingError, UnreadableFileError


@pytest.fixture
def unprivileged(monkeypatch):
    """A world-readable folder and a user without special rights; root ignores permissions."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        if os.geteuid() != 0:
            yield folder
            return
        os.chown(folder, 65534, 65534)
        os.seteuid(65534)
        try:
            yield folder
        finally:
            os.seteuid(0)


def make(path, text="正文"):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def codes(found):
    return [getattr(problem.error, "code", type(problem.error).__name__) for problem in found.problems]


def test_a_folder_gives_its_articles_in_order_of_name(tmp_path):
    make(tmp_path / "b.md")
    make(tmp_path / "a.txt")
    make(tmp_path / "sub" / "c.HTML")

    assert [path.name for path in find_files([tmp_path]).files] == ["a.txt", "b.md", "c.HTML"]


def test_hidden_files_folders_and_other_kinds_are_skipped_in_silence(tmp_path):
    make(tmp_path / ".hidden.txt")
    make(tmp_path / ".git" / "a.txt")
    make(tmp_path / "picture.png")

    found = find_files([tmp_path])

    assert (found.files, found.problems) == ((), ())


def test_a_named_file_of_another_kind_is_a_problem(tmp_path):
    assert codes(find_files([make(tmp_path / "picture.png")])) == ["unsupported"]


def test_a_path_that_is_not_there_is_a_problem_and_the_rest_is_found(tmp_path):
    there = make(tmp_path / "a.txt")

    found = find_files([tmp_path / "nothing", there])

    assert found.files == (there,)
    assert isinstance(found.problems[0].error, PathMissingError)


def test_a_file_named_twice_is_found_once(tmp_path):
    file = make(tmp_path / "a.txt")

    assert find_files([file, tmp_path, file]).files == (file,)


def test_links_that_go_round_in_circles_end(tmp_path):
    file = make(tmp_path / "sub" / "a.txt")
    (tmp_path / "sub" / "again").symlink_to(tmp_path, target_is_directory=True)

    found = find_files([tmp_path])

    assert found.files == (file,)
    assert found.problems == ()


def test_a_broken_link_is_a_problem(tmp_path):
    link = tmp_path / "a.txt"
    link.symlink_to(tmp_path / "gone.txt")

    assert codes(find_files([tmp_path])) == ["broken_link"]
    with pytest.raises(UnreadableFileError) as caught:
        read_bytes(link, max_bytes=10)
    assert caught.value.code == "broken_link"


def test_a_pipe_is_a_problem_and_never_waited_for(tmp_path):
    pipe = tmp_path / "a.txt"
    os.mkfifo(pipe)

    assert codes(find_files([tmp_path])) == ["unsupported"]
    with pytest.raises(UnreadableFileError, match="not a regular file"):
        read_bytes(pipe, max_bytes=10)


def test_a_folder_without_permission_is_a_problem_and_the_rest_is_found(unprivileged):
    open_file = make(unprivileged / "a.txt")
    closed = make(unprivileged / "closed" / "b.txt").parent
    closed.chmod(0)

    found = find_files([unprivileged])
    closed.chmod(0o700)

    assert found.files == (open_file,)
    assert codes(found) == ["no_permission"]


def test_a_file_without_permission_cannot_be_read(unprivileged):
    file = make(unprivileged / "a.txt")
    file.chmod(0)

    with pytest.raises(UnreadableFileError) as caught:
        read_bytes(file, max_bytes=10)
    assert caught.value.code == "no_permission"


def test_a_name_with_a_nul_in_it_is_a_problem():
    assert codes(find_files([Path("a\0b.txt")])) == ["unreadable"]


def test_bytes_come_back_as_they_are(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"\xff\x00\r\n")

    assert read_bytes(tmp_path / "a.txt", max_bytes=4) == b"\xff\x00\r\n"


@pytest.mark.parametrize(("size", "code"), [(0, "empty"), (11, "too_large")])
def test_a_file_of_the_wrong_size_is_refused(tmp_path, size, code):
    (tmp_path / "a.txt").write_bytes(b"x" * size)

    with pytest.raises(UnreadableFileError) as caught:
        read_bytes(tmp_path / "a.txt", max_bytes=10)
    assert caught.value.code == code


def test_a_file_that_does_not_know_its_size_is_still_bounded():
    endless = Path("/proc/self/environ")
    if not endless.exists():
        pytest.skip("no /proc here")

    with pytest.raises(UnreadableFileError, match="the most that is read"):
        read_bytes(endless, max_bytes=1)


def test_a_missing_file_is_a_missing_path(tmp_path):
    with pytest.raises(PathMissingError):
        read_bytes(tmp_path / "gone.txt", max_bytes=10)
