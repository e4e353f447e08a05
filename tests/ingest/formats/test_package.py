from __future__ import annotations

import io
import zipfile

import pytest
from office_files import zip_bytes

from ingest.formats.package import Package, attribute, child, children, local_name, parse_xml
from ingest.formats.properties import property_facts
from rag.errors import UnreadableFileError


def refusal(act) -> str:
    with pytest.raises(UnreadableFileError) as refused:
        act()
    return refused.value.code


def with_flag(content: bytes, flag: int) -> bytes:
    """Set a flag of the first entry, in both of the places where a zip file keeps it."""
    changed = bytearray(content)
    changed[6] |= flag
    changed[content.index(b"PK\x01\x02") + 8] |= flag
    return bytes(changed)


def test_parts_are_read_by_name():
    package = Package(zip_bytes({"a.xml": "<a/>", "文/b.xml": "<b/>"}), kind="docx")

    assert package.names == {"a.xml", "文/b.xml"}
    assert package.read("a.xml") == b"<a/>"
    assert package.root("文/b.xml").tag == "b"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"PK\x05\x06", zip_bytes({"a": "b" * 500})[:-30]])
def test_what_is_no_whole_zip_file_is_damaged(content):
    assert refusal(lambda: Package(content, kind="docx")) == "damaged"


def test_a_part_that_is_missing_or_spoilt_is_damaged():
    content = zip_bytes({"a.xml": bytes(range(256)) * 20})
    spoilt = content.replace(content[60:70], b"\xff" * 10, 1)

    assert refusal(lambda: Package(content, kind="odt").read("b.xml")) == "damaged"
    assert refusal(lambda: Package(spoilt, kind="odt").read("a.xml")) == "damaged"


def test_a_part_with_a_password_is_refused_as_such():
    content = with_flag(zip_bytes({"a.xml": "<a/>"}), 0x1)

    assert refusal(lambda: Package(content, kind="docx").read("a.xml")) == "password"


def test_a_part_that_swells_is_a_bomb_and_repetitive_xml_is_not():
    swollen = zip_bytes({"a.xml": b"0" * 30_000_000})
    repetitive = "".join(f"<row><cell>{n * 7919 % 10007}</cell></row>" for n in range(90_000))

    assert refusal(lambda: Package(swollen, kind="docx").read("a.xml")) == "bomb"
    assert len(Package(zip_bytes({"a.xml": repetitive}), kind="docx").read("a.xml")) == len(repetitive)


def test_a_part_that_lies_about_its_size_gives_no_more_than_it_states():
    content = bytearray(zip_bytes({"a.xml": b"0" * 30_000_000}))
    at = bytes(content).index(b"PK\x01\x02") + 24
    content[at : at + 4] = (100).to_bytes(4, "little")

    assert refusal(lambda: Package(bytes(content), kind="docx").read("a.xml")) == "damaged"


def test_all_parts_together_have_a_limit(monkeypatch):
    monkeypatch.setattr("ingest.formats.package.MAX_TOTAL_BYTES", 1_000)
    package = Package(zip_bytes({"a": "x" * 600, "b": "y" * 600}), kind="epub")

    package.read("a")

    assert refusal(lambda: package.read("b")) == "bomb"


def test_a_zip_file_of_very_many_parts_is_a_bomb():
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for number in range(20_001):
            archive.writestr(str(number), b"")

    assert refusal(lambda: Package(buffer.getvalue(), kind="docx")) == "bomb"


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (b"", "damaged"),
        (b"<a>", "damaged"),
        (b"<a>&nbsp;</a>", "damaged"),
        (b'<!DOCTYPE a [<!ENTITY x "yyyy">]><a>&x;</a>', "damaged"),
        (b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>', "damaged"),
        (b"<a>" * 100_000, "bomb"),
        (b"<a>" + b"x" * 11_000_000 + b"</a>", "bomb"),
    ],
)
def test_xml_of_unknown_origin_is_refused(xml, code):
    assert refusal(lambda: parse_xml(xml, kind="docx")) == code


def test_a_document_type_is_not_fetched_and_does_no_harm():
    xml = b'<!DOCTYPE package SYSTEM "http://127.0.0.1:1/a.dtd"><package/>'

    assert parse_xml(xml, kind="epub").tag == "package"


def test_a_part_that_can_be_done_without_is_none_when_it_is_broken():
    package = Package(zip_bytes({"a.xml": "<a"}), kind="docx")

    assert package.root_or_none("a.xml") is None
    assert package.root_or_none("b.xml") is None


def test_elements_are_found_by_local_name():
    root = parse_xml(
        b'<x:a xmlns:x="urn:x" x:n="1"><x:b/><b k="2"><c/></b><!--no--><?no?></x:a>', kind="docx"
    )

    assert local_name(root) == "a"
    assert attribute(root, "n") == "1"
    assert attribute(root, "m") is None
    assert attribute(None, "n") is None
    assert child(root, "b", "c") is None
    assert [attribute(element, "k") for element in children(root, "b")] == [None, "2"]
    assert list(children(None, "b")) == []


@pytest.mark.parametrize(
    ("xml", "expected"),
    [
        (
            "<p><title> 通\n 知 </title><creator>办公室</creator></p>",
            {"property_title": "通 知", "property_author": "办公室"},
        ),
        ("<p><title/><creator> </creator></p>", {}),
        (f"<p><title>{'长' * 301}</title></p>", {}),
        ("<p><creator>甲</creator><initial-creator>乙</initial-creator></p>", {"property_author": "甲"}),
        ("<p><created>2020-01-02T03:04:05Z</created></p>", {"property_created": "2020-01-02T03:04:05Z"}),
    ],
)
def test_properties_are_weak_facts_under_names_of_their_own(xml, expected):
    assert property_facts(parse_xml(xml.encode(), kind="docx")) == expected


def test_a_document_without_properties_has_no_facts():
    assert property_facts(None) == {}
