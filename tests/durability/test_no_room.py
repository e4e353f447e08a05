"""Where there is no room, or nothing may be written: a clear error, what was there is found, the next run completes."""

from __future__ import annotations

import re

import full_disk
import pytest
from chance import seeded
from many_articles import write_articles

ARTICLES = 60
ROOMY_KB = 9_000

needs_a_disk = pytest.mark.skipif(
    not full_disk.can_mount(), reason="no small file system can be had here (unshare, mount -t tmpfs)"
)


@pytest.fixture
def articles(tmp_path):
    write_articles(tmp_path / "articles", count=ARTICLES)
    return tmp_path / "articles"


def sizes_between(least_kb: int, most_kb: int, *, count: int) -> list[int]:
    """Draw sizes from all parts of a range."""
    step, chance = (most_kb - least_kb) / count, seeded()
    return [int(least_kb + step * (part + chance.random())) for part in range(count)]


def require_told(told: dict[str, str], kind: str, step: tuple[str, str]) -> None:
    """The error is one of ours, names the library in both languages, and says what to do."""
    assert told["error"] == kind, told
    for language, words in zip(("en", "zh"), step, strict=True):
        assert words in told[language], told
        assert "/library" in told[language], told
    assert re.search("[一-鿿]", told["zh"]), told


def require_answers(told: dict[str, object]) -> int:
    """It opens, finds and cites, as far as there is anything; return how many articles there are."""
    if told["error"] == "LibraryMissingError":
        return 0
    assert told["error"] is None, told
    least = min(5, told["articles"])
    assert (told["lexical"], told["dense"], told["quoted"]) == (least, least, True), told
    return told["articles"]


def require_story(story: dict[str, dict[str, object]], kind: str, step: tuple[str, str]) -> int:
    if story["first"]["error"] is not None:
        require_told(story["first"], kind, step)
    held = require_answers(story["full"])
    assert (story["last"]["error"], story["last"]["articles"], story["last"]["problems"]) == (
        None,
        ARTICLES,
        [],
    )
    return held


@needs_a_disk
def test_with_the_disk_full_the_library_answers_and_with_room_again_it_is_completed(tmp_path, articles):
    sizes = sizes_between(60, 2_200, count=6)

    stories = full_disk.run("full", tmp_path / "disk", articles, sizes)

    held = [
        require_story(story, "LibraryFullError", ("Make room, then run", "腾出空间后重新运行"))
        for story in stories
    ]
    assert any(0 < count < ARTICLES for count in held), (sizes, held)
    assert stories[0]["first"]["error"], sizes


@needs_a_disk
def test_a_library_whose_vectors_are_in_files_of_their_own_bears_a_full_disk(tmp_path):
    write_articles(tmp_path / "many", count=300)  # Chroma writes index files at a thousand vectors
    sizes = sizes_between(6_000, 7_500, count=1)

    [story] = full_disk.run("full", tmp_path / "disk", tmp_path / "many", sizes)

    require_told(story["first"], "LibraryFullError", ("Make room", "腾出空间"))
    assert 100 < require_answers(story["full"]) < 300, sizes
    assert (story["last"]["articles"], story["last"]["problems"]) == (300, []), sizes


def test_where_files_may_not_grow_the_library_answers_and_without_the_limit_it_is_completed(
    tmp_path, articles
):
    sizes = sizes_between(10, 900, count=4)

    stories = full_disk.run("limited", tmp_path, articles, sizes)

    held = [
        require_story(story, "LibraryUnwritableError", ("Choose another folder", "换一个文件夹"))
        for story in stories
    ]
    assert any(0 < count < ARTICLES for count in held), (sizes, held)


@needs_a_disk
def test_on_a_disk_that_may_only_be_read_the_library_answers_and_an_ingest_says_so(tmp_path, articles):
    [story] = full_disk.run("read-only", tmp_path / "disk", articles, [ROOMY_KB])

    assert require_answers(story["full"]) == ARTICLES // 2
    require_told(story["last"], "LibraryUnwritableError", ("Choose another folder", "换一个文件夹"))
    assert story["checked"]["problems"] == []
