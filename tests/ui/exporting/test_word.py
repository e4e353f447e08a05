from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from itertools import pairwise

import docx
import pytest
from briefings import monstrous_briefing, plain_briefing
from docx.oxml.ns import qn
from lxml import etree

from rag.briefing.citing import cited_in
from rag.briefing.types import Grid, Line, Section
from ui.exporting import render

W = {"w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main"}


@pytest.fixture(scope="module")
def plain():
    return Opened(plain_briefing())


@pytest.fixture(scope="module")
def monstrous():
    return Opened(monstrous_briefing())


class Opened:
    """A document opened with its library, and its parts as they are."""

    def __init__(self, briefing):
        content = render(briefing, ".docx")
        self.briefing = briefing
        self.document = docx.Document(io.BytesIO(content))
        self.archive = zipfile.ZipFile(io.BytesIO(content))
        self.body = self.part("word/document.xml")
        self.notes = {
            int(note.get(qn("w:id"))): "".join(note.itertext(qn("w:t")))
            for note in self.part("word/footnotes.xml").iterfind("w:footnote", W)
            if note.get(qn("w:type")) is None
        }

    def part(self, name):
        return etree.fromstring(self.archive.read(name))

    def references(self):
        return [int(r.get(qn("w:id"))) for r in self.body.iter(qn("w:footnoteReference"))]


def test_headings_are_headings(plain):
    found = [(p.style.name, p.text) for p in plain.document.paragraphs if p.style.name.startswith("Heading")]

    assert found == [
        ("Heading 1", "要点"),
        ("Heading 1", "各地做法"),
        ("Heading 2", "云泽市"),
        ("Heading 2", "临溪市"),
        ("Heading 2", "白石县"),
        ("Heading 1", "对照表"),
        ("Heading 1", "前后变化"),
        ("Heading 1", "时间线"),
        ("Heading 1", "文章没有说的"),
        ("Heading 1", "所问问题"),
        ("Heading 1", "来源"),
    ]


def test_the_contents_are_a_field_that_holds_every_heading_as_a_link(plain):
    entries = [p for p in plain.document.paragraphs if p.style.name.lower().startswith("toc ")]
    bookmarks = {b.get(qn("w:name")) for b in plain.body.iter(qn("w:bookmarkStart"))}
    anchors = [
        link.get(qn("w:anchor")) for link in plain.body.iter(qn("w:hyperlink")) if link.get(qn("w:anchor"))
    ]
    instructions = [i.text.strip() for i in plain.body.iter(qn("w:instrText"))]

    assert entries[0].style.name == "TOC Heading"
    assert "".join(entries[1]._p.itertext(qn("w:t"))) == "要点"
    assert len(anchors) == 11 == len(entries) - 1
    assert set(anchors) <= bookmarks
    assert instructions[0] == r'TOC \o "1-3" \h \z \u'


@pytest.mark.parametrize("opened", ["plain", "monstrous"])
def test_fields_are_begun_and_ended_and_bookmarks_are_unique(opened, request):
    body = request.getfixturevalue(opened).body
    kinds = [c.get(qn("w:fldCharType")) for c in body.iter(qn("w:fldChar"))]
    names = [b.get(qn("w:name")) for b in body.iter(qn("w:bookmarkStart"))]
    numbers = [b.get(qn("w:id")) for b in body.iter(qn("w:bookmarkStart"))]

    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end") > 0
    assert len(names) == len(set(names))
    assert sorted(numbers) == sorted(b.get(qn("w:id")) for b in body.iter(qn("w:bookmarkEnd")))
    assert len(numbers) == len(set(numbers))


@pytest.mark.parametrize("opened", ["plain", "monstrous"])
def test_every_footnote_is_referred_to_once_and_in_order(opened, request):
    document = request.getfixturevalue(opened)

    assert document.references() == list(document.notes) == list(range(1, len(document.notes) + 1))


