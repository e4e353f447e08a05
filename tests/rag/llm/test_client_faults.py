from __future__ import annotations

import threading

import pytest
from patience import outcome, within
from unruly_endpoint import endpoint
from unruly_replies import (
    FOREVER,
    Failure,
    Fault,
    Form,
    Pace,
    Reply,
    Silence,
    bad_gateway,
    endless,
    failure,
    http_date,
    over_quota,
    too_long,
)

# These tests talk to a server of their own on this machine, and to nothing else.
pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])

TEXT = "芜湖市2023年新增托位1200个，同比增长8.5%[1]。𠮷"
WHOLE = Reply(content=TEXT)
BYTES = Form(is_chunked=False)


# Asking again


@pytest.mark.parametrize(
    "entry",
    [
        failure(500),
        bad_gateway(),
        failure(503),
        failure(529),
        over_quota(),
        over_quota("0"),
        over_quota("in a while"),
        Silence(),
        Silence(is_reset=True),
        Reply(content=TEXT, fault=Fault(kind="reset", after_pieces=0)),
        Reply(content=TEXT, fault=Fault(kind="close", after_pieces=0)),
    ],
)
def test_what_may_pass_is_asked_again(client_of, entry):
    with endpoint(entry, entry, WHOLE) as server:
        assert outcome(client_of(server, llm_retries=2, llm_timeout_s=9)) == (TEXT, "")
        assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        (failure(401, code="invalid_api_key"), "rejected"),
        (failure(403), "rejected"),
        (failure(404, code="model_not_found"), "rejected"),
        (failure(402), "over_quota"),
        (too_long("llama.cpp"), "too_long"),
        (failure(504), "slow"),
        (Failure(status=200, body="<html>Sign in</html>", content_type="text/html"), "empty_or_broken"),
    ],
)
def test_what_will_not_pass_is_asked_once(client_of, entry, code):
    with endpoint(entry, WHOLE) as server:
        text, told = outcome(client_of(server, llm_retries=0 if code == "slow" else 5))

        assert text == ""
        assert told in (code, *(("broken", "interrupted") if code == "empty_or_broken" else ()))
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("entry", "code"),
    [(failure(500), "broken"), (over_quota("0"), "over_quota"), (Silence(), "unreachable")],
)
def test_after_the_last_attempt_the_reason_is_told(client_of, entry, code):
    with endpoint(entry) as server:
        assert outcome(client_of(server, llm_retries=1)) == ("", code)
        assert len(server.requests) == 2


def test_nothing_that_has_begun_is_asked_again(client_of):
    with endpoint(Reply(content=TEXT, fault=Fault(kind="reset")), WHOLE) as server:
        assert outcome(client_of(server, llm_retries=5)) == (TEXT[:8], "interrupted")
        assert len(server.requests) == 1


def test_the_wait_is_what_the_server_asks_for_in_seconds(client_of):
    with endpoint(over_quota("1"), WHOLE) as server, within(8, least=1.0):
        assert outcome(client_of(server, llm_retries=1)) == (TEXT, "")


def test_the_wait_is_what_the_server_asks_for_as_a_date(client_of):
    with endpoint(over_quota(http_date(2)), WHOLE) as server, within(9, least=0.9):
        assert outcome(client_of(server, llm_retries=1, llm_timeout_s=9)) == (TEXT, "")


def test_without_a_word_of_it_the_waits_grow(client_of):
    with endpoint(failure(500), failure(500), WHOLE) as server:
        assert outcome(client_of(server, llm_retries=2, llm_timeout_s=9)) == (TEXT, "")

        first, second, third = (exchange.at_s for exchange in server.exchanges)
    assert second - first >= 0.35
    assert third - second > 0.72


@pytest.mark.parametrize("asked", ["9", "3600", "a date", "inf"])
def test_whoever_is_told_to_wait_for_long_gives_up_at_once(client_of, asked):
    asked = http_date(600) if asked == "a date" else asked  # not before: the tests may have run for long
    with endpoint(over_quota(asked), WHOLE) as server, within(8.0):
        assert outcome(client_of(server, llm_retries=5, llm_timeout_s=60)) == ("", "over_quota")
        assert len(server.requests) == 1


def test_whoever_is_told_to_wait_beyond_the_time_there_is_gives_up_at_once(client_of):
    with endpoint(over_quota("5"), WHOLE) as server, within(4.0):
        assert outcome(client_of(server, llm_retries=5, llm_timeout_s=3)) == ("", "over_quota")


# Time


@pytest.mark.parametrize("pace", [Pace(before_byte_s=FOREVER), Pace(before_token_s=FOREVER)])
def test_a_first_token_that_does_not_come_is_waited_for_so_long(client_of, pace):
    with endpoint(Reply(content=TEXT, pace=pace)) as server, within(6, least=0.5):
        client = client_of(server, llm_first_token_s=0.5, llm_timeout_s=5, llm_retries=3)

        assert outcome(client) == ("", "slow")
        assert len(server.requests) == 1
        server.wait_for_hang_up()


def test_a_silence_in_mid_stream_is_borne_so_long(client_of):
    with endpoint(Reply(content=TEXT, fault=Fault(kind="stall"))) as server, within(6, least=0.5):
        assert outcome(client_of(server, llm_first_token_s=0.5)) == (TEXT[:8], "interrupted")
        server.wait_for_hang_up()


