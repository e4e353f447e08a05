from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.web.places import (
    OpenDoorError,
    host_name,
    is_loopback,
    is_same_origin,
    local_path,
    may_serve,
    network_of,
    safe_next,
)

HOME = "https://yigai.example"
TRICKY = st.text(st.sampled_from("/\\.%2fe5c:@?#ab \t\n\r\x00htps，é"), max_size=30)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost", "LOCALHOST"])
def test_on_loopback_no_accounts_are_needed(host):
    assert is_loopback(host)
    assert may_serve(host, has_accounts=False, no_auth=False)


@pytest.mark.parametrize(
    "host", ["0.0.0.0", "::", "", "192.168.1.5", "yigai.example", "localhost.evil", "1270.0.1"]
)
def test_off_loopback_there_must_be_accounts_or_the_wish_for_none(host):
    assert not may_serve(host, has_accounts=False, no_auth=False)
    assert may_serve(host, has_accounts=True, no_auth=False)
    assert may_serve(host, has_accounts=False, no_auth=True)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_refusal_to_serve_says_both_ways_on(language):
    message = OpenDoorError(host="0.0.0.0").localised(language)

    assert "0.0.0.0" in message
    assert "--auth" in message
    assert "--no-auth" in message


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("localhost", "localhost"),
        ("LocalHost:7860", "localhost"),
        ("127.0.0.1:7860", "127.0.0.1"),
        ("[::1]:7860", "::1"),
        ("[::1]", "::1"),
        ("evil.example:80", "evil.example"),
        ("", None),
        ("::1", None),
        ("localhost@evil.example", None),
        ("localhost:7860:80", None),
        ("localhost/x", None),
        ("localhost:", None),
        ("localhost evil", None),
    ],
)
def test_the_name_is_read_out_of_a_host_header(header, name):
    assert host_name(header) == name


@pytest.mark.parametrize(
    ("origin", "host", "same"),
    [
        ("http://localhost:7860", "localhost:7860", True),
        ("http://LOCALHOST:7860", "localhost:7860", True),
        ("https://yigai.example", "yigai.example", True),
        ("https://yigai.example", "yigai.example:443", True),
        ("https://yigai.example:443", "yigai.example", True),
        ("http://[::1]:7860", "[::1]:7860", True),
        ("http://localhost:3000", "localhost:7860", False),
        ("http://yigai.example", "yigai.example:443", False),
        ("https://evil.example", "yigai.example", False),
        ("https://yigai.example.evil.example", "yigai.example", False),
        ("https://yigai.example@evil.example", "yigai.example", False),
        ("null", "yigai.example", False),
        ("null", "null", False),
        ("", "yigai.example", False),
        ("", "", False),
        ("file://", "yigai.example", False),
        ("https://yigai.example/", "yigai.example", False),
        ("https://[yigai", "yigai.example", False),
    ],
)
def test_an_origin_is_the_servers_own_or_not(origin, host, same):
    assert is_same_origin(origin, host) is same


@given(TRICKY, TRICKY)
def test_reading_hosts_and_origins_never_raises(origin, host):
    is_same_origin(origin, host)
    is_same_origin(f"http://{origin}", host)
    host_name(host)
    is_loopback(host)
    network_of(host)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("testclient", "testclient"),
    ],
)
def test_attempts_are_counted_by_network(address, network):
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("path", "root_path", "local"),
    [
        ("/login", "", "/login"),
        ("/login", "/yigai", "/login"),
        ("/yigai/login", "/yigai", "/login"),
        ("/yigai", "/yigai", "/"),
        ("/yigaix/login", "/yigai", "/yigaix/login"),
    ],
)
def test_the_folder_is_taken_off_where_the_proxy_left_it_on(path, root_path, local):
    assert local_path(path, root_path) == local


@pytest.mark.parametrize(
    "wanted", ["/", "/a/b", "/?q=%E8%8A%9C#x", "/article/1?next=https://x.example//y", "/a/"]
)
def test_a_path_of_this_server_is_gone_on_to(wanted):
    assert safe_next(wanted) == wanted
    assert safe_next(f"/yigai{wanted}", "/yigai") == f"/yigai{wanted}"


@pytest.mark.parametrize(
    "wanted",
    [
        "",
        "a",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "\t//evil.example",
        "https://evil.example",
        "https:evil.example",
        "javascript:alert(1)",
        "/..//evil.example",
        "/.//evil.example",
        "/%2e%2e//evil.example",
        "/a%5c..%5cb",
        "/a\nSet-Cookie: x",
        "/芜湖",
        "/" + "a" * 2000,
    ],
)
def test_what_may_lead_elsewhere_leads_to_the_first_page(wanted):
    assert safe_next(wanted) == "/"


@pytest.mark.parametrize(
    "wanted", ["/other", "/yigaix", "/yigai/../other", "/yigai//evil", "//yigai/", "/yigai"]
)
def test_under_a_folder_nothing_leads_out_of_it(wanted):
    assert safe_next(wanted, "/yigai") == "/yigai/"


@given(TRICKY, st.sampled_from(["", "/yigai"]))
def test_wherever_one_is_sent_it_is_on_this_server(wanted, root_path):
    found = safe_next(wanted, root_path)

    went = urlsplit(urljoin(f"{HOME}{root_path}/login", found))
    assert (went.scheme, went.netloc) == ("https", "yigai.example")
    assert went.path.startswith(f"{root_path}/")
    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))
    assert found.isprintable()
