"""Whatever bytes a container holds, it never raises, and its members' names are unique and never lead out."""

from __future__ import annotations

import csv
import io
import json
from pathlib import PurePosixPath

import pytest
from container_files import ENCRYPTED, LINK, SIZES_FOLLOW, UTF8, Packed, opened, zip_of
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.load import CONTAINER_SUFFIXES

SUFFIXES = st.sampled_from(sorted(CONTAINER_SUFFIXES))
TEXTS = st.text(max_size=30)
NAMES = st.one_of(
    st.binary(min_size=1, max_size=20),
    st.sampled_from(
        [b"../a.txt", b"a.txt", b"A.TXT", b"/a.csv", b"..\\a.txt", "医保.txt".encode("gbk"), b"a/b.json"]
    ),
    st.text(min_size=1, max_size=12).map(lambda name: f"{name}.txt".encode("utf-8", "surrogatepass")),
)
FILES = st.builds(
    Packed,
    name=NAMES,
    content=st.one_of(
        st.binary(max_size=60), TEXTS.map(lambda t: f"正文,标题\n{t},x\n".encode("utf-8", "replace"))
    ),
    flags=st.sampled_from([0, UTF8, ENCRYPTED, SIZES_FOLLOW]),
    method=st.sampled_from([0, 8, 8, 12, 14, 99]),
    mode=st.sampled_from([0o100644, LINK]),
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
KEYS = st.sampled_from(["正文", "text", "标题", "date", "id", "author"]) | TEXTS


def assert_sound(content, name):
    members, problems = opened(content, name)
    names = [member.name for member in members]

    assert len(set(names)) == len(names)
    if name == "a.zip":
        assert len({name.casefold() for name in names}) == len(names)
    for name in names:
        path = PurePosixPath(name)
        assert name.isprintable()
        assert name
        assert not path.is_absolute()
        assert ".." not in path.parts
        assert "\\" not in name
    for found in problems:
        assert found.error.localised("zh")
        assert found.error.localised("en").isprintable()
    for member in members:
        assert member.content
        assert member.suffix.startswith(".")
    return members, problems


@settings(deadline=None)
@given(content=st.binary(max_size=300), suffix=SUFFIXES)
def test_any_bytes(content, suffix):
    assert_sound(content, f"a{suffix}")


@settings(deadline=None)
@given(files=st.lists(FILES, max_size=5))
def test_any_archive(files):
    assert_sound(zip_of(*files), "a.zip")


@given(files=st.lists(FILES, min_size=1, max_size=3), draw=st.data())
@settings(max_examples=100, deadline=None)
def test_any_archive_with_bytes_changed_or_cut(files, draw):
    content = bytearray(zip_of(*files))
    for _ in range(draw.draw(st.integers(1, 6))):
        content[draw.draw(st.integers(0, len(content) - 1))] = draw.draw(st.integers(0, 255))

    assert_sound(bytes(content[: draw.draw(st.integers(0, len(content)))]), "a.zip")


@settings(deadline=None)
@given(rows=st.lists(st.lists(TEXTS, min_size=1, max_size=4), max_size=5), sign=st.sampled_from(",;\t|"))
def test_any_table_of_texts_loses_no_row_in_silence(rows, sign):
    written = io.StringIO()
    csv.writer(written, delimiter=sign).writerows([["id", "正文", "标题", "来源"], *rows])

    members, problems = assert_sound(written.getvalue().encode(), "a.csv")

    if all(found.name for found in problems):
        assert len(members) + len(problems) >= sum(any(cell.strip() for cell in row) for row in rows)


@settings(deadline=None)
@given(rows=st.lists(st.tuples(TEXTS, TEXTS.filter(lambda t: t.replace("\0", "").strip())), max_size=5))
def test_every_row_with_a_text_is_a_member_with_that_text(rows):
    content = "\n".join(json.dumps({"id": i, "text": f"正文{t}"}) for i, t in rows).encode()

    members, problems = assert_sound(content, "a.jsonl")

    assert (len(members), problems) == (len(rows), [])
    for member, (_, text) in zip(members, rows, strict=True):
        assert member.content.decode().endswith(text.replace("\0", ""))


@settings(deadline=None)
@given(rows=st.lists(st.dictionaries(KEYS, VALUES, max_size=5) | VALUES, max_size=5))
@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_any_json(rows, name):
    written = json.dumps(rows) if name == "a.json" else "\n".join(map(json.dumps, rows))

    assert_sound(written.encode(), name)
