from __future__ import annotations

import functools
import zipfile
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from office_files import (
    SIMPLIFIED,
    TRADITIONAL,
    Paper,
    docx_bytes,
    epub_bytes,
    mhtml_bytes,
    odt_bytes,
    page_html,
    rtf_bytes,
    zip_bytes,
)

from ingest.blocks import Block, Markup
from ingest.formats import read_document
from rag.errors import UnreadableFileError

PAPERS = {"simplified": SIMPLIFIED, "traditional": TRADITIONAL}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@functools.cache
def written(kind: str, script: str) -> bytes:
    paper = PAPERS[script]
    makers = {
        "docx": docx_bytes,
        "odt": odt_bytes,
        "epub": epub_bytes,
        "rtf": functools.partial(rtf_bytes, codec="gbk" if script == "simplified" else "big5"),
        "mhtml": functools.partial(mhtml_bytes, charset="gb2312" if script == "simplified" else "big5"),
    }
    return makers[kind](paper)


def read(content: bytes, suffix: str) -> Markup:
    document = read_document(content, suffix=suffix)
    assert document is not None
    return document[0]


def words_of(markup: Markup, paper: Paper) -> list[str]:
    """The paper's words, without a title that the page gives as a fact."""
    words = paper.words()
    return (
        words[1:] if markup.page_facts.get("title") == words[0] and not _stands(words[0], markup) else words
    )


def _stands(text: str, markup: Markup) -> bool:
    return any(block.text == text for block in markup.blocks)


EVERY_PAPER = pytest.mark.parametrize("script", PAPERS)
EVERY_KIND = pytest.mark.parametrize("kind", ["docx", "odt", "rtf", "epub", "mhtml"])


@EVERY_PAPER
@EVERY_KIND
def test_every_word_of_a_paper_is_read_once_and_in_order(kind, script):
    paper = PAPERS[script]
    markup = read(written(kind, script), f".{kind}")
    lines = [block.text for block in markup.blocks]

    position = 0
    for word in words_of(markup, paper):
        place = "\n".join(lines).find(word, position)
        assert place >= 0, f"{word!r} is missing, or out of order"
        position = place + len(word)
    for heading, paragraphs in paper.sections:
        assert [lines.count(text) for text in (heading, *paragraphs)] == [1] * (1 + len(paragraphs))
    rows = [block.text for block in markup.blocks if block.kind == "row"]
    assert all(sum(row.count(cell) for row in rows) == 1 for row in paper.table[1:] for cell in row)
    assert len(rows) == len(paper.table) - 1


@EVERY_PAPER
@EVERY_KIND
def test_nothing_is_read_that_the_paper_does_not_say(kind, script):
    paper = PAPERS[script]
    markup = read(written(kind, script), f".{kind}")

    known = {
        paper.title,
        paper.caption,
        *(h for h, _ in paper.sections),
        *(t for _, ts in paper.sections for t in ts),
    }
    assert [block.text for block in markup.blocks if block.kind != "row" and block.text not in known] == []


@EVERY_PAPER
@EVERY_KIND
def test_headings_have_levels_and_paragraphs_have_none(kind, script):
    paper = PAPERS[script]
    level_by_text = {block.text: block.level for block in read(written(kind, script), f".{kind}").blocks}

    assert all(level_by_text[heading] for heading, _ in paper.sections)
    assert not any(level_by_text[text] for _, paragraphs in paper.sections for text in paragraphs)


@EVERY_PAPER
@EVERY_KIND
def test_a_figure_in_a_table_stands_with_its_row_its_header_and_its_unit(kind, script):
    paper = PAPERS[script]
    rows = [block.text for block in read(written(kind, script), f".{kind}").blocks if block.kind == "row"]

    for row, cells in zip(rows, paper.table[1:], strict=True):
        assert row.endswith(
            f"{paper.table[0][0]}：{cells[0]}，{paper.table[0][1].removesuffix('(%)')}{cells[1]}%，"
            f"{paper.table[0][2][:2]}{cells[2]}{paper.table[0][2][3:5]}"
        )


@EVERY_PAPER
@pytest.mark.parametrize(
    ("kind", "author", "title"),
    [
        ("docx", "property_author", "property_title"),
        ("odt", "property_author", "property_title"),
        ("rtf", "property_author", "property_title"),
        ("epub", "author", "title"),
    ],
)
def test_what_a_document_says_of_itself_comes_out(kind, author, title, script):
    facts = read(written(kind, script), f".{kind}").page_facts

    assert (facts[author], facts[title]) == (PAPERS[script].author, PAPERS[script].title)


