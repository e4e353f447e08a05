from __future__ import annotations

import pytest
from office_files import CONTAINER, zip_bytes

from ingest.formats.epub import read_epub
from rag.errors import UnreadableFileError

PAGE = '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>书</title></head><body>{}</body></html>'


def book(
    chapters: dict[str, str | bytes],
    *,
    spine: str = "",
    manifest: str = "",
    metadata: str = "",
    guide: str = "",
    **parts: str,
) -> bytes:
    """Write a book whose chapters are read in their order, unless the spine is given."""
    items = "".join(
        f'<item id="i{n}" href="{name}" media-type="application/xhtml+xml"/>'
        for n, name in enumerate(chapters)
    )
    order = spine or "".join(f'<itemref idref="i{n}"/>' for n in range(len(chapters)))
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:opf="http://www.idpf.org/2007/opf">{metadata}</metadata><manifest>{items}{manifest}</manifest>'
        f"<spine>{order}</spine><guide>{guide}</guide></package>"
    )
    named = {f"OEBPS/{name}": text for name, text in chapters.items()}
    return zip_bytes({"META-INF/container.xml": CONTAINER, "OEBPS/content.opf": opf, **named, **parts})


def texts(content: bytes) -> list[str]:
    return [block.text for block in read_epub(content).blocks]


def test_chapters_are_read_in_the_order_of_the_spine_each_once():
    spine = '<itemref idref="i1"/><itemref idref="i0"/><itemref idref="i1"/><itemref idref="none"/>'

    assert texts(book({"a.xhtml": PAGE.format("甲"), "b.xhtml": PAGE.format("乙")}, spine=spine)) == [
        "乙",
        "甲",
    ]


def test_names_written_as_addresses_are_found():
    opf = opf_of_one().replace("c.xhtml", "../text/%E7%AB%A0%20%E4%B8%80.xhtml")
    parts = {
        "META-INF/container.xml": CONTAINER,
        "OEBPS/content.opf": opf,
        "text/章 一.xhtml": PAGE.format("正文"),
    }

    assert texts(zip_bytes(parts)) == ["正文"]


def test_the_books_own_navigation_is_left_out():
    links = "".join(f'<p><a href="c{n}.xhtml">第{n}章 医改</a></p>' for n in range(5))
    chapters = {
        "c1.xhtml": PAGE.format("<p>正文一段。</p>"),
        "toc.xhtml": PAGE.format("<h1>目录</h1>" + links),
    }
    nav = '<item id="nav" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
    spine = '<itemref idref="nav"/><itemref idref="i1"/><itemref idref="i0"/>'
    content = book(chapters, manifest=nav, spine=spine, **{"OEBPS/nav.xhtml": PAGE.format("导航")})

    assert texts(content) == ["正文一段。"]


def test_a_chapter_that_the_guide_calls_contents_is_left_out():
    guide = '<reference type="toc" href="c0.xhtml#x"/><reference type="text" href="c1.xhtml"/>'
    chapters = {"c0.xhtml": PAGE.format("第一章……3"), "c1.xhtml": PAGE.format("正文一段。")}

    assert texts(book(chapters, guide=guide)) == ["正文一段。"]


@pytest.mark.parametrize(
    "body",
    [
        '<a id="p1"/><p>深化医改</p><p>下一段</p>',
        "<p>深化&nbsp;医改</p><p>下一段</p>",
        "<p>深化<span class='x'/>医改</p><div/><p>下一段</p>",
        "<p>深化医改<p>下一段",
        "<p>深化医改</p><p>下一段</p>" + "<div>" * 3000,
    ],
)
def test_xhtml_is_read_however_carelessly_it_is_written(body):
    blocks = read_epub(book({"c.xhtml": PAGE.format(body)})).blocks

    assert ["".join(block.text.split()) for block in blocks] == ["深化医改", "下一段"]
    assert not any(block.is_link for block in blocks)


