"""Reading HTML pages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.webpage import fragment_blocks, read_page

PARAGRAPHS = (
    "县里把三家医院和十二家卫生院合成一个集团，人员、资金和药品由集团统一管理，医保按人头打包付费。",
    "一年下来，留在县里看病的人从七成升到了八成半，医保基金第一次有了结余，结余由医院用来发奖金。",
    "院长说，改革的难处不在分钱，而在分权：谁来任命院长，谁来定编制，部门之间谈了整整一个夏天。",
)
HEAD = (
    '<meta name="PubDate" content="2023-05-06 10:00"><meta name="ContentSource" content="某某日报">'
    '<link rel="canonical" href="https://example.org/a.html"><title>县医院合成一家_新闻_某某网</title>'
)


def page(body, head=HEAD):
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"


def paragraphs():
    return "".join(f"<p>{text}</p>" for text in PARAGRAPHS)


def test_the_article_is_found_among_navigation():
    menu = "<div>" + "".join(f'<a href="/{i}">栏目{i}</a> ' for i in range(30)) + "</div>"

    blocks = read_page(page(f"{menu}<h1>县医院合成一家</h1><div>{paragraphs()}</div>{menu}")).blocks

    assert [b.text for b in blocks if len(b.text) > 30] == list(PARAGRAPHS)
    assert not any("栏目7" in b.text for b in blocks)


def test_headings_and_lists_are_kept():
    body = f"<h1>县医院合成一家</h1>{paragraphs()}<h2>怎样分钱</h2>{paragraphs()}<ul><li>先还债</li><li>再发奖金</li></ul>{paragraphs()}"

    blocks = read_page(page(f"<article>{body}</article>")).blocks

    assert ("怎样分钱", 2) in [(b.text, b.level) for b in blocks]
    assert [b.text for b in blocks if b.kind == "item"] == ["先还债", "再发奖金"]


def test_metadata_says_what_it_says():
    facts = read_page(page(f"<h1>县医院合成一家</h1>{paragraphs()}")).facts

    assert facts["date"] == "2023-05-06 10:00"
    assert facts["source"] == "某某日报"
    assert facts["url"] == "https://example.org/a.html"
    assert facts["title"] == "县医院合成一家"


def test_linked_data_is_read_where_metadata_is_silent():
    head = '<script type="application/ld+json">{"@graph":[{"headline":"标题在此处","datePublished":"2020-01-02"}]}</script>'

    assert read_page(page(paragraphs(), head)).facts == {"title": "标题在此处", "date": "2020-01-02"}


@pytest.mark.parametrize("data", ["{", "[" * 100_000, '{"@graph": 3}', "[1]", '{"headline": ["x"]}'])
def test_broken_linked_data_says_nothing(data):
    head = f'<script type="application/ld+json">{data}</script>'

    assert read_page(page(paragraphs(), head)).facts == {}


def test_a_hyphen_inside_a_word_does_not_end_a_title():
    facts = read_page(page(paragraphs(), "<title>COVID-19疫情之后的县医院 - 某某网</title>")).facts

    assert facts["title"] == "COVID-19疫情之后的县医院"


def test_the_lines_above_the_article_are_kept_for_their_facts():
    body = f"<h1>县医院合成一家</h1><div>2023年05月06日10:00 来源：某某日报</div><div>{paragraphs()}</div>"

    above = read_page(page(body, "")).before

    assert any("2023年05月06日" in block.text for block in above)


def test_a_truncated_page_is_read():
    whole = page(f"<div class=a><h1>县医院合成一家</h1>{paragraphs()}")

    blocks = read_page(whole[: whole.index(PARAGRAPHS[2]) + 10]).blocks

    assert [b.text for b in blocks][-3:-1] == list(PARAGRAPHS[:2])


def test_a_page_of_layout_tables_and_breaks_is_read_as_paragraphs():
    cells = "<br>".join(PARAGRAPHS)

    blocks = read_page(
        page(f"<form><table><tr><td><a href=/>首页</a></td><td>{cells}</td></tr></table></form>")
    ).blocks

    assert [b.text for b in blocks if len(b.text) > 30] == list(PARAGRAPHS)


def test_rows_of_a_data_table_keep_their_header():
    rows = fragment_blocks(
        "<table><tr><th>市</th><th>床位</th></tr><tr><td>甲市</td><td>120</td></tr></table>"
    )

    assert [(b.text, b.kind) for b in rows] == [("市：甲市，床位120", "row")]


def test_scripts_styles_and_forms_are_not_text():
    blocks = fragment_blocks(
        "<p>甲<script>x()</script>乙<style>p{}</style><!-- 密 -->丙</p><select><option>丁</select>"
    )

    assert [b.text for b in blocks] == ["甲乙丙"]


def test_a_line_break_in_the_source_does_not_part_chinese_words():
    assert [b.text for b in fragment_blocks("<p>公立\n  医院 and\n health</p>")] == ["公立医院 and health"]


def test_link_text_is_known():
    assert [
        b.is_link for b in fragment_blocks('<p><a href="#">返回</a></p><p>正文<a href="#">链</a></p>')
    ] == [True, False]


def test_an_xml_declaration_does_not_matter():
    assert fragment_blocks('<?xml version="1.0" encoding="gbk"?><p>甲</p>')[0].text == "甲"


def test_an_empty_page_has_nothing():
    assert read_page("").blocks == ()
    assert read_page("<html><body></body></html>").blocks == ()


def test_a_page_nested_too_deep_is_left_without_harm():
    nested = read_page(page("<div>" * 20_000 + paragraphs()))

    assert nested.blocks == ()
    assert nested.facts["source"] == "某某日报"


@given(st.text(alphabet="<>/=\"'!-&;#x pdivtabler医改。\n", max_size=300))
def test_any_text_is_read_as_some_page(source):
    for block in (*fragment_blocks(source), *read_page(source).blocks):
        assert block.text
        assert "\n" not in block.text
