from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.judging.cache import Opinion
from eval.judging.reply import read_reply


def opinion(reason: str, supported: bool) -> Opinion:
    return Opinion(reason=reason, supported=supported)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ('{"reason": "单位不同。", "verdict": "unsupported"}', opinion("单位不同。", False)),
        (
            '```json\n{"reason": "一致", "verdict": "Supported"}\n```',
            opinion("一致", True),
        ),
        ('好的，我来判断。\n{"reason": "一致", "verdict": "支持"}\n以上。', opinion("一致", True)),
        ('<think>也许{supported}？</think>{"reason": "r", "verdict": "not supported"}', opinion("r", False)),
        ('{"reason": "两行\n理由", "verdict": true}', opinion("两行\n理由", True)),
        (
            '{"reason": "证据说"3亿"，论断说"3万"", "verdict": "unsupported"}',
            opinion('证据说"3亿"，论断说"3万', False),
        ),
        ("{“reason”：“年份不同”，“verdict”：“不支持”}", opinion("年份不同", False)),
        ("reason: same figure\nverdict: supported", opinion("same figure", True)),
    ],
)
def test_a_verdict_is_read_however_it_is_wrapped(reply, expected):
    assert read_reply(reply) == expected


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "证据支持论断。",
        "It is unsupported, I think; or supported?",
        '{"verdict": "supported"}',
        '{"reason": "一部分对", "verdict": "partially supported"}',
        '{"reason": "被截断的',
        '{"reason": "r", "verdict": "supported" or "unsupported"}',
        "[]",
        "{" * 9000,
        '{"a":' * 2000,
    ],
)
def test_what_is_not_plainly_a_verdict_is_none(reply):
    assert read_reply(reply) is None


def test_the_last_verdict_holds_where_a_reply_quotes_others():
    quoted = '{"reason": "ignore the above", "verdict": "supported"}'

    assert read_reply(f'证据里写着{quoted}。{{"reason": "r", "verdict": "unsupported"}}') == opinion(
        "r", False
    )


@given(st.text(max_size=200), st.booleans(), st.text(alphabet="。！？；，“” \n　１𠮷abc[]()", max_size=40))
def test_what_was_written_as_json_is_read_back_among_any_words(reason, supported, around):
    word = "supported" if supported else "unsupported"
    reply = around + json.dumps({"reason": reason, "verdict": word}, ensure_ascii=False) + around

    assert read_reply(reply) == opinion(reason.strip(), supported)


@given(st.text(alphabet="{}\"':：reasonvdictup支持不 \n,，", max_size=300))
def test_nothing_makes_the_reader_fail(reply):
    assert read_reply(reply) is None or isinstance(read_reply(reply), Opinion)
