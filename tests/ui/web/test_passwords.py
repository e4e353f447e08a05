from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.web.passwords import NOBODY, hash_password, is_hashed, verify_password

HASHED = hash_password("医改 Pass１２３")


def test_a_password_fits_its_own_hash_and_no_other_does():
    assert verify_password("医改 Pass１２３", HASHED)
    assert not verify_password("医改 Pass124", HASHED)
    assert not verify_password("", HASHED)


def test_full_width_and_half_width_are_the_same_password():
    assert verify_password("医改 Pass123", HASHED)


def test_the_same_password_is_hashed_differently_each_time_and_is_not_in_its_hash():
    assert hash_password("医改 Pass１２３") != HASHED
    assert "Pass" not in HASHED


def test_a_guess_is_slow_even_where_nobody_is_asked_for():
    start = time.process_time()
    assert not verify_password("医改", NOBODY)

    assert time.process_time() - start > 0.02


def test_the_hash_of_nobody_has_the_form_and_the_cost_of_a_real_one():
    assert is_hashed(NOBODY)
    assert NOBODY.split("$")[:4] == HASHED.split("$")[:4]
    assert len(NOBODY) == len(HASHED)


@pytest.mark.parametrize(
    "malformed",
    [
        "",
        "secret",
        "scrypt$",
        HASHED + "\n",
        HASHED[:-2],
        HASHED.replace("$8$", "$0$"),
        HASHED.replace("32768", "32767"),
        HASHED.replace("32768", "99999999"),
        HASHED.replace("$8$1$", "$9999$1$"),
        HASHED.replace("$8$1$", "$8$9999$"),
        HASHED.replace("scrypt", "md5"),
        "scrypt$16$8$1$AAAA$AA==",
        "scrypt$16$8$1$A$" + "A" * 43 + "=",
        "scrypt$１６$8$1$AAAA$" + "A" * 43 + "=",
    ],
    ids=map(str, range(14)),  # a hash is another each time; workers must agree on the names
)
def test_a_malformed_hash_fits_no_password(malformed):
    assert not verify_password("医改 Pass１２３", malformed)


@pytest.mark.parametrize("costs", ["524288$8$1", "32768$128$1", "2$1$9999"])
def test_a_hash_that_would_stop_the_server_is_not_computed(costs):
    start = time.process_time()
    assert not verify_password("医改", f"scrypt${costs}${'A' * 22}==${'A' * 43}=")

    assert time.process_time() - start < 0.02


@given(st.text(), st.text())
def test_nothing_that_is_typed_raises(password, hashed):
    assert not verify_password(password, hashed)


@given(st.text(st.characters(codec=None)))
def test_any_password_can_be_verified_against_a_hash_made_elsewhere(password):
    cheap = "scrypt$2$1$1$AAAAAAAAAAAAAAAAAAAAAA==$" + "A" * 43 + "="

    assert not verify_password(password, cheap)
