"""Names of files, kinds of files, bodies and sidecars: whatever a server says, nothing leaves the folder."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.load import SUPPORTED_SUFFIXES
from ingest.web import FetchError, Sidecar, is_sidecar, read_sidecar
from ingest.web.bodies import read_body
from ingest.web.kinds import header_charset, page_suffix
from ingest.web.sidecar import sidecar_path, write_sidecar
from ingest.web.urls import file_stem, parse_target, without_login
from tests.support.effort import effort_below

SIDECAR = Sidecar(
    url="http://a.test/x",
    final_url="https://a.test/y",
    fetched_at="2024-05-06T00:00:00+00:00",
    sha256="0" * 64,
    charset="GBK",
)
URLS = st.text(max_size=60).map(lambda rest: f"http://a.test/{rest}")


@pytest.mark.parametrize(
    ("url", "readable"),
    [
        ("http://www.example.org/2024/05/t1.html?x=1", "www.example.org-2024-05-t1.html-"),
        ("http://a.test/%E5%8C%BB%E6%94%B9/%E9%80%9A%E7%9F%A5.htm", "a.test-医改-通知.htm-"),
        ("http://a.test/", "a.test-"),
        ("http://a.test/../../etc/passwd", "a.test-etc-passwd-"),
        ("http://a.test/%2e%2e%2f%00CON", "a.test-con-"),
        ("http://[::1]:80/", "1-80-"),
    ],
)
def test_the_name_of_a_page_can_be_read(url, readable):
    stem = file_stem(url)

    assert stem[: len(readable)] == readable
    assert len(stem) == len(readable) + 12


@settings(deadline=None)
@given(one=URLS, other=URLS)
def test_names_are_safe_stable_and_of_one_address_each(one, other):
    stem = file_stem(one)

    assert stem == file_stem(one)
    assert (stem.casefold() == file_stem(other).casefold()) == (one == other)
    assert Path(stem).name == stem
    assert not stem.startswith((".", "~", "-"))
    assert len(stem.encode()) < 200
    assert stem.isprintable()


@pytest.mark.parametrize(
    ("written", "url"),
    [
        ("HTTP://Example.ORG", "http://example.org/"),
        (" https://a.test/x#y ", "https://a.test/x"),
        ("http://u:p@a.test:8080/x?y=@", "http://a.test:8080/x?y=@"),
        ("http://医改.test/通知", "http://xn--ekrq23b.test/%E9%80%9A%E7%9F%A5"),
        ("http://a.test:80/", "http://a.test/"),
        ("http://[::1]/", "http://[::1]/"),
    ],
)
def test_addresses_are_read(written, url):
    assert parse_target(written).url == url


@pytest.mark.parametrize(
    "written",
    [
        *("", "a.test", "/x", "ftp://a.test/", "file:///etc/passwd", "http://", "http:///x", "mailto:a@b"),
        *(
            "http://a.test:99999/",
            "http://[x/",
            "http://a b/",
            "http://a.test/\r\nHost: x",
            "http://a.test/\0",
        ),
        *(
            "http://%00/",
            "http://a/" + "x" * 5_000,
            "javascript:alert(1)",
            "http://-a.test/",
            "http://a\\b/",
            "http://0177.0.0.1/",
        ),
    ],
)
def test_what_is_no_address_of_a_page_is_refused(written):
    with pytest.raises(FetchError) as caught:
        parse_target(written)
    assert caught.value.code == "url"


@settings(deadline=None)
@given(
    text=st.text(max_size=40),
    before=st.sampled_from(["", "http://", "http://a@", "https://[", "http://a:", "//", "?", "../"]),
    base=st.sampled_from([None, "http://b.test/x/y?z", "https://[::1]:8443/"]),
)
def test_any_text_is_an_address_or_is_refused(text, before, base):
    try:
        target = parse_target(before + text, base=base)
    except FetchError as error:
        assert error.code == "url"  # noqa: PT017
    else:
        assert target.url.startswith(("http://", "https://"))
        assert target.url.isascii()
        assert parse_target(target.url).url == target.url


@pytest.mark.parametrize(
    "written", ["http://u:secret@a.test/", "//u:secret@x", "http://secret@@a/", "http://a:secret@b@c/"]
)
def test_a_login_is_not_shown_however_wrong_the_address_is(written):
    assert "secret" not in without_login(written)


@settings(deadline=None)
@given(st.binary(max_size=60), st.text(max_size=30) | st.none(), URLS)
def test_any_reply_has_a_suffix_that_is_read_or_is_refused(content, kind, url):
    try:
        assert page_suffix(url, kind, content) in SUPPORTED_SUFFIXES
    except FetchError as error:
        assert error.code in {"empty", "not_a_page"}  # noqa: PT017


@pytest.mark.parametrize(
    ("header", "charset"),
    [
        ("text/html; charset=GBK", "GBK"),
        ('text/html; boundary=x; Charset = "utf-8"', "utf-8"),
        ("text/html", None),
        (None, None),
        ("text/html; charset=../../x", None),
    ],
)
def test_the_charset_of_a_header(header, charset):
    assert header_charset(header) in {charset, ".." if charset is None else charset}


@pytest.mark.parametrize("size", [1, 7, 65_536, 10**9])
@pytest.mark.parametrize("encoding", ["gzip", "deflate", "raw deflate", "two", "with something after it"])
def test_bodies_are_unpacked_whatever_pieces_they_come_in(size, encoding):
    content = os.urandom(3_000) + bytes(300_000)
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = {
        "gzip": gzip.compress(content),
        "deflate": zlib.compress(content),
        "raw deflate": raw.compress(content) + raw.flush(),
        "two": gzip.compress(content[:999]) + gzip.compress(content[999:]),
        "with something after it": gzip.compress(content) + b"\0\0after",
    }[encoding]
    pieces = [packed[i : i + size] for i in range(0, len(packed), size)]

    name = encoding.removeprefix("raw ") if "deflate" in encoding else "gzip"
    assert read_body(pieces, encoding=name, max_bytes=10**6) == content


@settings(deadline=None)
@given(
    st.lists(st.binary(max_size=50), max_size=4), st.sampled_from(["", "gzip", "deflate", "br", "gzip,br"])
)
def test_any_body_is_read_or_refused(pieces, encoding):
    try:
        body = read_body(pieces, encoding=encoding, max_bytes=100)
    except FetchError as error:
        assert error.code in {"too_large", "encoding"}  # noqa: PT017
    else:
        assert len(body) <= 100


def test_very_many_packed_parts_are_given_up_early():
    with effort_below(5), pytest.raises(FetchError):
        read_body([gzip.compress(b"") * 50_000], encoding="gzip", max_bytes=10**7)


def test_a_body_that_unpacks_without_end_is_given_up_early():
    bomb = gzip.compress(bytes(50_000_000))

    with pytest.raises(FetchError) as caught:
        read_body([bomb], encoding="gzip", max_bytes=100_000)
    assert caught.value.code == "too_large"


def test_a_sidecar_comes_back_as_it_was_written(tmp_path):
    page = tmp_path / "p.html"
    write_sidecar(page, SIDECAR)

    assert read_sidecar(page) == SIDECAR
    assert is_sidecar(sidecar_path(page))
    assert not is_sidecar(page)
    assert [one.name for one in tmp_path.iterdir()] == ["p.html.yigai.json"]


GOOD = {"yigai_page": 1, "url": SIDECAR.url, "final_url": SIDECAR.url, "sha256": "a" * 64}
GOOD |= {"fetched_at": SIDECAR.fetched_at}


@pytest.mark.parametrize(
    "written",
    [
        b"",
        b"[]",
        b"{",
        b"null",
        b"[" * 50_000,
        b"\xff\xfe\0",
        b" " * 70_000,
        *(
            json.dumps({**GOOD, **change}).encode()
            for change in (
                {"yigai_page": 2},
                {"url": "file:///etc/passwd"},
                {"url": "javascript:alert(1)"},
                {"url": "http://u:p@a.test/"},
                {"url": ["http://a.test/"]},
                {"url": "http://a.test/\n[x](y)"},
                {"url": "http://a.test/" + "x" * 9_000},
                {"final_url": None},
                {"sha256": "x"},
                {"fetched_at": "today"},
                {"fetched_at": "2024-05-06T00:00:00"},
            )
        ),
    ],
)
def test_a_sidecar_that_is_not_sound_is_none(tmp_path, written):
    (tmp_path / "p.html.yigai.json").write_bytes(written)

    assert read_sidecar(tmp_path / "p.html") is None


def test_what_else_a_sidecar_says_is_left_out(tmp_path):
    written = json.dumps({**GOOD, "charset": "x; rm -rf", "etag": "a\r\nb", "extra": 1})
    (tmp_path / "p.html.yigai.json").write_text(written)

    found = read_sidecar(tmp_path / "p.html")

    assert (found.url, found.charset, found.etag) == (SIDECAR.url, None, None)


def test_no_sidecar_a_folder_or_a_pipe_in_its_place_is_none(tmp_path):
    (tmp_path / "b.html.yigai.json").mkdir()
    os.mkfifo(tmp_path / "c.html.yigai.json")

    assert [read_sidecar(tmp_path / f"{name}.html") for name in "abc"] == [None] * 3


def test_to_read_a_sidecar_loads_no_network_library():
    code = (
        "import ingest.web, sys; print(sorted({'httpx', 'httpcore', 'protego', 'lxml'} & set(sys.modules)))"
    )

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.strip() == "[]"
