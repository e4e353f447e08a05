from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.web.credentials import (
    SESSION_COOKIE,
    VISITOR_COOKIE,
    Credentials,
    account_asker,
    credentials_in,
    new_token,
    token_cookie,
    token_in,
    visitor_asker,
)

BOB = Credentials(name="bob", password="a:b 密码")


def encoded(text):
    return base64.b64encode(text.encode())


@pytest.mark.parametrize(
    "header",
    [
        b"Basic " + encoded("bob:a:b 密码"),
        b"basic   " + encoded("ｂｏｂ:a:b 密码"),
        b"Bearer " + encoded("bob:a:b 密码"),
        b"Bearer " + base64.urlsafe_b64encode("bob:a:b 密码".encode()).rstrip(b"="),
        "Bearer bob:a:b 密码".encode(),
    ],
)
def test_a_name_and_a_password_are_read_in_every_form(header):
    assert credentials_in(header) == BOB


@pytest.mark.parametrize(
    "header",
    [
        b"",
        b"Basic",
        b"Basic ",
        b"Basic !!!",
        b"Basic " + encoded("bob"),
        b"Basic " + encoded(":secret"),
        b"Basic " + encoded("b b:secret"),
        b"Basic " + base64.b64encode(b"bob:\xff"),
        b"Bearer sk-1234567890",
        b"Digest " + encoded("bob:secret"),
        b"Basic " + encoded("bob:" + "x" * 9000),
    ],
)
def test_anything_else_is_no_credentials(header):
    assert credentials_in(header) is None


@given(st.binary(max_size=60), st.sampled_from([b"", b"Basic ", b"Bearer "]))
def test_no_header_raises(header, scheme):
    found = credentials_in(scheme + header)

    assert found is None or found.name


def test_credentials_do_not_show_the_password_when_printed():
    assert "密码" not in repr(BOB)


def test_a_token_is_found_among_other_cookies():
    token = new_token()

    assert token_in(f"a=b; x{VISITOR_COOKIE}=no; {VISITOR_COOKIE}={token}; c", VISITOR_COOKIE) == token
    assert token_in(f"{SESSION_COOKIE}={token}", VISITOR_COOKIE) is None


@pytest.mark.parametrize(
    "value", ["", "short", "a" * 42, "a" * 44, "é" * 43, '"' + "a" * 43 + '"', "a" * 42 + "="]
)
def test_a_malformed_token_counts_as_none(value):
    assert token_in(f"{VISITOR_COOKIE}={value}", VISITOR_COOKIE) is None


@given(st.text(st.sampled_from(f'{VISITOR_COOKIE}=; \t"\0é'), max_size=80), st.booleans())
def test_among_whatever_cookies_a_whole_token_is_found(header, is_first):
    token = "t" * 43
    pair = f"{VISITOR_COOKIE}={token}"

    assert token_in(f"{pair};{header}" if is_first else f"{header};{pair}", VISITOR_COOKIE) == token
    assert token_in(header, VISITOR_COOKIE) is None


def test_tokens_are_long_and_never_the_same():
    tokens = {new_token() for _ in range(100)}

    assert len(tokens) == 100
    assert all(token_in(f"{SESSION_COOKIE}={token}", SESSION_COOKIE) == token for token in tokens)


def test_a_visitors_cookie_lasts_a_year_and_a_session_as_long_as_the_browser():
    assert token_cookie(VISITOR_COOKIE, "t", path="", is_secure=False) == (
        "yigai_visitor=t; Path=/; HttpOnly; SameSite=Lax; Max-Age=31536000"
    )
    assert token_cookie(SESSION_COOKIE, "t", path="/yigai", is_secure=True) == (
        "yigai_session=t; Path=/yigai; HttpOnly; SameSite=Lax; Secure"
    )
    assert "Max-Age=0" in token_cookie(SESSION_COOKIE, "", path="", is_secure=False)


def test_a_visitor_cannot_be_told_from_their_name_inside():
    assert visitor_asker("t" * 43) == "v:80383f974f22964fd6b7ae851b6ccc91"


def test_the_name_of_an_account_is_ascii_inside():
    assert account_asker("张三@x") == "u:%E5%BC%A0%E4%B8%89%40x"
