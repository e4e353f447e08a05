from __future__ import annotations

import io

import docx
import pytest
from office_files import W, docx_of, zip_bytes
from word_parts import cell, paragraph, styles, table

from ingest.blocks import Markup
from ingest.formats.docx import read_docx
from rag.errors import UnreadableFileError

STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"


def texts(markup: Markup) -> list[str]:
    return [block.text for block in markup.blocks]


def read(body: str, **parts: str) -> list[str]:
    return texts(read_docx(docx_of(body, parts={f"{name}.xml": part for name, part in parts.items()})))


@pytest.mark.parametrize(
    ("properties", "level"),
    [
        ('<w:outlineLvl w:val="0"/>', 1),
        ('<w:outlineLvl w:val="8"/>', 6),
        ('<w:outlineLvl w:val="9"/>', 0),
        (f'<w:outlineLvl w:val="{"9" * 5000}"/>', 0),
        ('<w:outlineLvl w:val="-1"/>', 0),
        ('<w:pStyle w:val="T"/>', 1),
        ('<w:pStyle w:val="T"/><w:outlineLvl w:val="9"/>', 0),
        ('<w:pStyle w:val="ring"/>', 0),
        ('<w:pStyle w:val="标题3"/>', 3),
    ],
)
def test_heading_levels(properties, level):
    definitions = styles(
        '<w:style w:styleId="T"><w:name w:val="Title"/></w:style>',
        '<w:style w:styleId="ring"><w:basedOn w:val="gnir"/></w:style><w:style w:styleId="gnir"><w:basedOn w:val="ring"/></w:style>',
        '<w:style w:styleId="标题3"><w:name w:val="标题 3"/></w:style>',
    )

    (block,) = read_docx(docx_of(paragraph("工作安排", properties), parts={"styles.xml": definitions})).blocks

    assert (block.text, block.level) == ("工作安排", level)


def test_the_table_of_contents_is_left_out_and_the_report_is_told():
    contents = styles('<w:style w:styleId="11"><w:name w:val="toc 1"/></w:style>')
    body = paragraph("一、总则	1", '<w:pStyle w:val="11"/>') + paragraph("一、总则")

    markup = read_docx(docx_of(body, parts={"styles.xml": contents}))

    assert texts(markup) == ["一、总则"]
    assert markup.notes == ("the table of contents was left out",)


def test_tracked_deletions_hidden_words_and_field_codes_are_no_text():
    runs = (
        "<w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins><w:r><w:t>新</w:t></w:r></w:ins>"
        "<w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>移来</w:t></w:r></w:moveTo>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>隐藏</w:t></w:r><w:r><w:instrText>PAGE \\* MERGEFORMAT</w:instrText></w:r>"
        "<w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink>"
    )

    assert read(paragraph("办法", runs=runs)) == ["办法新移来链接"]