def test_the_first_note_of_a_source_is_full_and_a_later_one_refers_to_it(plain):
    assert plain.notes[1] == (
        "\u0020《云泽市医改观察之1》，临溪卫生简报，2024-02-15：「云泽市财政三年安排专项资金6.4亿元，用于偿还市级医院基建负债。」"
    )
    assert plain.notes[4] == " 《云泽市医改观察之1》，临溪卫生简报，2024-02-15；引文见注 1"


def test_every_source_that_is_cited_stands_in_full_in_one_note(plain, monstrous):
    for source in plain.briefing.sources:
        assert sum(note.endswith(f"：「{source.quote}」") for note in plain.notes.values()) == 1
    asked = set(cited_in(monstrous.briefing.sections))
    assert len([note for note in monstrous.notes.values() if "：「" in note]) == len(asked) > 400


def test_a_repeat_within_a_section_shows_the_same_note_again(plain):
    cells = [cell for table in plain.document.tables for row in table.rows for cell in row.cells]
    (before,) = [cell for cell in cells if cell.text.startswith("57.3%")]
    (after,) = [cell for cell in cells if cell.text.startswith("41.9%")]
    note = before._tc.find(f".//{qn('w:footnoteReference')}").get(qn("w:id"))

    assert after._tc.find(f".//{qn('w:footnoteReference')}") is None
    assert after._tc.find(f".//{qn('w:instrText')}").text == rf" NOTEREF _RefNote{note} \f \h "


def test_references_lead_to_bookmarks_that_are_there(monstrous):
    names = {b.get(qn("w:name")) for b in monstrous.body.iter(qn("w:bookmarkStart"))}
    notes = monstrous.part("word/footnotes.xml")
    asked = [
        i.text.split()[1]
        for tree in (monstrous.body, notes)
        for i in tree.iter(qn("w:instrText"))
        if "NOTEREF" in i.text
    ]

    assert len(asked) > 500
    assert set(asked) <= names


def test_styles_of_footnotes_are_there_and_the_settings_name_the_separators(plain):
    styles = {s.get(qn("w:styleId")) for s in plain.part("word/styles.xml").iterfind("w:style", W)}
    settings = plain.part("word/settings.xml")

    assert {"FootnoteText", "FootnoteReference", "TOC1", "TOC2", "TOC3"} <= styles
    assert [n.get(qn("w:id")) for n in settings.find("w:footnotePr", W)] == ["-1", "0"]
    used = {e.get(qn("w:val")) for tag in ("pStyle", "rStyle") for e in plain.body.iter(qn(f"w:{tag}"))}
    assert used <= styles


@pytest.mark.parametrize("opened", ["plain", "monstrous"])
def test_tables_are_exactly_as_wide_as_the_text(opened, request):
    document = request.getfixturevalue(opened).document
    section_at = iter(document.sections)
    section = next(section_at)
    seen = 0
    for element in document.element.body:
        if element.tag == qn("w:tbl"):
            room = (section.page_width - section.left_margin - section.right_margin) / 635
            grid = [int(column.get(qn("w:w"))) for column in element.iter(qn("w:gridCol"))]
            assert room - 2 <= sum(grid) <= room
            assert element.find(".//w:tblLayout", W).get(qn("w:type")) == "fixed"
            for row in element.iter(qn("w:tr")):
                assert [int(w.get(qn("w:w"))) for w in row.iter(qn("w:tcW"))] == grid
            seen += 1
        elif element.find(".//w:sectPr", W) is not None:
            section = next(section_at)
    assert seen >= 2


def test_headings_of_tables_repeat_and_short_rows_are_not_split(plain):
    for table in plain.document.tables:
        assert table.rows[0]._tr.find(".//w:tblHeader", W) is not None
        assert all(row._tr.find(".//w:cantSplit", W) is not None for row in table.rows)


