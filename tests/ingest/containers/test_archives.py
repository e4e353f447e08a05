"""Zip files: what is in them is read under names that lead nowhere, and what is not read is said."""

from __future__ import annotations

import pytest
from container_files import (
    ENCRYPTED,
    FOLDER,
    LINK,
    SIZES_FOLLOW,
    UTF8,
    Packed,
    codes,
    opened,
    unicode_path,
    without_directory,
    zip_of,
)

TEXT = "县域医共体的结余留给医院自己分配。".encode()


def names(members):
    return [member.name for member in members]


def test_files_of_kinds_that_are_read_are_members_and_keep_their_bytes():
    content = zip_of(
        Packed(name=b"a.txt", content=TEXT),
        Packed(name=b"sub/b.HTML", content=b"<p>x</p>", method=0),
        Packed(name=b"c.docx", content=b"PK\3\4..."),
    )

    members, problems = opened(content)

    assert [(m.name, m.suffix, m.content) for m in members] == [
        ("a.txt", ".txt", TEXT),
        ("sub/b.HTML", ".html", b"<p>x</p>"),
        ("c.docx", ".docx", b"PK\3\4..."),
    ]
    assert problems == []


@pytest.mark.parametrize(
    ("codec", "name"),
    [
        ("gbk", "国务院通知/医保基金使用办法.txt"),
        ("big5", "衛生福利部公告/健康保險醫療費用.txt"),
        ("utf-8", "国务院通知/医保基金.txt"),
    ],
)
def test_chinese_names_without_a_mark_of_their_encoding_are_read_right(codec, name):
    members, problems = opened(zip_of(Packed(name=name.encode(codec))))

    assert (names(members), problems) == ([name], [])


def test_a_name_marked_as_utf8_and_a_name_in_an_extra_field_are_taken_at_their_word():
    raw = "医保.txt".encode("gbk")
    content = zip_of(
        Packed(name="基金.txt".encode(), flags=UTF8),
        Packed(name=raw, extra=unicode_path("医保办法.txt", raw)),
        Packed(name="改革.txt".encode("gbk"), extra=unicode_path("别的.txt", b"another name")),
    )

    members, _ = opened(content)

    assert names(members) == ["基金.txt", "医保办法.txt", "改革.txt"]


def test_half_of_a_gbk_character_that_looks_like_a_backslash_is_no_separator():
    name = "誠信.txt"
    assert b"\\" in name.encode("gbk")

    assert names(opened(zip_of(Packed(name=name.encode("gbk"))))[0]) == [name]


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (b"../../etc/passwd.txt", "etc/passwd.txt"),
        (b"/etc/a.txt", "etc/a.txt"),
        (b"C:\\Windows\\a.txt", "Windows/a.txt"),
        (b"..\\..\\a.txt", "a.txt"),
        (b"a/../../b.txt", "a/b.txt"),
        (b"C:a.txt", "a.txt"),
        (b" .. /a.txt", "a.txt"),
    ],
)
def test_a_name_that_leads_out_is_cut_and_the_member_says_so(written, kept):
    members, problems = opened(zip_of(Packed(name=written)))

    assert (names(members), problems) == ([kept], [])
    assert "leads out" in members[0].notes[0]


def test_control_characters_do_not_stay_in_names():
    members, _ = opened(zip_of(Packed(name=b"a\x1b[31m\x00b.txt"), Packed(name="\u202etxt.a.txt".encode())))

    assert all(name.isprintable() for name in names(members))


def test_names_that_are_the_same_or_differ_in_case_only_are_told_apart():
    content = zip_of(Packed(name=b"a.txt"), Packed(name=b"A.txt"), Packed(name=b"../a.txt"))

    assert names(opened(content)[0]) == ["a.txt", "A (2).txt", "a (3).txt"]