def test_footnotes_and_text_boxes_stand_behind_the_paragraph_they_hang_on():
    notes = (
        f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="0" w:type="separator"><w:p/></w:footnote>'
        f'<w:footnote w:id="2">{paragraph("数据来自统计公报。")}</w:footnote></w:footnotes>'
    )
    box = (
        "<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx><w:txbxContent>"
        f"{paragraph('专栏 试点经验')}</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>"
        f"<w:txbxContent>{paragraph('专栏 试点经验')}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )
    body = paragraph("就诊率九成", runs=f'<w:r><w:footnoteReference w:id="2"/></w:r>{box}') + paragraph(
        "下一段"
    )

    assert read(body, footnotes=notes) == ["就诊率九成", "专栏 试点经验", "注：数据来自统计公报。", "下一段"]


def test_line_breaks_part_paragraphs_but_not_headings():
    run = "<w:r><w:br/><w:t>第二行</w:t></w:r>"

    assert read(paragraph("第一行", runs=run)) == ["第一行", "第二行"]
    assert read(paragraph("第一行", '<w:outlineLvl w:val="0"/>', runs=run)) == ["第一行第二行"]


def test_content_controls_and_the_strict_form_are_read():
    body = f"<w:sdt><w:sdtContent>{paragraph('控件里的一段')}</w:sdtContent></w:sdt>"

    assert texts(read_docx(docx_of(body, namespace=STRICT))) == ["控件里的一段"]


def test_merged_cells_give_their_text_to_every_row_and_column_they_cover():
    body = table(
        (cell("地区", '<w:vMerge w:val="restart"/>'), cell("床位（张）", '<w:gridSpan w:val="2"/>')),
        (cell("", "<w:vMerge/>"), cell("2019年"), cell("2020年")),
        (cell("甲县"), cell("120"), cell("150")),
        (cell("乙县"), cell("80"), cell("90")),
    )

    assert read(body) == [
        "地区：甲县，床位2019年：120张，床位2020年：150张",
        "地区：乙县，床位2019年：80张，床位2020年：90张",
    ]


def test_rows_that_are_marked_as_header_are_believed():
    rows = ((cell("责任单位"), cell("联系人")), (cell("县医院"), cell("张三")))

    assert read(table(*rows, header=True)) == ["责任单位：县医院，联系人：张三"]
    assert read(table(*rows)) == ["责任单位 | 联系人", "县医院 | 张三"]


def test_a_table_that_only_frames_text_is_read_as_the_text_in_it():
    framed = f"<w:tbl><w:tr><w:tc>{paragraph('红头文件')}{paragraph('正文一段')}</w:tc></w:tr></w:tbl>"
    nested = f"<w:tbl><w:tr><w:tc>{paragraph('左')}</w:tc><w:tc>{framed}</w:tc></w:tr></w:tbl>"

    assert read(framed) == ["红头文件", "正文一段"]
    assert read(nested) == ["左", "红头文件", "正文一段"]


def test_a_note_in_a_table_stands_behind_the_table():
    notes = f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="2">{paragraph("不含民办。")}</w:footnote></w:footnotes>'
    noted = f'<w:tc><w:tcPr/>{paragraph("80", runs="""<w:r><w:footnoteReference w:id="2"/></w:r>""")}</w:tc>'
    body = table(
        (cell("地区"), cell("床位（张）")), (cell("甲县"), noted), (cell("乙县"), cell("90"))
    ) + paragraph("完")

    assert read(body, footnotes=notes) == [
        "地区：甲县，床位80张",
        "地区：乙县，床位90张",
        "注：不含民办。",
        "完",
    ]


def test_a_deleted_row_is_left_out():
    body = table((cell("地区"), cell("床位")), (cell("甲县"), cell("8")), (cell("乙县"), cell("9")))
    body = body.replace(f"<w:tr>{cell('乙县')}", f"<w:tr><w:trPr><w:del/></w:trPr>{cell('乙县')}")

    assert read(body) == ["地区：甲县，床位8"]


@pytest.mark.parametrize(
    "body",
    [
        "<w:p>" * 300 + "</w:p>" * 300,
        "<w:tbl><w:tr><w:tc>" * 80 + paragraph("深") + "</w:tc></w:tr></w:tbl>" * 80,
        "<w:sdt><w:sdtContent>" * 120 + paragraph("深") + "</w:sdtContent></w:sdt>" * 120,
    ],
    ids=["paragraphs", "tables", "controls"],
)
def test_nesting_without_end_is_refused_or_read_and_never_overflows(body):
    try:
        found = read(body)
    except UnreadableFileError as refused:
        found = [refused.code]
    assert found in (["bomb"], ["深"])


def test_entities_are_never_expanded():
    bomb = '<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    document = f'<?xml version="1.0"?>{bomb}<w:document xmlns:w="{W}"><w:body>{paragraph("&b;")}</w:body></w:document>'

    with pytest.raises(UnreadableFileError) as refused:
        read_docx(zip_bytes({"word/document.xml": document}))

    assert refused.value.code == "damaged"


def test_a_cell_said_to_span_the_world_costs_nothing():
    wide = cell("长" * 20_000, '<w:gridSpan w:val="9999999"/>')
    body = table(*[(wide, cell("1"))] * 30)

    assert sum(map(len, read(body))) < 31 * 20_000


def test_a_merged_cell_of_much_text_is_written_once():
    first = (cell("长" * 20_000, '<w:vMerge w:val="restart"/>'), cell("1"))
    body = table((cell("说明"), cell("数")), first, *[(cell("", "<w:vMerge/>"), cell("1"))] * 200)

    assert sum(map(len, read(body))) < 30_000


def test_what_another_program_writes_is_read():
    document = docx.Document()
    document.add_paragraph("保基本", style="List Number")
    document.add_paragraph("强基层", style="List Number")
    document.add_paragraph("建机制", style="List Bullet")
    cells = document.add_table(rows=3, cols=3).rows
    for row, texts_of_row in zip(
        cells, (("地区", "床位（张）", ""), ("", "公立", "民办"), ("甲县", "8", "9")), strict=True
    ):
        for place, text in zip(row.cells, texts_of_row, strict=True):
            place.text = text
    cells[0].cells[1].merge(cells[0].cells[2])
    cells[0].cells[0].merge(cells[1].cells[0])
    buffer = io.BytesIO()
    document.save(buffer)

    found = [(block.text, block.kind) for block in read_docx(buffer.getvalue()).blocks]

    assert found == [
        ("1. 保基本", "text"),
        ("2. 强基层", "text"),
        ("建机制", "item"),
        ("地区：甲县，床位公立8张，床位民办9张", "row"),
    ]
