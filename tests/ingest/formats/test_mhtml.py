from __future__ import annotations

import base64
import quopri

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from office_files import SIMPLIFIED, TRADITIONAL, mhtml_bytes, page_html

from ingest.formats import read_document
from ingest.formats.mhtml import read_mhtml
from rag.errors import UnreadableFileError
from tests.support.effort import effort_below

PROSE = SIMPLIFIED.sections[0][1][0]


def part(body: bytes, *headers: str) -> bytes:
    return "\r\n".join(headers).encode() + b"\r\n\r\n" + body


def message(*parts: bytes, head: str = "", boundary: str = "b", is_whole: bool = True) -> bytes:
    top = (
        f'MIME-Version: 1.0\r\n{head}Content-Type: multipart/related; boundary="{boundary}"\r\n\r\n'.encode()
    )
    mark = f"\r\n--{boundary}".encode()
    return top + b"".join(mark + b"\r\n" + body for body in parts) + (mark + b"--\r\n" if is_whole else b"")


def page(text: str = PROSE, *headers: str, charset: str = "utf-8") -> bytes:
    html = f"<html><body><h1>医改</h1><p>{text}</p><p>{text}</p></body></html>".encode(charset)
    return part(html, "Content-Type: text/html", *headers)


def joined(content: bytes) -> str:
    return "\n".join(block.text for block in read_mhtml(content).blocks)


@pytest.mark.parametrize(
    ("paper", "charset"),
    [
        (SIMPLIFIED, "gb2312"),
        (SIMPLIFIED, "utf-8"),
        (SIMPLIFIED, "gbk"),
        (TRADITIONAL, "big5"),
        (TRADITIONAL, "utf-8"),
    ],
)
@pytest.mark.parametrize("how", ["quoted-printable", "base64", "8bit"])
def test_a_page_is_read_in_its_charset_however_it_was_wrapped(paper, charset, how):
    html = page_html(paper, charset=charset).encode(charset)
    wrapped = {"quoted-printable": quopri.encodestring, "base64": base64.encodebytes}.get(how, bytes)(html)
    content = message(
        part(wrapped, f"Content-Type: text/html; charset={charset}", f"Content-Transfer-Encoding: {how}")
    )

    assert all(text in joined(content) for _, paragraphs in paper.sections for text in paragraphs)


@pytest.mark.parametrize(
    "declared", ["", "; charset=iso-8859-1", "; charset=nobody-knows", "; charset=utf-8"]
)
def test_a_wrong_charset_is_seen_through(declared):
    html = page_html(SIMPLIFIED, charset="gb2312").encode("gb2312")

    assert PROSE in joined(message(part(html, f"Content-Type: text/html{declared}")))


def test_the_root_is_the_part_that_the_message_names():
    head = "Snapshot-Content-Location: https://example.org/b.html\r\nSubject: =?utf-8?B?5Yy75pS5?=\r\n"
    content = message(
        page("边栏里的另一个框架，里面的话也不少，但不是文章，只是占着地方的说明文字而已。"),
        page(PROSE, "Content-ID: <root@x>"),
        head=head,
    ).replace(b"multipart/related;", b'multipart/related; start="<root@x>"; type="text/html";')

    markup = read_mhtml(content)

    assert PROSE in "\n".join(block.text for block in markup.blocks)
    assert markup.page_facts["url"] == "https://example.org/b.html"
    assert markup.page_facts["property_title"] == "医改"


@pytest.mark.parametrize(
    ("location", "expected"),
    [("https://example.org/a", "https://example.org/a"), ("cid:frame-1@x", None), ("file:///C:/a.htm", None)],
)
def test_the_address_is_the_one_it_was_saved_from_if_it_is_on_the_web(location, expected):
    content = message(page(PROSE, f"Content-Location: {location}"))

    assert read_mhtml(content).page_facts.get("url") == expected


def test_an_article_in_a_frame_is_found():
    frames = part(b"<html><frameset><frame src='cid:1'></frameset></html>", "Content-Type: text/html")

    assert PROSE in joined(message(frames, page(PROSE)))


