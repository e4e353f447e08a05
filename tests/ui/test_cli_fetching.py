"""`yigai ingest --url` and `--sitemap` against a real site on this machine."""

from __future__ import annotations

import json

import pytest
from site_server import Page, serving

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
BODY = "<p>{town}在三家医院试点，门诊等候时间缩短了一半以上，药品费用也降了下来。</p>" * 2


def page(town):
    html = f"<html><head><meta charset=gb2312><title>{town}试点进展</title></head><body><h1>{town}试点进展</h1>{BODY.format(town=town)}</body></html>"
    return Page(body=html.encode("gbk"), kind="text/html; charset=gb2312")


@pytest.fixture
def site():
    with serving() as opened:
        opened.pages["/a.html"] = page("甲镇")
        opened.pages["/b.html"] = page("乙镇")
        entries = "".join(f"<url><loc>{opened.url}/{name}.html</loc></url>" for name in "ab")
        listed = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'
        opened.pages["/sitemap.xml"] = Page(body=listed.encode(), kind="application/xml")
        yield opened


def test_a_page_is_fetched_read_and_known_by_its_address(cli, site, tmp_path):
    ran = cli(
        "ingest", "--url", f"{site.url}/a.html", "--allow-private", "--library", tmp_path / "l", "--json"
    )

    report = json.loads(ran.out)
    assert ran.code == 0
    assert [one["fate"] for one in report["fetched"]["pages"]] == ["new"]
    assert report["totals"]["added"] == 1
    shown = cli("library", "show", report["files"][0]["article_id"], "--library", tmp_path / "l", "--json")
    assert json.loads(shown.out)["url"] == f"{site.url}/a.html"


def test_a_sitemap_read_again_fetches_nothing_new(cli, site, tmp_path):
    arguments = (
        "ingest",
        "--sitemap",
        f"{site.url}/sitemap.xml",
        "--allow-private",
        "--library",
        tmp_path / "l",
    )

    first, again = cli(*arguments, "--json"), cli(*arguments, "--json")

    assert json.loads(first.out)["totals"]["added"] == 2
    assert json.loads(again.out)["totals"]["unchanged"] == 2
    assert {one["fate"] for one in json.loads(again.out)["fetched"]["pages"]} == {"unchanged"}


def test_an_address_of_the_own_network_is_refused_with_what_to_do(cli, site, tmp_path):
    ran = cli("ingest", "--url", f"{site.url}/a.html", "--library", tmp_path / "l", language="en")

    assert ran.code == 2
    assert "--allow-private" in ran.out
    assert "no articles" not in ran.out
    assert site.asked == []


def test_a_page_that_is_not_there_does_not_stop_the_others(cli, site, tmp_path):
    ran = cli(
        "ingest", "--url", f"{site.url}/none.html", "--url", f"{site.url}/b.html",
        "--allow-private", "--library", tmp_path / "l", language="zh",
    )  # fmt: skip

    assert ran.code == 2
    assert "none.html" in ran.out
    assert "乙镇试点进展" in ran.out


@pytest.mark.parametrize("arguments", [[], ["--url", "http://127.0.0.1/a", "--watch"]])
def test_what_makes_no_sense_is_said_in_one_line(cli, arguments, tmp_path):
    ran = cli("ingest", *arguments, "--library", tmp_path / "l", language="en")

    assert ran.code == 2
    assert "yigai ingest --help" in ran.err
    assert not (tmp_path / "l").exists()
