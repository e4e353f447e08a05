"""Sitemaps: the pages that they list are fetched, those that did not change are left, and none leads without end."""

from __future__ import annotations

import datetime
import gzip

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from site_server import Page

from ingest.web import FetchError
from ingest.web.sitemap_file import changed_at, parse_sitemap
from tests.support.effort import effort_below

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

ARTICLE = Page(body="<html><body>县医院合并。</body></html>".encode())
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def listing(*urls, lastmod=None, kind="url", root="urlset"):
    changed = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    entries = "".join(f"<{kind}><loc>{url}</loc>{changed}</{kind}>" for url in urls)
    return f'<?xml version="1.0" encoding="UTF-8"?><{root} {NAMESPACE}>{entries}</{root}>'.encode()


def index(*urls):
    return listing(*urls, kind="sitemap", root="sitemapindex")


def xml(body):
    return Page(body=body, kind="application/xml")


def codes(report):
    return [problem.error.code for problem in report.problems]


def read(content):
    return parse_sitemap(content, max_bytes=1_000_000, max_entries=100)


def test_the_pages_of_a_sitemap_are_fetched_in_its_order(site, crawl):
    urls = [f"{site.url}/{name}" for name in "bac"]
    site.pages |= {
        "/s.xml": xml(listing(*urls, urls[0])),
        "/a": ARTICLE,
        "/b": ARTICLE,
        "/c": Page(status=404),
    }

    report = crawl(f"{site.url}/s.xml")

    assert [page.url for page in report.pages] == urls[:2]
    assert [(problem.url, problem.error.code) for problem in report.problems] == [(urls[2], "not_found")]


@pytest.mark.parametrize("kind", ["application/gzip", "application/octet-stream"])
def test_sitemaps_of_sitemaps_and_packed_ones_are_read(site, crawl, kind):
    site.pages |= {
        "/s.xml": xml(index(f"{site.url}/1.xml.gz", f"{site.url}/2.txt", f"{site.url}/s.xml")),
        "/1.xml.gz": Page(body=gzip.compress(listing(f"{site.url}/a")), kind=kind),
        "/2.txt": Page(body=f"{site.url}/b\n".encode(), kind="text/plain"),
        "/a": ARTICLE,
        "/b": ARTICLE,
    }

    report = crawl(f"{site.url}/s.xml")

    assert ([page.url for page in report.pages], report.problems) == ([f"{site.url}/a", f"{site.url}/b"], ())


def test_pages_that_did_not_change_since_are_not_asked_for(site, crawl):
    site.pages |= {"/s.xml": xml(listing(f"{site.url}/a", lastmod="2020-01-01")), "/a": ARTICLE}
    crawl(f"{site.url}/s.xml")

    report = crawl(f"{site.url}/s.xml")

    assert [page.fate for page in report.pages] == ["skipped"]
    assert site.paths() == ["/s.xml", "/a", "/s.xml"]


@pytest.mark.parametrize("lastmod", ["2999-01-01", "2999", "yesterday", None])
def test_pages_that_may_have_changed_are_asked_for(site, crawl, lastmod):
    site.pages |= {"/s.xml": xml(listing(f"{site.url}/a", lastmod=lastmod)), "/a": ARTICLE}
    crawl(f"{site.url}/s.xml")

    assert [page.fate for page in crawl(f"{site.url}/s.xml").pages] == ["unchanged"]


def test_pages_of_other_hosts_are_left_out_and_counted_unless_they_are_wanted(site, crawl):
    other = f"http://other.test:{site.port}/b"
    site.pages |= {"/s.xml": xml(listing(f"{site.url}/a", other)), "/a": ARTICLE, "/b": ARTICLE}

    report = crawl(f"{site.url}/s.xml")

    assert ([page.url for page in report.pages], codes(report)) == ([f"{site.url}/a"], ["other_host"])
    assert "--other-hosts" in report.problems[0].error.localised("zh")
    assert len(crawl(f"{site.url}/s.xml", other_hosts=True).pages) == 2


def test_a_host_with_and_without_www_is_one_site(site, crawl):
    pages = f"http://www.news.test:{site.port}/a"
    site.pages |= {"/s.xml": xml(listing(pages)), "/a": ARTICLE}

    report = crawl(f"http://news.test:{site.port}/s.xml")

    assert ([page.url for page in report.pages], codes(report)) == ([pages], [])


def test_more_pages_than_wanted_are_said_to_be_more(site, crawl):
    site.pages |= {
        "/s.xml": xml(listing(*(f"{site.url}/{n}" for n in range(5)))),
        "/0": ARTICLE,
        "/1": ARTICLE,
    }

    report = crawl(f"{site.url}/s.xml", max_pages=2)

    assert (len(report.pages), codes(report)) == (2, ["too_many"])
    assert "--max-pages" in str(report.problems[0].error)


def test_sitemaps_without_end_end(site, crawl):
    site.pages |= {f"/{n}.xml": xml(index(f"{site.url}/{n + 1}.xml")) for n in range(9)}
    site.pages["/wide.xml"] = xml(index(*(f"{site.url}/w{n}.xml" for n in range(9))))
    site.pages |= {f"/w{n}.xml": xml(listing(f"{site.url}/a")) for n in range(9)}
    site.pages["/a"] = ARTICLE

    assert codes(crawl(f"{site.url}/0.xml")) == ["nesting"]
    wide = crawl(f"{site.url}/wide.xml", max_sitemaps=3)
    assert (codes(wide), len(wide.pages)) == (["too_many"], 1)


