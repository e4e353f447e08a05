from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from office_files import zip_bytes

from ingest.load import SUPPORTED_SUFFIXES
from ingest.report import FileReport, IngestEvent, IngestReport
from ingest.run import IngestOptions, ingest_paths
from rag.errors import ArticleNotFoundError, UnreadableFileError
from rag.library import Library
from ui.web.intake import (
    FOLDER,
    LONGEST_NAME,
    MOST_PLAIN_ROWS,
    Intake,
    accepted_types,
    discard,
    handed_in,
    kept_name,
    outcomes_of,
)

TEXT = "# 定海：家庭病床\n\n舟山市定海区建立家庭病床412张，每床每日补助60元。\n"
HOSTILE_NAMES = [
    "<img src=x onerror=alert(1)>.md",
    "' onclick='x\".md",
    "-rf.md",
    ".hidden.md",
    "…．．.md",
    "a\nb\tc.md",
    "\u202egpj.md",
    "空 格　名.md",
    "医" * 80 + ".md",
    "con:*?|.md",
    "%2e%2e%2f.md",
]


@pytest.fixture
def intake(own, encoder):
    return Intake(library=own, encoder=encoder, options=IngestOptions(), most_files=3)


@pytest.fixture
def hand(tmp_path):
    """Writes a file as an upload leaves it: in a folder of its own."""

    def write(name, text=TEXT):
        folder = tmp_path / "upload"
        folder.mkdir(exist_ok=True)
        path = folder / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def taken(intake, *files):
    *events, report = intake.take_in(files)
    assert all(isinstance(event, IngestEvent) for event in events)
    assert isinstance(report, IngestReport)
    return report.files


def kept_in(library):
    """What is kept of what was handed in, hidden files and empty folders too."""
    folder = library.directory / FOLDER
    return sorted(str(path.relative_to(folder)) for path in folder.glob("**/*")) if folder.exists() else []


def test_a_file_is_read_into_the_library_and_kept_as_it_was(intake, hand):
    (file,) = taken(intake, hand("家庭病床.md"))

    article = intake.library.article(file.article_id)
    assert (file.outcome, article.title) == ("added", "定海：家庭病床")
    assert "412张" in article.text
    assert file.path.read_text(encoding="utf-8") == TEXT
    assert (file.path.name, file.path.parent.parent) == ("家庭病床.md", intake.library.directory / FOLDER)
    assert len(kept_in(intake.library)) == 2


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_hostile_name_is_a_harmless_file_below_uploads(intake, hand, name):
    (file,) = taken(intake, hand(name))

    assert file.outcome == "added"
    assert file.path.parent.parent == intake.library.directory / FOLDER
    assert file.path.name.isprintable()
    assert not set('<>:"|?*') & set(file.path.name)
    assert not file.path.name.startswith(".")


@given(st.text(max_size=300))
def test_any_name_becomes_one_that_any_disk_takes(name):
    kept = kept_name(name)

    assert not kept.startswith((".", " "))
    assert not set('<>:"|?*/\\') & set(kept)
    assert kept.isprintable()
    assert 0 < len(kept.encode()) <= LONGEST_NAME + 1 + 40
    assert Path(kept).name == kept


@pytest.mark.parametrize("suffix", accepted_types())
@pytest.mark.parametrize("stem", ["文章", "x" * 500, "../../etc/passwd", "C:\\Users\\a"])
def test_the_kind_of_a_file_survives_its_new_name(stem, suffix):
    assert Path(kept_name(stem + suffix)).suffix == suffix


@pytest.mark.parametrize(
    ("name", "content"),
    [("空.md", b""), ("图.md", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9), ("表.xlsx", b"PK\x03\x04")],
)
def test_a_file_that_is_refused_leaves_nothing_behind(intake, hand, name, content):
    before = intake.library.articles()

    good, bad = taken(intake, hand("好.md"), hand(name, content))

    assert (good.outcome, bad.outcome) == ("added", "refused")
    assert bad.error is not None
    assert [Path(path).name for path in kept_in(intake.library)][1:] == ["好.md"]
    assert len(intake.library.articles()) == len(before) + 1


