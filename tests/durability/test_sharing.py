"""Several processes at one library: writers take turns or are told, readers see whole articles only."""

from __future__ import annotations

import re
import time

import sharers
from many_articles import write_articles

from rag.library import Library

ARTICLES = 60


def test_of_two_ingests_at_once_one_waits_and_both_leave_one_whole_library(tmp_path):
    write_articles(tmp_path / "articles", count=ARTICLES)
    writers = [sharers.start("write", tmp_path / "library", tmp_path / "articles") for _ in range(2)]
    for writer in writers:
        sharers.go(writer)

    reports = [sharers.ended(writer)["reports"][0] for writer in writers]

    # The first has added all of them; the one that waited found nothing to do.
    assert sorted(report["added"] for report in reports) == [0, ARTICLES]
    assert sorted(report["unchanged"] for report in reports) == [0, ARTICLES]
    with Library.open(tmp_path / "library", exact_up_to=0) as library:
        assert len(library.articles()) == ARTICLES
        assert library.check() == []


def test_an_ingest_that_would_wait_too_long_is_told_that_another_writes_and_what_to_do(tmp_path):
    write_articles(tmp_path / "articles", count=3)
    done = tmp_path / "done"
    holder = sharers.start("hold", tmp_path / "library", done)
    writer = sharers.start("wait", tmp_path / "library", tmp_path / "articles", 0.5)
    sharers.go(holder)
    while not done.with_name("done.held").exists():
        assert holder.poll() is None
        time.sleep(0.01)
    sharers.go(writer)

    english, chinese = sharers.ended(writer)["busy"]

    assert "Another yigai is writing" in english
    assert "Run the command again" in english
    assert re.search("另一个 yigai 正在写入.*再试", chinese)
    done.touch()
    sharers.ended(holder)


def test_who_asks_while_articles_are_replaced_sees_each_as_it_was_or_as_it_is(tmp_path):
    library, articles, done = tmp_path / "library", tmp_path / "articles", tmp_path / "done"
    write_articles(articles, count=ARTICLES)
    sharers.ingest(str(library), str(articles))
    readers = [sharers.start("ask", library, done) for _ in range(2)]
    writer = sharers.start("write", library, articles, 2, 1, 2)
    for process in (*readers, writer):
        sharers.go(process)

    problems = []
    while writer.poll() is None:  # to whoever checks it meanwhile it is no less sound
        problems += Library.check_at(library)
    reports = sharers.ended(writer)["reports"]
    done.touch()
    found = [sharers.ended(reader) for reader in readers]

    assert problems == []
    assert [report["replaced"] for report in reports] == [ARTICLES * 4 // 5] * 3
    assert [reader["wrong"] for reader in found] == [[], []]
    assert [reader["articles"] for reader in found] == [ARTICLES, ARTICLES]
    assert min(reader["rounds"] for reader in found) >= 2
    assert Library.check_at(library) == []
