from __future__ import annotations

import dataclasses
import os

import lxml.html
import numpy as np
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from rag.library import OriginFile
from rag.types import Article, Repost
from ui.web.articles import Shown, article_page, article_router
from ui.web.shelves import Shelves
from ui.web.turns import address_of


@pytest.fixture
def reports(tmp_path):
    return tmp_path / "reports"


@pytest.fixture
def client(sample, reports):
    app = FastAPI()
    app.include_router(article_router(Shelves(library=sample, reports=reports), root="/root"))
    return TestClient(app)


@pytest.fixture(scope="module")
def article(sample):
    return next(a for s in sample.articles() if "10亿元" in (a := sample.article(s.article_id)).text)


def lines(document):
    return [p.text_content() for p in document.find_class("text")[0].findall("p")]


def marked(document):
    return "".join(mark.text_content() for mark in document.iterfind(".//mark"))


def open_at(client, article, query="", **options):
    page = client.get(f"/article/{article.article_id}{query}", **options)
    assert page.status_code == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    return lxml.html.document_fromstring(page.text)


def test_an_article_is_shown_whole_with_exactly_the_place_marked(client, article):
    start = article.text.index("10亿元")

    document = open_at(client, article, f"?start={start}&end={start + len('10亿元')}")

    assert "\n".join(lines(document)) == article.text
    assert marked(document) == "10亿元"
    assert document.findtext(".//h2/bdi") == article.title
    assert document.get("lang") == "zh-CN"
    assert document.find(".//a").get("href") == "/root/"


def test_a_place_over_paragraphs_is_marked_in_each(client, article):
    document = open_at(client, article, f"?start=3&end={len(article.text) - 3}")

    assert marked(document) == article.text[3:-3].replace("\n", "")
    assert "\n".join(lines(document)) == article.text


@pytest.mark.parametrize(
    "query",
    ["", "?start=5", "?start=9&end=2", "?start=0&end=0", "?start=2147483648&end=2147483648", "?end=0&start=99999"],
)  # fmt: skip
def test_a_place_that_is_none_marks_nothing_and_shows_the_text_once(client, article, query):
    document = open_at(client, article, query)

    assert marked(document) == ""
    assert "\n".join(lines(document)) == article.text


def test_a_place_that_reaches_beyond_the_end_is_marked_up_to_it(client, article):
    document = open_at(client, article, "?start=5&end=2147483648")

    assert marked(document) == article.text[5:].replace("\n", "")


@pytest.mark.parametrize(
    "query", ["?start=-1", "?end=-5", "?start=2147483649", "?start=1e9", "?start=x", "?end=" + "9" * 400, "?lang=de"]
)  # fmt: skip
def test_what_is_no_place_or_language_is_refused(client, article, query):
    assert client.get(f"/article/{article.article_id}{query}").status_code == 422


def test_a_fragment_is_the_article_without_the_page_around_it(client, article):
    text = client.get(f"/article/{article.article_id}?fragment=true&lang=en").text

    (reader,) = lxml.html.fragments_fromstring(text)
    assert reader.get("data-article") == article.article_id
    assert "<html" not in text
    assert "<script" not in text
    assert "\n".join(lines(reader)) == article.text


def test_the_english_page_has_english_places_around_the_chinese_text(client, article):
    document = open_at(client, article, "?lang=en")

    assert document.get("lang") == "en"
    assert "Wuhu" in document.find_class("facts")[0].text_content()
    assert document.find(".//a").get("href") == "/root/en/"


@pytest.mark.parametrize(
    "name", ["none", "%3Cscript%3E", "..%2F..%2Fetc%2Fpasswd", "%00", "a%27%20OR%201=1", "x" * 200]
)
@pytest.mark.parametrize(("lang", "said"), [("zh", "文库里没有这篇文章"), ("en", "There is no such article")])
def test_an_article_that_is_not_there_is_said_in_plain_text(client, name, lang, said):
    page = client.get(f"/article/{name}?lang={lang}")

    assert page.status_code == 404
    if "%2F" not in name:  # which is no path of ours at all
        assert page.headers["content-type"] == "text/plain; charset=utf-8"
        assert page.text.startswith(said)