def test_a_file_that_is_too_large_is_refused(own, encoder, hand):
    intake = Intake(library=own, encoder=encoder, options=IngestOptions(max_bytes=100))

    (file,) = taken(intake, hand("大.md", TEXT * 9))

    assert (file.outcome, kept_in(own)) == ("refused", [])
    assert intake.max_mb == 0.0001


def test_the_same_file_twice_is_one_article_and_one_copy(intake, hand):
    (first,) = taken(intake, hand("病床.md"))
    (again,) = taken(intake, hand("病床.md"))

    assert (first.outcome, again.outcome) == ("added", "unchanged")
    assert len(kept_in(intake.library)) == 2


def test_the_same_file_twice_at_once_is_one_article(intake, hand):
    file = hand("病床.md")

    taken(intake, file, file)

    assert [a.title for a in intake.library.articles()].count("定海：家庭病床") == 1
    assert len(kept_in(intake.library)) == 2


def test_the_same_text_under_two_names_is_one_article_and_goes_with_both(intake, hand):
    first, other = taken(intake, hand("甲.md"), hand("乙.md"))
    assert (first.outcome, other.outcome) == ("added", "same_as")

    title = intake.remove(first.article_id)

    assert title == "定海：家庭病床"
    assert kept_in(intake.library) == []


def test_no_more_files_are_read_than_may_come_at_once(intake, hand):
    files = [hand(f"{n}.md", TEXT.replace("412", str(n))) for n in range(1, 6)]

    assert len(taken(intake, *files)) == 3


def test_removing_an_article_takes_what_was_handed_in_for_it_and_nothing_else(intake, hand):
    gone, stays = taken(intake, hand("去.md"), hand("留.md", TEXT.replace("412", "99")))

    intake.remove(gone.article_id)

    assert [Path(path).name for path in kept_in(intake.library)][1:] == ["留.md"]
    assert stays.article_id in {a.article_id for a in intake.library.articles()}
    assert intake.library.check() == []
    with pytest.raises(ArticleNotFoundError):
        intake.remove(gone.article_id)


def test_a_file_outside_uploads_stays_where_it_is(intake, hand, encoder):
    file = hand("自己的.md")
    report = ingest_paths([file], library=intake.library, encoder=encoder)

    intake.remove(report.files[0].article_id)

    assert file.exists()


def test_an_article_whose_copy_is_already_gone_can_be_removed(intake, hand):
    (file,) = taken(intake, hand("去.md"))
    shutil.rmtree(file.path.parent)

    assert intake.remove(file.article_id) == "定海：家庭病床"


@pytest.mark.parametrize("path", ["uploads/../library.db", "uploads/a/b/c.md", "library.db", "../x.md"])
def test_only_what_lies_right_in_a_folder_of_uploads_is_discarded(tmp_path, path):
    (tmp_path / "uploads" / "a" / "b").mkdir(parents=True)
    for name in ("library.db", "uploads/a/b/c.md"):
        (tmp_path / name).touch()

    discard(tmp_path / path, tmp_path)

    assert (tmp_path / "library.db").exists()
    assert (tmp_path / "uploads/a/b/c.md").exists()


def test_a_library_named_by_a_roundabout_path_keeps_what_was_handed_in(
    own_library, encoder, hand, monkeypatch
):
    monkeypatch.chdir(hand("病床.md").parent)
    roundabout = Path(os.pardir) / own_library.name
    with Library.open(roundabout, encoder_name=encoder.name, dimension=encoder.dimension) as library:
        intake = Intake(library=library, encoder=encoder, options=IngestOptions())

        (file,) = taken(intake, hand("病床.md"))
        assert file.path.exists()

        intake.remove(file.article_id)
        assert not file.path.exists()


class _Failing:
    """The encoder, until it is asked for vectors."""

    def __init__(self, encoder):
        self._encoder = encoder

    def __getattr__(self, name):
        return getattr(self._encoder, name)

    def embed_passages(self, *_, **__):
        raise MemoryError


