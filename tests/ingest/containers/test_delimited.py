"""Tables: rows become articles whatever the encoding and separator, and a bad row is named by its line."""

from __future__ import annotations

import pytest
from container_files import codes, opened

from tests.support.effort import effort_below

TABLE = (
    "标题,正文,发布日期,来源,url\n"
    '县医院合并,"三家医院合成一个集团，人员统一管理。\n第二段：医保按人头付费。",2024-05-06,某某日报,https://example.org/a\n'
    "药品目录调整,目录每年调整一次，新药可以申请。,2024-06-07,某某网,https://example.org/b\n"
)


def text(member):
    """A row's text, without the comment that holds its fields."""
    written = member.content.decode()
    return written.split(" -->\n", 1)[1] if written.startswith("<!-- ") else written


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_a_table_is_read_in_whatever_encoding_it_is(codec):
    members, problems = opened(TABLE.encode(codec), "a.csv")

    assert problems == []
    assert [text(m) for m in members] == [
        "三家医院合成一个集团，人员统一管理。\n第二段：医保按人头付费。",
        "目录每年调整一次，新药可以申请。",
    ]
    assert members[0].fields == {
        "title": "县医院合并",
        "date": "2024-05-06",
        "source": "某某日报",
        "url": "https://example.org/a",
    }


def test_a_traditional_table_in_big5_is_read():
    table = "標題,內容,來源\n健康保險,全民健康保險的醫療費用由政府與民眾共同負擔。,某報\n"

    members, problems = opened(table.encode("big5"), "a.csv")

    assert (text(members[0]), members[0].fields, problems) == (
        "全民健康保險的醫療費用由政府與民眾共同負擔。",
        {"title": "健康保險", "source": "某報"},
        [],
    )


@pytest.mark.parametrize("sign", [",", "\t", ";", "|"])
@pytest.mark.parametrize("name", ["a.csv", "a.tsv"])
def test_the_separator_is_told_by_the_header_and_not_by_the_name(sign, name):
    rows = [["title", "text"], ["一", "a, b; c"], ["二", "县医院合并。"]]
    table = "\n".join(sign.join(f'"{cell}"' for cell in row) for row in rows)

    members, problems = opened(table.encode(), name)

    assert ([text(m) for m in members], problems) == (["a, b; c", "县医院合并。"], [])


def test_a_line_that_names_the_separator_and_a_title_above_the_header_are_no_rows():
    members, problems = opened("sep=;\n各市汇总表;\n标题;正文\n一;县医院合并。\n".encode(), "a.csv")

    assert ([text(m) for m in members], problems) == (["县医院合并。"], [])


def test_a_row_that_only_begins_like_such_a_line_is_a_row():
    members, problems = opened("标题,正文\nsep=,县医院合并。\n".encode(), "a.csv")

    assert ([text(m) for m in members], problems) == (["县医院合并。"], [])


def test_quotes_inside_quotes_are_read_doubled_or_escaped():
    doubled = '正文,标题\n"他说""改革""了。",一\n'
    escaped = '正文,标题\n"他说\\"改革\\"了。",一\n'

    assert [text(opened(t.encode(), "a.csv")[0][0]) for t in (doubled, escaped)] == ['他说"改革"了。'] * 2


def test_without_a_column_of_text_the_columns_are_named_and_how_to_name_one():
    members, problems = opened("编号,稿件\n1,县医院合并。\n".encode(), "a.csv")

    assert (members, codes(problems)) == ([], [("", "columns")])
    for language in ("en", "zh"):
        sentence = problems[0].error.localised(language)
        assert "'编号'、'稿件'" in sentence
        assert "--column text=" in sentence


def test_the_column_that_is_named_is_the_text_and_other_fields_can_be_named_too():
    table = "编号,稿件,刊物,正文\n1,县医院合并。,某报,不是这个\n".encode()

    members, problems = opened(table, "a.csv", columns={"text": "稿件", "source": "刊物"})

    assert (text(members[0]), members[0].fields, problems) == ("县医院合并。", {"source": "某报"}, [])


def test_a_named_column_that_is_not_there_is_said_not_to_be():
    _, problems = opened("标题,正文\n一,二\n".encode(), "a.csv", columns={"text": "稿件"})

    assert "没有名为 '稿件' 的列" in problems[0].error.localised("zh")