def test_one_sitemap_that_fails_leaves_the_others(site, crawl):
    site.pages |= {
        "/s.xml": xml(index(f"{site.url}/gone.xml", f"{site.url}/page.xml", f"{site.url}/1.xml")),
        "/page.xml": ARTICLE,
        "/1.xml": xml(listing(f"{site.url}/a", "ftp://x/y", "http://user:secret@/")),
        "/a": ARTICLE,
    }

    report = crawl(f"{site.url}/s.xml")

    assert codes(report) == ["not_found", "not_a_sitemap", "url", "url"]
    assert len(report.pages) == 1
    assert "secret" not in repr(report)


def test_robots_txt_holds_for_sitemaps_and_what_they_list(site, crawl):
    site.pages |= {
        "/robots.txt": Page(body=b"User-agent: *\nDisallow: /a\nDisallow: /closed.xml"),
        "/s.xml": xml(listing(f"{site.url}/a", f"{site.url}/b")),
        "/closed.xml": xml(listing(f"{site.url}/b")),
        "/b": ARTICLE,
    }

    assert codes(crawl(f"{site.url}/s.xml")) == ["robots"]
    assert codes(crawl(f"{site.url}/closed.xml")) == ["robots"]


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><urlset><url><loc>&a;</loc></url></urlset>',
        b'<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>',
        b"<html><body>x</body></html>",
        b"<rss><channel/></rss>",
        b"just some words\nhttp://a.test/\nand more\nwords",
        b"<",
        b"",
        b"\xff\xfe<\x00",
        b"<a" * 100_000,
        b"\x1f\x8bnot packed",
        gzip.compress(bytes(2_000_000)),
    ],
)
def test_what_is_no_sitemap_is_refused(content):
    with pytest.raises(FetchError) as caught:
        read(content)
    assert caught.value.code in {"not_a_sitemap", "too_large", "encoding"}


@pytest.mark.parametrize(
    ("content", "urls"),
    [
        (
            "<urlset><url><loc> \n http://a.test/?x=1&amp;y=2 </loc></url></urlset>",
            ["http://a.test/?x=1&y=2"],
        ),
        ("<urlset><url><loc>http://a.test/?x=1&y=2</loc></url></urlset>", ["http://a.test/?x=1&y=2"]),
        ("<urlset><url><loc><![CDATA[http://a.test/?x&y]]></loc></url></urlset>", ["http://a.test/?x&y"]),
        (
            "\ufeff\n<urlset><!-- c --><?p i?><url><loc>http://a.test/</loc></url><url/></urlset>",
            ["http://a.test/"],
        ),
        ("<urlset><url><loc>http://a.test/医改</loc></url>", ["http://a.test/医改"]),
        (
            f'<urlset {NAMESPACE} xmlns:image="urn:i"><url><loc>http://a.test/</loc><image:image>'
            "<image:loc>http://a.test/i.png</image:loc></image:image></url></urlset>",
            ["http://a.test/"],
        ),
        ("http://a.test/1\n\n https://a.test/2 \n", ["http://a.test/1", "https://a.test/2"]),
    ],
)
def test_addresses_are_read_as_they_are_meant(content, urls):
    assert [entry.url for entry in read(content.encode()).pages] == urls


@pytest.mark.parametrize("codec", ["utf-16", "gbk"])
def test_other_encodings_are_read_by_their_declaration(codec):
    name = "UTF-16" if codec == "utf-16" else "GBK"
    content = (
        f'<?xml version="1.0" encoding="{name}"?><urlset><url><loc>http://a.test/医</loc></url></urlset>'
    )

    assert [entry.url for entry in read(content.encode(codec)).pages] == ["http://a.test/医"]


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2024-05-06", "2024-05-06T23:59:59.999999+00:00"),
        ("2024-05-06T10:00:00+08:00", "2024-05-06T02:00:00+00:00"),
        (" 2024-05-06T10:00Z ", "2024-05-06T10:00:00+00:00"),
        ("2024-05", None),
        ("2024", None),
        ("6 May 2024", None),
        ("", None),
    ],
)
def test_a_time_of_change_is_read_or_says_nothing(written, moment):
    expected = datetime.datetime.fromisoformat(moment) if moment else None

    assert changed_at(written) == expected


@settings(deadline=None)
@given(st.text(max_size=30))
def test_any_time_of_change_is_a_time_or_none(written):
    found = changed_at(written)

    assert found is None or found.tzinfo is not None


@settings(deadline=None)
@given(st.one_of(st.binary(max_size=200), st.binary(max_size=100).map(lambda b: b"<urlset><url><loc>" + b)))
def test_any_bytes_are_a_sitemap_or_are_refused(content):
    try:
        read(content)
    except FetchError as error:
        assert error.code in {"not_a_sitemap", "encoding", "too_large"}  # noqa: PT017


def test_a_very_long_sitemap_is_cut_without_reading_it_all():
    content = b"<urlset>" + b"<url><loc>http://a.test/</loc></url>" * 500_000
    with effort_below(5):
        file = parse_sitemap(content, max_bytes=len(content), max_entries=100)

        assert (len(file.pages), file.is_cut) == (100, True)
