"""Taking markup off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.markup import read_markup
from tests.support.effort import effort_below

BODY = "县里把三家医院和十二家卫生院合成一个集团，人员、资金和药品统一管理。"


def texts(source, suffix=".md"):
    return [block.text for block in read_markup(source, suffix=suffix).blocks]


def test_front_matter_is_split_off_and_keeps_its_words():
    markup = read_markup(f"---\ntitle: 标题: 一\n---\n{BODY}", suffix=".md")
    assert markup.notes  # `标题: 一` is no YAML value
    markup = read_markup(
        f"---\nTitle: '标题'\ndate: 2022-06-02 09:19:15 +0800\ntags: [a, b]\n---\n{BODY}", suffix=".txt"
    )

    assert markup.front_matter == {"title": "标题", "date": "2022-06-02 09:19:15 +0800", "tags": ["a", "b"]}
    assert [block.text for block in markup.blocks] == [BODY]


@pytest.mark.parametrize(
    "header",
    [
        "a: &x 1\nb: *x",
        "a: [1, 2",
        "? [a",
        "{" * 5000,
        "a: !!python/object/apply:os.system [id",
        "\t- a: b\n a",
    ],
)
def test_front_matter_that_cannot_be_trusted_is_text_and_noted(header):
    markup = read_markup(f"---\n{header}\n---\n{BODY}", suffix=".md")

    assert markup.front_matter == {}
    assert markup.notes
    assert markup.blocks[-1].text == BODY


@pytest.mark.parametrize(
    "source", [f"---\n{BODY}", f"---\n一句话\n---\n{BODY}", f"---\n{'a' * 20_000}: 1\n---\n{BODY}"]
)
def test_a_rule_at_the_top_is_not_front_matter(source):
    markup = read_markup(source, suffix=".md")

    assert markup.front_matter == {}
    assert markup.blocks[-1].text == BODY


def test_headings_keep_their_level_and_lose_their_signs():
    blocks = read_markup("# 一级 #\n\n### 三级\n\n二级\n----\n\n正文", suffix=".md").blocks

    assert [(b.text, b.level) for b in blocks] == [("一级", 1), ("三级", 3), ("二级", 2), ("正文", 0)]


def test_list_items_are_paragraphs_of_their_own_without_a_marker():
    blocks = read_markup("- 甲\n* 乙\n  • 丙\n1. 丁", suffix=".md").blocks

    assert [(b.text, b.kind) for b in blocks] == [
        ("甲", "item"),
        ("乙", "item"),
        ("丙", "item"),
        ("1. 丁", "text"),
    ]


def test_table_rows_keep_their_cells():
    assert texts("| 市 | 床位 |\n|---|:--:|\n| 甲市 | 120 |") == ["市 | 床位", "甲市 | 120"]


def test_inline_markup_is_taken_off_and_words_stay():
    source = "看[这里](http://a.cn/b_(c))和**重点**、*强调*、`代码`![图](x.png)&amp;<b>粗</b>\\*"

    assert texts(source) == ["看这里和重点、强调、代码&粗*"]


def test_an_asterisk_that_hides_a_name_stays():
    line = "为加快建设〔*〕、服务〔*〕县作贡献，增长5*3，低于<10%的有A&B两家"

    assert texts(line) == [line]
    assert texts(line, ".txt") == [line]


def test_plain_text_keeps_what_only_markdown_means():
    assert texts("a_b_c *注* `x` \\*", ".txt") == ["a_b_c *注* `x` \\*"]


def test_lines_that_are_all_link_are_known():
    blocks = read_markup(
        "<http://a.cn/x>\n\n[首页](//a.cn)｜[返回](//b.cn)\n\n见[首页](//a.cn)", suffix=".md"
    ).blocks

    assert [b.is_link for b in blocks] == [True, True, False]
    assert blocks[0].text == "http://a.cn/x"


def test_html_inside_markdown_becomes_paragraphs():
    source = (
        f"---\ntitle: 标题\n---\n<p>{BODY}</p> <p>第二段。<br>第三段。</p><script>alert(1)</script>\n\n末段。"
    )

    assert texts(source) == [BODY, "第二段。", "第三段。", "末段。"]


def test_comments_scripts_and_styles_are_never_text():
    assert texts("甲<!-- 秘\n\n密 -->乙\n<script>\n\nx()\n</script>\n<style>p{}</style>丙") == ["甲乙", "丙"]


def test_code_keeps_its_lines():
    assert texts("```python\na = 1\n\n# b\n```\n正文") == ["a = 1", "# b", "正文"]


def test_wrapped_lines_are_joined_and_paragraph_lines_are_not():
    wrapped = "\n".join([BODY[:33], BODY[:33], "完了。"])
    separate = f"{BODY}\n短的一行\n{BODY}"

    assert texts(wrapped) == [BODY[:33] * 2 + "完了。"]
    assert texts(separate) == [BODY, "短的一行", BODY]


def test_wrapped_latin_lines_are_joined_with_a_space():
    line = "the county hospital and its twelve township centres were merged into one"

    assert texts(f"{line}\n{line}\ngroup.") == [f"{line} {line} group."]


def test_a_page_is_recognised_by_how_it_begins():
    page = f"<!DOCTYPE html><html><head><title>标题</title></head><body><p>{BODY}</p></body></html>"

    assert texts(page, ".txt") == [BODY]


@given(st.text(alphabet="#*_`[]()<>|-~!&;\\ \n\t:/.=pabh1。，医改\u3000\U00020bb7", max_size=200))
def test_no_block_is_empty_or_has_a_line_break(source):
    for suffix in (".md", ".txt"):
        for block in read_markup(source, suffix=suffix).blocks:
            assert block.text.strip()
            assert "\n" not in block.text


@given(st.lists(st.text(alphabet="医改增长下降，。！0123456789%“”ab ", min_size=1, max_size=60), max_size=8))
def test_text_without_markup_is_unchanged(lines):
    source = "\n\n".join(lines)

    assert texts(source, ".txt") == [line.strip() for line in lines if line.strip()]


@pytest.mark.parametrize(
    "unit",
    [
        ">",
        "|",
        "-",
        "*",
        "**a ",
        "[",
        "[a](",
        "![](",
        "<",
        "<div>",
        "<a ",
        "<!--",
        "&amp",
        "`",
        "_a ",
        "\\",
        " ",
    ],
)
def test_a_hostile_line_is_read_quickly(unit):
    source = "正文。\n|" + unit * (200_000 // len(unit)) + "x"

    with effort_below(9):
        read_markup(source, suffix=".md")


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("若 a<b 且 c>d 则不变", "若 a<b 且 c>d 则不变"),
        ("占<b>5%</b>以上", "占5%以上"),
        ('见<a href="x" >附件</a >', "见附件"),
        ("<font\tcolor=red>注</font>", "注"),
    ],
)
def test_a_comparison_is_no_tag(line, text):
    assert read_markup(line, suffix=".txt").blocks[0].text == text