def test_hidden_files_folders_and_other_kinds_are_passed_over_and_other_documents_are_not():
    content = zip_of(
        Packed(name=b"folder/", content=b"", mode=FOLDER),
        Packed(name=b".git/a.txt"),
        Packed(name=b"__MACOSX/._a.txt"),
        Packed(name=b"~$a.docx"),
        Packed(name=b"picture.png"),
        Packed(name=b"sheet.xlsx"),
        Packed(name=b"more.rar"),
    )

    members, problems = opened(content)

    assert members == []
    assert codes(problems) == [("sheet.xlsx", "unsupported"), ("more.rar", "unsupported")]


def test_a_link_is_not_followed_and_a_locked_or_empty_file_is_named():
    content = zip_of(
        Packed(name=b"link.txt", content=b"/etc/passwd", mode=LINK),
        Packed(name=b"locked.txt", flags=ENCRYPTED),
        Packed(name=b"empty.txt", content=b""),
        Packed(name=b"a.txt", content=TEXT),
    )

    members, problems = opened(content)

    assert names(members) == ["a.txt"]
    assert codes(problems) == [("link.txt", "link"), ("locked.txt", "encrypted"), ("empty.txt", "empty")]


def test_an_unknown_compression_and_a_wrong_checksum_are_named_and_the_rest_is_read():
    content = zip_of(
        Packed(name=b"odd.txt", method=97),
        Packed(name=b"spoilt.txt", content=TEXT, checksum=1),
        Packed(name=b"a.txt", content=TEXT),
    )

    members, problems = opened(content)

    assert names(members) == ["a.txt"]
    assert codes(problems) == [("odd.txt", "unsupported"), ("spoilt.txt", "damaged")]


def test_a_name_that_is_written_otherwise_before_the_file_is_no_damage():
    content = zip_of(Packed(name="医保.txt".encode("gbk"), name_before="医保.txt".encode(), content=TEXT))

    members, problems = opened(content)

    assert ([m.content for m in members], problems) == ([TEXT], [])


def test_archives_and_tables_inside_are_opened_and_their_members_go_by_both_names():
    table = "标题,正文\n一,县医院合并。\n".encode()
    inner = zip_of(Packed(name=b"t.csv", content=table), Packed(name=b"a.txt", content=TEXT))

    members, problems = opened(zip_of(Packed(name=b"sub/in.zip", content=inner)))

    assert names(members) == ["sub/in.zip/t.csv/row-000001", "sub/in.zip/a.txt"]
    assert problems == []


@pytest.mark.parametrize("flags", [0, SIZES_FOLLOW])
def test_without_its_directory_what_can_be_found_is_read_and_the_loss_is_said(flags):
    content = zip_of(
        Packed(name="医保.txt".encode("gbk"), content=TEXT, flags=flags),
        Packed(name=b"b.txt", content=TEXT, flags=flags),
    )

    members, problems = opened(without_directory(content))

    assert [(m.name, m.content) for m in members] == [("医保.txt", TEXT), ("b.txt", TEXT)]
    assert codes(problems) == [("", "damaged")]
    assert "list of files is missing" in str(problems[0].error)


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 65_793, 196_609])
def test_without_its_directory_a_file_of_any_size_is_whole(size):
    content = without_directory(zip_of(Packed(name=b"a.txt", content=b"0" * size)))

    assert [len(m.content) for m in opened(content)[0]] == [size]


def test_a_file_that_breaks_off_is_damaged_and_those_before_it_are_read():
    content = zip_of(Packed(name=b"a.txt", content=TEXT), Packed(name=b"b.txt", content=TEXT, method=0))

    members, problems = opened(without_directory(content)[:-5])

    assert names(members) == ["a.txt"]
    assert codes(problems) == [("b.txt", "damaged"), ("", "damaged")]


@pytest.mark.parametrize("content", [b"", b"PK\3\4", "不是压缩包".encode(), b"\0" * 100])
def test_what_is_no_archive_is_said_to_be_none(content):
    assert [codes(found) if i else found for i, found in enumerate(opened(content))] == [
        [],
        [("", "damaged")],
    ]


def test_the_sentences_are_in_both_languages_and_say_what_to_do():
    (problem,) = opened(zip_of(Packed(name=b"locked.txt", flags=ENCRYPTED)))[1]

    assert "unpack it" in problem.error.localised("en")
    assert "请解压" in problem.error.localised("zh")
