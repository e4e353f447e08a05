"""Word documents that hold other files, and those that are one XML file."""

from __future__ import annotations

import pytest
from office_files import SIMPLIFIED, W, docx_bytes, docx_of, mhtml_bytes, page_html, rtf_bytes, zip_bytes

from ingest.formats import read_document
from ingest.formats.docx import read_docx, read_word_xml
from rag.errors import UnreadableFileError

PROSE = SIMPLIFIED.sections[0][1][0]
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/aFChunk"
WORD_2003 = "http://schemas.microsoft.com/office/word/2003/wordml"
PACKAGE = "http://schemas.microsoft.com/office/2006/xmlPackage"


def with_part(name: str, content: str | bytes, *, uses: int = 1) -> bytes:
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="x1" Type="{RELATION}" Target="{name}"/></Relationships>'
    )
    chunk = '<w:altChunk xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:id="x1"/>'
    body = f"<w:p><w:r><w:t>前言</w:t></w:r></w:p>{chunk * uses}"
    parts = {"_rels/document.xml.rels": relations, name.lstrip("/").removeprefix("word/"): content}
    return docx_of(body, parts=parts)


def word_2003(body: str, *, styles: str = "") -> bytes:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><?mso-application progid="Word.Document"?>'
        f'<w:wordDocument xmlns:w="{WORD_2003}" xmlns:wx="http://schemas.microsoft.com/office/word/2003/auxHint" '
        'xmlns:aml="http://schemas.microsoft.com/aml/2001/core" xmlns:o="urn:schemas-microsoft-com:office:office" '
        'xmlns:v="urn:schemas-microsoft-com:vml"><o:DocumentProperties><o:Title>通知</o:Title><o:Author>办公室</o:Author>'
        f"</o:DocumentProperties><w:styles>{styles}</w:styles><w:body><wx:sect>{body}</wx:sect></w:body></w:wordDocument>"
    ).encode()


def texts(content: bytes) -> list[str]:
    return [block.text for block in read_word_xml(content).blocks]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("afchunk.mht", mhtml_bytes(SIMPLIFIED)),
        ("/word/afchunk.htm", page_html(SIMPLIFIED)),
        ("afchunk.htm", page_html(SIMPLIFIED, charset="gb2312").encode("gb2312")),
        ("a.rtf", rtf_bytes(SIMPLIFIED)),
        ("a.txt", "\n".join(SIMPLIFIED.words())),
    ],
)
def test_a_file_that_was_put_into_a_document_whole_is_read_in_its_place(name, content):
    markup = read_docx(with_part(name, content))
    found = [block.text for block in markup.blocks]

    assert found[0] == "前言"
    assert sum(PROSE in text for text in found) == 1
    assert markup.notes == ()


def test_a_file_inside_that_cannot_be_read_is_told():
    inner = with_part("a.docx", docx_bytes(SIMPLIFIED))
    missing = with_part("a.mht", "").replace(b"word/a.mht", b"word/b.mht")

    for content in (inner, missing):
        markup = read_docx(content)
        assert [block.text for block in markup.blocks] == ["前言"]
        assert markup.notes == ("1 inserted files could not be read",)


def test_a_file_inside_is_read_once_however_often_it_is_named():
    markup = read_docx(with_part("a.htm", f"<p>{PROSE}</p>", uses=200))

    assert [block.text for block in markup.blocks] == ["前言", PROSE]


def test_a_table_of_contents_in_a_control_is_left_out():
    control = (
        '<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
        "<w:sdtContent><w:p><w:r><w:t>一、总则 1</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    markup = read_docx(docx_of(control + "<w:p><w:r><w:t>一、总则</w:t></w:r></w:p>"))

    assert [block.text for block in markup.blocks] == ["一、总则"]
    assert markup.notes == ("the table of contents was left out",)


def test_the_form_of_2003_is_read():
    body = (
        '<wx:sub-section><w:p><w:pPr><w:pStyle w:val="1"/><w:listPr><w:ilvl w:val="0"/><wx:t wx:val="一、"/></w:listPr></w:pPr>'
        "<w:r><w:t>总体要求</w:t></w:r></w:p><w:p><w:r><w:t>深化医改，</w:t></w:r>"
        '<aml:annotation w:type="Word.Deletion"><aml:content><w:r><w:delText>旧</w:delText><w:t>旧</w:t></w:r></aml:content></aml:annotation>'
        '<aml:annotation w:type="Word.Insertion"><aml:content><w:r><w:t>强基层。</w:t></w:r></aml:content></aml:annotation>'
        "<w:r><w:footnote><w:p><w:r><w:t>见公报。</w:t></w:r></w:p></w:footnote></w:r></w:p></wx:sub-section>"
        '<w:p><w:r><w:pict><w:binData w:name="a.png">aGVsbG8=</w:binData><v:shape><v:textbox><w:txbxContent><w:p><w:r><w:t>专栏</w:t>'
        "</w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>"
    )
    styles = '<w:style w:type="paragraph" w:styleId="1"><w:name w:val="heading 1"/></w:style>'
    markup = read_word_xml(word_2003(body, styles=styles))

    assert [(block.text, block.level) for block in markup.blocks] == [
        ("一、总体要求", 1),
        ("深化医改，强基层。", 0),
        ("注：见公报。", 0),
        ("专栏", 0),
    ]
    assert markup.page_facts == {"property_title": "通知", "property_author": "办公室"}


def test_merged_cells_of_the_form_of_2003():
    def cell(text: str, merge: str = "") -> str:
        return f"<w:tc><w:tcPr>{merge}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"

    rows = (
        (cell("地区"), cell("床位（张）")),
        (cell("甲县", '<w:vmerge w:val="restart"/>'), cell("8")),
        (cell("", "<w:vmerge/>"), cell("9")),
    )
    table = "<w:tbl>" + "".join(f"<w:tr>{''.join(row)}</w:tr>" for row in rows) + "</w:tbl>"

    assert texts(word_2003(table)) == ["地区：甲县，床位8张", "地区：甲县，床位9张"]


def test_a_package_that_is_one_file_is_read_as_the_package():
    document = (
        f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>深化医改</w:t></w:r></w:p></w:body></w:document>'
    )
    flat = (
        f'<?xml version="1.0"?><pkg:package xmlns:pkg="{PACKAGE}"><pkg:part pkg:name="/word/document.xml">'
        f'<pkg:xmlData>{document}</pkg:xmlData></pkg:part><pkg:part pkg:name="/word/media/a.png"><pkg:binaryData>eA==</pkg:binaryData>'
        "</pkg:part></pkg:package>"
    ).encode()

    assert texts(flat) == ["深化医改"]


def test_one_xml_file_is_known_under_the_name_of_an_old_document():
    document = read_document(word_2003("<w:p><w:r><w:t>深化医改</w:t></w:r></w:p>"), suffix=".doc")

    assert document is not None
    assert [block.text for block in document[0].blocks] == ["深化医改"]
    assert document[1] == "docx"


@pytest.mark.parametrize(
    "content", [b"<w:wordDocument/>", b"<package/>", b"<a>" * 9_000, word_2003("")[:-20]]
)
def test_one_xml_file_that_is_damaged_is_refused(content):
    with pytest.raises(UnreadableFileError):
        read_word_xml(content)


def test_a_document_without_parts_is_refused():
    with pytest.raises(UnreadableFileError) as refused:
        read_docx(zip_bytes({"[Content_Types].xml": "<Types/>"}))

    assert refused.value.code == "damaged"