def test_parts_inside_parts_and_pages_without_parts_are_read():
    inner = message(page(PROSE), boundary="inner").partition(b"\r\n")[2]
    single = b"MIME-Version: 1.0\r\n" + page(PROSE)
    bare = message(b"\r\n" + f"{PROSE}\n{PROSE}".encode())

    assert PROSE in joined(message(inner))
    assert PROSE in joined(single)
    assert PROSE in joined(bare)


def test_what_word_saves_as_a_web_page_is_known_under_the_name_of_a_document():
    document = read_document(mhtml_bytes(SIMPLIFIED), suffix=".doc")

    assert document is not None
    assert document[1] == "mhtml"
    assert PROSE in "\n".join(block.text for block in document[0].blocks)


def test_a_file_without_its_end_mark_is_read_and_the_report_is_told():
    markup = read_mhtml(message(page(PROSE), is_whole=False))

    assert PROSE in "\n".join(block.text for block in markup.blocks)
    assert markup.notes == ("the file ends before its end mark; what is there was read",)
    assert read_mhtml(message(page(PROSE))).notes == ()


@pytest.mark.parametrize(
    "content",
    [
        message(part(b"GIF89a", "Content-Type: image/gif")),
        message(),
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n--b\r\n",
        message(part(bytes(range(256)) * 9, "Content-Type: text/html")),
        b"MIME-Version: 1.0",
    ],
    ids=["picture", "empty", "no boundary", "binary", "header only"],
)
def test_a_message_without_a_page_is_refused_or_empty(content):
    try:
        found = joined(content)
    except UnreadableFileError as refused:
        found = refused.code
    assert found in ("damaged", "")


def test_parts_nested_without_end_are_refused():
    content = page(PROSE)
    for depth in range(40):
        content = message(content, boundary=f"b{depth}")

    with pytest.raises(UnreadableFileError) as refused:
        read_mhtml(content)

    assert refused.value.code == "bomb"


HEADERS = st.sampled_from(
    [
        *(
            b"Content-Type: ",
            b"Content-Transfer-Encoding: ",
            b"Content-ID: ",
            b"Subject: ",
            b"Content-Location: ",
        ),
        *(
            b"multipart/related; boundary=b",
            b"text/html",
            b"; charset=",
            b"; charset*=x'y'%ff",
            b"; start=<a>",
            b"base64",
        ),
        *(
            b"quoted-printable",
            b"=?utf-8?b?5?=",
            b"=?x?q?=ff?=",
            b"\r\n",
            b"\r\n--b",
            b"--",
            b"\r\n\r\n",
            b" ",
            b"\n",
        ),
        *(b'"', b"\xff", "医改".encode(), b"utf-16", b"<p>", b"x"),
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(HEADERS, max_size=30).map(b"".join))
def test_any_header_is_read_or_refused_and_never_breaks(rest):
    try:
        markup = read_mhtml(b"MIME-Version: 1.0\r\n" + rest)
    except UnreadableFileError:
        return
    assert all(block.text.strip() for block in markup.blocks)


@pytest.mark.parametrize(
    "content",
    [
        message(*[b"\r\nx"] * 30_000),
        message(part(b"x" * 10, 'Content-Type: text/html; a="' + ";" * 15_000)),
        message(page(PROSE, "Subject: " + "=?a?q?" * 2_000)),
        message(page(PROSE), head="Subject: " + "=?a?q?" * 2_000 + "\r\n"),
        message(
            part(b"=" * 2_000_000, "Content-Type: text/html", "Content-Transfer-Encoding: quoted-printable")
        ),
        message(part(b"A" * 2_000_001, "Content-Type: text/html", "Content-Transfer-Encoding: base64")),
        b"MIME-Version: 1.0\r\n" + b"\r\n--b" * 40_000,
    ],
    ids=["parts", "parameters", "words", "subject", "quoted", "base64", "marks"],
)
def test_messages_made_to_be_slow_are_not(content):
    with effort_below(5):
        try:
            read_mhtml(content)
        except UnreadableFileError as refused:
            assert refused.code in ("bomb", "damaged")  # noqa: PT017  # either way is right