def test_an_error_midway_reaches_the_caller_and_leaves_no_copies(own, encoder, hand):
    intake = Intake(library=own, encoder=_Failing(encoder), options=IngestOptions())

    with pytest.raises(MemoryError):
        list(intake.take_in([hand("一.md"), hand("二.md", TEXT + "又。")]))

    assert kept_in(own) == []


def test_a_file_that_cannot_be_copied_leaves_the_others_copies_behind_neither(intake, hand, tmp_path):
    with pytest.raises(FileNotFoundError):
        list(intake.take_in([hand("一.md"), tmp_path / "gone.md"]))

    assert kept_in(intake.library) == []


# Files that hold many articles


def test_an_archive_is_kept_while_an_article_from_it_is_in_the_library(intake, hand):
    archive = hand("新闻.zip", zip_bytes({"一.md": TEXT, "二.md": TEXT.replace("412", "77")}))

    first, second, opened = taken(intake, archive)

    assert (first.outcome, second.outcome, opened.outcome) == ("added", "added", "opened")
    assert opened.path.is_file()
    intake.remove(first.article_id)
    assert opened.path.is_file()
    intake.remove(second.article_id)
    assert kept_in(intake.library) == []
    assert intake.library.check() == []


def test_an_archive_of_what_is_there_already_is_kept_as_long_as_that(intake, hand):
    (single,) = taken(intake, hand("一.md"))

    member, opened = taken(intake, hand("新闻.zip", zip_bytes({"一.md": TEXT})))

    assert (member.outcome, member.article_id) == ("same_as", single.article_id)
    assert opened.path.is_file()
    intake.remove(single.article_id)
    assert kept_in(intake.library) == []


def test_an_archive_with_nothing_in_it_that_can_be_read_leaves_nothing_behind(intake, hand):
    taken(intake, hand("空.zip", zip_bytes({"空.txt": ""})), hand("坏.zip", b"PK\x03\x04 and no more"))

    assert kept_in(intake.library) == []


def test_a_table_that_was_handed_in_is_kept_with_its_rows(intake, hand):
    *rows, opened = taken(intake, hand("新闻.csv", "标题,正文\n甲,定海区建立家庭病床412张。\n"))

    assert [row.outcome for row in rows] == ["added"]
    assert opened.path.is_file()


def test_the_kinds_that_may_be_handed_in_are_those_that_are_read():
    assert set(accepted_types()) == SUPPORTED_SUFFIXES


def test_what_lay_in_an_archive_is_named_with_it_and_no_folder_of_the_server(intake, hand):
    report = IngestReport(files=taken(intake, hand("新闻.zip", zip_bytes({"里/一.md": TEXT}))))

    rows, unnamed = outcomes_of(report, intake.library.directory, "zh")

    assert [row["name"] for row in rows] == ["新闻.zip/里/一.md", "新闻.zip"]
    assert unnamed == 0


def test_of_very_many_files_those_that_went_wrong_are_all_named():
    error = UnreadableFileError(code="empty", detail_en="it is empty", detail_zh="文件是空的")
    good = [FileReport(path=Path(f"/{n}.md"), outcome="added") for n in range(MOST_PLAIN_ROWS + 7)]
    bad = [FileReport(path=Path(f"/x{n}.md"), outcome="refused", error=error) for n in range(300)]

    rows, unnamed = outcomes_of(IngestReport(files=(*good, *bad)), Path("/library"), "en")

    assert unnamed == 7
    assert sum(bool(row["is_bad"]) for row in rows) == 300
    assert len(rows) == MOST_PLAIN_ROWS + 300


@pytest.mark.parametrize(
    ("path", "holder"),
    [
        ("u/ab/n.zip/x/y.md", "u/ab/n.zip"),
        ("u/ab/n.md", "u/ab/n.md"),
        ("u/ab", "u/ab"),
        ("elsewhere/n.zip/y.md", "elsewhere/n.zip/y.md"),
        ("u/../library.db", "u/../library.db"),
    ],
)
def test_what_was_handed_in_is_told_from_what_lies_in_it(path, holder):
    assert handed_in(Path(path), Path("u")) == Path(holder)
