"""Pages are fetched from a real server, kept byte for byte, and asked for again only if they changed."""

from __future__ import annotations

import gzip
import json
import zlib

import pytest
from site_server import Page

from ingest.web import Surroundings, read_sidecar
from ingest.web.fetch import fetch_pages
from ingest.web.problems import FetchError

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

ARTICLE = "<!DOCTYPE html><html><body><p>县医院合并了三家。</p></body></html>"
PDF = b"%PDF-1.4 ..."


def codes(report):
    return [problem.error.code for problem in report.problems]


def fates(report):
    return [page.fate for page in report.pages]


def test_a_page_is_kept_byte_for_byte_with_what_is_known_of_it(site, fetch):
    body = ARTICLE.encode("gbk")
    site.pages["/a/t.html"] = Page(
        body=body,
        kind="text/html; charset=GBK",
        headers={"ETag": '"v1"', "Last-Modified": "Mon, 06 May 2024 00:00:00 GMT"},
    )

    report = fetch(f"{site.url}/a/t.html#part")

    (page,) = report.pages
    assert (page.url, page.fate, report.problems) == (f"{site.url}/a/t.html", "new", ())
    assert page.path.read_bytes() == body
    assert page.path.suffix == ".html"
    sidecar = read_sidecar(page.path)
    assert sidecar.is_of(body)
    assert (sidecar.url, sidecar.final_url) == (page.url, page.url)
    assert (sidecar.charset, sidecar.content_type) == ("GBK", "text/html; charset=GBK")
    assert (sidecar.etag, sidecar.last_modified) == ('"v1"', "Mon, 06 May 2024 00:00:00 GMT")


def test_the_program_says_who_it_is_and_asks_for_robots_txt_first(site, fetch):
    site.pages["/a"] = Page(body=ARTICLE.encode())

    fetch(f"{site.url}/a", f"{site.url}/a?b")

    assert [one.path for one in site.asked] == ["/robots.txt", "/a", "/a?b"]
    assert all(one.headers["user-agent"].startswith("yigai/") for one in site.asked)
    assert all(one.headers["host"] == f"127.0.0.1:{site.port}" for one in site.asked)


def test_a_page_that_did_not_change_is_not_sent_again(site, fetch):
    def answer(headers):
        is_known = headers.get("if-none-match") == '"v1"'
        return Page(status=304) if is_known else Page(body=ARTICLE.encode(), headers={"ETag": '"v1"'})

    site.pages["/a"] = answer
    first = fetch(f"{site.url}/a")
    before = first.pages[0].path.stat().st_mtime_ns

    second = fetch(f"{site.url}/a")

    assert (fates(second), second.problems) == (["unchanged"], ())
    assert second.pages[0].path.stat().st_mtime_ns == before
    assert site.asked[-1].headers["if-none-match"] == '"v1"'


def test_a_server_that_knows_no_versions_sends_it_again_and_the_file_stays(site, fetch):
    site.pages["/a"] = Page(body=ARTICLE.encode())

    assert [fates(fetch(f"{site.url}/a")) for _ in range(2)] == [["new"], ["unchanged"]]


def test_a_page_that_changed_is_kept_under_the_same_name(site, fetch):
    site.pages["/a"] = [Page(body=ARTICLE.encode()), Page(body=ARTICLE.replace("三", "四").encode())]
    site.pages["/robots.txt"] = Page(status=404)

    first, second = fetch(f"{site.url}/a"), fetch(f"{site.url}/a")

    assert fates(second) == ["changed"]
    assert first.pages[0].path == second.pages[0].path
    assert "四家" in second.pages[0].path.read_text()


def test_a_page_that_became_a_document_is_one_file(site, fetch, tmp_path):
    site.pages["/a"] = [Page(body=ARTICLE.encode()), Page(body=PDF, kind="application/pdf")]

    fetch(f"{site.url}/a")
    report = fetch(f"{site.url}/a")

    assert (report.pages[0].path.suffix, fates(report)) == (".pdf", ["changed"])
    assert len(list((tmp_path / "pages").iterdir())) == 2