def test_names_of_rows_are_stable_and_unique_where_ids_or_rows_are_the_same():
    table = "id,正文\nx/1,县医院合并。\nx/1,县医院合并。\n,县医院合并。\n../..,一。\n".encode()

    first, second = ([m.name for m in opened(table, "a.csv")[0]] for _ in range(2))

    assert first == second
    assert len(set(first)) == 4
    assert first[2] == "row-000003"
    assert not any("/" in name or ".." in name for name in first)


def test_the_name_of_a_row_with_an_id_does_not_depend_on_the_rows_above_it():
    one = opened("id,正文\nb,县医院合并。\n".encode(), "a.csv")[0][0]
    other = opened("id,正文\na,别的。\nb,县医院合并。\n".encode(), "a.csv")[0][1]

    assert (one.name, one.content) == (other.name, other.content)


def test_the_bytes_of_a_row_change_with_its_fields():
    one, other = (
        opened(f"标题,正文\n{title},县医院合并。\n".encode(), "a.csv")[0][0] for title in ("一", "二")
    )

    assert one.content != other.content


def test_a_field_cannot_end_the_comment_that_it_is_kept_in():
    member = opened("标题,正文\n--><b>x</b><!--,县医院合并。\n".encode(), "a.csv")[0][0]

    assert member.content.count(b"-->") == 1


def test_a_row_that_is_out_of_step_is_named_by_its_line_and_the_rest_is_read():
    table = "标题,正文,来源\n一,县医院,合并,了,吧\n二,药品目录。,某报\n三\n四,医保基金。,\n".encode()

    members, problems = opened(table, "a.csv")

    assert [text(m) for m in members] == ["药品目录。", "医保基金。"]
    assert [str(p.error).split(":")[0] for p in problems] == ["line 2", "line 4"]


def test_a_quotation_mark_that_is_never_closed_does_not_swallow_the_rest():
    table = '标题,正文\n一,"县医院合并。\n二,药品目录调整。\n三,医保基金结余。\n'.encode()

    members, problems = opened(table, "a.csv")

    assert [text(m) for m in members] == ["药品目录调整。", "医保基金结余。"]
    assert [(str(p.error).split(":")[0]) for p in problems] == ["line 2"]
    assert "引号没有闭合" in problems[0].error.localised("zh")


def test_a_row_without_text_is_named():
    _, problems = opened("标题,正文\n一,\n二,县医院合并。\n".encode(), "a.csv")

    assert codes(problems) == [("row-000001", "no_text")]


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"\x89PNG\0\0\0\x01\x02\x03" * 9, "binary"), (b"\n\n", "empty"), (b"", "empty")],
)
def test_what_is_no_table_is_said_to_be_none(content, code):
    members, problems = opened(content, "a.csv")

    assert (members, codes(problems)) == ([], [("", code)])


def test_html_and_markdown_in_a_cell_are_read_as_such():
    table = '正文\n"<html><body><p>县医院合并。</p></body></html>"\n"# 标题"\n县医院合并。\n'.encode()

    assert [m.suffix for m in opened(table, "a.csv")[0]] == [".html", ".md", ".txt"]


@pytest.mark.parametrize(
    "content",
    [
        b"text," + b"," * 3_000_000,
        b"text,a\n" + b"x," * 3_000_000,
        b'text,a\n"' + b'x\n"' * 20_000,
        b"text,a\n" + b'x,"y\n' * 20_000,
        b"text" + b",a" * 100_000 + b"\n1\n",
    ],
    ids=["wide header", "wide row", "odd quotes", "quotes never closed", "columns of one name"],
)
def test_hostile_tables_take_no_long_time(content):
    with effort_below(10):
        opened(content, "a.csv")


def test_more_rows_than_there_may_be_end_the_reading():
    members, problems = opened("正文\n一。\n二。\n三。\n".encode(), "a.csv", max_members=2)

    assert (len(members), codes(problems)) == (2, [("", "too_many")])


def test_a_row_larger_than_a_file_may_be_is_named():
    _, problems = opened(("正文\n" + "长" * 99).encode(), "a.csv", max_member_bytes=200)

    assert codes(problems) == [("row-000001", "too_large")]


def test_a_large_table_in_gbk_is_read_to_its_last_row():
    row = "县医院合并了三家，药品目录调整一次，医保基金结余留用。" * 15
    table = ("标题,正文\n" + "".join(f"第{i}篇,{row}\n" for i in range(6_000))).encode("gbk")
    assert len(table) > 4_000_000

    members, problems = opened(table, "a.csv")

    assert (len(members), members[-1].fields["title"], members[-1].codec, problems) == (
        6_000,
        "第5999篇",
        "gb18030",
        [],
    )