def test_a_title_is_required_of_nobody_and_a_web_address_must_be_one():
    plain = Article(article_id="a", title=None, text="一行", url="javascript:alert(1)")

    text = article_page(Shown(article=plain), "zh", root="", is_fragment=False)

    document = lxml.html.document_fromstring(text)
    assert document.findtext(".//title") == "（无标题） · 医改问答"
    assert "javascript:" not in text
    assert document.find_class("facts")[0].text_content() == "来源不详 · 日期不详"


def test_the_newest_report_is_served_in_a_sandbox(client, reports):
    for age, name in ((100, "old"), (10, "new"), (50, "middle")):
        (reports / name).mkdir(parents=True)
        page = reports / name / "report.html"
        page.write_text(name, encoding="utf-8")
        os.utime(page, (2_000_000_000 - age,) * 2)

    page = client.get("/report")

    assert page.text == "new"
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["content-security-policy"].startswith("sandbox allow-scripts")
    assert "allow-same-origin" not in page.headers["content-security-policy"]


def test_without_a_report_both_languages_say_how_to_make_one(client, reports):
    page = client.get("/report")

    assert page.status_code == 404
    assert page.text.count("yigai eval run") == 2
    assert not reports.exists()


# Earlier versions


@pytest.fixture
def rewritten(own, reports):
    """A client of a library whose article was rewritten, the article as it was, and when it was replaced."""
    old = next(a for s in own.articles() if "10亿元" in (a := own.article(s.article_id)).text)
    origin = OriginFile(path="/elsewhere.md", content_hash="0" * 64, size=1, mtime_ns=1)
    new = dataclasses.replace(old, title="新题", text="此文已改写。", headings=(), content_hash="0" * 64)
    own.replace_article(new, [], np.zeros((0, own.manifest.dimension), np.float32), origin=origin)
    app = FastAPI()
    app.include_router(article_router(Shelves(library=own, reports=reports), root="/root"))
    return TestClient(app), old, own.versions(old.article_id)[0].replaced_at


@pytest.mark.parametrize(("lang", "told"), [("zh", "这是早先的版本"), ("en", "This is an earlier version")])
def test_an_earlier_version_is_shown_whole_so_marked_and_leads_to_the_present_one(rewritten, lang, told):
    client, old, replaced_at = rewritten
    start = old.text.index("10亿元")
    query = {"start": start, "end": start + 4, "version": replaced_at, "lang": lang}

    document = lxml.html.document_fromstring(client.get(f"/article/{old.article_id}", params=query).text)

    assert "\n".join(lines(document)) == old.text
    assert marked(document) == "10亿元"
    (note,) = document.find_class("stale")
    assert note.text_content().startswith(told)
    assert note.find("a").get("href") == f"/root/{address_of(old.article_id)}?lang={lang}"
    present = lxml.html.document_fromstring(client.get(f"/article/{old.article_id}").text)
    assert present.find_class("stale") == []
    assert lines(present) == ["此文已改写。"]


@pytest.mark.parametrize("version", ["2001-01-01T00:00:00+00:00", "1", "<script>"])
def test_a_version_that_is_not_there_is_said_in_plain_text(rewritten, version):
    client, old, _ = rewritten

    page = client.get(f"/article/{old.article_id}", params={"version": version})

    assert page.status_code == 404
    assert page.text.startswith("文库里没有这篇文章的这个版本")


def test_an_article_says_who_else_printed_it():
    reposts = (Repost(article_id="b", title=None, source="乙网", date=None, url=None),)
    article = Article(article_id="a", title="题", text="文", source="甲报", reposts=reposts)

    page = article_page(Shown(article=article), "zh", root="", is_fragment=True)

    (line,) = lxml.html.document_fromstring(page).find_class("printings")
    assert line.text_content() == "另见：乙网"
