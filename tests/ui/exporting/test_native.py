from __future__ import annotations

import io
import zipfile

import pytest
from briefings import bar, charts
from lxml import etree

from rag.briefing.types import Chart
from ui.exporting.native import make_native, workbook_of
from ui.exporting.outline import ends_of

C = {
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
}
S = {"s": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def tree(chart):
    return etree.fromstring(make_native(chart, points=10, ends=ends_of(chart)).xml)


def one_series(*bars):
    return Chart(
        title="图", unit="%", series=("值",), groups=tuple((f"地{i}", (b,)) for i, b in enumerate(bars))
    )


def values(root):
    return [[float(v.text) for v in s.iterfind("c:val//c:v", C)] for s in root.iter(f"{{{C['c']}}}ser")]


def test_the_numbers_are_drawn_and_a_missing_bar_is_a_gap():
    root = tree(charts()[0])

    assert values(root) == [[57.3, 49.6], [41.9, 44.25, 50.0]]
    assert [p.get("idx") for p in root.find(".//c:ser/c:val//c:numCache", C).iterfind("c:pt", C)] == [
        "0",
        "1",
    ]


def test_labels_are_live_where_a_format_can_write_what_was_shown():
    root = tree(one_series(bar("", 57.3, "57.3%", 1), bar("", 5, "5%", 1)))

    assert root.find(".//c:plotArea//c:dLbls/c:numFmt", C).get("formatCode") == 'General"%"'
    assert root.findall(".//c:dLbl", C) == []


def test_labels_are_the_articles_words_where_none_can():
    root = tree(one_series(bar("", 57.3, "57.3%", 1), bar("", 50, "约50%", 1)))

    assert [label.findtext(".//a:t", namespaces=C) for label in root.iterfind(".//c:dLbl", C)] == [
        "57.3%",
        "约50%",
    ]


@pytest.mark.parametrize("drawn", [(57.3, 49.6), (3.0, -2.0), (-1.0, -2.0), (0.0,)])
def test_the_axis_holds_zero_and_room_for_labels(drawn):
    root = tree(one_series(*(bar("", v, f"{v}%", 1) for v in drawn)))
    axis = root.find(".//c:valAx/c:scaling", C)
    low, high = (float(axis.find(f"c:{end}", C).get("val")) for end in ("min", "max"))

    assert low < high
    assert low <= min(0, *drawn, 0)
    assert high >= max(0, *drawn, 0)
    assert low == 0 or low < min(drawn)
    assert high == 0 or high > max(drawn)


def test_every_face_is_named_for_both_scripts():
    root = tree(charts()[1])

    for properties in root.iter(f"{{{C['a']}}}defRPr", f"{{{C['a']}}}rPr"):
        assert properties.find("a:latin", C).get("typeface") == "Arial"
        assert properties.find("a:ea", C).get("typeface") == "黑体"


def test_a_chart_is_read_from_its_workbook_as_its_type_says():
    root = tree(charts()[0])

    assert (
        root.find("c:externalData", C).get(
            "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
        )
        == "rId1"
    )
    assert [f.text for f in root.iter(f"{{{C['c']}}}f")][:3] == [
        "Sheet1!$B$1",
        "Sheet1!$A$2:$A$4",
        "Sheet1!$B$2:$B$4",
    ]


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+1", "-1", "{=1}", "http://evil.example"])
def test_a_name_is_never_a_formula_or_a_link(text):
    chart = Chart(title=text, unit="元", series=(text,), groups=((text, (bar(text, 1, "1元", 1),)),))

    with zipfile.ZipFile(io.BytesIO(workbook_of(chart))) as book:
        sheet = etree.fromstring(book.read("xl/worksheets/sheet1.xml"))
        strings = etree.fromstring(book.read("xl/sharedStrings.xml"))

    assert sheet.findall(".//s:f", S) == []
    assert sheet.findall(".//s:hyperlink", S) == []
    assert [t.text for t in strings.iter(f"{{{S['s']}}}t")] == [text]


def test_an_embedded_workbook_is_that_one():
    native = make_native(charts()[0], points=10, ends=(0, 60))

    assert native.workbook == workbook_of(charts()[0])


@pytest.mark.parametrize("unit", ['"', "<&>", "元]]>", "[Red]"])
def test_a_hostile_unit_is_no_format(unit):
    chart = Chart(title="", unit=unit, series=("a",), groups=(("地", (bar("", 1, f"1{unit}", 1),)),))

    assert "General" in tree(chart).findtext(".//c:val//c:formatCode", namespaces=C)
    assert unit not in tree(chart).findtext(".//c:val//c:formatCode", namespaces=C)
