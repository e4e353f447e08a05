from __future__ import annotations

import pytest
from fakes import HashingEncoder

from eval.scratch import make_article, scratch_library, shelve

ENCODER = HashingEncoder()


def test_articles_are_split_embedded_and_sound():
    long = "县域医共体按人头打包付费，结余留用。" * 60
    articles = [make_article("长文", title="打包付费", text=long), make_article("b", text="一家医院。")]

    with scratch_library(ENCODER) as library:
        passages = shelve(articles, library=library, encoder=ENCODER)

        assert library.check() == []
        assert library.article("长文").text == long
        assert library.article("b").title is None
        assert passages == library.passage_count() > 3
        assert {p.heading_path for p in library.article_passages("长文")} == {("打包付费",)}


def test_more_than_one_batch_is_written_and_told(monkeypatch):
    monkeypatch.setattr("eval.scratch.BATCH_PASSAGES", 2)
    told: list[int] = []
    articles = (make_article(str(n), text=f"第{n}家卫生院。") for n in range(5))

    with scratch_library(ENCODER) as library:
        passages = shelve(articles, library=library, encoder=ENCODER, on_shelved=told.append)

        assert (passages, library.passage_count(), library.check()) == (5, 5, [])
    assert told == [2, 4, 5]


def test_an_article_without_text_is_its_title_and_one_without_both_has_no_passage():
    articles = [make_article("a", title="急救半径", text=" \n"), make_article("b", text="")]

    with scratch_library(ENCODER) as library:
        shelve(articles, library=library, encoder=ENCODER)

        assert library.article("a").text == "急救半径"
        assert library.article_passages("b") == []
        assert library.check() == []


def test_an_article_is_about_the_places_in_its_title():
    assert make_article("a", title="安徽芜湖的做法", text="编制周转池。").regions
    assert make_article("a", title="做法", text="编制周转池。").regions == ()


def test_the_library_goes_with_its_folder():
    with scratch_library(ENCODER) as library:
        folder = library.directory
        assert folder.is_dir()

    assert not folder.parent.exists()


def test_the_library_goes_even_where_something_fails():
    folders = []

    def fail() -> None:
        with scratch_library(ENCODER) as library:
            folders.append(library.directory)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()

    assert not folders[0].parent.exists()


def test_without_headings_the_same_passages_are_found_by_their_own_words_only():
    articles = [make_article("a", title="打包付费", text="结余留用。"), make_article("b", text="一家医院。")]

    found = {}
    for with_headings in (True, False):
        with scratch_library(ENCODER) as library:
            shelve(articles, library=library, encoder=ENCODER, with_headings=with_headings)
            texts = [p.text for a in ("a", "b") for p in library.article_passages(a)]
            found[with_headings] = (texts, len(library.lexical({"打包": 1.0}, top_k=5)))

    assert found[True][0] == found[False][0]
    assert (found[True][1], found[False][1]) == (1, 0)
