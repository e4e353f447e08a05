"""What a server does wrong, slowly or without end is said, and the rest is fetched."""

from __future__ import annotations

import gzip

import pytest
from site_server import Page

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

ARTICLE = "<!DOCTYPE html><html><body><p>县医院合并了三家。</p></body></html>"


def codes(report):
    return [problem.error.code for problem in report.problems]


def fates(report):
    return [page.fate for page in report.pages]


def test_a_304_that_nobody_asked_for_is_no_page(site, fetch):
    site.pages["/a"] = Page(status=304)

    assert codes(fetch(f"{site.url}/a")) == ["http_status"]


def test_redirects_that_do_not_end_do(site, fetch):
    site.pages["/a"] = Page(status=302, headers={"Location": "/b"})
    site.pages["/b"] = Page(status=302, headers={"Location": "/a"})
    site.pages["/c"] = Page(status=302)
    for number in range(9):
        site.pages[f"/{number}"] = Page(status=302, headers={"Location": f"/{number + 1}"})
    site.pages["/9"] = Page(body=ARTICLE.encode())

    assert codes(fetch(*(f"{site.url}/{path}" for path in "ac0"))) == ["redirects"] * 3
    assert fates(fetch(f"{site.url}/4")) == ["new"]


@pytest.mark.parametrize(
    "location", ["file:///etc/passwd", "ftp://127.0.0.1/", "javascript:1", "http://[x", "//a b/"]
)
def test_a_redirect_to_what_is_no_page_is_not_followed(site, fetch, location):
    site.pages["/a"] = Page(status=302, headers={"Location": location})

    assert codes(fetch(f"{site.url}/a")) == ["url"]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        *(
            (404, "not_found"),
            (410, "not_found"),
            (401, "forbidden"),
            (403, "forbidden"),
            (418, "http_status"),
        ),
        *((204, "http_status"), (503, "busy"), (500, "busy"), (501, "busy"), (429, "busy")),
    ],
)
def test_a_status_that_is_no_page_is_said_and_the_rest_is_fetched(site, fetch, status, code):
    site.pages["/a"] = Page(status=status)
    site.pages["/b"] = Page(body=ARTICLE.encode())

    report = fetch(f"{site.url}/a", f"{site.url}/b")

    assert (codes(report), fates(report)) == ([code], ["new"])
    assert str(status) in report.problems[0].error.localised("zh")


def test_a_server_that_is_busy_is_asked_again_when_it_says(site, fetch, clock):
    site.pages["/a"] = [
        Page(status=503, headers={"Retry-After": "7"}),
        Page(status=500),
        Page(body=ARTICLE.encode()),
    ]

    report = fetch(f"{site.url}/a", backoff_s=3)

    assert (fates(report), clock.slept) == (["new"], [7.0, 6.0])


def test_a_server_that_wants_a_long_wait_is_left(site, fetch, clock):
    site.pages["/a"] = Page(status=429, headers={"Retry-After": "3600"})

    report = fetch(f"{site.url}/a")

    assert (codes(report), clock.slept) == (["busy"], [])
    assert "3600" in str(report.problems[0].error)


def test_a_reply_that_breaks_off_is_asked_for_again(site, fetch):
    broken = Page(
        body=b"<html>",
        headers={"Content-Length": "5000"},
        raw=b"HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n<",
    )
    site.pages["/a"] = [broken, Page(body=ARTICLE.encode())]
    site.pages["/b"] = Page(raw=b"no HTTP at all\r\n\r\n")

    report = fetch(f"{site.url}/a", f"{site.url}/b")

    assert (fates(report), codes(report)) == (["new"], ["broken_off"])


def test_a_server_that_does_not_speak_tls_is_not_trusted(site, fetch):
    assert codes(fetch(f"https://127.0.0.1:{site.port}/")) == ["tls"]


def test_a_port_at_which_nobody_answers_is_unreachable(fetch):
    assert codes(fetch("http://127.0.0.1:1/")) == ["unreachable"]


def test_a_server_that_says_nothing_is_left(site, fetch):
    site.pages["/a"] = Page(wait_s=1.5, body=b"x")

    assert codes(fetch(f"{site.url}/a", read_s=0.5, retries=0)) == ["timeout"]


@pytest.mark.parametrize(
    "page",
    [Page(body=b"x" * 400, drip_s=0.02), Page(raw=b"HTTP/1.1 200 OK\r\nX: " + b"y" * 400, drip_s=0.02)],
    ids=["body", "headers"],
)
def test_a_server_that_sends_a_byte_at_a_time_does_not_hold_the_program(site, fetch, page):
    site.pages["/a"] = page

    assert codes(fetch(f"{site.url}/a", read_s=5, whole_s=2)) == ["too_slow"]
    assert site.paths() == ["/a"], "and is not asked again"


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [("br", b"xxx"), ("gzip", b"xxx"), ("gzip", gzip.compress(b"x" * 99)[:-9]), ("gzip, gzip", b"xxx")],
)
def test_what_cannot_be_unpacked_is_said(site, fetch, encoding, packed):
    site.pages["/a"] = Page(body=packed, headers={"Content-Encoding": encoding})

    assert codes(fetch(f"{site.url}/a")) == ["encoding"]


def test_a_page_that_is_too_large_is_left_however_it_comes(site, fetch):
    site.pages["/said"] = Page(body=b"", headers={"Content-Length": "99999999"})
    site.pages["/sent"] = Page(raw=b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5_000)
    site.pages["/packed"] = Page(body=gzip.compress(bytes(5_000)), headers={"Content-Encoding": "gzip"})

    report = fetch(*(f"{site.url}/{path}" for path in ("said", "sent", "packed")), max_bytes=4_000)

    assert codes(report) == ["too_large"] * 3


@pytest.mark.parametrize(
    ("kind", "body", "code"),
    [
        ("image/png", b"\x89PNG", "not_a_page"),
        ("application/octet-stream", b"\0\1\2", "not_a_page"),
        ("text/xml", b"<rss/>", "not_a_page"),
        ("video/mp4", b"xxxx", "not_a_page"),
        ("text/html", b" \n", "empty"),
    ],
)
def test_what_is_no_page_is_not_kept(site, fetch, tmp_path, kind, body, code):
    site.pages["/a"] = Page(body=body, kind=kind)

    assert codes(fetch(f"{site.url}/a")) == [code]
    assert list((tmp_path / "pages").iterdir()) == []


def test_a_sitemap_that_is_given_as_a_page_is_said_to_be_one(site, fetch):
    site.pages["/s.xml"] = Page(body=b"<?xml version='1.0'?><urlset><url/></urlset>", kind="text/xml")

    assert "--sitemap" in fetch(f"{site.url}/s.xml").problems[0].error.localised("zh")
