from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.judging.cache import JudgeCache, Opinion, cache_key

PARTS = {"model": "m", "prompt": "p", "claim": "论断", "evidence": "证据", "context": ""}
YES = Opinion(reason="一致", supported=True)
parts = st.fixed_dictionaries(dict.fromkeys(PARTS, st.text(max_size=8)))


def test_a_verdict_is_found_again(tmp_path):
    JudgeCache(tmp_path / "new" / "folder").put("abc", YES)

    assert JudgeCache(tmp_path / "new" / "folder").get("abc") == YES
    assert JudgeCache(tmp_path / "new" / "folder").get("abd") is None


def test_one_verdict_is_one_file_and_nothing_half_written_stays(tmp_path):
    cache = JudgeCache(tmp_path)

    cache.put("abc", Opinion(reason="", supported=False))
    cache.put("abc", YES)

    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == ["abc.json"]
    assert cache.get("abc") == YES


def test_no_verdict_is_not_kept(tmp_path):
    JudgeCache(tmp_path).put("abc", Opinion(reason="unreadable", supported=None))

    assert JudgeCache(tmp_path).get("abc") is None


@pytest.mark.parametrize(
    "content",
    [b"", b'{"reason": "r", "supp', b"[]", b"\xff\xfe", b'{"reason": "r", "supported": 1}', b"[" * 100_000],
)
def test_a_damaged_file_is_a_miss_and_is_written_anew(tmp_path, content):
    cache = JudgeCache(tmp_path)
    cache.put("abc", YES)
    (tmp_path / "ab" / "abc.json").write_bytes(content)

    assert cache.get("abc") is None

    cache.put("abc", YES)
    assert cache.get("abc") == YES


def test_a_folder_that_cannot_be_written_to_costs_only_the_cache(tmp_path, caplog):
    (tmp_path / "file").write_text("", encoding="utf-8")
    cache = JudgeCache(tmp_path / "file")

    cache.put("abc", YES)

    assert cache.get("abc") is None
    assert "could not be kept" in caplog.text


@given(parts, parts)
def test_the_key_differs_as_soon_as_any_part_differs(one, other):
    assert (cache_key(**one) == cache_key(**other)) == (one == other)


@given(parts, st.sampled_from(sorted(PARTS)), st.text(min_size=1, max_size=3))
def test_the_key_depends_on_every_part(given_parts, part, more):
    assert cache_key(**given_parts) != cache_key(**given_parts | {part: given_parts[part] + more})


def test_words_cannot_move_from_one_part_to_the_next_unseen():
    assert cache_key(**PARTS | {"claim": "甲", "evidence": "乙丙"}) != cache_key(
        **PARTS | {"claim": "甲乙", "evidence": "丙"}
    )


def test_a_kept_file_is_plain_json(tmp_path):
    JudgeCache(tmp_path).put("abc", YES)

    assert json.loads((tmp_path / "ab" / "abc.json").read_bytes()) == {"reason": "一致", "supported": True}