@pytest.mark.parametrize("at", ["before", "within"])
def test_comments_that_keep_a_connection_alive_do_not_lengthen_the_wait(client_of, at):
    pace = Pace(before_token_s=FOREVER if at == "before" else 0, comment_every_s=0.05)
    reply = Reply(content=TEXT, pace=pace, fault=Fault(kind="stall"))
    with endpoint(reply) as server, within(6, least=0.5):
        text, code = outcome(client_of(server, llm_first_token_s=0.5, llm_timeout_s=5))
        server.wait_for_hang_up()

    assert (text, code) == (("", "slow") if at == "before" else (TEXT[:8], "interrupted"))


def test_a_reply_that_trickles_is_cut_off_when_its_time_is_up(client_of):
    reply = Reply(content="好" * 200, piece_chars=1, pace=Pace(between_tokens_s=0.1))
    with endpoint(reply) as server, within(6, least=1.0):
        text, code = outcome(client_of(server, llm_timeout_s=1.0, llm_first_token_s=0.5))
        server.wait_for_hang_up()

    assert code == "interrupted"
    assert 3 <= len(text) <= 10


def test_no_piece_that_comes_in_the_last_moment_lengthens_the_time(client_of):
    # Python 3.11's `wait_for` swallows a cancellation that meets a piece: one in twelve, before it was asked after.
    reply = Reply(content="好" * 300, piece_chars=1, pace=Pace(between_tokens_s=0.01))
    codes = []
    with endpoint(reply) as server:

        def ask(start):
            clients = [client_of(server, llm_timeout_s=0.3 + start + step / 500) for step in range(8)]
            codes.extend(outcome(client)[1] for client in clients)

        threads = [threading.Thread(target=ask, args=(n / 1000,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    # On a busy machine the time of one may be over before its first piece is there: that is "slow".
    assert len(codes) == 32
    assert set(codes) <= {"interrupted", "slow"}
    assert codes.count("interrupted") > 16


def test_attempts_share_the_time_there_is(client_of):
    with endpoint(failure(500)) as server, within(10):
        text, code = outcome(client_of(server, llm_timeout_s=1.5, llm_retries=10))

    assert (text, code) == ("", "broken")
    assert len(server.requests) <= 3


def test_a_slow_reply_within_its_time_is_whole(client_of):
    pace = Pace(before_byte_s=0.3, before_token_s=0.3, between_tokens_s=0.02, comment_every_s=0.1)
    with endpoint(Reply(content=TEXT, pace=pace)) as server:
        assert outcome(client_of(server)) == (TEXT, "")


# Ends that are none


def test_an_answer_without_end_is_cut_off(client_of):
    with endpoint(endless("好。", between_tokens_s=0.0)) as server, within(12):
        text, code = outcome(client_of(server, llm_answer_tokens=64, llm_timeout_s=20))
        server.wait_for_hang_up()

    assert code == "endless"
    assert 64 * 8 <= len(text) <= 64 * 8 + 50


def test_an_answer_cut_at_the_limit_is_told_after_its_words(client_of):
    with endpoint(Reply(content=TEXT, finish="length")) as server:
        assert outcome(client_of(server)) == (TEXT, "endless")


BROKEN_OFF = [
    Reply(content=TEXT, fault=Fault(kind="reset")),
    Reply(content=TEXT, fault=Fault(kind="close")),
    Reply(content=TEXT, fault=Fault(kind="close"), form=BYTES),
    Reply(content=TEXT, fault=Fault(kind="half_character")),
    Reply(content=TEXT, fault=Fault(kind="half_character"), form=BYTES),
    Reply(content=TEXT, fault=Fault(kind="error")),
    Reply(content=TEXT, fault=Fault(kind="bad_json")),
]


@pytest.mark.parametrize("entry", BROKEN_OFF)
def test_a_reply_that_breaks_off_gives_what_came_and_says_so(client_of, entry):
    with endpoint(entry) as server, within(10):
        assert outcome(client_of(server)) == (TEXT[:8], "interrupted")


def test_a_reply_that_never_says_why_it_ends_is_not_taken_for_whole(client_of):
    cut = Reply(content=TEXT, finish=None, form=Form(is_chunked=False, has_done=False))
    with endpoint(cut) as server:
        assert outcome(client_of(server)) == (TEXT, "interrupted")


@pytest.mark.parametrize("reply", [Reply(content=""), Reply(content="", usage=None)])
def test_nothing_at_all_is_an_empty_reply_and_no_error(client_of, reply):
    with endpoint(reply) as server:
        assert outcome(client_of(server)) == ("", "")


def test_a_hurried_client_waits_less_and_shares_what_is_known_of_the_model(client_of):
    silent = Reply(content=TEXT, pace=Pace(before_token_s=30))
    with endpoint(silent) as server:
        client = client_of(server, llm_timeout_s=60, llm_first_token_s=60, llm_retries=3)
        hurried = client.hurried(0.4)
        for _ in range(3):
            with within(6, least=0.4):
                assert outcome(hurried) == ("", "slow")
        assert len(server.requests) == 3
        assert outcome(client) == ("", "resting")