def test_a_page_that_is_gone_from_its_site_stays_in_the_folder(site, fetch):
    site.pages["/a"] = [Page(body=ARTICLE.encode()), Page(status=404)]
    path = fetch(f"{site.url}/a").pages[0].path

    assert codes(fetch(f"{site.url}/a")) == ["not_found"]
    assert path.read_bytes() == ARTICLE.encode()
    assert read_sidecar(path) is not None


@pytest.mark.parametrize("damage", ["page", "sidecar", "no sidecar"])
def test_a_page_that_is_not_as_it_was_saved_is_asked_for_without_conditions(site, fetch, damage):
    site.pages["/a"] = Page(body=ARTICLE.encode(), headers={"ETag": '"v1"'})
    path = fetch(f"{site.url}/a").pages[0].path
    beside = path.with_name(path.name + ".yigai.json")
    {
        "page": lambda: path.write_bytes(b"cut"),
        "sidecar": lambda: beside.write_bytes(b"{"),
        "no sidecar": beside.unlink,
    }[damage]()

    report = fetch(f"{site.url}/a")

    assert "if-none-match" not in site.asked[-1].headers
    assert report.pages[0].path.read_bytes() == ARTICLE.encode()
    assert read_sidecar(path).etag == '"v1"'


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed_and_both_addresses_are_kept(site, fetch, status):
    site.pages["/old"] = Page(status=status, headers={"Location": "/new?x=1"})
    site.pages["/new?x=1"] = Page(body=ARTICLE.encode())

    (page,) = fetch(f"{site.url}/old").pages

    assert page.url == f"{site.url}/old"
    assert read_sidecar(page.path).final_url == f"{site.url}/new?x=1"


def test_conditions_go_to_the_address_that_they_are_of_only(site, fetch):
    site.pages["/old"] = Page(status=302, headers={"Location": "/new"})
    site.pages["/new"] = Page(body=ARTICLE.encode(), headers={"ETag": '"v1"'})
    fetch(f"{site.url}/old")

    fetch(f"{site.url}/old")

    assert [one.headers.get("if-none-match") for one in site.asked[-2:]] == [None, '"v1"']


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(ARTICLE.encode())),
        ("x-gzip", gzip.compress(ARTICLE.encode()[:50]) + gzip.compress(ARTICLE.encode()[50:])),
        ("deflate", zlib.compress(ARTICLE.encode())),
        ("deflate", zlib.compress(ARTICLE.encode())[2:-4]),
        ("identity", ARTICLE.encode()),
    ],
)
def test_a_packed_page_is_unpacked(site, fetch, encoding, packed):
    site.pages["/a"] = Page(body=packed, headers={"Content-Encoding": encoding})

    assert fetch(f"{site.url}/a").pages[0].path.read_bytes() == ARTICLE.encode()


@pytest.mark.parametrize(
    ("path", "kind", "body", "suffix"),
    [
        ("/a", "text/html", ARTICLE.encode(), ".html"),
        ("/a.pdf", "text/html", ARTICLE.encode(), ".html"),
        ("/a", "application/xhtml+xml", ARTICLE.encode(), ".xhtml"),
        ("/a", None, ARTICLE.encode(), ".html"),
        ("/a.html", "application/octet-stream", ARTICLE.encode(), ".html"),
        ("/a", "text/plain; charset=gbk", "县医院".encode("gbk"), ".txt"),
        ("/a", "TEXT/HTML", PDF, ".pdf"),
        ("/a.docx", "application/octet-stream", b"PK\3\4...", ".docx"),
        (
            "/a",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            b"PK\3\4..",
            ".docx",
        ),
        ("/%E9%80%9A%E7%9F%A5.docx", "text/html", b"PK\3\4...", ".docx"),
        ("/a.doc", "application/msword", b"\xd0\xcf\x11\xe0", ".doc"),
        ("/a.csv", "application/octet-stream", "正文\n一".encode(), ".csv"),
        ("/a", "application/rtf", b"{\\rtf1}", ".rtf"),
    ],
)
def test_the_file_is_of_the_kind_that_it_is(site, fetch, path, kind, body, suffix):
    site.pages[path] = Page(body=body, kind=kind)

    assert [page.path.suffix for page in fetch(f"{site.url}{path}").pages] == [suffix]


