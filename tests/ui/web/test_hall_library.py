from __future__ import annotations

import os
import re
import threading
from dataclasses import replace

import pytest
from marked_up import named, parsed

from ingest.load import OLD_SUFFIXES, SUPPORTED_SUFFIXES
from rag.build import build_pipeline, open_library
from rag.settings import load_settings


@pytest.fixture
def writable(tmp_path, encoder, hall_of):
    """A page over an empty library of its own, which is closed when nobody makes examples of it any more."""
    with open_library(tmp_path / "library", encoder, create=True) as library:
        yield hall_of(build_pipeline(library, encoder, load_settings()), library=library)
        for thread in threading.enumerate():
            if thread.name == "examples":
                thread.join(30)


@pytest.fixture
def file_of(tmp_path):
    """Writes an article of its own for each name."""

    def write(name, beds=412):
        text = f"# 定海：家庭病床\n\n舟山市定海区建立家庭病床{beds}张，每床每日补助60元。\n"
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


def test_files_are_taken_in_with_progress_and_a_line_for_each(writable, file_of, tmp_path):
    empty = tmp_path / "空.md"
    empty.touch()

    *progress, last = writable.take_in([file_of("病床.md"), empty])

    assert any("正在读取 病床.md" in one for one in progress)
    assert len(parsed(last).find_class("good")) == len(parsed(last).find_class("bad")) == 1
    assert "定海：家庭病床" in last
    assert "定海" in writable.shelf("家庭病床")


def test_no_folder_of_the_server_is_told(writable, file_of, tmp_path):
    *progress, last = writable.take_in([file_of("甲.md"), file_of("乙.md")])

    assert "与 甲.md 内容相同" in parsed(last).text_content()
    for one in (*progress, last):
        assert str(tmp_path) not in one
        assert "uploads" not in one


def test_an_article_is_removed_and_so_named(writable, file_of):
    list(writable.take_in([file_of("甲.md")]))
    (article_id,) = named(writable.shelf(), "data-remove")

    assert "已移出《定海：家庭病床》。" in writable.remove(article_id)
    assert named(writable.shelf(), "data-remove") == []
    assert "有 0 篇文章" in parsed(writable.remove(article_id)).text_content()


def test_nothing_chosen_and_too_many_files_are_said(writable, file_of):
    files = [file_of(f"{number}.md", beds=number) for number in range(1, 5)]

    *_, last = replace(writable, intake=replace(writable.intake, most_files=3)).take_in(files)

    assert "请先选择文件" in "".join(writable.take_in([]))
    assert "一次最多 3 个文件" in last
    assert len(parsed(last).findall(".//li")) == 3


def test_a_file_that_vanished_is_a_problem_and_not_a_crash(writable, tmp_path, caplog):
    *_, last = writable.take_in([tmp_path / "gone.md"])

    assert "文件没有全部加入" in last
    assert len(parsed(last).find_class("problem")) == 1
    assert caplog.records[-1].exc_info is not None


def test_a_library_that_may_only_be_read_offers_and_does_nothing(hall_of, pipeline, sample, tmp_path):
    hall = hall_of(pipeline, library_of_pages=sample)
    before = sample.articles()

    assert "只读" in hall.adding_hint()
    assert named(hall.shelf(), "data-remove") == []
    assert "只读" in "".join(hall.take_in([tmp_path / "x.md"]))
    assert "只读" in hall.remove(before[0].article_id)
    assert sample.articles() == before


def test_the_hint_says_what_may_be_added(writable):
    hint = parsed(writable.adding_hint()).text_content()
    words = set(re.split(r"[\s；。;]+", hint))
    assert words >= SUPPORTED_SUFFIXES - OLD_SUFFIXES
    assert not words & OLD_SUFFIXES
    assert "20 MB" in writable.adding_hint()


# The rest


@pytest.mark.parametrize(("language", "told"), [("zh", "文库还是空的"), ("en", "The library is empty")])
def test_an_empty_library_says_where_to_begin(hall_of, encoder, tmp_path, language, told):
    with open_library(tmp_path / "library", encoder, create=True) as library:
        hall = hall_of(build_pipeline(library, encoder, load_settings()), language=language, library=library)

        assert told in hall.opened("", "v:1").log


def test_the_welcome_counts_the_articles_and_asks_nothing_before_examples_are_tried(
    hall_of, pipeline, sample
):
    welcome = hall_of(pipeline).opened("", "v:1").log

    assert f"文库里有 {len(sample.articles())} 篇文章。请在下面提问。" in welcome
    assert named(welcome, "data-ask") == []


def test_the_header_names_who_has_logged_in_and_leads_to_the_other_language(hall_of, pipeline):
    header = hall_of(pipeline, language="en").header("张三")

    assert parsed(header).find_class("person")[0].text_content() == "张三"
    assert named(header, "action") == ["/root/logout"]
    assert "/root/" in named(header, "href")
    assert parsed(hall_of(pipeline).header()).find_class("person") == []


def test_the_latest_report_is_framed_with_its_time(hall_of, pipeline, sample):
    hall = hall_of(pipeline, library_of_pages=sample)
    assert "还没有评测报告" in hall.quality()
    folder = hall.shelves.reports / "one"
    folder.mkdir(parents=True)
    (folder / "report.html").touch()
    os.utime(folder / "report.html", (1_700_000_000, 1_700_000_000))

    assert named(hall.quality(), "src") == ["/root/report"]
    assert "2023-11-1" in hall.quality()
