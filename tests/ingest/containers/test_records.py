"""Lists of objects: each becomes an article, and one that cannot be read is named by its line or number."""

from __future__ import annotations

import json

import pytest
from container_files import codes, opened

from tests.support.effort import effort_below


def lines(*objects):
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in objects)


def text(member):
    written = member.content.decode()
    return written.split(" -->\n", 1)[1] if written.startswith("<!-- ") else written


ONE = {"title": "县医院合并", "content": "三家医院合成一个集团。", "publish_time": "2024-05-06 10:00"}
TWO = {"title": "药品目录", "content": "目录每年调整一次，新药可以申请。"}


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.json"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_one_object_a_line_is_read_in_whatever_encoding_it_is(name, codec):
    members, problems = opened(lines(ONE, TWO).encode(codec), name)

    assert problems == []
    assert [text(m) for m in members] == [ONE["content"], TWO["content"]]
    assert members[0].fields == {"title": "县医院合并", "date": "2024-05-06 10:00"}


@pytest.mark.parametrize(
    "written",
    [
        json.dumps([ONE, TWO]),
        json.dumps([ONE, TWO], indent=2),
        json.dumps({"code": 0, "data": {"total": 2, "list": [ONE, TWO]}}),
        json.dumps({"articles": [ONE, TWO]}, indent=1),
        json.dumps(ONE, indent=1) + "\n" + json.dumps(TWO, indent=1),
        "\n [ " + json.dumps(ONE) + " , " + json.dumps(TWO) + " ] \n",
    ],
    ids=[
        "list",
        "list over lines",
        "answer of a service",
        "object of a list",
        "one after the other",
        "spaced",
    ],
)
def test_a_file_of_json_is_read_however_the_articles_lie_in_it(written):
    members, problems = opened(written.encode(), "a.json")

    assert ([text(m) for m in members], problems) == ([ONE["content"], TWO["content"]], [])


def test_a_file_that_is_one_object_is_one_article():
    members, problems = opened(json.dumps(ONE).encode(), "a.json")

    assert ([m.name for m in members], problems) == (["row-000001"], [])


def test_bad_lines_are_named_by_their_number_and_the_rest_is_read():
    content = "\n".join((lines(ONE), "{not json", "", "[1]", '"x"', lines(TWO), '{"a": 1, "a": 2}'))

    members, problems = opened(content.encode(), "a.jsonl")

    assert [m.name for m in members] == ["row-000001", "row-000006"]
    assert codes(problems) == [(f"row-{n:06d}", "row") for n in (2, 4, 5, 7)]
    assert "第 2 条" in problems[0].error.localised("zh")


def test_a_list_that_breaks_off_gives_what_came_before():
    content = json.dumps([ONE, TWO], ensure_ascii=False)[:-20]

    members, problems = opened(content.encode(), "a.json")

    assert ([text(m) for m in members], codes(problems)) == ([ONE["content"]], [("row-000002", "row")])


def test_without_a_text_the_keys_are_named_once_and_not_for_every_line():
    _, problems = opened(lines(*({"headline_zh": "一", "稿件": "二"} for _ in range(50))).encode(), "a.jsonl")

    assert codes(problems) == [("", "columns")]
    assert "--column text=headline_zh" in str(problems[0].error)
    assert "'稿件'" in str(problems[0].error)


def test_the_key_that_is_named_is_the_text():
    members, _ = opened(lines({"稿件": "县医院合并。"}).encode(), "a.jsonl", columns={"text": "稿件"})

    assert text(members[0]) == "县医院合并。"


def test_paragraphs_in_a_list_are_joined_and_an_author_may_be_an_object():
    row = {"paragraphs": ["一。", {"text": "二。"}, None, [3, ["四。"]]], "author": [{"name": "甲"}, "乙"]}

    member = opened(lines(row).encode(), "a.jsonl")[0][0]

    assert (text(member), member.fields) == ("一。\n二。\n3\n四。", {"author": "甲、乙"})


@pytest.mark.parametrize("written", [1_714_953_600, 1_714_953_600_000, "1714953600"])
def test_seconds_since_1970_are_a_date_in_china(written):
    member = opened(lines({"text": "县医院合并。", "time": written}).encode(), "a.jsonl")[0][0]

    assert member.fields == {"date": "2024-05-06"}


def test_a_half_of_a_character_is_replaced_and_said():
    member = opened(rb'{"text": "\ud83d\u4e00\ud83d\ude00\u0000"}', "a.jsonl")[0][0]

    assert text(member) == "\ufffd一😀"
    assert "1 places" in member.notes[0]


def test_a_field_too_long_to_be_one_is_left_out_and_said():
    member = opened(lines({"text": "一。", "title": "长" * 3_000}).encode(), "a.jsonl")[0][0]

    assert (member.fields, "title was left out" in member.notes[0]) == ({}, True)


@pytest.mark.parametrize("value", [None, "", "  ", [], {}, True, float("nan")])
def test_what_is_no_text_is_none(value):
    _, problems = opened(json.dumps({"text": value}).encode(), "a.jsonl")

    assert codes(problems) == [("row-000001", "no_text")]


@pytest.mark.parametrize("key", ["text", "author", "date", "id", "x"])
@pytest.mark.parametrize("depth", [50, 400, 940, 100_000])
@pytest.mark.parametrize("shape", ["[%s]", '{"name":%s}', '[{"text":%s}]'])
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_values_nested_however_deep_are_read_or_named(key, depth, shape, name):
    before, after = shape.split("%s")
    row = f'{{"text": "一。", "{key}": {before * depth}"x"{after * depth}}}'

    members, problems = opened(f"{row}\n".encode(), name)

    assert len(members) + len(problems) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"[" * 1_000_000,
        b"[{}" + b",{}" * 200_000,
        b'{"text": ' + b"9" * 1_000_000 + b"}",
        b'{"text": 1' + b"0" * 400 + b', "date": 1e999}',
        b'{"text": "x"}\n' + b"\n" * 1_000_000,
        b"{" + b",".join(b'"k%d": 1' % i for i in range(100_000)) + b"}",
    ],
    ids=["brackets", "empty objects", "long number", "large number", "empty lines", "many keys"],
)
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_hostile_lists_take_no_long_time(content, name):
    with effort_below(10):
        members, problems = opened(content, name)

        assert members or problems


@pytest.mark.parametrize(("name", "place"), [("a.json", ""), ("a.jsonl", "row-000001")])
def test_a_value_of_very_many_parts_is_not_unfolded(name, place):
    content = b'{"text": [' + b"[]," * 5_000_001 + b"[]]}"

    members, problems = opened(content, name)

    assert (members, codes(problems)) == ([], [(place, "too_large")])
