from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from rag.library import Library, OriginFile
from rag.types import Citation
from ui.quoting import number_of, quoted_document, quoted_lines, quoted_place, quoted_places


@pytest.fixture
def opened(own_library):
    with Library.open(own_library) as library:
        yield library


def rewrite(library, article_id, text, hashed):
    """Put another text in an article's place."""
    new = dataclasses.replace(library.article(article_id), text=text, headings=(), content_hash=hashed * 64)
    origin = OriginFile(path="/elsewhere.md", content_hash=hashed * 64, size=1, mtime_ns=1)
    library.replace_article(new, [], np.zeros((0, library.manifest.dimension), np.float32), origin=origin)


@pytest.fixture
def article(opened):
    return next(
        opened.article(a.article_id) for a in opened.articles() if a.article_id.startswith("wuhu-debt")
    )


def test_a_quote_is_found_in_the_version_that_it_was_taken_from(opened, article):
    rewrite(opened, article.article_id, "第二版的文字。", "1")
    rewrite(opened, article.article_id, "第三版的文字。", "2")
    start = article.text.index("10亿元")

    first = quoted_place(opened, article.article_id, start=start, quote="10亿元")
    second = quoted_place(opened, article.article_id, start=0, quote="第二版")
    now = quoted_place(opened, article.article_id, start=0, quote="第三版的文字。")
    never = quoted_place(opened, article.article_id, start=1, quote="没有这样的话")
    gone = quoted_place(opened, "no-such-article", start=0, quote="话")

    assert [(q.state, q.version) for q in (first, second, now, never, gone)] == [
        ("earlier", 1),
        ("earlier", 2),
        ("current", 0),
        ("changed", 0),
        ("gone", 0),
    ]
    assert first.article.text == article.text
    assert "「10亿元」" in quoted_document(first)["paragraph"]
    assert quoted_document(gone)["paragraph"] is None


def test_only_places_that_read_otherwise_by_now_are_told_of(opened, article):
    start = article.text.index("10亿元")
    places = [
        Citation(
            number=number,
            article_id=article_id,
            title=None,
            source=None,
            date=None,
            url=None,
            regions=(),
            heading_path=(),
            start=start,
            end=start + 4,
            quote=quote,
        )
        for number, article_id, quote in (
            (1, article.article_id, "10亿元"),
            (2, article.article_id, "20亿元"),
            (3, "gone\x1b", "x"),
        )
    ]
    before = quoted_lines(quoted_places(places, opened), "zh")
    rewrite(opened, article.article_id, "第二版的文字。", "1")

    after = quoted_lines(quoted_places(places, opened), "zh")

    assert [line[:3] for line in before] == ["[2]", "[3]"]
    assert [line[:3] for line in after if line.startswith("[")] == ["[1]", "[2]", "[3]"]
    assert f"yigai library show {article.article_id} --version 1" in after[0]
    assert f"现在的文章：yigai library show {article.article_id}" in after[0]
    assert "「10亿元」" in after[1]
    assert "\x1b" not in "".join(after)


def test_a_version_that_was_removed_meanwhile_has_no_number(opened, article):
    assert number_of(opened.versions(article.article_id), article, "2026-01-01T00:00:00+00:00") == 0
