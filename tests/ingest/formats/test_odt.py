from __future__ import annotations

import pytest
from office_files import odt_of, zip_bytes

from ingest.formats.odt import read_odt
from rag.errors import UnreadableFileError

CHINESE = (
    '<text:list-style style:name="L1">'
    '<text:list-level-style-number text:level="1" style:num-format="一, 二, 三, ..." style:num-suffix="、"/>'
    '<text:list-level-style-number text:level="2" style:num-format="一, 二, 三, ..." style:num-prefix="（" style:num-suffix="）"/>'
    '<text:list-level-style-number text:level="3" style:num-format="1" style:num-suffix="." text:display-levels="2"/>'
    '<text:list-level-style-bullet text:level="4" text:bullet-char="•"/></text:list-style>'
    '<text:list-style style:name="L2"><text:list-level-style-number text:level="1" style:num-format="1" '
    'loext:num-list-format="第%1%条"/></text:list-style>'
)


def blocks(body: str, *, automatic: str = "", styles: str = ""):
    return read_odt(odt_of(body, automatic=automatic, styles=styles)).blocks


def texts(body: str, *, automatic: str = "", styles: str = "") -> list[str]:
    return [block.text for block in blocks(body, automatic=automatic, styles=styles)]


def item(*inner: str, start: str = "") -> str:
    mark = f' text:start-value="{start}"' if start else ""
    return f"<text:list-item{mark}>{''.join(inner)}</text:list-item>"


def p(text: str) -> str:
    return f"<text:p>{text}</text:p>"


def listed(*items: str, style: str = "L1", attributes: str = "") -> str:
    name = f' text:style-name="{style}"' if style else ""
    return f"<text:list{name} {attributes}>{''.join(items)}</text:list>"


def cell(text: str = "", attributes: str = "") -> str:
    return f"<table:table-cell {attributes}>{p(text) if text else ''}</table:table-cell>"


def table(*rows: str) -> str:
    return f"<table:table>{''.join(rows)}</table:table>"


def row(*cells: str, attributes: str = "") -> str:
    return f"<table:table-row {attributes}>{''.join(cells)}</table:table-row>"


HEADER = row(cell("地区"), cell("床位（张）"), cell("占比（%）"))


def test_list_items_have_the_numbers_of_their_levels():
    inner = listed(
        item(p("指导思想")),
        item(p("原则"), listed(item(p("保基本"), listed(item(p("点")), style="")), style="")),
        style="",
    )
    body = listed(item(p("总体要求"), inner), item(p("重点任务"), listed(item(p("改革")), style="")))

    assert texts(body, automatic=CHINESE) == [
        "一、总体要求",
        "（一）指导思想",
        "（二）原则",
        "二.1. 保基本",
        "点",
        "二、重点任务",
        "（一）改革",
    ]


def test_a_list_goes_on_where_it_says_so_and_begins_anew_where_it_does_not():
    body = (
        listed(item(p("甲")), attributes='xml:id="one"')
        + p("中间")
        + listed(item(p("乙")), attributes='text:continue-numbering="true"')
        + listed(item(p("丙")))
        + listed(item(p("丁")), attributes='text:continue-list="one"')
        + listed(item(p("戊"), start="9"), item(p("己")))
    )

    assert texts(body, automatic=CHINESE) == [
        "一、甲",
        "中间",
        "二、乙",
        "一、丙",
        "三、丁",
        "九、戊",
        "十、己",
    ]


def test_only_the_first_paragraph_of_an_item_is_numbered_and_a_list_header_is_not():
    body = listed(
        "<text:list-header><text:p>说明</text:p></text:list-header>", item(p("甲"), p("续")), item(p("乙"))
    )

    assert texts(body, automatic=CHINESE) == ["说明", "一、甲", "续", "二、乙"]


def test_a_number_is_written_as_its_pattern_says():
    assert texts(listed(item(p("总则")), style="L2"), automatic=CHINESE) == ["第1条 总则"]


def test_bullets_become_items():
    deep = listed(item(listed(item(listed(item(listed(item(p("点")), style="")), style="")), style="")))

    assert [(b.text, b.kind) for b in blocks(deep, automatic=CHINESE)] == [("点", "item")]


@pytest.mark.parametrize(
    ("element", "level"),
    [
        ('<text:h text:outline-level="2">总则</text:h>', 2),
        ('<text:h text:outline-level="10">总则</text:h>', 6),
        (f'<text:h text:outline-level="{"9" * 5000}">总则</text:h>', 1),
        ("<text:h>总则</text:h>", 1),
        ('<text:p text:style-name="P1">总则</text:p>', 1),
        ('<text:p text:style-name="P2">总则</text:p>', 3),
        ('<text:p text:style-name="P3">总则</text:p>', 0),
        ('<text:p text:style-name="none">总则</text:p>', 0),
    ],
)
def test_heading_levels(element, level):
    automatic = (
        '<style:style style:name="P1" style:parent-style-name="Title"/><style:style style:name="P2" style:parent-style-name="X"/>'
        '<style:style style:name="P3" style:parent-style-name="P3"/>'
    )
    styles = '<style:style style:name="X" style:default-outline-level="3"/>'

    assert [(b.text, b.level) for b in blocks(element, automatic=automatic, styles=styles)] == [
        ("总则", level)
    ]


