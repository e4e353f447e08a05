"""How long a server is waited for."""

from __future__ import annotations

import datetime
import email.utils

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.web.client import retry_after_s


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        (" 0 ", 0),
        ("9" * 400, 999_999_999),
        ("-3", None),
        ("soon", None),
        ("", None),
        (None, None),
        ("٣", None),
    ],
)
def test_seconds_are_seconds(header, seconds):
    assert retry_after_s(header) == seconds


def test_a_date_is_so_many_seconds_away():
    now = datetime.datetime.now(datetime.UTC)

    later = retry_after_s(email.utils.format_datetime(now + datetime.timedelta(seconds=90), usegmt=True))
    earlier = retry_after_s(email.utils.format_datetime(now - datetime.timedelta(seconds=90), usegmt=True))

    assert 60 < later <= 90
    assert earlier == 0


@settings(deadline=None)
@given(st.text(max_size=40))
def test_any_header_is_seconds_or_nothing(header):
    found = retry_after_s(header)

    assert found is None or found >= 0
