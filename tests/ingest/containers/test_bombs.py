"""Zip files that unpack to far too much, or hold far too many files, cost no more than they may."""

from __future__ import annotations

import pytest
from container_files import (
    Packed,
    codes,
    opened,
    overlapping,
    zip_of,
)

from tests.support.effort import effort_below

TEXT = "县域医共体的结余留给医院自己分配。".encode()


def names(members):
    return [member.name for member in members]


def test_archives_that_are_nested_too_deeply_are_named():
    content = zip_of(Packed(name=b"a.txt"))
    for _ in range(4):
        content = zip_of(Packed(name=b"n.zip", content=content))

    assert codes(opened(content)[1]) == [("n.zip/n.zip/n.zip", "nesting")]


def test_a_file_that_unpacks_to_far_more_than_its_size_is_a_bomb_and_the_rest_is_read():
    content = zip_of(Packed(name=b"bomb.txt", content=b"0" * 5_000_000), Packed(name=b"a.txt", content=TEXT))

    members, problems = opened(content)

    assert (names(members), codes(problems)) == (["a.txt"], [("bomb.txt", "bomb")])


def test_what_a_header_says_of_the_size_is_not_believed():
    bomb = Packed(name=b"a.txt", content=b"0" * 5_000_000)
    content = bytearray(zip_of(bomb))
    for at in (22, content.index(b"PK\1\2") + 24):
        content[at : at + 4] = (10).to_bytes(4, "little")

    assert sum(len(m.content) for m in opened(bytes(content))[0]) <= 10


def test_a_member_larger_than_a_file_may_be_is_named_and_the_rest_is_read():
    content = zip_of(Packed(name=b"large.txt", content=TEXT * 10), Packed(name=b"a.txt", content=TEXT))

    members, problems = opened(content, max_member_bytes=len(TEXT))

    assert (names(members), codes(problems)) == (["a.txt"], [("large.txt", "too_large")])


def test_all_together_unpack_to_no_more_than_they_may():
    content = zip_of(*(Packed(name=b"%d.txt" % i, content=TEXT) for i in range(5)))

    members, problems = opened(content, max_total_bytes=len(TEXT) * 2)

    assert (len(members), codes(problems)) == (2, [("", "bomb")])


def test_nested_archives_spend_what_the_outer_one_may_unpack_to():
    inner = zip_of(*(Packed(name=b"%d.txt" % i, content=TEXT) for i in range(5)))
    content = zip_of(Packed(name=b"1.zip", content=inner), Packed(name=b"2.zip", content=inner))

    members, problems = opened(content, max_members=8)

    assert len(members) == 6, "two of the eight are the archives themselves"
    assert codes(problems)[-1][1] == "too_many"


def test_one_file_under_many_names_unpacks_to_no_more_than_the_archive_may():
    bomb = Packed(name=b"kernel.txt", content=bytes(range(256)) * 3_500)
    content = overlapping(bomb, names=[b"%d.txt" % i for i in range(2_000)])

    members, problems = opened(content)

    assert sum(len(m.content) for m in members) <= max(20_000_000, 200 * len(content))
    assert codes(problems)[-1:] == [("", "bomb")]


def test_more_members_than_there_may_be_end_the_reading():
    content = zip_of(*(Packed(name=b"%d.txt" % i) for i in range(6)))

    members, problems = opened(content, max_members=4)

    assert (len(members), codes(problems)) == (4, [("", "too_many")])


@pytest.mark.parametrize("name", [b"a.txt", b"a.xlsx"])
def test_very_many_files_of_one_name_take_no_long_time(name):
    content = overlapping(Packed(name=b"k.txt", content=TEXT), names=[name] * 12_000)
    with effort_below(10):
        members, problems = opened(content, max_members=200)
    assert members or problems


def test_an_archive_of_far_too_many_files_is_not_even_listed():
    content = overlapping(Packed(name=b"k.txt"), names=[b"a.png"] * 20_001)

    members, problems = opened(content, max_members=100)

    assert (members, codes(problems)) == ([], [("", "too_many")])
    assert "none of them was read" in str(problems[0].error)


def test_no_more_problems_are_named_than_asked_and_the_rest_are_counted():
    content = zip_of(*(Packed(name=b"%d.xlsx" % i) for i in range(6)))

    _, problems = opened(content, max_problems=2)

    assert codes(problems) == [("0.xlsx", "unsupported"), ("1.xlsx", "unsupported"), ("", "too_many")]
    assert "4 further" in str(problems[-1].error)