def test_headings_outside_lists_are_numbered_by_the_outline():
    outline = (
        '<text:outline-style><text:outline-level-style text:level="1" style:num-format="一, 二, 三, ..." style:num-suffix="、"/>'
        '<text:outline-level-style text:level="2" style:num-format=""/></text:outline-style>'
    )
    body = (
        '<text:h text:outline-level="1">甲</text:h><text:h text:outline-level="2">乙</text:h>'
        '<text:h text:outline-level="1" text:is-list-header="true">附则</text:h><text:h text:outline-level="1">丙</text:h>'
    )

    assert texts(body, styles=outline) == ["一、甲", "乙", "附则", "二、丙"]


def test_blanks_tabs_and_line_breaks():
    body = "<text:p>甲<text:s text:c='3'/>乙<text:tab/>丙\n   丁<text:line-break/>戊<text:span>己</text:span>庚</text:p>"

    assert texts(body) == ["甲 乙 丙 丁", "戊己庚"]


def test_a_million_blanks_are_a_few():
    assert texts("<text:p>甲<text:s text:c='9999999'/>乙</text:p>") == ["甲 乙"]


def test_deleted_hidden_and_commented_words_are_no_text():
    hidden = '<style:style style:name="T1"><style:text-properties text:display="none"/></style:style>'
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>删去</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        '<text:p>办<text:change text:change-id="c"/>法<text:span text:style-name="T1">隐藏</text:span>'
        "<office:annotation><text:p>批注</text:p></office:annotation>施行</text:p>"
        '<text:section text:display="none"><text:p>藏起来的一节</text:p></text:section>'
    )

    assert texts(body, automatic=hidden) == ["办法施行"]


def test_notes_and_text_boxes_stand_behind_their_paragraph():
    note = "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>见公报。</text:p></text:note-body></text:note>"
    box = "<draw:frame><draw:text-box><text:p>专栏</text:p></draw:text-box></draw:frame>"

    assert texts(f"<text:p>就诊率{note}九成{box}</text:p>{p('下一段')}") == [
        "就诊率九成",
        "专栏",
        "注：见公报。",
        "下一段",
    ]
    assert texts(f"{box}{p('下一段')}") == ["专栏", "下一段"]


def test_the_table_of_contents_is_left_out_and_the_report_is_told():
    contents = (
        f"<text:table-of-content><text:index-body>{p('一、总则 1')}</text:index-body></text:table-of-content>"
    )
    markup = read_odt(odt_of(contents + p("一、总则")))

    assert [b.text for b in markup.blocks] == ["一、总则"]
    assert markup.notes == ("the table of contents was left out",)


def test_rows_keep_their_header_over_covered_and_repeated_cells():
    body = table(
        f"<table:table-header-rows>{HEADER}</table:table-header-rows>",
        row(cell("甲县"), cell("8", 'table:number-columns-repeated="2"')),
        row(cell("全省", 'table:number-rows-spanned="2"'), cell("9"), cell("50")),
        row("<table:covered-table-cell/>", cell("7"), cell("40")),
        row(cell("以下不含民办", 'table:number-columns-spanned="3"'), "<table:covered-table-cell/>" * 2),
        row(cell("乙县"), cell("6"), cell("30")),
    )

    assert texts(body) == [
        "地区：甲县，床位8张，占比8%",
        "地区：全省，床位9张，占比50%",
        "地区：全省，床位7张，占比40%",
        "以下不含民办",
        "以下不含民办，地区：乙县，床位6张，占比30%",
    ]


def test_what_is_repeated_without_end_is_written_a_few_times():
    endless = 'table:number-columns-repeated="9999999"'
    body = table(
        HEADER,
        row(cell("甲县"), cell("8"), cell("9"), cell("", endless)),
        row(cell("字" * 3000, endless), attributes='table:number-rows-repeated="1048576"'),
        row(cell("", endless), attributes='table:number-rows-repeated="1048576"'),
    )

    found = texts(body)

    assert found[0] == "地区：甲县，床位8张，占比9%"
    assert sum(map(len, found)) < 250_000


def test_a_table_that_only_frames_text_is_read_as_the_text_in_it():
    framed = table(row(f"<table:table-cell>{p('红头')}{p('正文')}</table:table-cell>"))

    assert texts(framed) == ["红头", "正文"]
    assert texts(table(row(cell("左"), f"<table:table-cell>{framed}</table:table-cell>"))) == [
        "左",
        "红头",
        "正文",
    ]


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("<text:section>", "</text:section>"),
        ("<text:list><text:list-item>", "</text:list-item></text:list>"),
        ("<text:span>", "</text:span>"),
        ("<draw:frame><draw:text-box>", "</draw:text-box></draw:frame>"),
        (
            "<table:table><table:table-row><table:table-cell>",
            "</table:table-cell></table:table-row></table:table>",
        ),
    ],
)
@pytest.mark.parametrize("depth", [60, 110, 5000])
def test_nesting_without_end_is_refused_or_read_and_never_overflows(opening, closing, depth):
    inner = p("深") if "span" not in opening else "深"
    body = opening * depth + inner + closing * depth
    try:
        found = texts(body if "span" not in opening else p(body))
    except UnreadableFileError as refused:
        found = [refused.code]
    assert found in (["bomb"], ["深"])


def test_a_document_with_a_password_is_refused():
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry '
        'manifest:full-path="content.xml"><manifest:encryption-data/></manifest:file-entry></manifest:manifest>'
    )

    with pytest.raises(UnreadableFileError) as refused:
        read_odt(odt_of(p("密"), parts={"META-INF/manifest.xml": manifest}))

    assert refused.value.code == "password"


def test_what_is_no_text_document_is_refused():
    with pytest.raises(UnreadableFileError) as refused:
        read_odt(zip_bytes({"content.xml": "<content/>"}))

    assert refused.value.code == "damaged"