@pytest.mark.parametrize(
    ("name", "text"), [("gb2312", "深化医改，建设县域医共体。"), ("big5", "深化醫改，建設縣域醫共體。")]
)
def test_a_chapter_in_another_encoding_is_read_rightly(name, text):
    page = f'<?xml version="1.0" encoding="{name}"?><html><body><p>{text}</p></body></html>'.encode(name)

    assert texts(book({"c.xhtml": page})) == [text]


def test_what_the_book_says_of_itself():
    metadata = (
        "<dc:title>医改十年</dc:title><dc:creator>某研究院</dc:creator><dc:creator>另一位</dc:creator>"
        '<dc:date opf:event="modification">2024-05-05</dc:date><dc:date opf:event="publication">2019-08-01</dc:date>'
        "<dc:publisher>某出版社</dc:publisher>"
    )

    assert read_epub(book({"c.xhtml": PAGE.format("正文")}, metadata=metadata)).page_facts == {
        "title": "医改十年",
        "author": "某研究院",
        "date": "2019-08-01",
        "source": "某出版社",
    }


@pytest.mark.parametrize("nobody", ["Unknown", "未知", " ", "字" * 400])
def test_an_author_that_is_nobody_is_no_fact(nobody):
    metadata = f"<dc:creator>{nobody}</dc:creator>"

    assert read_epub(book({"c.xhtml": PAGE.format("正文")}, metadata=metadata)).page_facts == {}


def test_a_missing_chapter_is_told():
    manifest = '<item id="gone" href="gone.xhtml" media-type="application/xhtml+xml"/>'
    spine = '<itemref idref="i0"/><itemref idref="gone"/>'
    markup = read_epub(book({"c.xhtml": PAGE.format("正文")}, manifest=manifest, spine=spine))

    assert [block.text for block in markup.blocks] == ["正文"]
    assert markup.notes == ("1 chapters are missing",)


def test_pictures_in_the_spine_are_no_chapters():
    manifest = '<item id="cover" href="cover.svg" media-type="image/svg+xml"/>'
    spine = '<itemref idref="cover"/><itemref idref="i0"/>'
    content = book(
        {"c.xhtml": PAGE.format("正文")}, manifest=manifest, spine=spine, **{"OEBPS/cover.svg": "<svg/>"}
    )

    assert texts(content) == ["正文"]


@pytest.mark.parametrize(("protected", "code"), [("OEBPS/c.xhtml", "password"), ("OEBPS/font.ttf", "")])
def test_protected_chapters_are_refused_and_protected_fonts_are_not(protected, code):
    encryption = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:enc="http://www.w3.org/2001/04/xmlenc#">'
        f'<enc:EncryptedData><enc:CipherData><enc:CipherReference URI="{protected}"/></enc:CipherData></enc:EncryptedData></encryption>'
    )
    content = book({"c.xhtml": PAGE.format("正文")}, **{"META-INF/encryption.xml": encryption})

    try:
        found = texts(content)
    except UnreadableFileError as refused:
        found = [refused.code]

    assert found == ([code] if code else ["正文"])


@pytest.mark.parametrize(
    "parts",
    [
        {"META-INF/container.xml": CONTAINER},
        {"META-INF/container.xml": CONTAINER, "OEBPS/content.opf": "no xml"},
        {"META-INF/container.xml": CONTAINER, "OEBPS/content.opf": "<package/>"},
        {"META-INF/container.xml": "<container/>", "mimetype": "application/epub+zip"},
    ],
)
def test_a_book_without_chapters_is_refused(parts):
    with pytest.raises(UnreadableFileError) as refused:
        read_epub(zip_bytes(parts))

    assert refused.value.code == "damaged"


def test_a_book_is_found_without_its_container():
    parts = {"OEBPS/b.opf": opf_of_one(), "OEBPS/c.xhtml": PAGE.format("正文")}

    assert texts(zip_bytes(parts)) == ["正文"]


def opf_of_one() -> str:
    return (
        '<package><manifest><item id="i" href="c.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="i"/></spine></package>'
    )


def test_a_chapter_that_swells_is_refused():
    with pytest.raises(UnreadableFileError) as refused:
        read_epub(book({"c.xhtml": "<p>" + " " * 20_000_000}))

    assert refused.value.code == "bomb"
