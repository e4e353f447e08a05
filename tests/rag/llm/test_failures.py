from __future__ import annotations

from types import SimpleNamespace

import httpx
import openai
import pytest

from rag.errors import GenerationError
from rag.llm.failures import failure, is_passing, status_of, trouble
from rag.normalise import contains_han

PLACE = "http://127.0.0.1:8182/v1"
SECRET = "sk-very-secret-4711"
REQUEST = httpx.Request("POST", f"{PLACE}/chat/completions", headers={"Authorization": f"Bearer {SECRET}"})


def told(status, message="no"):
    """The error that OpenAI's own client makes of a status."""
    response = httpx.Response(status, request=REQUEST)
    return openai.APIStatusError(
        f"Error code: {status} - {message} ({SECRET})", response=response, body={"key": SECRET}
    )


class ThrottlingException(Exception):  # as a provider names it
    def __init__(self, status):
        super().__init__(SECRET)
        self.response = httpx.Response(status)


# What was raised; the reason; words that name what to do.
CAUSES = [
    (told(401), "rejected", "YIGAI_LLM_API_KEY"),
    (told(403), "rejected", "YIGAI_LLM_API_KEY"),
    (told(404), "rejected", "YIGAI_LLM_BASE_URL"),
    (told(402), "over_quota", "account"),
    (told(429), "over_quota", "account"),
    (ThrottlingException(429), "over_quota", "account"),
    (told(408), "slow", "Allow more time"),
    (told(504), "slow", "Allow more time"),
    (TimeoutError(), "slow", "Allow more time"),
    (httpx.ReadTimeout(SECRET), "slow", "Allow more time"),
    (openai.APITimeoutError(REQUEST), "slow", "Allow more time"),
    (httpx.ConnectError(SECRET), "unreachable", "Start the server"),
    (httpx.RemoteProtocolError(SECRET), "unreachable", "Start the server"),
    (ConnectionResetError(SECRET), "unreachable", "Start the server"),
    (openai.APIConnectionError(request=REQUEST), "unreachable", "Start the server"),
    (told(400, "'code': 'context_length_exceeded'"), "too_long", "YIGAI_LLM_CONTEXT_TOKENS"),
    (told(400, "exceed_context_size_error"), "too_long", "YIGAI_LLM_CONTEXT_TOKENS"),
    (told(400, "maximum context length is 4096 tokens"), "too_long", "YIGAI_LLM_CONTEXT_TOKENS"),
    (told(400, "prompt is too long: 5000 tokens > 4096 maximum"), "too_long", "YIGAI_LLM_CONTEXT_TOKENS"),
    (told(400, "Range of input length should be [1, 30720]"), "too_long", "YIGAI_LLM_CONTEXT_TOKENS"),
    (told(413), "too_long", "YIGAI_LLM_CONTEXT_TOKENS"),
    (told(400), "rejected", "log"),
    (told(422), "rejected", "log"),
    (told(500), "broken", "log"),
    (told(502), "broken", "log"),
    (told(529), "broken", "log"),
    (ValueError(SECRET), "broken", "log"),
    (openai.APIError(SECRET, REQUEST, body=None), "broken", "log"),
]


def test_an_answer_in_json_that_was_cut_at_its_limit_had_no_end():
    cut = openai.LengthFinishReasonError(completion=SimpleNamespace(usage=None))

    assert failure(cut, PLACE, has_begun=True).code == "endless"


def name_of(value):
    return f"{type(value).__name__} {status_of(value)}" if isinstance(value, Exception) else None


@pytest.mark.parametrize(("cause", "code", "words"), CAUSES, ids=name_of)
def test_each_cause_has_its_reason_and_says_what_to_do(cause, code, words):
    error = failure(cause, PLACE)

    assert error.code == code
    assert words in str(error)


@pytest.mark.parametrize(("cause", "code", "words"), CAUSES, ids=name_of)
def test_both_languages_name_the_place_and_the_same_cause(cause, code, words):
    error = failure(cause, PLACE)

    english, chinese = error.localised("en"), error.localised("zh")
    what = f"HTTP {status}" if (status := status_of(cause)) else type(cause).__name__
    assert PLACE in english
    assert what in english
    assert PLACE in chinese
    assert what in chinese
    assert not contains_han(english)
    assert contains_han(chinese)


@pytest.mark.parametrize(("cause", "code", "words"), CAUSES, ids=name_of)
def test_no_word_of_the_providers_message_is_passed_on(cause, code, words):
    error = failure(cause, PLACE, has_begun=True)

    told_of = [str(error), repr(error), error.localised("zh"), str(error.values), str(error.__dict__)]
    assert [text for text in told_of if SECRET in text] == []


@pytest.mark.parametrize(
    ("cause", "code"),
    [
        (httpx.RemoteProtocolError("peer closed"), "interrupted"),
        (TimeoutError(), "interrupted"),
        (ValueError("bad JSON"), "interrupted"),
        (told(500), "interrupted"),
        (told(429), "over_quota"),
        (told(401), "rejected"),
    ],
    ids=name_of,
)
def test_what_fails_in_mid_reply_broke_off(cause, code):
    error = failure(cause, PLACE, has_begun=True)

    assert error.code == code
    assert ("broke off" in str(error)) is (code == "interrupted")


def test_an_error_of_ours_stays_as_it_is():
    ours = trouble("endless", PLACE)

    assert failure(ours, "elsewhere", has_begun=True) is ours


@pytest.mark.parametrize(
    ("cause", "may_pass"),
    [
        (told(429), True),
        (told(500), True),
        (told(502), True),
        (told(503), True),
        (httpx.ConnectError("no"), True),
        (httpx.RemoteProtocolError("cut"), True),
        (ConnectionResetError(), True),
        (told(400), False),
        (told(401), False),
        (told(402), False),
        (told(404), False),
        (TimeoutError(), False),
        (openai.APITimeoutError(REQUEST), False),
        (ValueError("bad JSON"), False),
    ],
    ids=name_of,
)
def test_only_what_may_pass_is_tried_again(cause, may_pass):
    assert is_passing(cause) is may_pass


@pytest.mark.parametrize(
    "code", ["slow", "empty", "endless", "wrong_form", "resting", "too_long", "interrupted"]
)
def test_what_no_error_stands_for_has_words_of_its_own(code):
    error = trouble(code, PLACE)

    assert isinstance(error, GenerationError)
    assert error.code == code
    assert PLACE in str(error)
    assert "(" not in str(error)
    assert contains_han(error.localised("zh"))


def test_a_status_is_found_where_providers_put_it():
    assert [status_of(told(404)), status_of(ThrottlingException(429)), status_of(ValueError())] == [
        404,
        429,
        None,
    ]
