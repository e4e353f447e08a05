"""Sites are asked what they want, and are never hurried."""

from __future__ import annotations

from dataclasses import replace

import pytest
from site_server import Page

from ingest.web.fetch import fetch_pages
from tests.support.effort import effort_below

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

ARTICLE = Page(body="<html><body>县医院合并。</body></html>".encode())


def codes(report):
    return [problem.error.code for problem in report.problems]


def rules(text, **more):
    return Page(body=text.encode(), kind="text/plain", **more)


@pytest.mark.parametrize(
    ("written", "refused"),
    [
        ("User-agent: *\nDisallow: /a", ["/a"]),
        ("User-agent: *\nDisallow: /", ["/a", "/b"]),
        ("User-agent: *\nDisallow: /\nAllow: /a", ["/b"]),
        ("User-agent: yigai\nDisallow: /a\n\nUser-agent: *\nDisallow: /b", ["/a"]),
        ("User-agent: YiGai\nDisallow: /\n", ["/a", "/b"]),
        ("User-agent: other\nDisallow: /", []),
        ("\ufeffUser-agent: *\r\nDisallow: *a$", ["/a"]),
        ("<html>not rules</html>", []),
        ("", []),
    ],
)
def test_what_robots_txt_forbids_is_not_fetched(site, fetch, written, refused):
    site.pages |= {"/robots.txt": rules(written), "/a": ARTICLE, "/b": ARTICLE}

    report = fetch(f"{site.url}/a", f"{site.url}/b")

    assert [problem.url for problem in report.problems] == [f"{site.url}{path}" for path in refused]
    assert set(codes(report)) <= {"robots"}
    assert not set(site.paths()) & set(refused)


@pytest.mark.parametrize("status", [404, 403, 401, 410, 418])
def test_a_site_without_robots_txt_may_be_read(site, fetch, status):
    site.pages |= {"/robots.txt": Page(status=status), "/a": ARTICLE}

    assert len(fetch(f"{site.url}/a").pages) == 1


@pytest.mark.parametrize(
    "answer",
    [Page(status=500), Page(status=503), Page(status=502), Page(status=429), Page(raw=b"?")],
    ids=["500", "503", "502", "429", "no HTTP"],
)
def test_a_site_whose_robots_txt_cannot_be_read_is_left_alone(site, fetch, answer):
    site.pages |= {"/robots.txt": answer, "/a": ARTICLE, "/b": ARTICLE}

    report = fetch(f"{site.url}/a", f"{site.url}/b", retries=1)

    assert codes(report) == ["robots_unreadable"] * 2
    assert site.paths() == []
    assert len(site.asked) == 2, "robots.txt twice, for one retry; not again for the second page"


def test_a_site_whose_robots_txt_does_not_come_is_left_alone(site, fetch):
    site.pages |= {"/robots.txt": Page(wait_s=1), "/a": ARTICLE}

    assert codes(fetch(f"{site.url}/a", read_s=0.3, retries=0)) == ["timeout"]
    assert site.paths() == []


def test_robots_txt_may_be_somewhere_else(site, fetch):
    site.pages |= {
        "/robots.txt": Page(status=301, headers={"Location": "/r"}),
        "/r": rules("User-agent: *\nDisallow: /a"),
        "/a": ARTICLE,
    }

    assert codes(fetch(f"{site.url}/a")) == ["robots"]


def test_a_redirect_into_what_is_forbidden_ends_there(site, fetch):
    site.pages |= {
        "/robots.txt": rules("User-agent: *\nDisallow: /hidden"),
        "/a": Page(status=302, headers={"Location": "/hidden"}),
        "/hidden": ARTICLE,
    }

    assert codes(fetch(f"{site.url}/a")) == ["robots"]
    assert site.paths() == ["/a"]


def test_each_site_is_asked_for_its_own_rules_and_only_once(site, fetch):
    site.pages |= {"/robots.txt": rules("User-agent: *\nDisallow: /b"), "/a": ARTICLE, "/c": ARTICLE}
    other = f"http://other.test:{site.port}"

    fetch(f"{site.url}/a", f"{site.url}/c", f"{other}/a", f"{other}/c")

    hosts = [one.headers["host"] for one in site.asked if one.path == "/robots.txt"]
    assert hosts == [f"127.0.0.1:{site.port}", f"other.test:{site.port}"]


def test_rules_with_very_many_stars_take_no_long_time(site, fetch):
    path = "/" + "a" * 2_000
    site.pages |= {
        "/robots.txt": rules("User-agent: *\n" + ("Disallow: /" + "a*" * 900 + "b\n") * 50),
        path: ARTICLE,
    }
    with effort_below(5):
        assert len(fetch(f"{site.url}{path}").pages) == 1


def test_requests_to_one_host_are_a_second_apart_and_others_do_not_wait(site, fetch, clock):
    site.pages |= {"/a": ARTICLE, "/b": ARTICLE}

    fetch(f"{site.url}/a", f"{site.url}/b", f"http://other.test:{site.port}/a", delay_s=1)

    assert clock.slept == [1, 1, 1], "robots, a, b of the one; robots, a of the other"


def test_the_pause_is_kept_on_a_real_clock(site, tmp_path, options):
    site.pages |= {"/a": ARTICLE}

    fetch_pages([f"{site.url}/a"], folder=tmp_path, options=replace(options, delay_s=0.3))

    first, second = (one.at for one in site.asked)
    assert second - first >= 0.25


def test_a_longer_pause_that_a_site_asks_for_is_kept(site, fetch, clock):
    site.pages |= {"/robots.txt": rules("User-agent: *\nCrawl-delay: 5"), "/a": ARTICLE, "/b": ARTICLE}

    fetch(f"{site.url}/a", f"{site.url}/b", delay_s=1)

    assert clock.slept == [5, 5]


def test_a_site_that_asks_for_more_than_anybody_waits_gives_one_page(site, fetch, clock):
    site.pages |= {"/robots.txt": rules("User-agent: *\nCrawl-delay: 3600"), "/a": ARTICLE, "/b": ARTICLE}

    report = fetch(f"{site.url}/a", f"{site.url}/b")

    assert (len(report.pages), codes(report), clock.slept) == (1, ["crawl_delay"], [])
    assert "3600" in report.problems[0].error.localised("zh")
