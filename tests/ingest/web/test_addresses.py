"""Addresses inside the own network are never dialled unless that is allowed."""

from __future__ import annotations

import httpcore
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from site_server import Page

from ingest.web import FetchError, FetchOptions, Surroundings
from ingest.web.addresses import checked_addresses, is_public
from ingest.web.dialling import Deadline, Dialler, checked
from ingest.web.fetch import fetch_pages

PRIVATE = [
    *("127.0.0.1", "127.9.9.9", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254"),
    *("0.0.0.0", "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1"),
    *("224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.88.99.1"),
    *(
        "::",
        "::1",
        "fe80::1",
        "fe80::1%eth0",
        "fec0::1",
        "fc00::1",
        "fd12::1",
        "ff02::1",
        "2001:db8::1",
        "100::1",
    ),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1"),
    *("64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::1", "2001:0:1::1", "64:ff9b:1::1"),
    *("", "localhost", "1", "0x7f.1", "127.1"),
]
PUBLIC = ["8.8.8.8", "114.114.114.114", "172.32.0.1", "100.128.0.1", "2400:3200::1", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", PRIVATE)
def test_addresses_that_are_not_anybodys(address):
    assert not is_public(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_addresses_that_are_anybodys(address):
    assert is_public(address)


@settings(deadline=None)
@given(address=st.ip_addresses(v=4))
def test_an_ipv4_address_written_as_ipv6_is_never_more_public(address):
    if not is_public(str(address)):
        assert not is_public(f"::ffff:{address}")
        assert not is_public(f"64:ff9b::{int(address) >> 16:x}:{int(address) & 0xFFFF:x}")
        assert not is_public(f"2002:{int(address) >> 16:x}:{int(address) & 0xFFFF:x}::1")


@settings(deadline=None)
@given(st.text(max_size=30))
def test_what_is_no_address_is_not_anybodys(text):
    assert not is_public(text) or text.replace(":", "").replace(".", "").isalnum()


def test_one_private_address_among_others_is_enough():
    with pytest.raises(FetchError) as caught:
        checked_addresses("x.test", 80, resolve=lambda *_: ["8.8.8.8", "10.0.0.1"], allow_private=False)
    assert caught.value.code == "private_address"
    assert "10.0.0.1" in caught.value.localised("zh")


def fail(*_):
    raise OSError("no such name")


@pytest.mark.parametrize("resolve", [fail, lambda *_: []])
def test_a_host_without_an_address_is_unreachable(resolve):
    with pytest.raises(FetchError) as caught:
        checked_addresses("x.test", 80, resolve=resolve, allow_private=False)
    assert caught.value.code == "unreachable"


# Names are asked of the system, which spells these addresses out; the refusal comes before any connection.
@pytest.mark.allow_hosts(["192.0.2.255"])
@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "https://10.1.2.3:8443/x",
        "http://[::1]/",
        "http://[::ffff:169.254.169.254]/latest/meta-data/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://127.1/",
        "http://user:pw@192.168.0.1/",
    ],
)
def test_an_address_inside_is_refused_however_it_is_written(tmp_path, url):
    report = fetch_pages([url], folder=tmp_path, options=FetchOptions())

    assert [problem.error.code for problem in report.problems] == ["private_address"]


def test_a_name_that_leads_inside_is_refused(tmp_path):
    surroundings = Surroundings(resolve=lambda *_: ["192.168.1.1"])

    report = fetch_pages(
        ["http://intranet.test/"], folder=tmp_path, options=FetchOptions(), surroundings=surroundings
    )

    assert [problem.error.code for problem in report.problems] == ["private_address"]


def test_a_name_is_not_looked_up_again_between_the_check_and_the_connection(monkeypatch):
    answers = [["8.8.8.8"], ["127.0.0.1"]]
    dialled = []

    class Recorder(httpcore.SyncBackend):
        def connect_tcp(self, host, *_, **__):
            dialled.append(host)
            raise httpcore.ConnectError("recorded")

    monkeypatch.setattr(httpcore, "SyncBackend", Recorder)
    surroundings = Surroundings(resolve=lambda *_: answers.pop(0))
    backend = Dialler(checked(FetchOptions(), surroundings), Deadline(whole_s=5))

    with pytest.raises(httpcore.ConnectError):
        backend.connect_tcp("rebinding.test", 80)
    assert dialled == ["8.8.8.8"]
    with pytest.raises(FetchError):
        backend.connect_tcp("rebinding.test", 80)
    assert dialled == ["8.8.8.8"]


@pytest.mark.allow_hosts(["127.0.0.1"])
@pytest.mark.parametrize("location", ["http://10.0.0.1/secret", "http://inside.test/", "//[::1]/"])
def test_a_redirect_that_leads_inside_is_refused(site, tmp_path, location, monkeypatch):
    # The site stands for one outside: its own address passes, and no other private one does.
    monkeypatch.setattr(
        "ingest.web.addresses.is_public", lambda address: address == "127.0.0.1" or is_public(address)
    )
    site.pages["/a"] = Page(status=302, headers={"Location": location})
    surroundings = Surroundings(
        resolve=lambda host, _: [{"inside.test": "10.0.0.1"}.get(host, host)], sleep=lambda _: None
    )

    report = fetch_pages(
        [f"{site.url}/a"], folder=tmp_path, options=FetchOptions(), surroundings=surroundings
    )

    assert site.paths() == ["/a"]
    assert [problem.error.code for problem in report.problems] == ["private_address"]


def test_with_a_proxy_addresses_that_are_written_out_are_still_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)

    for url in (
        "http://127.0.0.1/",
        "http://[::1]/",
        "http://localhost./",
        "http://127.1/",
        "http://2130706433/",
    ):
        report = fetch_pages([url], folder=tmp_path, options=FetchOptions(use_env_proxies=True))
        assert [problem.error.code for problem in report.problems] == ["private_address"], url


@pytest.mark.allow_hosts(["127.0.0.1"])
def test_a_proxy_of_the_environment_is_used_only_if_asked(site, fetch, monkeypatch):
    monkeypatch.setenv("http_proxy", site.url)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    site.pages["http://far.test/a"] = Page(body=b"<html>x</html>")
    site.pages["/a"] = Page(body=b"<html>direct</html>")

    through = fetch("http://far.test/a", use_env_proxies=True, allow_private=False)
    direct = fetch(f"http://near.test:{site.port}/a")

    assert [page.path.read_bytes() for page in (*through.pages, *direct.pages)] == [
        b"<html>x</html>",
        b"<html>direct</html>",
    ]


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:1", "ftp://user:secret@127.0.0.1:1"])
def test_a_proxy_that_is_not_spoken_is_said_and_not_passed_by(tmp_path, monkeypatch, proxy):
    monkeypatch.setenv("http_proxy", proxy)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)

    report = fetch_pages(["http://far.test/"], folder=tmp_path, options=FetchOptions(use_env_proxies=True))

    assert [problem.error.code for problem in report.problems] == ["proxy"]
    assert "secret" not in repr(report)