def test_a_login_goes_to_its_own_origin_and_into_no_report(site, fetch, tmp_path):
    other = f"http://other.test:{site.port}"
    site.pages["/a"] = Page(status=302, headers={"Location": "/b"})
    site.pages["/b"] = Page(status=302, headers={"Location": f"{other}/c"})
    site.pages["/c"] = Page(body=ARTICLE.encode())
    site.pages["/d"] = Page(status=404)

    report = fetch(*(f"http://user:secret@127.0.0.1:{site.port}/{path}" for path in "ad"))

    sent = {one.path: "authorization" in one.headers for one in site.asked if one.path != "/robots.txt"}
    assert sent == {"/a": True, "/b": True, "/c": False, "/d": True}
    assert "secret" not in repr(report)
    assert all("secret" not in one.read_text() for one in (tmp_path / "pages").iterdir())


def test_an_address_is_fetched_once_and_its_events_say_so(site, tmp_path, here, options):
    site.pages["/a"] = Page(body=ARTICLE.encode())
    events = []

    report = fetch_pages(
        [f"{site.url}/a", f"{site.url}/a#x", "nonsense", f"{site.url}/gone"],
        folder=tmp_path / "pages",
        options=options,
        on_event=events.append,
        surroundings=here[0],
    )

    assert [(event.done, event.total) for event in events] == [(1, 3), (2, 3), (3, 3)]
    assert [event.outcome for event in events] == [report.pages[0], *report.problems]
    assert codes(report) == ["url", "not_found"]


def test_each_connection_looks_the_name_up_once_and_dials_what_it_found(site, fetch, here):
    site.pages["/a"] = Page(body=ARTICLE.encode(), headers={"Connection": "close"})
    site.pages["/robots.txt"] = Page(status=404, headers={"Connection": "close"})

    report = fetch(f"http://news.test:{site.port}/a")

    assert fates(report) == ["new"]
    assert here[1] == ["news.test"] * 2
    assert site.asked[-1].headers["host"] == f"news.test:{site.port}"


@pytest.mark.allow_hosts(["127.0.0.1", "127.0.0.2"])
def test_a_host_is_reached_at_its_second_address_where_the_first_is_silent(site, tmp_path, clock, options):
    site.pages["/a"] = Page(body=ARTICLE.encode())
    surroundings = Surroundings(
        resolve=lambda *_: ["127.0.0.2", "127.0.0.1"], clock=clock.read, sleep=clock.sleep
    )
    report = fetch_pages(
        [f"http://two.test:{site.port}/a"], folder=tmp_path, options=options, surroundings=surroundings
    )

    assert fates(report) == ["new"]


def test_a_folder_that_cannot_be_made_ends_it_with_what_to_do(tmp_path, fetch):
    (tmp_path / "pages").write_text("a file")

    with pytest.raises(FetchError) as caught:
        fetch("http://127.0.0.1:1/")
    assert caught.value.code == "unwritable"


def test_the_sidecar_is_json_that_a_person_can_read(site, fetch):
    site.pages["/a"] = Page(body=ARTICLE.encode())
    path = fetch(f"{site.url}/a").pages[0].path

    written = json.loads(path.with_name(f"{path.name}.yigai.json").read_text())

    assert (written["yigai_page"], written["url"]) == (1, f"{site.url}/a")
