from __future__ import annotations

import json

import pytest
from one_line import is_one_line
from questions import WUHU

from rag.library import Library


@pytest.fixture
def exported(cli, ask, own_library, tmp_path):
    """The library of the test in one file, with an answer that was kept in it."""
    ask(WUHU)
    path = tmp_path / "文库备份.zip"
    assert cli("library", "export", path, "--library", own_library).code == 0
    return path


def test_a_library_is_whole_on_the_other_side(cli, own_library, exported, tmp_path):
    other = tmp_path / "other"

    ran = cli("library", "import", exported, "--library", other)
    again = json.loads(cli("library", "import", exported, "--json", "--library", other).out)

    assert ran.code == 0
    with Library.open(own_library) as ours, Library.open(other) as theirs:
        ids = [a.article_id for a in ours.articles()]
        assert {a.article_id: a.n_chars for a in theirs.articles()} == {
            a.article_id: a.n_chars for a in ours.articles()
        }
        assert [ours.article(i).text for i in ids] == [theirs.article(i).text for i in ids]
        assert ours.history.ids() == theirs.history.ids()
    assert f"{len(ids)} articles added" in ran.out
    assert "1 kept answers" in ran.out
    assert (again["added"], again["unchanged"], again["answers"]) == (0, len(ids), 0)
    assert cli("library", "check", "--library", other).code == 0
    assert "48.8%" in cli("ask", WUHU, "--library", other).out


def test_export_tells_what_it_wrote(cli, own_library, tmp_path):
    path = tmp_path / "a.zip"

    document = json.loads(cli("library", "export", path, "--json", "--library", own_library).out)
    ran = cli("library", "export", path, "--force", "--library", own_library, language="zh")

    assert document["articles"] > 20
    assert (document["versions"], document["answers"], document["path"]) == (0, 0, str(path))
    assert f"已导出 {document['articles']} 篇文章" in ran.out


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_file_that_is_there_is_overwritten_only_when_told(cli, own_library, tmp_path, language):
    path = tmp_path / "重要.zip"
    path.write_text("重要的东西", encoding="utf-8")

    ran = cli("library", "export", path, "--library", own_library, language=language)

    assert ran.code == 2
    assert is_one_line(ran.err)
    assert "--force" in ran.err
    assert path.read_text(encoding="utf-8") == "重要的东西"
    assert cli("library", "export", path, "--force", "--library", own_library).code == 0
    assert path.read_bytes().startswith(b"PK")


@pytest.mark.parametrize(("place", "told"), [(".", "is a folder"), ("nowhere/a.zip", "does not exist")])
def test_a_place_that_cannot_be_written_to_is_bad_input(cli, own_library, tmp_path, place, told):
    ran = cli("library", "export", tmp_path / place, "--force", "--library", own_library)

    assert ran.code == 2
    assert is_one_line(ran.err)
    assert told in ran.err


def test_a_name_that_no_disk_takes_is_a_failure_in_one_line(cli, own_library, tmp_path):
    ran = cli("library", "export", tmp_path / ("x" * 250 + ".zip"), "--library", own_library)

    assert ran.code == 1
    assert is_one_line(ran.err)
    assert "cannot be written" in ran.err


def test_a_file_that_is_no_exported_library_makes_none(cli, tmp_path):
    file, library = tmp_path / "a.zip", ("--library", tmp_path / "library")
    file.write_bytes(b"PK\x03\x04")

    broken, missing = cli("library", "import", file, *library), cli("library", "import", "none.zip", *library)

    assert (broken.code, missing.code) == (2, 2)
    assert is_one_line(broken.err)
    assert is_one_line(missing.err)
    assert "yigai library export" in broken.err
    assert "There is no file" in missing.err
    assert not (tmp_path / "library").exists()


def test_a_damaged_file_is_not_taken_in(cli, exported, tmp_path):
    content = bytearray(exported.read_bytes())
    content[len(content) // 2] ^= 0xFF
    exported.write_bytes(content)

    ran = cli("library", "import", exported, "--library", tmp_path / "other")

    assert ran.code == 2
    assert is_one_line(ran.err)
    assert not (tmp_path / "other").exists()