def test_a_row_taller_than_a_page_may_be_split(plain):
    tall = Grid(columns=("甲",), rows=(("乙", ((Line(text="长" * 3000),),)), ("丙", ((Line(text="短"),),))))
    opened = Opened(replace(plain_briefing(), sections=(Section(kind="comparison", heading="x", grid=tall),)))
    (table,) = opened.document.tables

    assert [row._tr.find(".//w:cantSplit", W) is not None for row in table.rows] == [True, False, True]


def test_a_wide_table_lies_on_pages_turned_on_their_side(monstrous):
    shapes = [section.page_width > section.page_height for section in monstrous.document.sections]

    assert shapes == [False, True, False]
    assert [len(table.columns) for table in monstrous.document.tables[:2]] == [7, 7]


def test_an_empty_cell_says_that_the_articles_are_silent(plain):
    assert plain.document.tables[0].cell(1, 4).text == "资料中未提及"


def test_fonts_are_named_for_both_scripts_with_substitutes(plain):
    styles = plain.part("word/styles.xml")
    default = styles.find("w:docDefaults/w:rPrDefault/w:rPr/w:rFonts", W)
    heading = styles.find("w:style[@w:styleId='Heading1']/w:rPr/w:rFonts", W)
    fonts = {f.get(qn("w:name")): f.find("w:altName", W) for f in plain.part("word/fontTable.xml")}

    assert (default.get(qn("w:eastAsia")), default.get(qn("w:ascii"))) == ("仿宋", "Times New Roman")
    assert heading.get(qn("w:eastAsia")) == "黑体"
    assert not [name for name in {**default.attrib, **heading.attrib} if name.endswith("Theme")]
    assert "FangSong" in fonts["仿宋"].get(qn("w:val")).split(",")
    assert "Noto Sans CJK SC" in fonts["黑体"].get(qn("w:val")).split(",")


def test_charts_are_native_with_their_workbook_and_their_sources_below(plain):
    names = plain.archive.namelist()
    paragraphs = plain.document.paragraphs
    (below, nxt) = [p for p in paragraphs if p.text.startswith("各项出处")]
    types = plain.archive.read("[Content_Types].xml").decode()

    assert [n for n in names if n.startswith("word/charts/chart")] == [
        "word/charts/chart1.xml",
        "word/charts/chart2.xml",
    ]
    assert "drawingml.chart+xml" in types
    for number in (1, 2):
        rels = plain.part(f"word/charts/_rels/chart{number}.xml.rels")
        assert [(r.get("Id"), r.get("Target")) for r in rels] == [
            ("rId1", f"../embeddings/chart{number}.xlsx")
        ]
        assert f"word/embeddings/chart{number}.xlsx" in names
    assert "云泽市 · 改革前 · 2021年 57.3%" in below.text
    assert "白石县 · 改革前 资料中未提及" in below.text
    assert len(nxt._p.findall(f".//{qn('w:footnoteReference')}")) == 2


def test_an_article_is_listed_with_its_address_only_if_that_is_of_the_web(monstrous):
    targets = {
        r.get("Target")
        for r in monstrous.part("word/_rels/document.xml.rels")
        if r.get("TargetMode") == "External"
    }

    assert targets
    assert all(target.startswith("https://news.example/") for target in targets)


def test_the_page_has_its_number_and_the_first_heading_a_page(plain):
    footer = plain.document.sections[0].footer.paragraphs[0]
    first = next(p for p in plain.document.paragraphs if p.style.name == "Heading 1")

    assert footer._p.find(f".//{qn('w:instrText')}").text == " PAGE "
    assert first.paragraph_format.page_break_before


def test_two_tables_do_not_touch(monstrous):
    tags = [element.tag for element in monstrous.document.element.body]

    assert (qn("w:tbl"), qn("w:tbl")) not in set(pairwise(tags))


def test_the_file_says_what_made_it_and_shows_no_other_thumbnail(plain):
    assert plain.document.core_properties.title == "公立医院化债：三地做法"
    assert plain.document.core_properties.author == "yigai 0.1.0"
    assert not [name for name in plain.archive.namelist() if "thumbnail" in name]