@EVERY_KIND
def test_a_document_is_known_by_its_bytes_under_any_name(kind):
    for suffix in (".docx", ".doc", ".txt", ".pdf", ".HTML", ""):
        document = read_document(written(kind, "simplified"), suffix=suffix)
        assert document is not None
        assert document[1] == kind


@pytest.mark.parametrize(
    "content",
    [
        "本报讯 全省医改工作会议召开。".encode(),
        "本报讯 全省医改工作会议召开。".encode("gb18030"),
        page_html(SIMPLIFIED).encode(),
        b"To: all\n\nno message in MIME's form",
        "标题：医改\nMIME-Version: 1.0".encode(),
        b"",
        b"\xff\xfe\x00\x01garbage",
    ],
)
@pytest.mark.parametrize("suffix", [".doc", ".docx", ".pdf", ".mht", ".rtf"])
def test_what_is_no_document_is_left_to_be_read_as_text(content, suffix):
    assert read_document(content, suffix=suffix) is None


@pytest.mark.parametrize(
    ("content", "suffix", "code", "says"),
    [
        (OLE + "WordDocument\0".encode("utf-16-le"), ".doc", "old_format", "docx"),
        (OLE + "WordDocument\0".encode("utf-16-le"), ".wps", "old_format", "docx"),
        (OLE + "Workbook\0".encode("utf-16-le"), ".doc", "old_format", "csv"),
        (OLE + "EncryptedPackage\0".encode("utf-16-le"), ".docx", "password", "password"),
        (OLE, ".txt", "old_format", "docx"),
        (zip_bytes({"xl/workbook.xml": "<a/>"}), ".docx", "unsupported", "csv"),
        (zip_bytes({"OFD.xml": "<a/>"}), ".pdf", "unsupported", "pdf"),
        (zip_bytes({"a.txt": "医改"}), ".txt", "unsupported", ".zip"),
        (zip_bytes({"a.txt": "医改"}), ".docx", "damaged", "docx"),
        (
            zip_bytes({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<a/>"}),
            ".odt",
            "unsupported",
            "csv",
        ),
        (
            b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w/>',
            ".doc",
            "damaged",
            "docx",
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(content, suffix, code, says):
    with pytest.raises(UnreadableFileError) as refused:
        read_document(content, suffix=suffix)

    assert refused.value.code == code
    assert says in refused.value.localised("en")
    assert says in refused.value.localised("zh") or code == "password"


@EVERY_KIND
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_document_is_read_or_refused_and_never_breaks(kind, data):
    content = bytearray(written(kind, "simplified"))
    for _ in range(data.draw(st.integers(1, 6))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del content[data.draw(st.integers(0, len(content))) :]

    try:
        document = read_document(bytes(content), suffix=f".{kind}")
    except UnreadableFileError:
        return
    assert document is None or all(isinstance(block, Block) for block in document[0].blocks)


@pytest.mark.parametrize("kind", ["docx", "odt", "epub"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_document_with_a_damaged_part_is_read_or_refused_and_never_breaks(kind, data):
    """The zip's own sums find most flipped bytes; these are flipped before it is packed."""
    with zipfile.ZipFile(BytesIO(written(kind, "traditional"))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
    names = [
        name
        for name in parts
        if name.endswith((".xml", ".rels", ".opf", ".xhtml", "mimetype")) and parts[name]
    ]
    name = data.draw(st.sampled_from(names))
    part = bytearray(parts[name])
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(part) - 1))
        part[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=8))
        part = part or bytearray(b" ")

    try:
        document = read_document(zip_bytes({**parts, name: bytes(part)}), suffix=f".{kind}")
    except UnreadableFileError:
        return
    assert document is None or all(block.text.strip() for block in document[0].blocks)


@pytest.mark.parametrize("kind", ["docx", "odt", "rtf", "epub"])
def test_a_document_that_was_cut_off_is_refused(kind):
    content = written(kind, "simplified")

    for share in (0.2, 0.5, 0.9):
        with pytest.raises(UnreadableFileError):
            read_document(content[: int(len(content) * share)], suffix=f".{kind}")


@given(
    content=st.binary(max_size=300),
    suffix=st.sampled_from([".docx", ".odt", ".rtf", ".mht", ".epub", ".txt"]),
)
@settings(max_examples=150, deadline=None)
def test_bytes_of_no_kind_never_break_it(content, suffix):
    for start in (
        b"",
        b"PK\x03\x04",
        b"{\\rtf1",
        OLE,
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related",
    ):
        try:
            document = read_document(start + content, suffix=suffix)
        except UnreadableFileError:
            continue
        assert document is None or document[0].blocks is not None
